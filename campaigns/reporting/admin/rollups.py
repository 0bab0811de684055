"""The table of all agencies in a period, and the province's report made from it."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.admin.frame import back_to
from campaigns.models import Plan
from campaigns.reporting import access, actions, documents
from campaigns.reporting.admin.forms import AgencyForm
from campaigns.reporting.admin.pages import page, writable
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.reporting.rollup import Table, table


@permission_required(access.ACCEPT, raise_exception=True)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show agency × line; ``?export=xlsx`` returns the table."""
    period = get_object_or_404(ReportingPeriod, pk=pk)
    asked = request.GET.get("agencies")
    mode = asked if asked in Report.Agencies.values else Report.Agencies.NOW.value
    key = request.GET.get("plan", "")
    plan = int(key) if key.isdigit() and len(key) < 10 else None
    found = table(period, timezone.localdate(), mode, plan)
    if request.GET.get("export") == "xlsx":
        return documents.download(documents.table_file(period, found))
    user: Any = request.user
    rolled = Report.objects.filter(period=period, kind=Report.Kind.ROLL_UP).defer("figures")
    return page(
        request,
        "table.html",
        str(period),
        period=period,
        table=found,
        mode=mode,
        modes=Report.Agencies.choices,
        plan=plan,
        plans=plans_of(found),
        rolled=rolled.select_related("organisation").order_by("organisation__name", "pk"),
        form=AgencyForm(user=user, initial={"organisation": user.organisations.first()}),
        today=timezone.localdate(),
    )


def plans_of(found: Table) -> list[Plan]:
    """Return the plans whose lines the table has."""
    return list({one.plan_id: one.plan for one in found.activities}.values())


@permission_required(access.ACCEPT, raise_exception=True)
@require_POST
@back_to("campaigns_reporting_table")
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the province's report: all figures, and the agencies' texts gathered."""
    period = get_object_or_404(ReportingPeriod, pk=pk)
    form = AgencyForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose the agency that reports for the province."))
        return redirect("campaigns_reporting_table", pk)
    made = actions.roll_up(period, form.cleaned_data["organisation"], request.user)
    return redirect("campaigns_report", made.pk)


@permission_required(access.ACCEPT, raise_exception=True)
@require_POST
@back_to("campaigns_report")
def gather(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the texts of agencies that reported since."""
    count = actions.gather(writable(request, pk), request.user)
    if count:
        text = ngettext(
            "The texts of %d report were added at the ends of the parts.",
            "The texts of %d reports were added at the ends of the parts.",
            count,
        )
        messages.success(request, text % count)
    else:
        messages.info(request, _("No agency has submitted a report since."))
    return redirect("campaigns_report", pk)
