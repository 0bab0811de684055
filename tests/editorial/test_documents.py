"""The documents keep up with the code: commands, variables, packages and paths they name."""

import re
from pathlib import Path

import pytest

from editorial import demo

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
# What a document names in backticks is a path when it starts in one of these.
FOLDERS = ("site/", "channels/", "campaigns/", "media/", "templates/", "docs/", "tests/")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def named(document: Path) -> str:
    return str(document.relative_to(ROOT))


def variables() -> set[str]:
    """Return every environment variable that the settings read."""
    sources = [*(ROOT / "site" / "config").glob("*.py"), *(ROOT / "site/config/settings").glob("*")]
    read = re.compile(r"(?:env\.\w+|address)\(\s*\"([A-Z_]+)\"")
    return {
        name
        for source in sources
        if source.suffix == ".py"
        for name in read.findall(source.read_text(encoding="utf-8"))
    }


def requirements(name: str) -> set[str]:
    """Return the packages that a file of requirements asks for by name."""
    lines = text(f"requirements/{name}.in").splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-"))]
    return {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in wanted}


def test_readme_names_every_target_of_the_makefile() -> None:
    phony = re.search(r"^\.PHONY:(.*)$", text("Makefile"), re.MULTILINE)
    assert phony
    targets = phony.group(1).split()
    assert {"run", "test"} <= set(targets)
    missing = [target for target in targets if f"`make {target}`" not in text("README.md")]
    assert not missing


def test_readme_names_every_variable_of_the_settings() -> None:
    assert "DATABASE_URL" in variables()
    missing = [name for name in variables() if f"`{name}`" not in text("README.md")]
    assert not missing


@pytest.mark.parametrize("name", ["runtime", "test"])
def test_every_requirement_has_its_reason(name: str) -> None:
    reasons = text("docs/decisions.md").lower()
    missing = [package for package in requirements(name) if package not in reasons]
    assert not missing


def test_readme_names_every_demo_account_and_its_password() -> None:
    missing = [name for name in demo.ACCOUNTS if f"`{name}`" not in text("README.md")]
    assert not missing
    assert f"`{demo.PASSWORD}`" in text("README.md")


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    missing = [target for target in local if not (document.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_paths_in_backticks_exist(document: Path) -> None:
    names = re.findall(r"`([\w./-]+)`", document.read_text(encoding="utf-8"))
    paths = [name for name in names if name.startswith(FOLDERS)]
    missing = [name for name in paths if not (ROOT / name).exists()]
    assert not missing


def test_pictures_are_small_enough_to_load() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > 300_000] == []
