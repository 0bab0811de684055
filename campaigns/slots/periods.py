"""The periods of a year in which an activity must give something, by its rule of recurrence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from campaigns.recurring import occurrences, parts_of
from campaigns.slots.models import Slot

Period = Slot.Period

#: First days of the periods of a calendar, as rules of RFC 5545 counted from the first of January.
STARTS = {
    Period.WEEK: "FREQ=WEEKLY;BYDAY=MO",
    Period.MONTH: "FREQ=MONTHLY;BYMONTHDAY=1",
    Period.QUARTER: "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
    Period.HALF: "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=1",
    Period.YEAR: "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1",
    # The last months of the four reporting periods.
    Period.REPORTING: "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
}
LENGTHS = {
    Period.WEEK: relativedelta(days=7),
    Period.MONTH: relativedelta(months=1),
    Period.QUARTER: relativedelta(months=3),
    Period.HALF: relativedelta(months=6),
    Period.YEAR: relativedelta(years=1),
}
#: Where no reporting period is on record: document 581/BNV-CCHC wants reports by the 20th.
REPORT_DAY = 20


@dataclass(frozen=True, slots=True)
class Window:
    """One period: the day that names it, and the first and last day of the work in it.

    ``ordinal`` and ``of``: which of how many in the period.
    """

    period: str
    start: date
    first: date
    last: date
    ordinal: int = 1
    of: int = 1

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def windows(
    period: str,
    first: date,
    last: date,
    *,
    half_counts: bool = False,
    dues: Mapping[date, date] | None = None,
) -> list[Window]:
    """Return the calendar's periods of that kind that lie in the span, cut to it.

    With ``half_counts`` a first period of which less than half is left does not count, unless it
    is the only one: who starts on the 21st does not owe a whole month's work. ``dues``: when the
    reports of a month are due, where that is on record.
    """
    if period == Period.REPORTING:
        return list(reporting(first, last, dues or {}))
    length = LENGTHS[Period(period)]
    found: list[Window] = []
    # A week may begin in December of the year before.
    for start in occurrences(STARTS[Period(period)], first - length + timedelta(days=1), last):
        end = start + length - timedelta(days=1)
        found.append(Window(period, start, max(start, first), min(end, last)))
    if half_counts and len(found) > 1 and found[0].first > found[0].start:
        whole = found[0].start + length - found[0].start
        if 2 * found[0].days < whole.days:
            return found[1:]
    return found


def reporting(first: date, last: date, dues: Mapping[date, date]) -> Iterator[Window]:
    """Yield the months in which reports are written, to the day on which they are due."""
    for start in occurrences(STARTS[Period.REPORTING], date(first.year, 1, 1), last):
        month = start + relativedelta(months=2)
        due = dues.get(month) or month.replace(day=REPORT_DAY)
        if first <= due <= last:
            yield Window(Period.REPORTING, month, max(min(month, due), first), due)


def by_rule(rule: str, first: date, last: date) -> list[Window]:
    """Return a window for each day of the rule, from the day after the one before."""
    period = period_of_rule(rule)
    days = list(occurrences(rule, first, last))
    starts = [calendar_start(period, day) for day in days]
    found: list[Window] = []
    for number, (day, start) in enumerate(zip(days, starts, strict=True)):
        same = [other for other in range(len(days)) if starts[other] == start]
        previous = days[number - 1] + timedelta(days=1) if number else first
        begins = max(previous, start, first)
        found.append(Window(period, start, begins, day, same.index(number) + 1, len(same)))
    return found


def period_of_rule(rule: str) -> Period:
    """Return the period of the calendar that a rule goes by."""
    parts = parts_of(rule)
    interval = parts.get("INTERVAL", "1")
    if parts.get("FREQ") == "WEEKLY":
        return Period.WEEK
    if parts.get("FREQ") == "YEARLY":
        return Period.YEAR
    return {"3": Period.QUARTER, "6": Period.HALF, "12": Period.YEAR}.get(interval, Period.MONTH)


def calendar_start(period: str, day: date) -> date:
    """Return the first day of the period of the calendar in which the day lies."""
    if period == Period.WEEK:
        return day - timedelta(days=day.weekday())
    months = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF: 6, Period.YEAR: 12}[Period(period)]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def parted(window: Window, count: int) -> list[Window]:
    """Return the window as so many that follow each other, as even as days allow."""
    if count < 2:
        return [window]
    if window.days < count:  # too short to part: all of them may be done on any of its days
        return [
            Window(window.period, window.start, window.first, window.last, number, count)
            for number in range(1, count + 1)
        ]
    edges = [window.first + timedelta(days=window.days * n // count) for n in range(count + 1)]
    return [
        Window(window.period, window.start, begin, end - timedelta(days=1), number, count)
        for number, (begin, end) in enumerate(pairwise(edges), start=1)
    ]
