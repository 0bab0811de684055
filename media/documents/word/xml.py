"""Small pieces of WordprocessingML (ECMA-376, part 1, section 17) as elements."""

from collections.abc import Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from media.documents.layout import FONT
from media.documents.model import Text

TWIPS_MM = 1440 / 25.4
POINTS_MM = 72 / 25.4


def twips(mm: float) -> str:
    """Return millimetres in twentieths of a point."""
    return str(round(mm * TWIPS_MM))


def points(pt: float) -> str:
    """Return points in twentieths of a point."""
    return str(round(pt * 20))


def node(tag: str, *children: Any, **values: str | int) -> Any:
    """Return an element; ``val=1`` becomes ``w:val``."""
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), str(value))
    element.extend(child for child in children if child is not None)
    return element


def fonts() -> Any:
    """Return the font for every kind of script, so that no theme can change it."""
    return node("w:rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)


def run_format(
    size: float | None = None, *, bold: bool = False, italic: bool = False, colour: str = ""
) -> Any:
    """Return run properties in the schema's order; what is not given stays with the style."""
    parts = []
    if bold:
        parts += [node("w:b"), node("w:bCs")]
    if italic:
        parts += [node("w:i"), node("w:iCs")]
    if colour:
        parts.append(node("w:color", val=colour))
    if size is not None:
        half = round(size * 2)
        parts += [node("w:sz", val=half), node("w:szCs", val=half)]
    return node("w:rPr", *parts) if parts else None


def run(words: str, form: Any = None) -> Any:
    """Return a run; line breaks in the words become breaks."""
    pieces: list[Any] = []
    for index, line in enumerate(words.split("\n")):
        if index:
            pieces.append(node("w:br"))
        piece = OxmlElement("w:t")
        piece.text = line
        piece.set(qn("xml:space"), "preserve")
        pieces.append(piece)
    return node("w:r", form, *pieces)


def paragraph(style: str, content: Text, *settings: Any) -> Any:
    """Return a paragraph of that style, with settings that differ from it, in schema order."""
    form = node("w:pPr", node("w:pStyle", val=style), *settings)
    runs = [run(s.text, run_format(bold=s.bold, italic=s.italic)) for s in content if s.text]
    return node("w:p", form, *runs)


def spacing(before: float = 0, after: float = 0) -> Any:
    """Return spacing in points around a paragraph, single line spacing."""
    return node(
        "w:spacing", before=points(before), after=points(after), line="240", lineRule="auto"
    )


def ruled(room_mm: float, length_mm: float, style: str) -> Any:
    """Return an empty paragraph of 3 pt whose lower border is a rule of that length, centred."""
    side = twips(max(room_mm - length_mm, 0) / 2)
    return node(
        "w:p",
        node(
            "w:pPr",
            node("w:pStyle", val=style),
            node("w:pBdr", node("w:bottom", val="single", sz="6", space="0", color="000000")),
            node("w:spacing", before="0", after="0", line="60", lineRule="exact"),
            node("w:ind", left=side, right=side, firstLine="0"),
            node("w:jc", val="center"),
            node("w:rPr", node("w:sz", val=2), node("w:szCs", val=2)),
        ),
    )


def tiny(style: str, *settings: Any) -> Any:
    """Return an empty paragraph that takes next to no room: Word wants one after a table."""
    return node(
        "w:p",
        node(
            "w:pPr",
            node("w:pStyle", val=style),
            node("w:spacing", before="0", after="0", line="20", lineRule="exact"),
            node("w:ind", firstLine="0"),
            *settings,
        ),
    )


def cell(width_mm: float, content: Sequence[Any], *settings: Any) -> Any:
    """Return a table cell of that width."""
    return node(
        "w:tc", node("w:tcPr", node("w:tcW", w=twips(width_mm), type="dxa"), *settings), *content
    )


def grid(widths_mm: Sequence[float], rows: Sequence[Any], *, caption: str = "") -> Any:
    """Return a table of fixed widths: with borders and a caption, or else as a bare frame."""
    side = "single" if caption else "none"
    borders = [
        node(f"w:{name}", val=side, sz="4" if caption else "0", space="0", color="000000")
        for name in ("top", "left", "bottom", "right", "insideH", "insideV")
    ]
    margin = twips(1.2 if caption else 0)
    margins = [node(f"w:{name}", w=margin, type="dxa") for name in ("left", "right")]
    return node(
        "w:tbl",
        node(
            "w:tblPr",
            node("w:tblW", w=twips(sum(widths_mm)), type="dxa"),
            node("w:tblInd", w="0", type="dxa"),
            node("w:tblBorders", *borders),
            node("w:tblLayout", type="fixed"),
            node("w:tblCellMar", *margins),
            node("w:tblCaption", val=caption) if caption else None,
        ),
        node("w:tblGrid", *(node("w:gridCol", w=twips(width)) for width in widths_mm)),
        *rows,
    )
