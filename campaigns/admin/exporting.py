"""Downloading a plan from the admin, drafts included."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages

from campaigns.admin.views import overview_url
from campaigns.exporting.files import FORMS, export, response_of
from campaigns.models import Plan
from media.documents.pdf import WritingError


def export_plan(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Give the plan as it was last saved, published or not, to those who may look at it."""
    may = ("campaigns.view_plan", "campaigns.change_plan")
    if not any(request.user.has_perm(permission) for permission in may):
        raise PermissionDenied
    if form not in FORMS:
        raise Http404
    plan = get_object_or_404(Plan.objects.select_related("issuer__parent__parent"), pk=pk)
    try:
        return response_of(export(plan.get_latest_revision_as_object(), form))
    except WritingError as error:
        messages.error(request, str(error))
        return redirect(overview_url(plan))
