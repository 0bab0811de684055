"""Quiet hours: when a channel says nothing, by the clock of the house.

A window begins on the days that are named and may last past midnight, up to a whole day. The same
rule is written twice, for one moment in Python and as a condition in SQL; a test holds them equal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q
from django.db.models.lookups import GreaterThan
from django.utils import timezone

DAY = timedelta(days=1)
EVERY_DAY = 0b1111111  # Monday is the lowest bit


def bit(day: date) -> int:
    """Return the day's place in ``Window.days``."""
    return 1 << day.weekday()


def mask(weekdays: Iterable[int]) -> int:
    """Return the days as one number; Monday is 0."""
    return sum(1 << weekday for weekday in set(weekdays))


def weekdays(days: int) -> list[int]:
    """Return the days of such a number; Monday is 0."""
    return [weekday for weekday in range(7) if days & 1 << weekday]


@dataclass(frozen=True, slots=True)
class Window:
    """From one time of day until another, which is not quiet any more; the same: a whole day."""

    start: time
    until: time
    days: int = EVERY_DAY

    @property
    def never_ends(self) -> bool:
        """Whether nothing could ever be sent."""
        return self.start == self.until and self.days == EVERY_DAY

    def beginning_on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return the first quiet moment and the first one after it; ``None`` for other days."""
        if not self.days & bit(day):
            return None
        begins = datetime.combine(day, self.start)
        length = (datetime.combine(day, self.until) - begins) % DAY
        ends = begins + (length or DAY)
        return timezone.make_aware(begins), timezone.make_aware(ends)

    def end(self, moment: datetime) -> datetime | None:
        """Return when the window that holds the moment ends; ``None`` when none does."""
        today = timezone.localtime(moment).date()
        for day in (today, today - DAY):
            found = self.beginning_on(day)
            if found and found[0] <= moment < found[1]:
                return found[1]
        return None

    def silent_until(self, moment: datetime) -> datetime | None:
        """Return when something may be sent again, windows that touch taken together.

        ``None`` when the moment is not quiet. A window that never ends is asked again in a week.
        """
        end = found = self.end(moment)
        while found is not None and found - moment < 7 * DAY:
            end, found = found, self.end(found)
        return end


def holds(now: datetime) -> Q:
    """Return the condition that a channel has quiet hours at this moment."""
    local = timezone.localtime(now)
    clock, today = local.time().replace(tzinfo=None), local.date()
    begun_today = Q(GreaterThan(F("quiet_days").bitand(bit(today)), 0), quiet_from__lte=clock)
    begun_before = Q(GreaterThan(F("quiet_days").bitand(bit(today - DAY)), 0))
    within_a_day = Q(quiet_from__lt=F("quiet_until"))
    return Q(quiet_from__isnull=False) & (
        (within_a_day & begun_today & Q(quiet_until__gt=clock))
        | (~within_a_day & (begun_today | (begun_before & Q(quiet_until__gt=clock))))
    )
