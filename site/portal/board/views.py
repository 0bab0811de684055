"""The board's screens: the matrix, one delivery with its attempts, and verbs on many at once."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permission_policies.pages import PagePermissionPolicy

from channels import delivery
from channels.admin.health import health_of
from channels.admin.report import may_see
from channels.models import Channel, Delivery, State
from portal import panels
from portal.board import matrix
from portal.deliveries import VERBS
from portal.publishing import page_of_story

MOST_AT_ONCE = 200  # deliveries of one bulk action
BULK = ("send_again", "confirm", "cancel")


class WantedForm(forms.Form):
    """What to show. Nothing is required; what makes no sense is left out."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    channel = forms.ModelChoiceField(
        Channel.objects.defer("secret"),
        label=gettext_lazy("Channel"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("All channels"),
    )
    since = forms.DateField(
        label=gettext_lazy("Since"),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("All states")),
            ("problem", _("Needs a person")),
            *State.choices,
        ]

    def wanted(self) -> matrix.Wanted:
        """Return what was asked for."""
        self.is_valid()
        found = self.cleaned_data
        day = found.get("since")
        midnight = datetime.combine(day, time.min) if day else None
        return matrix.Wanted(
            words=found.get("q", ""),
            state=found.get("state", ""),
            channel=found.get("channel"),
            since=timezone.make_aware(midnight) if midnight else None,
        )


class Watching(WagtailAdminTemplateMixin, TemplateView):
    """A screen for those who may read the report of deliveries."""

    request: HttpRequest
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class BoardView(Watching):
    """``/admin/board/``: items against channels; ``list/`` gives the table alone, to be fresh."""

    page_title = gettext_lazy("Delivery board")
    template_name = "portal/admin/board/board.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, now = WantedForm(self.request.GET), timezone.now()
        shown = matrix.board(form.wanted(), self.request.GET.get("p"), now)
        query = self.request.GET.copy()
        query.pop("p", None)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "board": shown,
            "health": health_of(shown.channels, now),
            "query": query.urlencode(),
            "here": self.request.GET.urlencode(),
            "now": now,
            "can_act": may_settle(self.request.user),
            "export_url": f"{reverse('channels_deliveries')}?export=xlsx",
        }


class TableView(BoardView):
    template_name = "portal/admin/board/table.html"


class DeliveryView(Watching):
    """``/admin/board/<id>/``: one delivery, what it says, and every attempt."""

    template_name = "portal/admin/board/delivery.html"

    @property
    def row(self) -> Delivery:
        found: Delivery = self.kwargs["row"]
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = Delivery.objects.select_related("publication", "channel")
        self.kwargs["row"] = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.row.publication.title)

    def get_page_subtitle(self) -> str:
        return self.row.channel.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        up = {"url": reverse("portal_delivery_board"), "label": _("Delivery board")}
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, up, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row
        page = page_of_story(row.story)
        lines = panels.deliveries_of(page) if page else []
        verbs = next((line.verbs for line in lines if line.row.pk == row.pk), [])
        return super().get_context_data(**kwargs) | {
            "row": row,
            "item": page,
            "attempts": row.attempts.all(),
            "verbs": verbs if may_settle(self.request.user) else [],
            "contacts": row.channel.contacts.all(),
        }


def may_settle(user: Any) -> bool:
    """Whether the person publishes somewhere, and so settles deliveries there."""
    return bool(PagePermissionPolicy().user_has_permission(user, "publish"))


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Do one verb on the ticked deliveries. What is not possible is named; the rest is done."""
    verb = request.POST.get("verb", "")
    if verb not in BULK:
        raise PermissionDenied
    keys = [key for key in request.POST.getlist("delivery") if key.isdecimal()][:MOST_AT_ONCE]
    rows = Delivery.objects.filter(pk__in=keys).select_related("channel", "publication")
    done, refused = 0, []
    for row in rows.order_by("pk"):
        page = page_of_story(row.story)
        if page is None or not page.permissions_for_user(request.user).can_settle_deliveries():
            raise PermissionDenied
        try:
            VERBS[verb](row, request.user)
            done += 1
        except delivery.NotAllowed as refusal:
            refused.append(f"{row.publication.title} → {row.channel.name}: {refusal}")
    say(request, done, refused)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if safe else reverse("portal_delivery_board"))


def say(request: HttpRequest, done: int, refused: list[str]) -> None:
    if done:
        words = ngettext("%(count)s delivery changed.", "%(count)s deliveries changed.", done)
        messages.success(request, words % {"count": done})
    for problem in refused[:10]:
        messages.error(request, problem)
    if not done and not refused:
        messages.warning(request, _("Tick what is to be changed first."))
