"""Body, tables, signature and appendices of a document."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from media.documents.composing import Composed, ComposedAppendix, Flow, Line
from media.documents.layout import SIGNATURE_MM, text_width_mm
from media.documents.model import Align, GroupRow, Span, Table, text
from media.documents.word.styles import TABLE, style_of
from media.documents.word.xml import POINTS_MM, cell, grid, node, paragraph, spacing, tiny


def flow(lines: Sequence[Flow], room_mm: float) -> Iterator[Any]:
    """Yield the paragraphs and tables of a body."""
    for each in lines:
        if isinstance(each, Table):
            yield from table(each, room_mm)
        else:
            yield body_line(each)


def body_line(line: Line) -> Any:
    """Return a paragraph; the title of a part is a heading in the middle."""
    style = style_of(line.role, line.level)
    if line.role == "phan_tieu_de":
        return paragraph(style, line.text, node("w:ind", firstLine="0"), node("w:jc", val="center"))
    return paragraph(style, line.text)


def table(content: Table, room_mm: float) -> Iterator[Any]:
    """Yield the table with its title; its heading row is repeated on every page."""
    total = sum(column.share for column in content.columns)
    widths = [room_mm * column.share / total for column in content.columns]
    if content.title:
        title = (Span(content.title, bold=True),)
        settings = (spacing(6, 6), node("w:ind", firstLine="0"), node("w:jc", val="center"))
        yield paragraph(style_of("noi_dung"), title, node("w:keepNext"), *settings)
    heading = node(
        "w:tr",
        node("w:trPr", node("w:cantSplit"), node("w:tblHeader")),
        *(
            cell(width, cell_text(column.heading, Align.CENTER, bold=True), middle())
            for width, column in zip(widths, content.columns, strict=True)
        ),
    )
    rows = [heading, *(body_row(row, content, widths) for row in content.rows)]
    yield grid(widths, rows, caption=content.summary or content.title or "Bảng")
    yield tiny(TABLE)


def middle() -> Any:
    return node("w:vAlign", val="center")


def body_row(row: tuple[str, ...] | GroupRow, content: Table, widths: list[float]) -> Any:
    """Return a row; one that names a group is merged after its number."""
    unbroken = node("w:trPr", node("w:cantSplit"))
    if isinstance(row, GroupRow):
        span = node("w:gridSpan", val=len(widths) - 1)
        number = cell_text(row.number, Align.CENTER, bold=True, keep=True)
        title = cell_text(row.title, Align.LEFT, bold=True, keep=True)
        return node("w:tr", unbroken, cell(widths[0], number), cell(sum(widths[1:]), title, span))
    return node(
        "w:tr",
        unbroken,
        *(
            cell(width, cell_text(words, column.align))
            for width, words, column in zip(widths, row, content.columns, strict=True)
        ),
    )


def cell_text(words: str, align: Align, *, bold: bool = False, keep: bool = False) -> list[Any]:
    """Return a paragraph for every line of a cell; ``keep`` holds it to the row below."""
    side = node("w:jc", val=align.value)
    settings = (node("w:keepNext"), side) if keep else (side,)
    return [
        paragraph(TABLE, (Span(line, bold=bold),), *copies(settings)) for line in words.split("\n")
    ]


def copies(settings: Sequence[Any]) -> Iterator[Any]:
    """Yield copies: an element stands in one place only."""
    return (deepcopy(setting) for setting in settings)


def ending(composed: Composed, room_mm: float) -> Iterator[Any]:
    """Yield the recipients on the left, beside the signature on the right, kept on one page."""
    half = room_mm / 2
    receiving = [
        paragraph(style_of("noi_nhan_label"), text("Nơi nhận:")),
        *(paragraph(style_of("noi_nhan_items"), text(item)) for item in composed.recipients),
    ]
    signing = [
        *(paragraph(style_of("quyen_han_chuc_vu"), text(line)) for line in composed.authority),
        paragraph(style_of("ho_ten"), text(composed.signer), spacing(SIGNATURE_MM * POINTS_MM)),
    ]
    row = node(
        "w:tr", node("w:trPr", node("w:cantSplit")), cell(half, receiving), cell(half, signing)
    )
    yield tiny(TABLE)
    yield grid([half, half], [row])
    yield tiny(TABLE)


def appendix(content: ComposedAppendix) -> Iterator[Any]:
    """Yield an appendix: its label, title and reference, then what is in it."""
    yield paragraph(style_of("phu_luc_label"), text(content.label), node("w:outlineLvl", val=0))
    if content.title:
        yield paragraph(style_of("phu_luc_title"), text(content.title))
    yield paragraph(style_of("phu_luc_chi_dan"), text(content.reference))
    yield from flow(content.flow, text_width_mm(landscape=content.landscape))
