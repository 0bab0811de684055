"""A year of slots as a drawing: a row for each group or agency, a column for each month."""

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min
from django.db.models.functions import ExtractMonth

from campaigns.showing.filters import due_between
from campaigns.slots.figures import Figures, tally
from campaigns.slots.models import SlotQuerySet

COLUMNS = {"group": "activity__heading", "agency": "organisation__name"}
LABEL, MONTH, HEIGHT, TOP = 280, 60, 26, 24  # pixels
WIDTH = LABEL + 12 * MONTH


@dataclass(frozen=True, slots=True)
class Cell:
    """The slots of one row that are due in one month; sizes are attributes of SVG."""

    month: int
    figures: Figures
    x: str
    width: str
    done_width: str


@dataclass(frozen=True, slots=True)
class Row:
    """One group or agency through the year: ``start`` and ``length`` of all its work."""

    name: str
    y: str
    cells: list[Cell | None]  # of January to December
    start: str
    length: str
    middle: str
    baseline: str

    @property
    def drawn(self) -> list[Cell]:
        return [cell for cell in self.cells if cell is not None]

    @property
    def short_name(self) -> str:
        return self.name if len(self.name) <= 40 else f"{self.name[:39].rstrip()}…"


def at(day: date, year: int) -> float:
    """Return where the day lies, in pixels; days outside the year lie at its edges."""
    day = min(max(day, date(year, 1, 1)), date(year, 12, 31))
    length = calendar.monthrange(year, day.month)[1]
    return LABEL + (day.month - 1 + (day.day - 1) / length) * MONTH


def rows(slots: SlotQuerySet, by: str, year: int) -> list[Row]:
    """Return the rows by name, for slots with their status that are due in the year. Two queries.

    ``by``: a key of ``COLUMNS``.
    """
    column = COLUMNS[by]
    found = due_between(slots, date(year, 1, 1), date(year, 12, 31)).order_by()
    months = found.annotate(month=ExtractMonth("due"))
    counted = tally(
        ((name, month), status, number)
        for name, month, status, number in months.values_list(column, "month", "status").annotate(
            number=Count("pk")
        )
    )
    lengths = found.values_list(column).annotate(first=Min("opens_on"), last=Max("due"))
    by_name: dict[str, dict[int, Figures]] = defaultdict(dict)
    for (name, month), figures in counted.items():
        by_name[name][month] = figures
    return [
        row(number, name, by_name[name], (at(first, year), at(last, year)))
        for number, (name, first, last) in enumerate(sorted(lengths))
    ]


def row(number: int, name: str, months: dict[int, Figures], ends: tuple[float, float]) -> Row:
    y = TOP + number * HEIGHT
    cells = [cell(month, months[month]) if month in months else None for month in range(1, 13)]
    start, length = ends[0], max(ends[1] - ends[0], 2)
    return Row(name, f"{y + 4}", cells, f"{start:.1f}", f"{length:.1f}", f"{y + 12}", f"{y + 17}")


def cell(month: int, figures: Figures) -> Cell:
    x, width = LABEL + (month - 1) * MONTH + 3, MONTH - 6
    return Cell(month, figures, f"{x}", f"{width}", f"{width * figures.share:.1f}")
