"""What the pages of reports share: who may see what, and their frame."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from campaigns.admin.frame import Frame
from campaigns.reporting import access
from campaigns.reporting.models import Report

page = Frame("reporting", "campaigns_reporting", gettext_lazy("Periodic reports"), "doc-full").page


def readable(request: HttpRequest, pk: int) -> Report:
    """Return the report. Raises ``PermissionDenied`` for another agency's."""
    found = get_object_or_404(
        Report.objects.select_related(
            "organisation__parent__parent", "period", "submitted_by", "decided_by"
        ),
        pk=pk,
    )
    if not access.may_read(request.user, found):
        raise PermissionDenied
    return found


def writable(request: HttpRequest, pk: int) -> Report:
    """Return the report of the person's own agency. Raises ``PermissionDenied``."""
    found = readable(request, pk)
    if not access.is_own(request.user, found):
        raise PermissionDenied
    return found
