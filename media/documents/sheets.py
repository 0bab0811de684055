"""Tables as an Excel workbook that prints well: A4 on its side, heading row on every page."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from media.documents.composing import clean_table
from media.documents.layout import FONT
from media.documents.model import GroupRow, Table
from media.documents.wording import clean

WIDTH = 140  # characters over all columns: A4 on its side at 11 points
LINE = 15.0  # points of height for a line of text
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, lines above the table (the first in bold), the table."""

    name: str
    above: tuple[str, ...]
    table: Table


def write(sheets: Sequence[Sheet], *, title: str, author: str) -> bytes:
    """Return the sheets as .xlsx. Every cell is text as written: no formula can come of it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for each in sheets:
        fill(book.create_sheet(sheet_name(each.name, book.sheetnames)), each)
    book.properties.title, book.properties.creator = clean(title), clean(author)
    book.properties.language = "vi-VN"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_name(name: str, taken: Sequence[str]) -> str:
    """Return a name Excel takes: 31 characters, some signs forbidden, none twice."""
    base = " ".join(clean(name).translate(_FORBIDDEN).split())[:31].strip("'") or "Bảng"
    found, number = base, 1
    while found.casefold() in {each.casefold() for each in taken}:
        number += 1
        found = f"{base[: 30 - len(str(number))]} {number}"
    return found


def fill(sheet: Any, content: Sheet) -> None:
    """Write the lines, the heading row, the rows; set widths, heights and the printing."""
    table = clean_table(content.table)
    last = len(table.columns)
    line = 0
    for line, words in enumerate(map(clean, content.above), start=1):
        sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=last)
        is_last = line == len(content.above)
        put(sheet, line, 1, words, bold=line == 1, align="center", italic=is_last and line > 1)
    heading = line + 2 if line else 1
    total = sum(column.share for column in table.columns)
    widths = [max(WIDTH * column.share / total, 5) for column in table.columns]
    for index, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = widths[index - 1]
        put(sheet, heading, index, column.heading, bold=True, align="center", is_framed=True)
    for at, row in enumerate(table.rows, start=heading + 1):
        if isinstance(row, GroupRow):
            group(sheet, at, row, last)
            continue
        for index, (words, column) in enumerate(zip(row, table.columns, strict=True), start=1):
            put(sheet, at, index, words, align=column.align.value, is_framed=True)
        sheet.row_dimensions[at].height = LINE * max(map(lines_in, row, widths))
    set_printing(sheet, heading)


def lines_in(words: str, width: float) -> int:
    """Return how many lines words take in a column that many characters wide."""
    return sum(max(1, -(-len(line) // max(int(width * 0.95), 1))) for line in words.split("\n"))


def group(sheet: Any, at: int, row: GroupRow, last: int) -> None:
    put(sheet, at, 1, row.number, bold=True, align="center", is_framed=True)
    sheet.merge_cells(start_row=at, end_row=at, start_column=2, end_column=last)
    for index in range(2, last + 1):
        put(sheet, at, index, row.title if index == 2 else "", bold=True, is_framed=True)


def put(
    sheet: Any,
    row: int,
    column: int,
    words: str,
    *,
    bold: bool = False,
    italic: bool = False,
    align: str = "left",
    is_framed: bool = False,
) -> None:
    """Write one cell as text, also where it looks like a formula."""
    cell = sheet.cell(row, column)
    if type(cell).__name__ == "Cell" and words:
        cell.value = words
        cell.data_type = "s"
    cell.font = Font(name=FONT, size=11, bold=bold, italic=italic)
    cell.alignment = Alignment(horizontal=align, vertical="top", wrap_text=True)
    if is_framed:
        side = Side(style="thin")
        cell.border = Border(left=side, right=side, top=side, bottom=side)


def set_printing(sheet: Any, heading: int) -> None:
    """Freeze and repeat the heading row; A4 on its side, as wide as the page."""
    sheet.freeze_panes = sheet.cell(heading + 1, 1)
    sheet.print_title_rows = f"{heading}:{heading}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.top = margins.bottom = 20 / 25.4
    margins.left, margins.right, margins.header = 30 / 25.4, 15 / 25.4, 10 / 25.4
    sheet.oddHeader.center.text = "&P"
    sheet.HeaderFooter.differentFirst = True
