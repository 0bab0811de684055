"""Periodic reports as something due: those an agency began and did not submit, or got back."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.chasing.dues import Agencies, Due, register_source
from campaigns.reporting.models import Report


@register_source
def open_reports(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the agencies' reports that are still to be submitted. One query."""
    rows = Report.objects.filter(
        kind=Report.Kind.AGENCY,
        state__in=[Report.State.DRAFT, Report.State.RETURNED],
        period__internal_due__range=(first, last),
    )
    if agencies is not None:
        rows = rows.filter(organisation__in=agencies)
    for report in rows.select_related("period").order_by("pk"):
        yield Due(
            key=f"report:{report.pk}",
            title=_("Report of %(period)s") % {"period": report.period},
            agency=report.organisation_id,
            day=report.period.internal_due,
            url=reverse("campaigns_report", args=[report.pk]),
            state=str(report.get_state_display()),
        )
