"""Message catalogues without system tools: extract, merge and compile with Babel.

Each of our apps keeps ``locale/<language>/LC_MESSAGES/django.po`` for its own Python files and for
``templates/<app>/``; ``core`` also covers ``config`` and the templates that belong to nobody else.
Source strings are English, so ``en`` needs no catalogue.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
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


def extracted(app: str) -> Catalog:
    """Return the messages that the app's sources contain now."""
    catalog = empty()
    for path in sources(app):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Django turns a template into something that reads like Python to an extractor.
            text = templatize(text, origin=str(path))
            # … but for the indentation, which Python's tokenizer minds.
            text = "\n".join(line.lstrip() for line in text.splitlines())
        name = path.relative_to(ROOT).as_posix()
        found = extract("python", BytesIO(text.encode()), KEYWORDS, ["Translators:"])
        for _line, message, comments, context in found:
            catalog.add(message, locations=[(name, 0)], context=context, auto_comments=comments)
    return catalog


def po_path(app: str) -> Path:
    return folder(app) / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def stored(app: str) -> Catalog:
    """Return the app's catalogue as it is on disk; an empty one if there is none."""
    if not po_path(app).exists():
        return empty()
    with po_path(app).open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update(app: str) -> Catalog:
    """Merge what the sources say into the app's catalogue and write it. Nothing is guessed."""
    catalog = stored(app)
    template = extracted(app)
    if not len(template):
        return catalog
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    po_path(app).parent.mkdir(parents=True, exist_ok=True)
    with po_path(app).open("wb") as file:
        write_po(file, catalog, width=98, sort_output=True, omit_header=False, include_lineno=False)
    return catalog


def compile_catalogue(app: str) -> bool:
    """Write the ``.mo`` file that Django reads, unless it is newer. Returns whether it did."""
    po, mo = po_path(app), po_path(app).with_suffix(".mo")
    if not po.exists() or (mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime):
        return False
    partial = mo.with_suffix(".mo.new")
    with partial.open("wb") as file:
        write_mo(file, stored(app))
    partial.replace(mo)
    return True


def missing(app: str) -> list[str]:
    """Return the messages of the sources that have no translation in the stored catalogue."""
    have = stored(app)
    lacking = []
    for message in extracted(app):
        if not message.id:
            continue
        known = have.get(message.id, message.context)
        texts = known.string if known else ""
        parts = texts if isinstance(texts, tuple) else (texts,)
        if not known or known.fuzzy or not all(parts):
            lacking.append(str(message.id))
    return lacking
