"""Which slots an activity asks for: its dates, frequency and target, put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from campaigns.models import Activity
from campaigns.slots.models import Slot
from campaigns.slots.periods import Window, by_rule, parted, windows

Period, Per, Recurrence = Slot.Period, Activity.Per, Activity.Recurrence


#: Up to so many outputs in a period are slots of their own ("kỳ 2, tháng 5"), if the plan names
#: a regular rhythm. More, or "thường xuyên", are one slot with a target.
MOST_INSTALMENTS = 5

BY_RECURRENCE = {
    Recurrence.DAILY: Period.MONTH,
    Recurrence.WEEKLY: Period.WEEK,
    Recurrence.MONTHLY: Period.MONTH,
    Recurrence.QUARTERLY: Period.QUARTER,
    Recurrence.HALF_YEARLY: Period.HALF,
    Recurrence.YEARLY: Period.YEAR,
    Recurrence.REPORTING: Period.REPORTING,
}
BY_PER = {
    Per.DAY: Period.MONTH,
    Per.WEEK: Period.WEEK,
    Per.MONTH: Period.MONTH,
    Per.QUARTER: Period.QUARTER,
    Per.YEAR: Period.YEAR,
}
IN_A_YEAR = {
    Period.WEEK: 52,
    Period.MONTH: 12,
    Period.QUARTER: 4,
    Period.HALF: 2,
    Period.YEAR: 1,
    Period.REPORTING: 4,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One window of the work, and how much is expected in it."""

    window: Window
    target: int


def span(activity: Activity) -> tuple[date, date]:
    """Return first and last day of the work. What the plan leaves open is its own year.

    A plan issued within its year binds nobody before that day.
    """
    plan = activity.plan
    issued = plan.issued_on
    begin = issued if issued and issued.year == plan.year else date(plan.year, 1, 1)
    end = activity.end or date(max(plan.year, (activity.start or begin).year), 12, 31)
    return activity.start or min(begin, end), end


def parts(activity: Activity, dues: Mapping[date, date] | None = None) -> list[Part]:
    """Return the windows of the activity with their targets, in their order.

    ``dues``: when reports are due, see ``windows``.
    """
    first, last = span(activity)
    if activity.rule:
        return by_days(by_rule(activity.rule, first, last), activity)
    regular = BY_RECURRENCE.get(Recurrence(activity.recurrence)) if activity.recurrence else None
    open_start = activity.start is None
    period, target = rhythm(activity, regular, first, last)
    if period == Period.ONCE:
        return [Part(Window(period, date(activity.plan.year, 1, 1), first, last), target)]
    found = windows(period, first, last, half_counts=open_start, dues=dues)
    if activity.per == Per.DAY or (activity.recurrence == Recurrence.DAILY and not activity.per):
        return [Part(window, target * window.days) for window in found]
    if regular == period and 1 < target <= MOST_INSTALMENTS:
        return [Part(each, 1) for window in found for each in parted(window, target)]
    return [Part(window, target) for window in found]


def rhythm(
    activity: Activity, regular: Slot.Period | None, first: date, last: date
) -> tuple[Slot.Period, int]:
    """Return the kind of period and what is expected in each.

    An amount for the year is parted among the periods of a regular rhythm where it comes out even.
    """
    target = activity.target or 1
    if activity.per and activity.per != Per.YEAR:
        return BY_PER[Per(activity.per)], target
    if regular is None:
        return (Period.YEAR if activity.per else Period.ONCE), target
    if activity.target is None or (activity.per_agency and not activity.per):
        return regular, target
    count = IN_A_YEAR[regular]
    if not activity.per:
        count = len(windows(regular, first, last, half_counts=activity.start is None))
    if target < count and not activity.per:
        return regular, target  # no total of so many periods: it is meant for each
    if count and target % count == 0:
        return regular, target // count
    return (Period.YEAR if activity.per else Period.ONCE), target


def by_days(found: list[Window], activity: Activity) -> list[Part]:
    """Return a part for each day of a rule, with its share of the period's target."""
    target = (activity.target if activity.per else None) or 1
    return [Part(window, max(1, -(-target // window.of))) for window in found]
