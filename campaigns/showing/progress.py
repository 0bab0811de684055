"""The table of a plan's activities with how far their slots are."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from campaigns.models import Activity
from campaigns.slots import figures
from campaigns.slots.figures import Figures
from campaigns.slots.models import SlotQuerySet
from campaigns.slots.status import Status


@dataclass(frozen=True, slots=True)
class Line:
    """One activity, who leads it, and its slots by status."""

    activity: Activity
    leads: str
    figures: Figures

    @property
    def soon(self) -> int:
        return self.figures.of(Status.DUE_SOON)


@dataclass(frozen=True, slots=True)
class Sums:
    """Figures of several activities together; budgets in đồng, as far as they are known."""

    figures: Figures
    planned: int
    spent: int

    @property
    def soon(self) -> int:
        return self.figures.of(Status.DUE_SOON)


@dataclass(frozen=True, slots=True)
class Part:
    """The activities that follow each other under one heading, with their sums."""

    heading: str
    lines: list[Line]
    sums: Sums


def add(parts: Iterable[Figures]) -> Figures:
    """Return the figures of all together."""
    counted: Counter[Status] = Counter()
    for part in parts:
        counted.update(part.by_status)
    return Figures(dict(counted))


def sums(lines: list[Line]) -> Sums:
    return Sums(
        add(line.figures for line in lines),
        sum(line.activity.budget_planned or 0 for line in lines),
        sum(line.activity.budget_spent or 0 for line in lines),
    )


def table(
    activities: Iterable[Activity],
    slots: SlotQuerySet,
    today: date,
    leads: Callable[[Activity], str],
    *,
    only: Collection[Status] = (),
    all_lines: bool,
) -> tuple[list[Part], Sums]:
    """Return the table and its total. One query beside that of the activities.

    ``leads``: under which names they stand; ``only``: the statuses wanted, all if none is named;
    ``all_lines``: those without a slot as well, which a filter leaves out.
    """
    counted = figures.by("activity", slots, today, only=only)
    lines = [
        Line(activity, leads(activity), counted.get(activity.pk, Figures({})))
        for activity in activities
        if all_lines or activity.pk in counted
    ]
    parts = [
        Part(heading, chosen, sums(chosen))
        for heading, rows in groupby(lines, key=lambda line: line.activity.heading)
        if (chosen := list(rows))
    ]
    return parts, sums(lines)
