"""What the pages of reports share: who may see what, and their frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from campaigns.reporting import access
from campaigns.reporting.models import Report
from core.errors import RefusedError

View = Callable[..., HttpResponse]


def page(
    request: HttpRequest, template: str, title: str, *steps: tuple[str, str], **context: Any
) -> HttpResponse:
    """Return a page of the admin; ``steps`` lie between the start of reports and the page."""
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    start = {"url": reverse("campaigns_reporting"), "label": _("Periodic reports")}
    between = [{"url": url, "label": label} for url, label in steps]
    here = {"url": "", "label": title}
    trail = [home, start, *between, here] if template != "start.html" else [home, here]
    frame = {
        "breadcrumbs_items": trail,
        "header_title": title,
        "header_icon": "doc-full",
        "page_title": title,
    }
    return render(request, f"campaigns/reporting/{template}", frame | context)


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
