"""Slots by the day they are due: the month, the week, and what they are grouped to."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from campaigns.events.models import Event
from campaigns.models import Activity
from campaigns.showing.filters import due_between, month_of
from campaigns.slots.figures import Figures, tally
from campaigns.slots.models import SlotQuerySet
from campaigns.slots.status import Status

MOST = 5_000  # figures in one view; a province's fullest month has a tenth of them
FIRST = 4  # entries of a day that are shown at once
VIEWS = ("month", "week", "agenda")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is due of one activity on one day."""

    activity: Activity
    figures: Figures

    @property
    def is_movable(self) -> bool:
        """Whether some of it is neither completed nor given up."""
        return bool(self.figures.late or self.figures.open)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar."""

    date: date
    is_today: bool
    is_outside: bool  # of the month shown
    entries: list[Entry] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)  # that take place on it

    @property
    def first_entries(self) -> list[Entry]:
        return self.entries[:FIRST]

    @property
    def more_entries(self) -> list[Entry]:
        return self.entries[FIRST:]


def span(view: str, anchor: date) -> tuple[date, date]:
    """Return first and last day shown: whole weeks, from Monday."""
    first, last = month_of(anchor.year, anchor.month) if view == "month" else (anchor, anchor)
    first -= timedelta(days=first.weekday())
    return first, last + timedelta(days=6 - last.weekday())


def step(view: str, anchor: date, forward: bool) -> date:
    """Return the anchor of the view before or after."""
    if view == "week":
        return anchor + timedelta(days=7 if forward else -7)
    month = anchor.year * 12 + anchor.month - 1 + (1 if forward else -1)
    year, index = divmod(month, 12)
    day = min(anchor.day, calendar.monthrange(year, index + 1)[1])
    return date(year, index + 1, day)


def weeks(
    slots: SlotQuerySet, view: str, anchor: date, today: date, only: Collection[Status] = ()
) -> tuple[list[list[Day]], bool]:
    """Return the weeks of the view, and whether all fitted. Two queries.

    Slots of one activity due on one day are one entry; ``only``: the statuses wanted, all if none
    is named.
    """
    first, last = span(view, anchor)
    shown = due_between(slots, first, last)
    rows = Counter(shown.each_with_status("due", "activity", today=today, only=only))
    chosen = sorted(rows.items())[:MOST]
    counted = tally(((day, pk), status, number) for (day, pk, status), number in chosen)
    activities = Activity.objects.in_bulk({pk for _day, pk in counted})
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for (day, pk), figures in counted.items():
        by_day[day].append(Entry(activities[pk], figures))
    days = [
        Day(day, day == today, view == "month" and day.month != anchor.month, by_day[day])
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
    ]
    return [days[at : at + 7] for at in range(0, len(days), 7)], len(rows) <= MOST
