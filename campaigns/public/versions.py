"""The versions of a plan that was amended, for residents: to read, and as documents."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.exporting.files import PUBLIC_FORMS, export, response_of
from campaigns.models import Plan, PlanVersion
from campaigns.plans.annexes import annexes_of
from campaigns.plans.bases import bases_of
from campaigns.plans.snapshots import as_activity, plan_of
from campaigns.public.answering import asked_again
from campaigns.tables import Group, TableRow


def version_of(slug: str, ordinal: int) -> tuple[Plan, PlanVersion]:
    """Return a published plan and its version. Drafts are not found."""
    plan = get_object_or_404(Plan.objects.live().select_related("issuer"), slug=slug)
    versions = plan.versions.select_related("amendment")
    return plan, get_object_or_404(versions, ordinal=ordinal)


@require_safe
@asked_again
def version_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show which versions there are."""
    plan = get_object_or_404(Plan.objects.live().select_related("issuer"), slug=slug)
    versions = list(plan.versions.select_related("amendment").order_by("ordinal"))
    if not versions:
        raise Http404
    return render(request, "campaigns/public/versions.html", {"plan": plan, "versions": versions})


@require_safe
@asked_again
def version_page(request: HttpRequest, slug: str, ordinal: int) -> HttpResponse:
    """Show the plan as it stood."""
    plan, version = version_of(slug, ordinal)
    then = plan_of(version.content)
    then.live, then.slug = False, plan.slug
    rows = [TableRow(as_activity(shot), 0) for shot in version.rows]
    groups = [
        Group(heading, list(members))
        for heading, members in groupby(rows, key=lambda row: row.activity.heading)
    ]
    context = {
        "plan": then,
        "current": plan,
        "version": version,
        "groups": groups,
        "bases": bases_of(then),
        "annexes": annexes_of(then),
    }
    return render(request, "campaigns/public/version.html", context)


@require_safe
def download(request: HttpRequest, slug: str, ordinal: int, form: str) -> HttpResponse:
    """Give a version as a file."""
    if form not in PUBLIC_FORMS:
        raise Http404
    _plan, version = version_of(slug, ordinal)
    rows = [as_activity(shot) for shot in version.rows]
    return response_of(export(plan_of(version.content), form, rows))
