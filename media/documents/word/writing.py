"""A whole DOCX: page set-up, page numbers, properties, then head, body, ending, appendices."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm

from media.documents.composing import compose
from media.documents.layout import HEADER_MM, MARGINS_MM, PAGE_MM, text_width_mm
from media.documents.model import Document, text
from media.documents.word.blocks import appendix, ending, flow
from media.documents.word.head import head
from media.documents.word.styles import PAGE_NUMBER, TABLE, set_up
from media.documents.word.xml import node, paragraph, run

_COMPATIBILITY = "http://schemas.microsoft.com/office/word"


def write(document: Document) -> bytes:
    """Return the document as a DOCX laid out by Decree 30/2020/NĐ-CP."""
    composed = compose(document)
    word = docx.Document()
    set_up(word)
    describe(word, composed.title, composed.author, composed.subject or composed.letter_subject)
    lay_out(word.sections[0], landscape=False)
    number_pages(word.sections[0])
    if composed.contact:
        put_contact(word.sections[0], composed.contact)
    room = text_width_mm()
    put(word, head(composed))
    put(word, flow(composed.flow, room))
    put(word, ending(composed, room))
    for each in composed.appendices:
        lay_out(word.add_section(WD_SECTION.NEW_PAGE), landscape=each.landscape)
        put(word, appendix(each))
    shrink_breaks(word)
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def put(word: Any, blocks: Iterable[Any]) -> None:
    """Append blocks to the body, before the settings of its last section."""
    last = word.element.body.sectPr
    for block in blocks:
        last.addprevious(block)


def lay_out(section: Any, *, landscape: bool) -> None:
    """Set paper, margins and the numbering of a section's pages, which starts at 1 (I.7)."""
    width, height = PAGE_MM[::-1] if landscape else PAGE_MM
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    for side, size in MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(size))
    section.header_distance = Mm(HEADER_MM)
    section.different_first_page_header_footer = True
    settings = section._sectPr
    for old in settings.findall(qn("w:pgNumType")):
        settings.remove(old)
    settings.find(qn("w:pgMar")).addnext(node("w:pgNumType", fmt="decimal", start=1))


def number_pages(section: Any) -> None:
    """Put the page number in the middle of the upper margin; the first page shows none."""
    header = section.header
    header.is_linked_to_previous = False
    old = header.paragraphs[0]._p
    field = node("w:fldSimple", run("2"), instr="PAGE")
    new = paragraph(PAGE_NUMBER, ())
    new.append(field)
    old.addprevious(new)
    old.getparent().remove(old)


def put_contact(section: Any, contact: str) -> None:
    """Put the issuer's address at the foot of the first page, below a rule of full width."""
    footer = section.first_page_footer
    footer.is_linked_to_previous = False
    old = footer.paragraphs[0]._p
    border = node("w:pBdr", node("w:top", val="single", sz="6", space="1", color="000000"))
    new = paragraph(TABLE, text(contact), border, node("w:jc", val="center"))
    old.addprevious(new)
    old.getparent().remove(old)


def describe(word: Any, title: str, author: str, subject: str) -> None:
    """Set title, author, language and dates, and switch Word's compatibility mode off."""
    properties = word.core_properties
    properties.title, properties.author = title[:255], author[:255]
    properties.subject = subject[:255]
    properties.language, properties.comments, properties.keywords = "vi-VN", "", ""
    properties.last_modified_by, properties.revision = author[:255], 1
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
    settings = word.settings.element
    for tag in ("w:compat", "w:themeFontLang"):
        for old in settings.findall(qn(tag)):
            settings.remove(old)
    mode = node("w:compatSetting", name="compatibilityMode", uri=_COMPATIBILITY, val=15)
    following = ("w:docVars", "w:rsids", "m:mathPr", "w:clrSchemeMapping")
    place = next(each for each in settings if each.tag in map(qn, following))
    place.addprevious(node("w:compat", mode))
    settings.find(qn("w:clrSchemeMapping")).addprevious(node("w:themeFontLang", val="vi-VN"))


def shrink_breaks(word: Any) -> None:
    """Make the empty paragraphs that end a section too small to start a page of their own."""
    for settings in word.element.body.iterchildren(qn("w:p")):
        form = settings.find(qn("w:pPr"))
        if form is not None and form.find(qn("w:sectPr")) is not None:
            form.insert(0, node("w:pStyle", val=TABLE))
            form.find(qn("w:sectPr")).addprevious(
                node("w:spacing", before="0", after="0", line="20", lineRule="exact")
            )
