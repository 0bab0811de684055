"""Reading the lines of a Word document, in order, each with the look it has in the end."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from core.text import fold
from media.documents.checking.formatting import MM_TWIP, Formats, number
from media.documents.checking.numbering import Numbering
from media.documents.checking.package import UnreadableError, open_document
from media.documents.checking.sections import sections_of
from media.documents.checking.seen import Cell, SeenDocument, SeenLine, SeenRun
from media.documents.measuring import width_mm

MAX_LINES = 20_000
MAX_LETTERS = 2_000_000
MM_EMU = 1 / 36000
_DRAWN = re.compile(r"[_\-–—─\s]{3,}")
_LENGTH = re.compile(r"(-?[\d.]+)(pt|mm|cm|in)?")
_UNITS = {"pt": 25.4 / 72, "mm": 1.0, "cm": 10.0, "in": 25.4, None: 25.4 / 72}
_VML = "{urn:schemas-microsoft-com:vml}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIDES = {"start": "left", "end": "right", "distribute": "both"}
_CELL_MARGIN = 1.9  # mm: Word's own


def read(data: bytes) -> SeenDocument:
    """Return what is to be seen in a DOCX. Raises ``UnreadableError``."""
    document = open_document(data)
    reader = _Reader(document)
    lines = tuple(reader.lines())
    if not any(line.text for line in lines):
        raise UnreadableError("Văn bản không có chữ nào.")
    return SeenDocument(lines, reader.sections, pages_said(document))


def pages_said(document: Any) -> int | None:
    """Return the number of pages in the properties of the file, which Word counts at saving."""
    for relation in document.part.package.rels.values():
        if relation.is_external or not relation.reltype.endswith("/extended-properties"):
            continue
        try:
            pages = number(parse_xml(relation.target_part.blob).findtext("{*}Pages"))
        except (SyntaxError, ValueError):
            return None
        return None if pages is None else int(pages)
    return None


class _Reader:
    """Walks through the body once."""

    def __init__(self, document: Any) -> None:
        self.formats = Formats(document)
        self.numbering = Numbering(document)
        self.body = document.element.body
        self.sections = sections_of(document, self.formats)
        self.section = 0
        self.count = 0
        self.letters = 0
        self.tables = 0

    def lines(self) -> Iterator[SeenLine]:
        yield from self.blocks(self.body, self.room(), None)

    def room(self) -> float:
        """Return the width between the margins of the section being read."""
        section = self.sections[min(self.section, len(self.sections) - 1)]
        return section.width - section.margins["left"] - section.margins["right"]

    def blocks(self, parent: Any, room: float, cell: Cell | None) -> Iterator[SeenLine]:
        for block in parent.iterchildren():
            if block.tag == qn("w:p"):
                yield from self.paragraph(block, room if cell else self.room(), cell)
                if block.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
                    self.section += 1
            elif block.tag == qn("w:tbl"):
                yield from self.table(block, room if cell else self.room())
            elif block.tag in {qn("w:sdt"), qn("w:ins"), qn("w:smartTag")}:
                inner = block.find(qn("w:sdtContent")) if block.tag == qn("w:sdt") else block
                if inner is not None:
                    yield from self.blocks(inner, room, cell)

    def table(self, table: Any, room: float) -> Iterator[SeenLine]:
        index = self.tables
        self.tables += 1
        columns = [
            (number(column.get(qn("w:w"))) or 0) * MM_TWIP
            for column in table.iterfind(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")
        ]
        margins = sum(cell_margins(table))
        for row, element in enumerate(table.iterchildren(qn("w:tr"))):
            at = 0
            for cell in element.iterchildren(qn("w:tc")):
                span = int(number(_value(cell, "w:tcPr", "w:gridSpan", "w:val")) or 1)
                width = (number(_value(cell, "w:tcPr", "w:tcW", "w:w")) or 0) * MM_TWIP
                if not width or _value(cell, "w:tcPr", "w:tcW", "w:type") not in {None, "dxa"}:
                    width = sum(columns[at : at + span]) or room / max(len(columns), 1)
                yield from self.blocks(cell, width - margins, Cell(index, row, at))
                at += span

    def paragraph(self, paragraph: Any, room: float, cell: Cell | None) -> Iterator[SeenLine]:
        """Yield the paragraph; in a table each of its lines, since heads are broken that way."""
        inherited, own = self.formats.of_paragraph(paragraph)
        runs = tuple(self.runs(paragraph, inherited))
        if runs and "numbering" in own and (label := self.numbering.label(own["numbering"])):
            runs = (replace(runs[0], text=f"{label} "), *runs)
        parts = broken_at_line_ends(runs) if cell else [runs]
        drawn = drawn_mm(paragraph)
        for index, part in enumerate(parts):
            is_last = index == len(parts) - 1
            look = dict(own)
            if index:
                look["before"] = 0.0
            if not is_last:
                look |= {"after": 0.0, "borders": frozenset()}
            yield self.line(part, look, drawn if is_last else 0.0, room, cell)

    def line(
        self, runs: tuple[SeenRun, ...], own: Any, drawn: float, room: float, cell: Cell | None
    ) -> SeenLine:
        words = "".join(run.text for run in runs)
        self.count += 1
        self.letters += len(words)
        if self.count > MAX_LINES or self.letters > MAX_LETTERS:
            raise UnreadableError("Văn bản quá dài để kiểm tra.")
        left, right = own.get("left", 0.0), own.get("right", 0.0)
        borders = own.get("borders", frozenset())
        if not drawn and borders & {"bottom", "top"} and "left" not in borders:
            drawn = room - left - right
        if not drawn and _DRAWN.fullmatch(words.strip()) and runs:
            drawn, words = width_mm(words.strip(), runs[0].size, bold=runs[0].bold), ""
        shown = " ".join(words.split())
        return SeenLine(
            order=self.count,
            text=shown,
            folded=fold(shown),
            runs=runs,
            align=side_of(own.get("align", "left")),
            first_mm=own.get("first", 0.0),
            left_mm=left,
            right_mm=right,
            before=own.get("before", 0.0),
            after=own.get("after", 0.0),
            line=own.get("line", 1.0),
            exact=own.get("exact"),
            is_at_least=own.get("at_least", False),
            room_mm=room,
            section=self.section,
            cell=cell,
            rule_mm=drawn,
            borders=borders,
        )

    def runs(self, paragraph: Any, inherited: Any) -> Iterator[SeenRun]:
        """Yield the visible runs: insertions count; deletions, hidden text, text boxes do not."""
        for run in paragraph.iter(qn("w:r")):
            if _is_inside(run, paragraph, {qn("w:del"), qn("w:txbxContent"), _FALLBACK}):
                continue
            words = "".join(_letters(run))
            look = self.formats.of_run(run, inherited)
            if not words or look.get("hidden"):
                continue
            yield SeenRun(
                words.upper() if look.get("caps") else words,
                look.get("font") or "Times New Roman",
                look.get("size") or 10.0,
                look.get("bold", False),
                look.get("italic", False),
                look.get("underline", False),
                look.get("colour", "AUTO"),
            )


def broken_at_line_ends(runs: tuple[SeenRun, ...]) -> list[tuple[SeenRun, ...]]:
    """Return the runs of each line of a paragraph."""
    lines: list[list[SeenRun]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines += [[replace(run, text=other)] for other in others]
    return [tuple(line) for line in lines]


def _letters(run: Any) -> Iterator[str]:
    for node in run:
        if node.tag == qn("w:t"):
            yield node.text or ""
        elif node.tag in {qn("w:br"), qn("w:cr")}:
            yield "\n"
        elif node.tag == qn("w:tab"):
            yield " "
        elif node.tag == qn("w:noBreakHyphen"):
            yield "-"


def _is_inside(node: Any, outer: Any, tags: set[str]) -> bool:
    for above in node.iterancestors():
        if above is outer:
            return False
        if above.tag in tags:
            return True
    return False


def _value(element: Any, *path: str) -> str | None:
    for tag in path[:-1]:
        element = None if element is None else element.find(qn(tag))
    value: str | None = None if element is None else element.get(qn(path[-1]))
    return value


def side_of(align: str) -> str:
    """Return the alignment by the side it had before scripts that run from right to left."""
    return _SIDES.get(align, align)


def cell_margins(table: Any) -> list[float]:
    """Return the margins left and right in the cells of a table, in mm."""
    found = []
    for side in (("left", "start"), ("right", "end")):
        values = (_value(table, "w:tblPr", "w:tblCellMar", f"w:{name}", "w:w") for name in side)
        twips = next((number(value) for value in values if value is not None), None)
        found.append(_CELL_MARGIN if twips is None else twips * MM_TWIP)
    return found


def drawn_mm(paragraph: Any) -> float:
    """Return the length of a line drawn in a paragraph with Word's shapes, in mm; 0 for none."""
    for frame in (f"{_DRAWING}anchor", f"{_DRAWING}inline"):
        for drawing in paragraph.iter(frame):
            extent = drawing.find(f"{_DRAWING}extent")
            width = number(None if extent is None else extent.get("cx"))
            height = number(None if extent is None else extent.get("cy"))
            if width and (height or 0) * MM_EMU < 2:
                return width * MM_EMU
    for line in paragraph.iter(f"{_VML}line"):
        ends = [_LENGTH.match(line.get(end, "").strip()) for end in ("from", "to")]
        if all(ends):
            first, last = (float(e[1]) * _UNITS[e[2]] for e in ends if e)
            return abs(last - first)
    for shape in paragraph.iter(f"{_VML}shape"):
        style = dict(
            part.split(":", 1) for part in shape.get("style", "").split(";") if ":" in part
        )
        width_given = _LENGTH.match(style.get("width", "").strip())
        height_given = _LENGTH.match(style.get("height", "0").strip())
        if width_given and height_given and float(height_given[1]) * _UNITS[height_given[2]] < 2:
            return float(width_given[1]) * _UNITS[width_given[2]]
    return 0.0
