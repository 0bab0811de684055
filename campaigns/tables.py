"""The assignment table as a page shows it: activities by group, with what was published."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from campaigns.counting import Item, counts, items

if TYPE_CHECKING:
    from campaigns.models import Activity, ActivityQuerySet, Plan

SHOWN_ITEMS = 10


@dataclass(frozen=True, slots=True)
class TableRow:
    """An activity with the number of items published for it, and the newest of them."""

    activity: Activity
    count: int
    items: list[Item] = field(default_factory=list)

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

    Costs three queries and those of the registered counters and listers, for any length.
    """
    if activities is None and plan.pk is None:
        return []
    chosen = list((plan.activities.all() if activities is None else activities).for_reading())
    ids = [activity.pk for activity in chosen]
    totals, published = counts(ids), items(ids)
    rows = [TableRow(a, totals[a.pk], published[a.pk][:SHOWN_ITEMS]) for a in chosen]
    return [
        Group(heading, list(members))
        for heading, members in groupby(rows, key=lambda row: row.activity.heading)
    ]
