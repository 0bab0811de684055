"""Pages and buttons of bundles. What they do is in ``actions`` and ``release``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.widgets import AdminDateTimeInput, AdminPageChooser
from wagtail.models import Page

from core.errors import RefusedError
from portal import timing
from portal.bundles import actions, readiness
from portal.bundles import release as releasing
from portal.bundles.actions import RELEASE
from portal.models import AnnouncementPage, ArticlePage, StoryPage
from portal.models.bundles import Bundle, BundleState

PREPARE = "portal.change_bundle"


class ItemForm(forms.Form):
    """Which item to add."""

    page = forms.ModelChoiceField(
        label=gettext_lazy("Article or announcement"),
        queryset=Page.objects.all(),
        widget=AdminPageChooser(target_models=[ArticlePage, AnnouncementPage]),
    )


class TimeForm(forms.Form):
    """When to release."""

    moment = forms.DateTimeField(
        label=gettext_lazy("Day and time of the release"), widget=AdminDateTimeInput()
    )


def address_of(bundle: Bundle) -> str:
    """Return the address of the bundle's page in the admin."""
    return reverse("portal_bundles:inspect", args=[bundle.pk])


class BundleView(generic.InspectView):
    """The bundle: its items, what is in the way of each, and what can be done."""

    template_name = "portal/admin/bundles/bundle.html"

    def get_fields(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        bundle: Bundle = self.object
        lines = readiness.lines(bundle, timezone.now()) if bundle.is_open else []
        user = self.request.user
        item_form, time_form = ItemForm(), TimeForm(initial={"moment": bundle.release_at})
        return {
            **context,
            "bundle": bundle,
            "lines": lines,
            "pages": [item.page for item in bundle.items.select_related("page")],
            "ready": bool(lines) and not any(line.problems for line in lines),
            "can_prepare": bundle.is_open and user.has_perm(PREPARE),
            "can_release": bundle.is_open and user.has_perm(RELEASE),
            "is_scheduled": bundle.state == BundleState.SCHEDULED,
            "release_at": timing.in_words(bundle.release_at) if bundle.release_at else "",
            "released_at": timing.in_words(bundle.released_at) if bundle.released_at else "",
            "item_form": item_form,
            "time_form": time_form,
            "media": context.get("media", forms.Media()) + item_form.media + time_form.media,
        }


@require_POST
def verb_view(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one verb, say what came of it, and go back to the bundle."""
    wanted = VERBS[verb]
    if not request.user.has_perm(wanted.permission):
        raise PermissionDenied
    bundle = get_object_or_404(Bundle, pk=pk)
    try:
        messages.success(request, wanted.act(request, bundle))
    except releasing.NotReleased as refusal:
        releasing.note(pk, str(refusal))
        messages.error(request, _("Nothing was released. %(why)s") % {"why": refusal})
    return redirect(address_of(bundle))


def add(request: HttpRequest, bundle: Bundle) -> str:
    form = ItemForm(request.POST)
    if not form.is_valid():
        raise RefusedError(_("Choose the article or announcement to add."))
    page: Page = form.cleaned_data["page"]
    actions.add(bundle.pk, page, request.user)
    words = _("“%(item)s” goes out with the bundle “%(bundle)s”.")
    return words % {"item": page.get_admin_display_title(), "bundle": bundle}


def remove(request: HttpRequest, bundle: Bundle) -> str:
    item = request.POST.get("item", "")
    if item.isdecimal():
        actions.remove(bundle.pk, int(item), request.user)
    return _("The item was taken out of the bundle.")


def schedule(request: HttpRequest, bundle: Bundle) -> str:
    form = TimeForm(request.POST)
    if not form.is_valid():
        words = _("Enter the day and time like this: %(example)s.")
        example = timezone.localtime().strftime("%d/%m/%Y %H:%M")
        raise RefusedError(words % {"example": example})
    moment = form.cleaned_data["moment"]
    actions.schedule(bundle.pk, moment, request.user)
    words = _("The bundle is released at %(moment)s, if all of its items are approved by then.")
    return words % {"moment": timing.in_words(moment)}


def unschedule(request: HttpRequest, bundle: Bundle) -> str:
    actions.unschedule(bundle.pk, request.user)
    return _("The bundle has no time any more. Its items go on waiting.")


def cancel(request: HttpRequest, bundle: Bundle) -> str:
    actions.cancel(bundle.pk, request.user)
    return _("The bundle was cancelled. None of its items became public.")


def release(request: HttpRequest, bundle: Bundle) -> str:
    if not releasing.release(bundle.pk, timezone.now(), request.user):
        raise RefusedError(_("The bundle was released or cancelled already."))
    return _("All items of the bundle are public now.")


@dataclass(frozen=True, slots=True)
class Verb:
    """One button of a bundle's page: who may press it, and what it does and says."""

    permission: str
    act: Callable[[HttpRequest, Bundle], str]


VERBS = {
    "add_item": Verb(PREPARE, add),
    "remove_item": Verb(PREPARE, remove),
    "schedule": Verb(RELEASE, schedule),
    "unschedule": Verb(RELEASE, unschedule),
    "cancel": Verb(RELEASE, cancel),
    "release": Verb(RELEASE, release),
}


def choose(request: HttpRequest, page_pk: int) -> HttpResponse:
    """Offer the open bundles for one item: the way from the editor."""
    page = get_object_or_404(Page, pk=page_pk).specific
    allowed = isinstance(page, StoryPage) and page.permissions_for_user(request.user).can_edit()
    if not allowed or not request.user.has_perm(PREPARE):
        raise PermissionDenied
    if request.method == "POST":
        chosen = request.POST.get("bundle", "")
        bundle = get_object_or_404(Bundle, pk=chosen if chosen.isdecimal() else 0)
        actions.add(bundle.pk, page, request.user)
        words = _("The item goes out with the bundle “%(bundle)s”.")
        messages.success(request, words % {"bundle": bundle})
        return redirect("wagtailadmin_pages:edit", page.pk)
    context = {
        "page": page,
        "bundles": Bundle.objects.open(),
        "current": Bundle.objects.open().filter(items__page=page.pk).first(),
        "page_title": _("Release bundle"),
        "header_title": page.get_admin_display_title(),
        "header_icon": "folder-open-1",
    }
    return render(request, "portal/admin/bundles/choose.html", context)
