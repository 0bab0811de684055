"""The inbox: what came in, told once however many sources tell it, and what to do with it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import nh3
from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from core import actor
from core.errors import RefusedError
from core.text import fold
from ingest import inbox
from ingest.drafts import NoPlaceForArticles, may_import
from ingest.feeds.texts import TAGS
from ingest.models import InboxItem, Source
from organisations.models import User

PER_PAGE = 30
NOTHING = ["'none'"]
PREVIEW_POLICY = {
    **dict.fromkeys(("default-src", "script-src", "img-src", "media-src", "object-src"), NOTHING),
    **dict.fromkeys(("form-action", "base-uri"), NOTHING),
    "style-src": ["'unsafe-inline'"],
    "sandbox": [""],
    "frame-ancestors": ["'self'"],
}


def may_read(user: Any) -> bool:
    """Whether the person may look into the inbox."""
    return bool(user.has_perm("ingest.view_inboxitem"))


def may_act(user: Any) -> bool:
    """Whether the person may adopt and ignore: that makes a draft, so they must be able to."""
    return bool(user.has_perm("ingest.change_inboxitem")) and may_import(user)


class FilterForm(forms.Form):
    """What is shown. Nothing chosen: everything that waits."""

    q = forms.CharField(
        label=gettext_lazy("Words to look for"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    source = forms.ModelChoiceField(
        Source.objects.all(),
        label=gettext_lazy("Source"),
        required=False,
        empty_label=gettext_lazy("All sources"),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=InboxItem.State.choices
    )
    days = forms.ChoiceField(
        label=gettext_lazy("Period"),
        required=False,
        choices=[
            ("", gettext_lazy("Any time")),
            ("1", gettext_lazy("Last 24 hours")),
            ("7", gettext_lazy("Last 7 days")),
            ("30", gettext_lazy("Last 30 days")),
        ],
    )

    def chosen(self) -> QuerySet[InboxItem]:
        """Return the items that fit; a choice that does not exist counts as none."""
        self.is_valid()
        given = self.cleaned_data
        items = InboxItem.objects.filter(state=given.get("state") or InboxItem.State.NEW)
        if given.get("source"):
            items = items.filter(source=given["source"])
        if given.get("days"):
            items = items.filter(listed_at__gte=timezone.now() - timedelta(days=int(given["days"])))
        for word in fold(given.get("q", "")).split():
            items = items.filter(folded__contains=word)
        return items


@dataclass(frozen=True, slots=True)
class Row:
    """Items that tell of the same: the first one, and who else has it."""

    item: InboxItem
    others: list[InboxItem]

    @property
    def can_adopt(self) -> bool:
        return self.item.state in inbox.OPEN or self.item.article_id is None


def rows_of(items: QuerySet[InboxItem], groups: list[Any]) -> list[Row]:
    """Return a row for each group, in the order given: two queries for the whole page."""
    members: dict[Any, list[InboxItem]] = defaultdict(list)
    wanted = InboxItem.objects.filter(group__in=groups).select_related("source", "article")
    fitting = set(items.filter(group__in=groups).values_list("pk", flat=True))
    # The first of a group is one that fits the filter; of several, who had it first.
    order = sorted(wanted, key=lambda item: (item.pk not in fitting, item.listed_at, item.pk))
    for item in order:
        members[item.group].append(item)
    return [Row(members[group][0], members[group][1:]) for group in groups]


class InboxView(WagtailAdminTemplateMixin, TemplateView):
    """``/admin/inbox/``."""

    page_title = gettext_lazy("Inbox of news")
    header_icon = "mail"
    template_name = "ingest/admin/inbox.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = FilterForm(self.request.GET)
        items = form.chosen()
        latest = items.values("group").annotate(at=Max("listed_at")).order_by("-at", "group")
        page = Paginator(latest, PER_PAGE).get_page(self.request.GET.get("p"))
        kwargs |= {
            "form": form,
            "page_obj": page,
            "rows": rows_of(items, [found["group"] for found in page]),
            "is_filtered": any(self.request.GET.get(name) for name in form.fields),
            "has_sources": Source.objects.filter(is_active=True).exists(),
            "may_act": may_act(self.request.user),
            "may_keep": self.request.user.has_perm("ingest.change_source"),
            "may_add": self.request.user.has_perm("ingest.add_source"),
            "may_mute": self.request.user.has_perm("ingest.add_mutedtitle"),
        }
        return super().get_context_data(**kwargs)


class ActView(View):
    """What changes items. POST only, for those who may."""

    http_method_names = ("post",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_act(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def back(self) -> HttpResponse:
        """Return to the list as it was filtered."""
        target = self.request.POST.get("next", "")
        here = url_has_allowed_host_and_scheme(target, allowed_hosts={self.request.get_host()})
        return redirect(target if here else reverse("ingest_inbox"))


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class AdoptView(ActView):
    """Makes a draft of an item; fetches its pictures first, so it is no transaction itself."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        get_object_or_404(InboxItem, pk=pk)
        try:
            with actor.acting(request.user):
                adoption = inbox.adopt(pk, self.person)
        except (RefusedError, NoPlaceForArticles) as refusal:
            messages.error(request, str(refusal))
            return self.back()
        for warning in adoption.warnings:
            messages.warning(request, warning)
        words = _("“%(title)s” is a draft now. Check it, add what is missing, and submit it.")
        messages.success(request, words % {"title": adoption.page.title})
        return redirect("wagtailadmin_pages:edit", adoption.page.pk)


class SeveralView(ActView):
    """Ignores the chosen rows, or has them wait again."""

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = request.POST.getlist("item") or [request.POST.get("one", "")]
        chosen = InboxItem.objects.filter(pk__in=[pk for pk in asked if pk.isdecimal()])
        groups = [str(group) for group in chosen.values_list("group", flat=True)]
        if not groups:
            messages.warning(request, _("Choose at least one item."))
        elif request.POST.get("action") == "put_back":
            count = inbox.put_back(groups)
            words = ngettext("%(count)d item waits again.", "%(count)d items wait again.", count)
            messages.success(request, words % {"count": count})
        else:
            count = inbox.ignore(groups)
            words = ngettext("%(count)d item was ignored.", "%(count)d items were ignored.", count)
            messages.success(request, words % {"count": count})
        return self.back()


class MuteTitleView(ActView):
    """Keeps titles with certain words out."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("ingest.add_mutedtitle"):
            raise PermissionDenied
        count = inbox.mute_title(request.POST.get("words", ""), self.person)
        words = ngettext(
            "Such titles are muted from now on, %(count)d waiting item with them.",
            "Such titles are muted from now on, %(count)d waiting items with them.",
            count,
        )
        messages.success(request, words % {"count": count})
        return self.back()


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Return an item's text by itself, for a frame in which nothing runs and nothing is loaded."""
    if not may_read(request.user):
        raise PermissionDenied
    item = get_object_or_404(InboxItem, pk=pk)
    # Pictures are fetched on adoption only.
    html = nh3.clean(item.html, tags=TAGS - {"img"}, attributes={"a": {"href"}}, link_rel=None)
    response = render(request, "ingest/admin/preview.html", {"item": item, "html": html})
    response._csp_replace = PREVIEW_POLICY  # type: ignore[attr-defined]
    return response
