"""The registry is complete: whoever adds a kind adds all that belongs to it."""

import inspect
import re
from pathlib import Path

import pytest
from django.db.migrations.writer import MigrationWriter
from django.utils.functional import Promise
from pydantic import BaseModel, ValidationError

from channels.contract import Adapter
from channels.models import Channel
from channels.registry import ADAPTERS, choices

ROOT = Path(__file__).parents[2]
KINDS = sorted(ADAPTERS)


def test_adapter_files_and_registry_agree() -> None:
    """Every adapter is registered; ``<kind>_*.py`` are parts of it, ``shared_*.py`` of all."""
    files = {path.stem for path in (ROOT / "channels" / "adapters").glob("*.py")} - {"__init__"}
    parts = {name for name in files if name.partition("_")[0] in {*files, "shared"} and "_" in name}
    assert files - parts == set(ADAPTERS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_is_the_kind_and_names_the_file(kind: str) -> None:
    cls = ADAPTERS[kind]
    assert cls.kind == kind
    assert cls.__module__ == f"channels.adapters.{kind}"
    assert re.fullmatch(r"[a-z]{2,20}", kind)
    assert not inspect.isabstract(cls)


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_a_page_of_documentation_and_a_file_of_tests(kind: str) -> None:
    page = ROOT / "docs" / "channels" / f"{kind}.md"
    assert len(page.read_text().split()) > 80
    assert "def test_" in (ROOT / "tests" / "channels" / f"test_{kind}.py").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_it_introduces_itself_in_vietnamese(kind: str) -> None:
    cls = ADAPTERS[kind]
    secrets = [*([cls.secret_label] if cls.secret_label else []), *cls.secret_parts.values()]
    for words in (cls.label, cls.summary, *secrets):
        assert isinstance(words, Promise)
        assert not str(words).isascii(), f"{kind}: {words} is not translated"


@pytest.mark.parametrize("kind", KINDS)
def test_its_options_make_a_form(kind: str) -> None:
    options = ADAPTERS[kind].Options
    assert issubclass(options, BaseModel)
    assert options.model_config.get("extra") == "forbid"
    for name, field in options.model_fields.items():
        assert field.title, f"{kind}.{name} has no title"
        assert not str(field.title).isascii() or not str(field.description).isascii()
    with pytest.raises(ValidationError):
        options.model_validate({"no such option": 1})


@pytest.mark.parametrize("kind", KINDS)
def test_flags_and_methods_agree(kind: str) -> None:
    cls = ADAPTERS[kind]
    for flag, method in (
        (cls.can_update, "update"),
        (cls.can_retract, "retract"),
        (cls.can_find, "find"),
    ):
        implemented = getattr(cls, method) is not getattr(Adapter, method)
        assert flag == implemented, f"{kind}.{method}"


def test_a_new_kind_needs_no_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    """The choices are read when a form is shown, and never written into a migration."""

    def written() -> str:
        return MigrationWriter.serialize(Channel._meta.get_field("kind"))[0]

    before = written()
    assert "portal" not in before
    monkeypatch.setitem(
        ADAPTERS, "pigeon", type("Pigeon", (ADAPTERS["portal"],), {"kind": "pigeon"})
    )
    assert ("pigeon", str(ADAPTERS["portal"].label)) in choices()
    assert written() == before


@pytest.mark.parametrize("kind", KINDS)
def test_its_page_names_every_setting_as_the_form_does(kind: str) -> None:
    """With the limits that the form keeps, so that nobody has to try them out."""
    page = (ROOT / "docs" / "channels" / f"{kind}.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    for name, field in ADAPTERS[kind].Options.model_fields.items():
        found = [
            row for row in rows if f"`{name}`" in row.split("|")[1] and str(field.title) in row
        ]
        assert found, f"{kind}.{name}: {field.title}"
        for rule in field.metadata:
            for figure in (getattr(rule, "ge", None), getattr(rule, "le", None)):
                assert figure is None or str(figure) in found[0], f"{kind}.{name}: {figure}"
    for words in ADAPTERS[kind].secret_parts.values():
        assert str(words) in page
