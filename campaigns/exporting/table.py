"""A plan's activities as a table: for print, for Excel, and as tab-separated text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from campaigns.models import Activity
from core.text import nfc
from media.documents.model import Align, Column, GroupRow, Table
from media.documents.wording import roman


@dataclass(frozen=True, slots=True)
class Place:
    """A field's column: its name in tab-separated files, its heading in print, its share."""

    name: str
    heading: str
    share: float
    align: Align = Align.LEFT


# The order of the assignment table; the names are those the import knows.
PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "serial": Place("stt", "STT", 0.6, Align.CENTER),
        "heading": Place("nhom", "Nhóm nội dung", 1.5),
        "content": Place("noi_dung", "Nội dung công việc", 3.4),
        "form": Place("hinh_thuc", "Hình thức", 1.6),
        "lead_text": Place("chu_tri", "Cơ quan chủ trì", 1.8),
        "partner_text": Place("phoi_hop", "Cơ quan phối hợp", 1.7),
        "deadline_text": Place("thoi_gian", "Thời gian thực hiện/hoàn thành", 1.4),
        "quantity_text": Place("dinh_luong", "Định lượng", 1.5),
        "product": Place("san_pham", "Sản phẩm, kết quả", 1.4),
        "budget_text": Place("kinh_phi", "Kinh phí", 1.2),
        "note": Place("tinh_chat", "Ghi chú", 1.5),
    }
)
NEEDED = ("serial", "content", "lead_text", "deadline_text")
SUMMARY = "Bảng phân công nhiệm vụ: nội dung, cơ quan chủ trì, phối hợp, thời gian thực hiện"


def assignment(activities: Sequence[Activity], *, keep_empty: bool = False) -> Table:
    """Return the table with its groups as rows across it; empty columns are left out if wanted.

    Groups that rows across cannot tell (an activity of no group below one of a group) become a
    column, so that the import finds every activity's group again.
    """
    fields = [
        name
        for name in PLACES
        if name != "heading"
        and (keep_empty or name in NEEDED or any(getattr(a, name) for a in activities))
    ]
    if tells_groups(activities):
        rows = grouped(activities, fields)
    else:
        fields.insert(1, "heading")
        rows = [row(activity, fields) for activity in activities]
    columns = tuple(
        Column(place.heading, place.share, place.align)
        for place in (PLACES[name] for name in fields)
    )
    return Table(columns, tuple(rows), summary=SUMMARY)


def tells_groups(activities: Sequence[Activity]) -> bool:
    """Tell whether rows across the table can say every activity's group."""
    headings = [activity.heading for activity in activities]
    first = next((index for index, heading in enumerate(headings) if heading), len(headings))
    return all(headings[first:])


def grouped(
    activities: Sequence[Activity], fields: Sequence[str]
) -> list[tuple[str, ...] | GroupRow]:
    """Return the rows, each group's name across the table above its first."""
    found: list[tuple[str, ...] | GroupRow] = []
    number = 0
    for heading, members in groupby(activities, key=lambda activity: activity.heading):
        if heading:
            number += 1
            found.append(GroupRow(roman(number), heading))
        found += [row(activity, fields) for activity in members]
    return found


def row(activity: Activity, fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(getattr(activity, name) for name in fields)


def tabbed(activities: Sequence[Activity]) -> str:
    """Return all fields as tab-separated text in the form of the import, one line a row.

    Cells are quoted only where they hold a tab, a line end, or begin with a quotation mark.
    """
    lines = ["\t".join(place.name for place in PLACES.values())]
    for activity in activities:
        lines.append("\t".join(quoted(nfc(cell)) for cell in row(activity, list(PLACES))))
    return "\n".join(lines) + "\n"


def quoted(cell: str) -> str:
    if cell.startswith('"') or any(sign in cell for sign in "\t\n\r"):
        return '"' + cell.replace('"', '""') + '"'
    return cell
