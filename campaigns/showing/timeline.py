"""A year of slots as a drawing: a row for each group or agency, a column for each month."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from campaigns.showing.filters import due_between
from campaigns.showing.naming import Naming
from campaigns.slots.figures import Figures, tally
from campaigns.slots.models import SlotQuerySet
from campaigns.slots.status import Status

COLUMNS = {"group": "activity__heading", "agency": "organisation"}
LABEL, MONTH, HEIGHT, TOP = 280, 60, 26, 24  # pixels
WIDTH = LABEL + 12 * MONTH


@dataclass(frozen=True, slots=True)
class Cell:
    """The slots of one row that are due in one month: ``x`` as markup, texts as they are shown."""

    figures: Figures
    x: str
    done_of_all: str
    late: str  # "3 overdue", or nothing


@dataclass(frozen=True, slots=True)
class Row:
    """One group or agency through the year. Sizes are attributes of SVG, boxes are paths of it."""

    name: str
    y: str
    cells: list[Cell | None]  # of January to December
    boxes: str
    late_boxes: str
    done: str
    start: str  # with ``length``: of all its work
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


def rows(
    slots: SlotQuerySet, by: str, year: int, naming: Naming, only: Collection[Status] = ()
) -> list[Row]:
    """Return the rows by name, for slots that are due in the year. One query.

    ``by``: a key of ``COLUMNS``; ``only``: the statuses wanted, all if none is named.
    """
    today = naming.today
    found = due_between(slots, date(year, 1, 1), date(year, 12, 31))
    counts: Counter[tuple[str, int, str]] = Counter()
    lengths: dict[str, tuple[date, date]] = {}
    columns = (COLUMNS[by], "opens_on", "due")
    for key, first, last, status in found.each_with_status(*columns, today=today, only=only):
        name = naming.of(key, last) if by == "agency" else key
        counts[name, last.month, status] += 1
        known = lengths.get(name, (first, last))
        lengths[name] = (min(first, known[0]), max(last, known[1]))
    counted = tally(((name, month), status, size) for (name, month, status), size in counts.items())
    by_name: dict[str, dict[int, Figures]] = defaultdict(dict)
    for (name, month), figures in counted.items():
        by_name[name][month] = figures
    return [
        row(number, name, by_name[name], (at(first, year), at(last, year)))
        for number, (name, (first, last)) in enumerate(sorted(lengths.items()))
    ]


def row(number: int, name: str, months: dict[int, Figures], ends: tuple[float, float]) -> Row:
    y = TOP + number * HEIGHT
    found = [(month, months[month]) for month in range(1, 13) if month in months]
    start, length = ends[0], max(ends[1] - ends[0], 2)
    return Row(
        name=name,
        y=f"{y + 4}",
        cells=[cell(month, months[month]) if month in months else None for month in range(1, 13)],
        boxes="".join(box(month, y, 1) for month, figures in found if not figures.late),
        late_boxes="".join(box(month, y, 1) for month, figures in found if figures.late),
        done="".join(box(month, y, figures.share) for month, figures in found if figures.done),
        start=f"{start:.1f}",
        length=f"{length:.1f}",
        middle=f"{y + 12}",
        baseline=f"{y + 17}",
    )


def left(month: int) -> int:
    return LABEL + (month - 1) * MONTH + 3


def box(month: int, y: int, share: float) -> str:
    """Return the box of a month, or so much of it from the left, as a piece of a path."""
    width = (MONTH - 6) * share
    return f"M{left(month)} {y + 4}h{width:.1f}v18h-{width:.1f}z"


def cell(month: int, figures: Figures) -> Cell:
    return Cell(
        figures,
        f"{left(month)}",
        f"{figures.done}/{figures.expected}",
        late_words(figures.late) if figures.late else "",
    )


def late_words(late: int) -> str:
    return _("%(late)s overdue") % {"late": late}
