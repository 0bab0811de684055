"""Criterion sets as files: cells of a workbook or of tab-separated text, and back, without loss."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from campaigns.importing.files import checked_package, too_large
from campaigns.importing.problems import ImportFailedError, Problem, failure
from campaigns.importing.tabbed import decode
from core.sheets import FORMULA, TYPES
from core.text import legal_xml, nfc

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 2_000, 40
#: Content types by the ending of the file.
FORMS = {"xlsx": TYPES["xlsx"], "tsv": "text/tab-separated-values; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row with its number in the file, from 1."""

    number: int
    cells: tuple[str, ...]


def read_lines(data: bytes) -> list[Line]:
    """Return the rows that hold something. Raises ``ImportFailedError``."""
    if not data.strip():
        raise failure(_("The file is empty."))
    if len(data) > MAX_BYTES:
        raise failure(too_large())
    found = read_book(data) if data.startswith(b"PK") else read_text(data)
    if len(found) > MAX_ROWS:
        raise failure(_("The file has more than %(count)d rows.") % {"count": MAX_ROWS})
    return [line for line in found if any(line.cells)]


def tidy(text: str) -> str:
    """Return the text composed, with plain line ends, without blanks around it."""
    return nfc(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def read_text(data: bytes) -> list[Line]:
    text, _warnings = decode(data)
    if "\t" not in text:
        raise failure(_("The file has no columns parted by tabs."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    lines, number = [], 1
    try:
        for cells in reader:
            lines.append(Line(number, tuple(tidy(unguarded(cell)) for cell in cells)))
            number = reader.line_num + 1
    except csv.Error as error:
        raise failure(_("The row cannot be read: %s") % error, number) from error
    return lines


def read_book(data: bytes) -> list[Line]:
    if "xl/workbook.xml" not in checked_package(data):
        raise failure(_("This is no Excel workbook."))
    try:
        book = load_workbook(io.BytesIO(data), data_only=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError) as error:
        raise failure(_("The workbook is damaged or is not an Excel file.")) from error
    sheet: Any = book.worksheets[0]
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        raise failure(_("The sheet “%(name)s” is too large.") % {"name": sheet.title})
    lines, problems = [], []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        problems += [formula(cell) for cell in cells if cell.data_type == "f"]
        lines.append(Line(number, tuple(tidy(in_words(cell.value)) for cell in cells)))
    if problems:
        raise ImportFailedError(problems)
    return lines


def formula(cell: Any) -> Problem:
    text = _("cell %(cell)s holds a formula; paste its value instead.")
    return Problem(text % {"cell": cell.coordinate}, cell.row)


def in_words(value: object) -> str:
    """Return a cell's value as it is written by hand: no ".0", dates as d/m/Y, comma decimals."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    return str(value)


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula; ``unguarded`` undoes it."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def unguarded(text: str) -> str:
    is_guarded = text.startswith("'") and text.lstrip("'").startswith(FORMULA)
    return text[1:] if is_guarded else text


def write(form: str, rows: Iterable[Sequence[str]], heading: int) -> bytes:
    """Return the rows as a file of that form; ``heading``: the row in bold, counted from 1."""
    return as_book(rows, heading) if form == "xlsx" else as_text(rows)


def as_text(rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter="\t", lineterminator="\r\n")
    writer.writerows([guarded(tidy(cell)) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def as_book(rows: Iterable[Sequence[str]], heading: int) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = legal_xml(tidy(text))
            cell.data_type = "s"  # text, also when it begins like a formula
            cell.alignment = Alignment(vertical="top", wrap_text=number >= heading)
            cell.font = Font(bold=number == heading or (number < heading and column == 1))
    for letter, width in zip("ABCDEFGHI", (16, 12, 50, 10, 14, 20, 44, 44, 44), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = sheet.cell(heading + 1, 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
