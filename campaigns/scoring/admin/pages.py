"""What the pages of scoring share: who may see what, and their frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from campaigns.scoring.models import Assessment
from core.errors import RefusedError

VIEW = "campaigns.view_criterionset"
ADD = "campaigns.add_criterionset"
CHANGE = "campaigns.change_criterionset"
DELETE = "campaigns.delete_criterionset"
ANSWER = "campaigns.answer_assessment"
VERIFY = "campaigns.verify_assessment"

View = Callable[..., HttpResponse]


def page(
    request: HttpRequest, template: str, title: str, *steps: tuple[str, str], **context: Any
) -> HttpResponse:
    """Return a page of the admin; ``steps`` lie between the start of scoring and the page."""
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    start = {"url": reverse("campaigns_scoring"), "label": _("Scoring")}
    between = [{"url": url, "label": label} for url, label in steps]
    here = {"url": "", "label": title}
    frame = {
        "breadcrumbs_items": [home, start, *between, here],
        "header_title": title,
        "header_icon": "list-ol",
        "page_title": title,
    }
    return render(request, f"campaigns/scoring/{template}", frame | context)


def back_to(name: str) -> Callable[[View], View]:
    """Let a view's ``RefusedError`` become a message on that page, whose argument is ``pk``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, pk, *args, **kwargs)
            except RefusedError as error:
                messages.error(request, str(error))
                return redirect(name, pk)

        return wrapped

    return decorate


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
