"""Periodic reports as something due: those nobody began, those begun, and those sent back."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.db.models import QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.chasing.dues import Agencies, Due, register_source
from campaigns.models import Plan
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.showing.filters import due_between
from campaigns.slots.models import Slot
from organisations.history import History


@register_source
def open_reports(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the agencies' reports that were begun and are still to be submitted. One query."""
    rows = Report.objects.filter(
        kind=Report.Kind.AGENCY,
        state__in=[Report.State.DRAFT, Report.State.RETURNED],
        period__internal_due__range=(first, last),
    )
    if agencies is not None:
        rows = rows.filter(organisation__in=agencies)
    for report in rows.select_related("period").defer("figures").order_by("pk"):
        url = reverse("campaigns_report", args=[report.pk])
        state = str(report.get_state_display())
        yield _due(report.period, report.organisation_id, url, state)


@register_source
def unbegun_reports(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the reports that agencies owe and nobody began. Ten queries, seven for history.

    An agency owes one for a period in which something was due from it by a plan in force. For an
    agency that was closed, those that carry its work on owe it, until one of them has begun.
    """
    due = ReportingPeriod.objects.filter(internal_due__range=(first, last)).order_by("pk")
    periods = {period.pk: period for period in due}
    if not periods:
        return
    begun = set(
        Report.objects.filter(kind=Report.Kind.AGENCY, period__in=periods)
        .order_by()
        .values_list("period", "organisation")
    )
    url = reverse("campaigns_reporting")
    for number, agency in sorted(_owed(_bound(periods.values()), begun)):
        if agencies is None or agency in agencies:
            yield _due(periods[number], agency, url, _("not begun"))


def _due(period: ReportingPeriod, agency: int, url: str, state: str) -> Due:
    """Return the report as something due; beginning it does not make it another thing."""
    return Due(
        key=f"report:{period.pk}:{agency}",
        title=_("Report of %(period)s") % {"period": period},
        agency=agency,
        day=period.internal_due,
        url=url,
        state=state,
    )


def _bound(periods: Iterable[ReportingPeriod]) -> list[tuple[int, int]]:
    """Return periods with the agencies from which something was due in them. One query."""
    plans = Plan.objects.in_force()
    slots = Slot.objects.expected().filter(activity__plan__in=plans, dropped_at=None)
    parts: list[QuerySet[Slot, tuple[int, int]]] = [
        due_between(slots, period.first, period.last)
        .order_by()
        .values_list(Value(period.pk), "organisation")
        for period in periods
    ]
    return list(parts[0].union(*parts[1:]) if parts[1:] else parts[0].distinct())


def _owed(
    bound: Iterable[tuple[int, int]], begun: Collection[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield what of it is owed today, once each, by those who exist today."""
    history, today = History.load(), timezone.localdate()
    seen: set[tuple[int, int]] = set()
    for period, agency in bound:
        heirs = [one.pk for one in history.now(agency, today) if one.is_valid_on(today)]
        if not any((period, pk) in begun for pk in (agency, *heirs)):
            seen.update((period, pk) for pk in heirs)
    yield from seen
