"""Months and weeks as rows of days, Monday first."""

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from core import holiday
from editorial.desk.entries import Entry

DAYS = 7
AT_ONCE = 4  # entries of a day, before the others have to be opened
MONTH, WEEK = "month", "week"
WEEKS = calendar.Calendar(calendar.MONDAY)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Day:
    """One cell."""

    date: date
    entries: list[Entry] = field(default_factory=list)
    is_today: bool = False
    is_outside: bool = False  # of the month that is shown
    holiday: str = ""
    is_free: bool = False
    is_made_up: bool = False

    @property
    def first_entries(self) -> list[Entry]:
        """What is shown at once; a day with one more than that shows it too."""
        return self.entries if len(self.entries) <= AT_ONCE + 1 else self.entries[:AT_ONCE]

    @property
    def more_entries(self) -> list[Entry]:
        return self.entries[len(self.first_entries) :]


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a view shows, and where its neighbours begin."""

    view: str
    anchor: date

    @property
    def first(self) -> date:
        return self.weeks[0][0]

    @property
    def last(self) -> date:
        return self.weeks[-1][-1]

    @property
    def weeks(self) -> list[list[date]]:
        if self.view == MONTH:
            return WEEKS.monthdatescalendar(self.anchor.year, self.anchor.month)
        monday = self.anchor - timedelta(days=self.anchor.weekday())
        return [[monday + timedelta(days=number) for number in range(DAYS)]]

    @property
    def previous(self) -> date:
        if self.view == WEEK:
            return self.anchor - timedelta(days=DAYS)
        return (self.anchor.replace(day=1) - timedelta(days=1)).replace(day=1)

    @property
    def next(self) -> date:
        if self.view == WEEK:
            return self.anchor + timedelta(days=DAYS)
        return (self.anchor.replace(day=28) + timedelta(days=4)).replace(day=1)


def span_of(view: str, day: str, today: date) -> Span:
    """Return the span for what an address asks; what cannot be read is taken as this month."""
    try:
        anchor = date.fromisoformat(day)
    except ValueError:
        anchor = today
    return Span(WEEK if view == WEEK else MONTH, min(max(anchor, EARLIEST), LATEST))


def rows(span: Span, entries: Iterable[Entry], today: date) -> list[list[Day]]:
    """Return the weeks of the span with what stands on each day."""
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_day[entry.day].append(entry)
    return [
        [
            Day(
                day,
                by_day[day],
                is_today=day == today,
                is_outside=span.view == MONTH and day.month != span.anchor.month,
                holiday=holiday.name_of(day),
                is_free=holiday.is_free(day),
                is_made_up=holiday.is_made_up(day),
            )
            for day in week
        ]
        for week in span.weeks
    ]
