"""Conventions that hold for the whole tree."""

import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model, UniqueConstraint

from core.messages import OUR_APPS
from tests.all import IN_BROWSER, STARTING_PROCESSES

ROOT = Path(__file__).resolve().parents[1]
PYTHON = [
    path
    for folder in ("campaigns", "channels", "media", "site")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def tracked() -> list[Path]:
    """Return the files that belong to the project."""
    listing = subprocess.run(
        ["/usr/bin/env", "git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


@pytest.mark.parametrize("app", OUR_APPS)
def test_migrations_are_one_line(app: str) -> None:
    folder = Path(apps.get_app_config(app).path) / "migrations"
    numbers = sorted(path.name[:4] for path in folder.glob("0*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("app", OUR_APPS)
def test_migrations_carry_no_block_definitions(app: str) -> None:
    folder = Path(apps.get_app_config(app).path) / "migrations"
    for path in folder.glob("0*.py"):
        assert "block_lookup" not in path.read_text()


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_one_room(path: Path) -> None:
    assert (
        len(path.read_text().splitlines()) <= 440
    )  # over 400 is a question to answer, over this an answer


def fields_that_identify(model: type[Model]) -> list[set[str]]:
    """Return the sets of fields of which no two rows have the same values."""
    fields = [{field.name} for field in model._meta.fields if field.unique]
    together = [
        set(each.fields)
        for each in model._meta.constraints
        if isinstance(each, UniqueConstraint) and each.condition is None
    ]
    return [{"pk"}, *fields, *together]


def test_rows_have_one_order() -> None:
    """Rows that are equal by what they are ordered by come in any order from PostgreSQL."""
    ours = [model for model in apps.get_models() if model._meta.app_label in OUR_APPS]
    for model in ours:
        order = {str(name).lstrip("-") for name in model._meta.ordering}
        assert not order or any(each <= order for each in fields_that_identify(model)), model


def test_requirements_are_locked_with_hashes_and_name_no_index() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "index-url" not in text
        assert "://" not in text
        pins = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==[^\s;]+.*$", text, re.M)
        blocks = re.split(r"^(?=[a-zA-Z0-9_.\[\]-]+==)", text, flags=re.M)[1:]
        assert len(pins) == len(blocks) > 0
        assert all("--hash=sha256:" in block for block in blocks)


def test_django_channels_is_not_installed() -> None:
    """It has the import name of ours."""
    assert Path(apps.get_app_config("channels").path) == (ROOT / "channels")
    requirements = (ROOT / "requirements/runtime.txt").read_text()
    assert not re.search(r"^channels==", requirements, re.M)


def test_nothing_large_is_tracked() -> None:
    assert [path for path in tracked() if path.stat().st_size > 500_000] == []


@pytest.mark.parametrize(
    ("marker", "folders"), [("browser", IN_BROWSER), ("processes", STARTING_PROCESSES)]
)
def test_parts_of_the_suite_find_their_tests(marker: str, folders: list[str]) -> None:
    """``tests/all.py`` looks for them in these folders only."""
    marked = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if f"mark.{marker}\n" in path.read_text()
    ]
    assert marked
    assert [path for path in marked if not path.startswith(tuple(folders))] == []
