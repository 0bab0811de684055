"""The payment sheet (bảng kê chi trả) as a workbook."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from editorial.models.royalties import RoyaltyLine, RoyaltySheet
from editorial.royalties.words import in_words

FONT = "Times New Roman"
WIDTHS = (6, 24, 22, 44, 16, 12, 9, 12, 9, 14, 14, 14, 18)
MONEY = "#,##0"
THIN = Side(style="thin")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def workbook(sheet: RoyaltySheet, office: str, bases: Iterable[str]) -> bytes:
    """Return the month's sheet as an .xlsx file, with a row to sign for every author."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)  # noqa: S101 - a new book has one
    page.title = f"{sheet.month:%m-%Y}"
    head(page, sheet, office, bases)
    columns(page)
    total = body(page, sheet)
    foot(page, total)
    finish(page)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def head(page: Worksheet, sheet: RoyaltySheet, office: str, bases: Iterable[str]) -> None:
    page.append([safe(office)])
    page.append([_("ROYALTY PAYMENT SHEET, MONTH %(month)s") % {"month": f"{sheet.month:%m/%Y}"}])
    for basis in bases:
        page.append([safe(basis)])
    page.append([])
    page["A1"].font = Font(name=FONT, bold=True)
    page["A2"].font = Font(name=FONT, bold=True, size=14)


def columns(page: Worksheet) -> None:
    page.append(
        [
            _("No."), _("Author"), _("Unit"), _("Work"), _("Genre"), _("Published on"),
            _("Coefficient"), _("Unit value"), _("Share (%)"), _("Amount"), _("Income tax"),
            _("Paid out"), _("Signature"),
        ]
    )  # fmt: skip
    for cell in page[page.max_row]:
        cell.font = Font(name=FONT, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = FRAME
    page.freeze_panes = f"A{page.max_row + 1}"
    page.print_title_rows = f"{page.max_row}:{page.max_row}"


def body(page: Worksheet, sheet: RoyaltySheet) -> int:
    """Write each author's lines and their sum; return what is paid out in all."""
    payments = {payment.author_id: payment for payment in sheet.payments.all()}
    rows: dict[Any, list[RoyaltyLine]] = {}
    for line in sheet.lines.select_related("author__organisation"):
        rows.setdefault(line.author, []).append(line)
    total = 0
    for number, (author, lines) in enumerate(rows.items(), 1):
        for line in lines:
            row(page, ["", "", "", *line_cells(line)])
        payment = payments.get(author.pk)
        gross = sum(line.amount for line in lines)
        tax = payment.tax if payment else 0
        unit = author.organisation.name if author.organisation else ""
        row(
            page,
            [
                number, safe(author.name), safe(unit), _("Sum"), "", "", "", "", "",
                gross, tax, gross - tax, "",
            ],
            bold=True,
        )  # fmt: skip
        total += gross - tax
    row(page, ["", _("Total"), *[""] * 9, total, ""], bold=True)
    return total


def line_cells(line: RoyaltyLine) -> list[Any]:
    return [
        safe(line.title), line.get_genre_display(), line.published_on, line.coefficient,
        line.unit_value, line.share, line.amount, "", "", "",
    ]  # fmt: skip


def row(page: Worksheet, values: list[Any], *, bold: bool = False) -> None:
    page.append(values)
    for cell in page[page.max_row]:
        cell.font = Font(name=FONT, bold=bold)
        cell.border = FRAME
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        if isinstance(cell.value, int) and cell.column > 7:
            cell.number_format = MONEY
        elif hasattr(cell.value, "year"):
            cell.number_format = "dd/mm/yyyy"


def foot(page: Worksheet, total: int) -> None:
    page.append([])
    page.append([_("In words: %(words)s.") % {"words": in_words(total)}])
    page.append([])
    signers = (_("Made by"), _("Accountant"), _("Head of the office"))
    page.append([signers[0], "", "", signers[1], "", "", "", "", "", signers[2]])


def finish(page: Worksheet) -> None:
    for place, width in enumerate(WIDTHS):
        page.column_dimensions[chr(ord("A") + place)].width = width
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (CWE-1236)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def file_name(sheet: RoyaltySheet) -> str:
    return f"nhuan-but-{date_format(sheet.month, 'Y-m')}.xlsx"
