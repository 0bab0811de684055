"""How far the slots are, by group, agency, form and month, as bars with a table beside."""

from collections import Counter
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaigns.models import Activity
from campaigns.showing.naming import Naming
from campaigns.showing.progress import add
from campaigns.slots.figures import Figures, tally
from campaigns.slots.models import SlotQuerySet
from campaigns.slots.status import Status

KEYS = ("group", "agency", "form", "month")
LABEL, BAR, NUMBER, HEIGHT = 260, 420, 110, 26  # pixels
WIDTH = LABEL + BAR + NUMBER
LABEL_SHOWN = 38  # characters


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: all, of which completed and overdue; sizes are attributes of SVG."""

    name: Any
    figures: Figures
    y: str
    baseline: str
    done: str
    late_from: str
    late: str

    @property
    def short_name(self) -> str:
        name = str(self.name)
        return name if len(name) <= LABEL_SHOWN else f"{name[: LABEL_SHOWN - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of one question."""

    key: str
    bars: list[Bar]

    @property
    def height(self) -> str:
        return str(len(self.bars) * HEIGHT + 4)


def charts(
    slots: SlotQuerySet, naming: Naming, only: Collection[Status] = ()
) -> tuple[dict[str, Chart], Figures]:
    """Return the four charts, and all slots together. Two queries.

    ``only``: the statuses wanted, all if none is named.
    """
    counts: Counter[tuple[int, str, date, str]] = Counter()
    columns = ("activity", "organisation", "due")
    found = slots.each_with_status(*columns, today=naming.today, only=only)
    for activity, agency, due, status in found:
        counts[activity, naming.of(agency, due), due.replace(day=1), status] += 1
    kinds = Activity.objects.in_bulk({key[0] for key in counts})
    counted = tally(
        ((kinds[line].heading, agency, kinds[line].form, month), status, number)
        for (line, agency, month, status), number in counts.items()
    )
    drawn = {key: chart(key, rolled(counted, place)) for place, key in enumerate(KEYS)}
    return drawn, add(counted.values())


def rolled(counted: dict[Any, Figures], place: int) -> dict[Any, Figures]:
    """Return the figures by one part of their keys, in its order."""
    parts: dict[Hashable, list[Figures]] = {}
    for key, figures in counted.items():
        parts.setdefault(key[place], []).append(figures)
    return {name: add(parts[name]) for name in sorted(parts)}  # type: ignore[type-var]


def chart(key: str, figures: dict[Any, Figures]) -> Chart:
    return Chart(key, [bar(at, name, found) for at, (name, found) in enumerate(figures.items())])


def bar(at: int, name: str | date, found: Figures) -> Bar:
    done, late = BAR * found.share, BAR * found.late / max(found.expected, 1)
    y = at * HEIGHT
    return Bar(
        f"{name:%m/%Y}" if isinstance(name, date) else name,
        found,
        f"{y + 4}",
        f"{y + 17}",
        f"{done:.1f}",
        f"{LABEL + done:.1f}",
        f"{late:.1f}",
    )
