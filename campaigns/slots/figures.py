"""How many slots are done, late and open: by agency, by activity, or by anything else of a slot."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaigns.slots.models import SlotQuerySet
from campaigns.slots.status import Status


@dataclass(frozen=True, slots=True)
class Figures:
    """Slots by status. ``done`` has both kinds of completed, ``open`` all that is still in time."""

    by_status: dict[Status, int]

    def of(self, *statuses: Status) -> int:
        return sum(self.by_status.get(status, 0) for status in statuses)

    @property
    def expected(self) -> int:
        """All slots, those not carried out included."""
        return sum(self.by_status.values())

    @property
    def done(self) -> int:
        return self.of(*Status.completed())

    @property
    def on_time(self) -> int:
        return self.of(Status.DONE_ON_TIME)

    @property
    def late(self) -> int:
        return self.of(Status.OVERDUE)

    @property
    def open(self) -> int:
        return self.of(*Status.open())

    @property
    def dropped(self) -> int:
        return self.of(Status.DROPPED)

    @property
    def share(self) -> float:
        """Completed of expected, from 0 to 1; 0 when nothing is expected."""
        return self.done / self.expected if self.expected else 0.0

    @property
    def percent(self) -> int:
        """The same of a hundred; a hundred only when nothing is missing."""
        return 100 * self.done // self.expected if self.expected else 0


def tally(rows: Iterable[tuple[Any, str, int]]) -> dict[Any, Figures]:
    """Return figures by key, from (key, status, number of slots)."""
    counted: dict[Hashable, Counter[Status]] = defaultdict(Counter)
    for key, name, number in rows:
        counted[key][Status(name)] += number
    return {key: Figures(dict(found)) for key, found in counted.items()}


def by(
    column: str,
    slots: SlotQuerySet,
    today: date | None = None,
    soon: int | None = None,
    only: Collection[Status] = (),
) -> dict[Any, Figures]:
    """Return the figures of the slots the plan asks for, by a column, as ``organisation``.

    Related columns do too: ``activity__plan``, ``activity__heading``, ``due_on__month``. Keys
    without a slot are absent; ``only``: the statuses wanted, all if none is named. One query.
    """
    return by_each([column], slots, today, soon, only)[column]


def by_each(
    columns: Sequence[str],
    slots: SlotQuerySet,
    today: date | None = None,
    soon: int | None = None,
    only: Collection[Status] = (),
) -> dict[str, dict[Any, Figures]]:
    """Return the figures by each of several columns, for a page of charts. One query for all."""
    found = slots.expected().each_with_status(*columns, today=today, soon=soon, only=only)
    rows = Counter(found)
    return {
        column: tally((row[place], row[-1], number) for row, number in rows.items())
        for place, column in enumerate(columns)
    }


def of(
    slots: SlotQuerySet,
    today: date | None = None,
    soon: int | None = None,
    only: Collection[Status] = (),
) -> Figures:
    """Return the figures of all these slots together. One query."""
    return by("in_plan", slots, today, soon, only).get(True, Figures({}))
