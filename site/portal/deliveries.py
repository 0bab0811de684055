"""Admin addresses behind the delivery panel: the list by itself, and the verbs."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Page

from channels import delivery
from channels.models import Delivery
from portal.models import StoryPage
from portal.panels import panel_context

Verb = Callable[[Delivery, Any], None]
VERBS: dict[str, Verb] = {
    "confirm": delivery.confirm,
    "send_again": delivery.send_again,
    "cancel": delivery.cancel,
    "force": delivery.force,
}


def story_page(pk: int) -> StoryPage:
    """Return the page, as the kind it is. Raises ``Http404`` when it tells no story."""
    page = get_object_or_404(Page, pk=pk).specific
    if not isinstance(page, StoryPage):
        raise PermissionDenied
    return page


def delivery_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel's list, for refreshing it without losing what is being typed."""
    page = story_page(pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, "portal/admin/deliveries_list.html", panel_context(page, request))


@require_POST
def act(request: HttpRequest, pk: int, delivery_pk: int, verb: str) -> HttpResponse:
    """Do one verb on one delivery, and answer with the list when asked by the panel's script."""
    page = story_page(pk)
    if not page.permissions_for_user(request.user).can_settle_deliveries() or verb not in VERBS:
        raise PermissionDenied
    row = get_object_or_404(Delivery, pk=delivery_pk, story=page.story)
    problem = ""
    try:
        VERBS[verb](row, request.user)
    except delivery.NotAllowed as refusal:
        problem = str(refusal)
    if request.GET.get("of") == "ripple":  # asked from the screen of all places
        if problem:
            messages.error(request, problem)
        return redirect("portal_ripple_list", page.pk)
    if request.headers.get("X-Requested-With") == "fetch":
        context = panel_context(page, request) | {"problem": problem}
        return render(request, "portal/admin/deliveries_list.html", context)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, _("Done."))
    return redirect("wagtailadmin_pages:edit", page.pk)
