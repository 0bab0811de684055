"""How far a plan is, for residents: of the plan, its groups and its activities; of no agency.

The public table names who leads each activity. Being late is therefore told of the whole plan only:
to say it of a line with one agency would be to blame that agency before it was heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from campaigns.models import Activity
from campaigns.showing.progress import add
from campaigns.slots import figures
from campaigns.slots.figures import Figures
from campaigns.slots.models import Slot


@dataclass(frozen=True, slots=True)
class Line:
    """An activity, a group or the plan: what is expected, and how much of it is done."""

    label: str
    figures: Figures
    activity: Activity | None = None

    @property
    def percent(self) -> int:
        return self.figures.percent

    @property
    def width(self) -> str:
        """The same as markup wants it: never localised."""
        return f"{100 * self.figures.share:.1f}"


@dataclass(frozen=True, slots=True)
class Part:
    """The activities that follow each other under one heading; it may be empty."""

    sums: Line
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the plan is on a day."""

    day: date
    total: Line
    parts: list[Part]


def progress_of(activities: Sequence[Activity], today: date) -> Progress:
    """Return the progress of these activities; those without a slot are left out. One query."""
    slots = Slot.objects.filter(activity__in=[one.pk for one in activities])
    counted = figures.by("activity", slots, today)
    rows = [one for one in activities if one.pk in counted]
    parts = [
        part(heading, [Line(str(one), counted[one.pk], one) for one in members])
        for heading, members in groupby(rows, key=lambda one: one.heading)
    ]
    return Progress(today, Line("", add(counted.values())), parts)


def part(heading: str, lines: list[Line]) -> Part:
    return Part(Line(heading, add(line.figures for line in lines)), lines)
