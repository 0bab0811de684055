"""Message catalogues without system tools: extract, merge and compile with Babel.

Each of our apps keeps ``locale/<language>/LC_MESSAGES/django.po`` for its own Python files and for
``templates/<app>/``; ``core`` also covers ``config`` and the templates that belong to nobody else.
Source strings are English, so ``en`` needs no catalogue.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
OUR_APPS = (
    "core",
    "organisations",
    "media",
    "channels",
    "campaigns",
    "portal",
    "editorial",
    "ingest",
)
LANGUAGE = "vi"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def folder(app: str) -> Path:
    return Path(apps.get_app_config(app).path)


def sources(app: str) -> Iterator[Path]:
    """Every file whose words belong to the app's catalogue."""
    root = ROOT
    yield from sorted(folder(app).rglob("*.py"))
    yield from sorted((root / "templates" / app).rglob("*.html"))
    yield from sorted((root / "templates" / app).rglob("*.txt"))
    if app == "core":
        yield from sorted((root / "site" / "config").rglob("*.py"))
        theirs = {root / "templates" / name for name in OUR_APPS}
        for path in sorted((root / "templates").rglob("*.html")):
            if not theirs & set(path.parents):
                yield path


def empty() -> Catalog:
    return Catalog(
        locale=LANGUAGE,
        header_comment="# Vietnamese translations of Nhịp Cầu.",
        project="Nhịp Cầu",
        version="1",
        last_translator="Nhịp Cầu",
        language_team="vi",
        msgid_bugs_address="",
        fuzzy=False,
    )


def read_source(path: Path) -> list[tuple[str | tuple[str, ...], list[str], str | None]]:
    """Return what a Python file or a template says: messages, comments, contexts."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into something that reads like Python to an extractor.
        text = templatize(text, origin=str(path))
        # … but for the indentation, which Python's tokenizer minds.
        text = "\n".join(line.lstrip() for line in text.splitlines())
    found = extract("python", BytesIO(text.encode()), KEYWORDS, ["Translators:"])
    return [(message, comments, context) for _line, message, comments, context in found]


def extracted(app: str) -> Catalog:
    """Return the messages that the app's sources contain now."""
    catalog = empty()
    for path in sources(app):
        if "migrations" in path.parts:
            continue
        name = path.relative_to(ROOT).as_posix()
        for message, comments, context in read_source(path):
            catalog.add(message, locations=[(name, 0)], context=context, auto_comments=comments)
    return catalog


def po_path(app: str) -> Path:
    return folder(app) / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str = LANGUAGE) -> Catalog:
    """Return the catalogue in that file; an empty one if there is none."""
    if not path.exists():
        return empty()
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(catalog: Catalog, path: Path) -> None:
    """Write the catalogue, sorted, so that two people's additions merge."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=98, sort_output=True, omit_header=False, include_lineno=False)


def stored(app: str) -> Catalog:
    """Return the app's catalogue as it is on disk."""
    return read(po_path(app))


def update(app: str) -> Catalog:
    """Merge what the sources say into the app's catalogue and write it. Nothing is guessed."""
    catalog = stored(app)
    template = extracted(app)
    if not len(template):
        return catalog
    template.creation_date = catalog.creation_date  # nothing changes where no message does
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    write(catalog, po_path(app))
    return catalog


def compile_file(po: Path) -> bool:
    """Write the ``.mo`` file that Django reads, unless it is newer. Returns whether it did."""
    mo = po.with_suffix(".mo")
    if not po.exists() or (mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime):
        return False
    partial = mo.with_suffix(".mo.new")
    with partial.open("wb") as file:
        write_mo(file, read(po))
    partial.replace(mo)
    return True


def compile_catalogue(app: str) -> bool:
    """Compile the app's catalogue, unless that has happened. Returns whether it did."""
    return compile_file(po_path(app))


def size(app: str) -> int:
    """Return how many messages the stored catalogue of an app holds."""
    return sum(1 for message in stored(app) if message.id)


def missing(app: str) -> list[str]:
    """Return the messages of the sources that have no translation in the stored catalogue."""
    have = stored(app)
    wanted = [message for message in extracted(app) if message.id]
    return [str(message.id) for message in wanted if not spoken(have, message)]


def spoken(catalog: Catalog, message: Message) -> bool:
    """Tell whether the catalogue translates the message, every form of it."""
    known = catalog.get(message.id, message.context)
    if not known or known.fuzzy:
        return False
    return all(known.string if isinstance(known.string, tuple) else (known.string,))
