"""Calls of officers in the admin: noting that one was reached by telephone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from channels.calling import engine
from channels.calling.models import Call
from portal.deliveries import story_page
from portal.panels import panel_context


@require_POST
def note(request: HttpRequest, pk: int, call_pk: int) -> HttpResponse:
    """Note, for those who settle the item's deliveries, that an officer knows of it."""
    page = story_page(pk)
    if not page.permissions_for_user(request.user).can_settle_deliveries():
        raise PermissionDenied
    call = get_object_or_404(Call.objects.select_related("contact"), pk=call_pk, story=page.story)
    done = engine.acknowledge(call, request.user, _("By telephone."))
    problem = "" if done else _("Nothing has to be acknowledged here any more.")
    if request.headers.get("X-Requested-With") == "fetch":
        context = panel_context(page, request) | {"problem": problem}
        return render(request, "portal/admin/deliveries_list.html", context)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, _("Done."))
    return redirect("wagtailadmin_pages:edit", page.pk)
