"""What the plans want, and when: the one place where an activity becomes days of a calendar."""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from campaigns import counting
from campaigns.models import Activity

Recurrence = Activity.Recurrence
MONTHS = {
    Recurrence.MONTHLY: 1,
    Recurrence.QUARTERLY: 3,
    Recurrence.HALF_YEARLY: 6,
    Recurrence.YEARLY: 12,
}
# Document 581/BNV-CCHC: reports are due by the 20th of the last month of their period.
REPORTS = ((3, 20), (6, 20), (9, 20), (12, 20))
FRIDAY = 4
MAY_READ = ("campaigns.view_activity", "campaigns.view_plan")


@dataclass(frozen=True)
class Due:
    """One day by which something of an activity is due, and how much was published for it."""

    activity: Activity
    day: date
    count: int

    @cached_property
    def url(self) -> str:
        plan = reverse("campaigns_plans:inspect", args=[self.activity.plan_id])
        return f"{plan}#activity-{self.activity.pk}"


def days_of(activity: Activity, first: date, last: date) -> list[date]:
    """Return the days from ``first`` to ``last`` by which a part of the activity is due."""
    year = activity.plan.year
    start = activity.start or date(year, 1, 1)
    end = activity.end or date(year, 12, 31)
    days = {min(day, end) for day in ends(activity, start, end) if day >= start}
    if activity.end:
        days.add(activity.end)
    return sorted(day for day in days if first <= day <= last)


def ends(activity: Activity, start: date, end: date) -> Iterator[date]:
    """Yield the last day of every period that the frequency names, from ``start`` to ``end``.

    Every day, all the time and "periodically" have no days of their own.
    """
    kind = activity.recurrence
    if kind == Recurrence.WEEKLY:
        day = start + timedelta(days=(FRIDAY - start.weekday()) % 7)
        while day <= end:
            yield day
            day += timedelta(days=7)
    elif kind == Recurrence.REPORTING:
        for year in range(start.year, end.year + 1):
            yield from (day for day in (date(year, *at) for at in REPORTS) if day <= end)
    elif kind in MONTHS:
        yield from month_ends(start, end, MONTHS[Recurrence(kind)])


def month_ends(start: date, end: date, length: int) -> Iterator[date]:
    """Yield the ends of the calendar periods of ``length`` months that overlap the span."""
    year, month = start.year, (start.month + length - 1) // length * length
    while date(year, month - length + 1, 1) <= end:
        yield date(year, month, calendar.monthrange(year, month)[1])
        year, month = (year + 1, length) if month + length > 12 else (year, month + length)


def activities_for(user: Any) -> QuerySet[Activity]:
    """Return the activities of public plans that concern the person.

    All of them for those who plan or write; for the others those of their own agencies.
    """
    rows = Activity.objects.filter(plan__live=True).select_related("plan")
    if user.has_perm("campaigns.change_activity") or writes(user):
        return rows
    if not any(user.has_perm(code) for code in MAY_READ):
        return rows.none()
    return rows.of_agencies(user.organisations.all())


def of_own_agencies(user: Any) -> QuerySet[Activity]:
    """Return the activities that the person's own agencies lead; all of them for planners."""
    rows = Activity.objects.filter(plan__live=True).select_related("plan")
    if user.organisations.exists():
        return rows.of_agencies(user.organisations.all())
    return rows if user.has_perm("campaigns.change_activity") else rows.none()


def writes(user: Any) -> bool:
    """Whether the person works on items at all."""
    found: bool = PagePermissionPolicy(Page).user_has_any_permission(
        user, ["add", "change", "publish"]
    )
    return found


def between(activities: QuerySet[Activity], first: date, last: date) -> list[Due]:
    """Return what is due from ``first`` to ``last``, by day. Two queries and the counting."""
    running = activities.filter(plan__year__gte=first.year - 1, plan__year__lte=last.year + 1)
    running = running.filter(Q(start=None) | Q(start__lte=last), Q(end=None) | Q(end__gte=first))
    return with_counts((row, day) for row in running for day in days_of(row, first, last))


def overdue(activities: QuerySet[Activity], today: date) -> list[Due]:
    """Return this year's activities whose last day is over and for which nothing was published."""
    late = activities.filter(plan__year=today.year, end__lt=today)
    return [due for due in with_counts((row, row.end) for row in late) if not due.count]


def with_counts(found: Iterable[tuple[Activity, date | None]]) -> list[Due]:
    pairs = [(row, day) for row, day in found if day is not None]
    counts = counting.counts({row.pk for row, _day in pairs})
    rows = [Due(row, day, counts.get(row.pk, 0)) for row, day in pairs]
    return sorted(rows, key=lambda due: (due.day, due.activity.pk))
