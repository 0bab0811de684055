"""Which column is which: header names in any order, in Vietnamese or in the exchange format."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.importing.table import RawTable, Row
from core.text import fold

HEADER_WITHIN = 40  # rows; what comes later is no header
REQUIRED = ("content", "lead_text", "deadline_text")
_BRACKETS = re.compile(r"\([^()]*\)")

# Folded names seen in plans, per field of ``Activity``; a header may go on after them.
NAMES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "serial": ("stt", "tt", "so tt", "so thu tu"),
        "heading": ("nhom", "nhom noi dung", "nhom nhiem vu", "linh vuc"),
        "content": (
            "noi dung",
            "noi dung cong viec",
            "noi dung nhiem vu",
            "noi dung thuc hien",
            "noi dung tuyen truyen",
            "nhiem vu",
            "ten nhiem vu",
            "cong viec",
            "hoat dong",
        ),
        "form": ("hinh thuc", "hinh thuc thuc hien", "hinh thuc tuyen truyen"),
        "lead_text": (
            "chu tri",
            "co quan chu tri",
            "don vi chu tri",
            "co quan don vi chu tri",
            "co quan thuc hien",
            "don vi thuc hien",
            "co quan don vi thuc hien",
        ),
        "partner_text": (
            "phoi hop",
            "co quan phoi hop",
            "don vi phoi hop",
            "co quan don vi phoi hop",
        ),
        "deadline_text": (
            "thoi gian",
            "thoi gian thuc hien",
            "thoi gian hoan thanh",
            "thoi han",
            "thoi han hoan thanh",
            "tien do",
        ),
        "quantity_text": ("dinh luong", "so luong", "chi tieu", "khoi luong", "tan suat"),
        "product": ("san pham", "ket qua", "ket qua san pham"),
        "budget_text": ("kinh phi", "nguon kinh phi", "du kien kinh phi", "du toan"),
        "note": ("ghi chu", "tinh chat"),
    }
)
# What the columns are called where a message speaks of them.
LABELS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "serial": pgettext_lazy("serial number", "No."),
        "heading": pgettext_lazy("activity", "Group"),
        "content": _("Activity"),
        "form": pgettext_lazy("activity", "Form"),
        "lead_text": _("Lead agency"),
        "partner_text": _("Coordinating agency"),
        "deadline_text": _("Implementation period"),
        "quantity_text": _("Quantity"),
        "product": _("Product"),
        "budget_text": _("Budget"),
        "note": _("Note"),
    }
)
_FIELD_OF = {name: field for field, names in NAMES.items() for name in names}
_LONGEST_FIRST = sorted(_FIELD_OF, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Header:
    """The place of each field, the header's first and last line, and columns nobody knows."""

    columns: Mapping[str, int]
    first_line: int
    last_line: int
    unknown: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """Required fields without a column."""
        return [field for field in REQUIRED if field not in self.columns]


def field_of(name: str) -> str:
    """Return the field that a header cell names, or nothing: "Sản phẩm, kết quả" is ``product``."""
    folded = fold(_BRACKETS.sub(" ", name))
    if folded in _FIELD_OF:
        return _FIELD_OF[folded]
    start = next((known for known in _LONGEST_FIRST if folded.startswith(f"{known} ")), "")
    return _FIELD_OF.get(start, "") if len(folded.split()) <= 8 else ""


def find_header(table: RawTable) -> Header | None:
    """Return the header: the first row that names the content and at least two other columns.

    A header of two rows (a merged "Cơ quan thực hiện" over "Chủ trì" and "Phối hợp") is read as
    one, the lower name first.
    """
    rows = table.rows[:HEADER_WITHIN]
    for index, row in enumerate(rows):
        fields = {field_of(cell) for cell in row.cells} - {""}
        if "serial" not in fields and "content" not in fields:
            continue
        if len(fields) >= 3:
            below = rows[index + 1] if index + 1 < len(rows) else None
            return header_of(row, below if below and is_second_row(row, below) else None)
    return None


def is_second_row(row: Row, below: Row) -> bool:
    """Tell whether the row below goes on with the header."""
    upper = {cell for cell in row.cells if cell}
    new = [cell for cell in below.cells if cell and cell not in upper]
    return bool(new) and all(field_of(cell) for cell in new) and len(set(new)) >= 2


def header_of(row: Row, below: Row | None) -> Header:
    columns: dict[str, int] = {}
    unknown: list[str] = []
    for index, name in enumerate(row.cells):
        lower = below.cells[index] if below and index < len(below.cells) else ""
        field = field_of(lower) or field_of(name)
        if field and field not in columns:
            columns[field] = index
        elif not field and (name or lower):
            unknown.append(lower or name)
    return Header(columns, row.line, below.line if below else row.line, tuple(unknown))
