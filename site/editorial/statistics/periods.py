"""The stretches of time reports ask for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included, by the clock of the office."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time()))

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time()))

    def __str__(self) -> str:
        days = {"first": f"{self.first:%d/%m/%Y}", "last": f"{self.last:%d/%m/%Y}"}
        return _("from %(first)s to %(last)s") % days


def month(day: date) -> Period:
    """Return the calendar month of the day."""
    return months(day.year, day.month, 1)


def months(year: int, first: int, count: int) -> Period:
    """Return ``count`` calendar months from month ``first`` (1 to 12) of the year on."""
    begin = date(year, first, 1)
    after = first + count - 1
    end = date(year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Period(begin, end)


def usual(today: date) -> list[tuple[str, str, Period]]:
    """Return the periods offered by name: key, label, days."""
    quarter = (today.month - 1) // 3 * 3 + 1
    half = 1 if today.month <= 6 else 7
    last_month = month(today.replace(day=1) - timedelta(days=1))
    return [
        ("month", _("This month"), month(today)),
        ("last_month", _("Last month"), last_month),
        ("quarter", _("This quarter"), months(today.year, quarter, 3)),
        ("half", _("This half-year"), months(today.year, half, 6)),
        ("year", _("This year"), months(today.year, 1, 12)),
        ("last_year", _("Last year"), months(today.year - 1, 1, 12)),
    ]
