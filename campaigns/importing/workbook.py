"""Reading an Excel workbook: merged cells filled, formulas refused, dates as d/m/Y."""

import io
import zipfile
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from campaigns.importing.columns import find_header
from campaigns.importing.problems import ImportFailedError, Problem, failure
from campaigns.importing.table import RawTable, Row, clean_cell

MAX_CELLS = 200_000


def read_workbook(data: bytes) -> RawTable:
    """Return the first sheet that holds a plan's table. Raises ``ImportFailedError``."""
    try:
        book = load_workbook(io.BytesIO(data), data_only=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError) as error:
        raise failure(_("The workbook is damaged or is not an Excel file.")) from error
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    tables = [read_sheet(sheet) for sheet in sheets]
    for sheet, table in zip(sheets, tables, strict=True):
        if header := find_header(table):
            refuse_formulas(sheet, header.first_line)
            return table
    return tables[0] if tables else RawTable(())


def read_sheet(sheet: Any) -> RawTable:
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        raise failure(_("The sheet “%(name)s” is too large for a plan.") % {"name": sheet.title})
    merged = merged_values(sheet)
    rows = []
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [
            clean_cell(cell_text(merged.get((cell.row, cell.column), cell.value))) for cell in cells
        ]
        if any(texts):
            rows.append(Row(line, tuple(texts)))
    return RawTable(tuple(rows))


def merged_values(sheet: Any) -> dict[tuple[int, int], Any]:
    """Return for each cell of a merged range the value that its first cell shows."""
    values: dict[tuple[int, int], Any] = {}
    for area in sheet.merged_cells.ranges:
        value = sheet.cell(area.min_row, area.min_col).value
        for row, column in area.cells:
            if row <= sheet.max_row and column <= sheet.max_column:
                values[row, column] = value
    return values


def cell_text(value: object) -> str:
    """Return a cell's value as a person reads it: 1.0 as "1", a date as d/m/Y."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def refuse_formulas(sheet: Any, first_line: int) -> None:
    """Raise ``ImportFailedError`` naming each formula in the table: their values are not in it."""
    problems = [
        Problem(
            _("cell %(cell)s holds a formula; paste its value instead.")
            % {"cell": cell.coordinate},
            cell.row,
        )
        for row in sheet.iter_rows(min_row=first_line)
        for cell in row
        if cell.data_type == "f"
    ]
    if problems:
        raise ImportFailedError(problems)
