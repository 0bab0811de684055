"""Tables that are downloaded while they are read: CSV and XLSX, however many rows.

XLSX is written by hand, because the libraries write it in one piece: the smallest workbook that
ECMA-376 (part 1, section 18) allows, its texts in the cells, sent as the rows come.
"""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.http import StreamingHttpResponse
from django.utils import timezone

from core.text import legal_xml

Cells = Sequence[str | int | float | datetime | None]
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of spreadsheets, which know no zones
BATCH = 500  # rows of one piece
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run out of a CSV file
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(
    form: str, name: str, headings: Sequence[str], rows: Iterable[Cells]
) -> StreamingHttpResponse:
    """Return the rows as a file of that name, its ending added. Raises ``KeyError``."""
    writer = {"csv": as_csv, "xlsx": as_xlsx}[form]
    response = StreamingHttpResponse(writer(headings, rows), content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.headers["X-Accel-Buffering"] = "no"  # nginx passes the pieces on as they come
    return response


class Pieces:
    """A file that forgets what was taken from it."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Everything is held until it is taken."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        taken, self._held = b"".join(self._held), []
        return taken


class _Lines:
    """What the ``csv`` module writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def as_csv(headings: Sequence[str], rows: Iterable[Cells]) -> Iterator[bytes]:
    """Yield the file in pieces: UTF-8 with the mark that Excel needs to see it, RFC 4180."""
    writer = csv.writer(_Lines())
    yield b"\xef\xbb\xbf" + writer.writerow(headings).encode()
    held: list[str] = []
    for row in rows:
        held.append(writer.writerow([_plain(cell) for cell in row]))
        if len(held) == BATCH:
            yield "".join(held).encode("utf-8", "replace")
            held.clear()
    yield "".join(held).encode("utf-8", "replace")


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def as_xlsx(headings: Sequence[str], rows: Iterable[Cells]) -> Iterator[bytes]:
    """Yield the workbook in pieces: one sheet, headings that stay in sight, no formulas."""
    pieces = Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in PARTS.items():
            book.writestr(name, content)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_head(headings).encode())
            held: list[str] = []
            for number, row in enumerate(rows, 2):
                held.append(_row(number, row))
                if len(held) == BATCH:
                    sheet.write("".join(held).encode("utf-8", "replace"))
                    held.clear()
                    yield pieces.take()
            sheet.write("".join(held).encode("utf-8", "replace"))
            sheet.write(b"</sheetData></worksheet>")
    yield pieces.take()


def _head(headings: Sequence[str]) -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="24" customWidth="1"/>'
        for number in range(1, len(headings) + 1)
    )
    cells = "".join(_text(heading, style=2) for heading in headings)
    return (
        f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
        f'<row r="1">{cells}</row>'
    )


def _row(number: int, row: Cells) -> str:
    return f'<row r="{number}">{"".join(map(_cell, row))}</row>'


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, datetime):
        local = timezone.make_naive(value, timezone.get_current_timezone())
        return f'<c s="1"><v>{(local - EPOCH).total_seconds() / 86400:.6f}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return _text(str(value))


def _text(value: str, style: int = 0) -> str:
    shown = escape(legal_xml(value[:32_767]))  # the most that one cell holds
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{shown}</t></is></c>'


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": (
        f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (  # 0: plain, 1: a moment, 2: a heading
        f'{XML}<styleSheet xmlns="{MAIN}"><numFmts count="1">'
        '<numFmt numFmtId="164" formatCode="dd/mm/yyyy hh:mm:ss"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3">'
        '<xf xfId="0"/><xf numFmtId="164" applyNumberFormat="1" xfId="0"/>'
        '<xf fontId="1" applyFont="1" xfId="0"/></cellXfs><cellStyles count="1">'
        '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
