"""The assignment table as a page shows it: activities by group, with what was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from campaigns.counting import counts
from campaigns.wording import reading

if TYPE_CHECKING:
    from campaigns.models import Activity, ActivityQuerySet, Plan
    from campaigns.slots.figures import Figures


@dataclass(frozen=True, slots=True)
class TableRow:
    """An activity with the number of items published for it."""

    activity: Activity
    count: int
    progress: Figures | None = None  # of its slots, where that was asked for

    @property
    def reading(self) -> str:
        """What the system understood of dates, frequency and target, in words."""
        return reading(self.activity)

    @property
    def is_reached(self) -> bool:
        """Whether the year's target, if the plan gives one, is reached."""
        return self.activity.total is not None and self.count >= self.activity.total


@dataclass(frozen=True, slots=True)
class Group:
    """Activities that follow each other under one heading; the heading may be empty."""

    heading: str
    rows: list[TableRow]


def assignment_table(plan: Plan, activities: ActivityQuerySet | None = None) -> list[Group]:
    """Return the plan's table, or that of some of its activities.

    Costs three queries and those of the registered counters, for any length.
    """
    if activities is None and plan.pk is None:
        return []
    chosen = list((plan.activities.all() if activities is None else activities).for_reading())
    totals = counts([activity.pk for activity in chosen])
    rows = [TableRow(one, totals[one.pk]) for one in chosen]
    return [
        Group(heading, list(members))
        for heading, members in groupby(rows, key=lambda row: row.activity.heading)
    ]


def with_progress(groups: list[Group], figures: Mapping[int, Figures]) -> list[Group]:
    """Return the table with how far the slots of each activity are, from figures by activity."""
    return [
        Group(
            group.heading,
            [replace(row, progress=figures.get(row.activity.pk)) for row in group.rows],
        )
        for group in groups
    ]
