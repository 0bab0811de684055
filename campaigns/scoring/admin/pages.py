"""What the pages of scoring share: who may see what, and their frame."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from campaigns.admin.frame import Frame
from campaigns.scoring.models import Assessment

VIEW = "campaigns.view_criterionset"
ADD = "campaigns.add_criterionset"
CHANGE = "campaigns.change_criterionset"
DELETE = "campaigns.delete_criterionset"
ANSWER = "campaigns.answer_assessment"
VERIFY = "campaigns.verify_assessment"


page = Frame("scoring", "campaigns_scoring", gettext_lazy("Scoring"), "list-ol").page


def is_own(request: HttpRequest, assessment: Assessment) -> bool:
    """Whether the person may score this agency: the permission, and being of the agency."""
    user: Any = request.user
    return bool(
        user.has_perm(ANSWER) and user.organisations.filter(pk=assessment.organisation_id).exists()
    )


def readable(request: HttpRequest, pk: int) -> Assessment:
    """Return the assessment. Raises ``PermissionDenied`` for another agency's."""
    found = get_object_or_404(
        Assessment.objects.select_related("organisation", "criteria_set", "submitted_by"), pk=pk
    )
    if not request.user.has_perm(VERIFY) and not is_own(request, found):
        raise PermissionDenied
    return found


def answerable(request: HttpRequest, pk: int) -> Assessment:
    """Return the assessment of the person's own agency. Raises ``PermissionDenied``."""
    found = readable(request, pk)
    if not is_own(request, found):
        raise PermissionDenied
    return found
