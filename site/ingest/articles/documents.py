"""Word documents (.docx): styles are hints, tracked changes count as accepted."""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx import Document
from docx.oxml.ns import qn

from ingest.articles.article import MAX_BLOCKS, Block, Role, Source, UnreadableFile
from ingest.articles.cleaning import squeeze
from ingest.articles.encodings import conversion_warnings, repair_blocks

_MOST_UNPACKED = 80 * 1024 * 1024
_MOST_MARKUP = 10 * 1024 * 1024  # pictures aside; ten pages take one
_MOST_MEMBERS = 2_000
_TYPES = "[Content_Types].xml"
_PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACRO_TYPES = (
    b"application/vnd.ms-word.document.macroEnabled.main+xml",
    b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
)
_STYLES = {
    "title": Role.HEADLINE, "heading 1": Role.HEADLINE, "tiêu đề": Role.HEADLINE,
    "subtitle": Role.SAPO, "sapo": Role.SAPO, "lead": Role.SAPO, "abstract": Role.SAPO,
    "caption": Role.CAPTION, "chú thích": Role.CAPTION, "author": Role.AUTHOR,
    "tác giả": Role.AUTHOR, "date": Role.DATE,
}  # fmt: skip
_SKIPPED = {qn(name) for name in ("w:del", "w:moveFrom", "w:pPrChange", "w:rPrChange")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), {qn("w:br"), qn("w:cr")}
_RUN, _PARAGRAPH, _TABLE = qn("w:r"), qn("w:p"), qn("w:tbl")


def read_document(data: bytes, name: str) -> Source:
    """Return the paragraphs of a Word document. Raises ``UnreadableFile``."""
    _refuse_bomb(data, name)
    try:
        plain = _without_macros(data)
        document = Document(BytesIO(plain))
        body = document.element.body
        styles = {style.style_id: str(style.name).lower() for style in document.styles}
        blocks = list(islice(_blocks(body, styles), MAX_BLOCKS + 1))
    # A damaged package fails in any layer: zip, XML, relations, python-docx itself.
    except Exception as error:
        raise UnreadableFile(name, _("The Word document is damaged.")) from error
    blocks, encoding = repair_blocks(blocks)
    warnings = [*conversion_warnings(encoding), *_warnings(body)]
    if plain is not data:
        warnings.append(_("The document carries macros; they were left out and never run."))
    return Source(tuple(blocks), tuple(warnings))


def _without_macros(data: bytes) -> bytes:
    """Return a document with macros (.docm) as one that python-docx opens; others as they are.

    Nothing of the macros is looked at: only text is taken from a document.
    """
    with ZipFile(BytesIO(data)) as package:
        types = package.read(_TYPES)
        if not any(kind in types for kind in _MACRO_TYPES):
            return data
        for kind in _MACRO_TYPES:
            types = types.replace(kind, _PLAIN_TYPE)
        stored = BytesIO()
        with ZipFile(stored, "w") as plain:
            for member in package.infolist():
                content = types if member.filename == _TYPES else package.read(member)
                plain.writestr(member.filename, content)
    return stored.getvalue()


def _refuse_bomb(data: bytes, name: str) -> None:
    """Refuse a package that unpacks to far more than it is, before anything is unpacked."""
    try:
        with ZipFile(BytesIO(data)) as package:
            members = package.infolist()
    except (BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise UnreadableFile(name, _("The Word document is damaged.")) from error
    markup = sum(item.file_size for item in members if item.filename.endswith((".xml", ".rels")))
    unpacked = sum(item.file_size for item in members)
    if len(members) > _MOST_MEMBERS or unpacked > _MOST_UNPACKED or markup > _MOST_MARKUP:
        raise UnreadableFile(name, _("The Word document unpacks to more than is safe to open."))
    if not any(item.filename == "word/document.xml" for item in members):
        raise UnreadableFile(name, _("This is a ZIP package but not a Word document."))
    if any(item.flag_bits & 1 for item in members):
        raise UnreadableFile(name, _("The Word document is locked with a password."))


def _blocks(body: Any, styles: dict[str, str]) -> Iterator[Block]:
    for child in body.iterchildren():
        if child.tag == _PARAGRAPH:
            yield from _paragraph(child, styles)
        elif child.tag == _TABLE:
            for row in child.iter(qn("w:tr")):
                cells = [squeeze(" ".join(_lines(cell))) for cell in row.iterchildren(qn("w:tc"))]
                text = " | ".join(cell for cell in cells if cell)
                if text:
                    yield Block(text, Role.TABLE)
        elif child.tag not in _SKIPPED:
            yield from _blocks(child, styles)  # content controls, accepted insertions


def _paragraph(element: Any, styles: dict[str, str]) -> Iterator[Block]:
    style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    named = styles.get(style.get(qn("w:val")), "") if style is not None else ""
    role = _STYLES.get(named, Role.HEADING if named.startswith("heading") else Role.PLAIN)
    strong = _is_strong(element)
    for line in _lines(element):
        if text := squeeze(line):
            yield Block(text, role, strong=strong)


def _lines(element: Any) -> list[str]:
    """Return the visible text, parted at line breaks."""
    return "".join(_pieces(element)).split("\n")


def _pieces(element: Any) -> Iterator[str]:
    stack = [element]
    while stack:
        node = stack.pop()
        if node.tag in _SKIPPED:
            continue
        if node.tag == _TEXT:
            yield node.text or ""
        elif node.tag == _TAB:
            yield " "
        elif node.tag in _BREAKS:
            yield "\n"
        elif node.tag == _PARAGRAPH and node is not element:
            yield " "
        stack.extend(reversed(list(node.iterchildren())))


def _is_strong(element: Any) -> bool:
    """Tell whether every run with text is bold or italic."""
    runs = [
        run for run in element.iter(_RUN) if any((t.text or "").strip() for t in run.iter(_TEXT))
    ]
    return bool(runs) and all(_is_set(run, "w:b") or _is_set(run, "w:i") for run in runs)


def _is_set(run: Any, name: str) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn(name)}")
    return mark is not None and mark.get(qn("w:val")) not in {"0", "false"}


def _warnings(body: Any) -> Iterator[str]:
    pictures = sum(1 for _found in body.iter(qn("w:drawing"), qn("w:pict")))
    if pictures:
        yield ngettext(
            "%(count)d picture was not taken over: add it in the editor.",
            "%(count)d pictures were not taken over: add them in the editor.",
            pictures,
        ) % {"count": pictures}
    if any(True for _found in body.iter(qn("w:ins"), qn("w:del"), qn("w:moveFrom"))):
        yield _("The document has tracked changes; they were taken as accepted.")
