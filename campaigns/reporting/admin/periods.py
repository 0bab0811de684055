"""The start of reports: periods with the person's own reports, and the periods' own pages."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, ProtectedError, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.reporting import access, periods
from campaigns.reporting.admin.forms import PeriodForm, YearForm
from campaigns.reporting.admin.pages import page
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.reporting.rollup import STANDINGS, standing_of

ADD, CHANGE, DELETE = (f"campaigns.{verb}_reportingperiod" for verb in ("add", "change", "delete"))
SHOWN = 24  # periods: six years


def start(request: HttpRequest) -> HttpResponse:
    """Show the periods, with the reports of the person's agencies and the province's."""
    user: Any = request.user
    if not access.may_look(user):
        raise PermissionDenied
    handed = Q(reports__kind="agency", reports__state__in=["submitted", "accepted"])
    found = ReportingPeriod.objects.annotate(handed=Count("reports", filter=handed))
    shown = list(found.order_by("-last", "-year", "code")[:SHOWN])
    return page(
        request,
        "start.html",
        _("Periodic reports"),
        periods=[row_of(period, user, own) for period, own in with_own(shown, user)],
        agencies=own_agencies(user),
        may_write=user.has_perm(access.WRITE),
        may_accept=user.has_perm(access.ACCEPT),
        may_change=user.has_perm(CHANGE),
        year_form=YearForm(initial={"year": next_year()}) if user.has_perm(ADD) else None,
        today=timezone.localdate(),
    )


def own_agencies(user: Any) -> list[Any]:
    """Return the agencies the person reports for."""
    if not user.has_perm(access.WRITE):
        return []
    return list(user.organisations.exclude(kind="group").order_by("name", "pk"))


def with_own(
    shown: Sequence[ReportingPeriod], user: Any
) -> list[tuple[ReportingPeriod, list[Report]]]:
    """Return the periods with the reports of the person's agencies. One query."""
    mine = Report.objects.filter(period__in=shown).select_related("organisation").defer("figures")
    chosen = mine.filter(organisation__in=user.organisations.all())
    if not user.has_perm(access.ACCEPT):
        chosen = chosen.filter(kind=Report.Kind.AGENCY)
    else:
        chosen = chosen | mine.filter(kind=Report.Kind.ROLL_UP)
    found: dict[int, list[Report]] = {}
    for report in chosen.distinct().order_by("kind", "organisation__name", "pk"):
        found.setdefault(report.period_id, []).append(report)
    return [(period, found.get(period.pk, [])) for period in shown]


def row_of(period: ReportingPeriod, user: Any, own: list[Report]) -> dict[str, Any]:
    today = timezone.localdate()
    there = {report.organisation_id for report in own if not report.is_roll_up}
    return {
        "period": period,
        "own": [(report, STANDINGS[standing_of(report, period, today)]) for report in own],
        "is_begun": bool(there),
        "is_open": period.first <= today <= period.external_due,
        "is_late": today > period.internal_due,
    }


def next_year() -> int:
    """Return the first year from this one on that has no periods yet."""
    year = timezone.localdate().year
    there = set(ReportingPeriod.objects.filter(year__gte=year).values_list("year", flat=True))
    while year in there:
        year += 1
    return year


@permission_required(ADD, raise_exception=True)
@require_POST
def add_year(request: HttpRequest) -> HttpResponse:
    """Make the periods of a year that are missing."""
    form = YearForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Enter a year from 2000 to 2100."))
        return redirect("campaigns_reporting")
    year = form.cleaned_data["year"]
    count = len(periods.create_year(year))
    if count:
        text = ngettext(
            "%(count)d period of %(year)d was made. Check its days.",
            "%(count)d periods of %(year)d were made. Check their days.",
            count,
        )
        messages.success(request, text % {"count": count, "year": year})
    else:
        messages.info(request, _("All periods of %(year)d are there already.") % {"year": year})
    return redirect("campaigns_reporting")


@permission_required(ADD, raise_exception=True)
def add(request: HttpRequest) -> HttpResponse:
    """Make one period."""
    return edited(request, ReportingPeriod(), _("New reporting period"))


@permission_required(CHANGE, raise_exception=True)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the days of a period."""
    period = get_object_or_404(ReportingPeriod, pk=pk)
    return edited(request, period, str(period))


def edited(request: HttpRequest, period: ReportingPeriod, title: str) -> HttpResponse:
    form = PeriodForm(request.POST or None, instance=period)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(
            request,
            _("Saved. Reports already submitted keep what was noted of them; work out the slots "
              "of the plans again if a due day moved."),
        )  # fmt: skip
        return redirect("campaigns_reporting")
    back = reverse("campaigns_reporting")
    may_delete = period.pk is not None and request.user.has_perm(DELETE)
    return page(
        request, "form.html", title, form=form, back=back, label=_("Save"),
        period=period, may_delete=may_delete,
    )  # fmt: skip


@permission_required(DELETE, raise_exception=True)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a period for which nobody has begun a report."""
    period = get_object_or_404(ReportingPeriod, pk=pk)
    try:
        period.delete()
    except ProtectedError:
        messages.error(request, _("There are reports for this period: it stays."))
        return redirect("campaigns_reporting_period_edit", pk)
    messages.success(request, _("The period was deleted."))
    return redirect("campaigns_reporting")
