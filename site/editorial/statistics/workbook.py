"""The statistics as a workbook, one sheet for each breakdown."""

from collections.abc import Iterable
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from editorial.royalties.workbook import safe
from editorial.statistics.counting import Table

HEAD_ROW = 3


def workbook(tables: Iterable[Table], period: str) -> bytes:
    """Return an .xlsx file: numbers as numbers, headings that stay in sight, no formulas."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        page = book.create_sheet(table.title[:31])
        page.append([table.title])
        page.append([period])
        page.append([_("No."), table.first_column, _("Items")])
        for number, row in enumerate(table.rows, 1):
            page.append([number, safe(row.name), row.count])
        page.append(["", _("Total"), table.total])
        page["A1"].font = Font(bold=True, size=14)
        for cell in (*page[HEAD_ROW], *page[page.max_row]):
            cell.font = Font(bold=True)
        for cell in page["B"][HEAD_ROW - 1 :]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.freeze_panes = f"A{HEAD_ROW + 1}"
        for column, width in (("A", 6), ("B", 60), ("C", 12)):
            page.column_dimensions[column].width = width
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
