"""The board's screens: the matrix, one delivery with its attempts, and verbs on many at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from channels.admin.health import health_of
from channels.admin.report import may_see
from channels.models import Action, Delivery, State
from core.sheets import download
from portal import panels
from portal.board import bulk, exporting, matrix
from portal.board.forms import FILTERS, WantedForm, number, place
from portal.board.matrix import Place
from portal.publishing import page_of_story


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
        where = place(self.request.GET)
        shown = matrix.board(form.wanted(), where, now)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "board": shown,
            "health": health_of(shown.channels, now),
            "query": self.query(),
            "links": self.links(shown, where),
            "here": self.request.GET.urlencode(),
            "now": now,
            "can_act": bulk.may_settle(self.request.user),
            "can_open_channels": self.request.user.has_perm("channels.view_channel"),
            # Translated once, not for every cell.
            "states": {name: str(label) for name, label in State.choices},
            "actions": {name: str(label) for name, label in Action.choices},
            "most_counted": matrix.MOST_COUNTED,
        }

    def query(self, **values: int) -> str:
        """Return the filter as a query, with a place in the board if one is given."""
        kept = QueryDict(mutable=True)
        for name in FILTERS:
            if self.request.GET.get(name):
                kept[name] = self.request.GET[name]
        for name, value in values.items():
            kept[name] = str(value)
        return kept.urlencode()

    def links(self, shown: matrix.Board, where: Place) -> dict[str, str]:
        """Return the queries of the pages beside this one, and of the channels beside these."""
        found = {}
        if shown.newer is not None:
            found["newer"] = self.query(after=shown.newer)
        if shown.older is not None:
            found["older"] = self.query(before=shown.older)
        if where.columns:
            found["channels_before"] = self.query(columns=max(where.columns - matrix.COLUMNS, 0))
        if where.columns + matrix.COLUMNS < shown.channel_count:
            found["channels_after"] = self.query(columns=where.columns + matrix.COLUMNS)
        return found


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
        rows = rows.annotate(embargo=F("publication__embargo_until"))
        self.kwargs["row"] = get_object_or_404(rows, pk=kwargs["pk"])
        panels.with_station_words([self.row])
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
            "verbs": verbs if bulk.may_settle(self.request.user) else [],
            "contacts": row.channel.contacts.all(),
            "quiet_until": row.waits_until(timezone.now()),
            "can_waive": bulk.may_settle(self.request.user),
        }


def export(request: HttpRequest) -> HttpResponseBase:
    """Every delivery that the filter finds, as CSV or XLSX, sent while it is read."""
    if not may_see(request.user):
        raise PermissionDenied
    form = "csv" if request.GET.get("format") == "csv" else "xlsx"
    wanted = WantedForm(request.GET).wanted()
    lines = exporting.rows(wanted, timezone.now())
    return download(form, pgettext("name of a file", "deliveries"), exporting.headings(), lines)


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Do one verb on the ticked deliveries, or on all that the filter finds."""
    verb = request.POST.get("verb", "")
    if verb not in bulk.BULK or not bulk.may_settle(request.user):
        raise PermissionDenied
    if request.POST.get("scope") == "all":
        wanted = WantedForm(QueryDict(request.POST.get("filters", ""))).wanted()
        rows = bulk.open_to(matrix.worded(wanted, timezone.now()), verb)
    else:
        keys = [key for text in request.POST.getlist("delivery") if (key := number(text))]
        rows = Delivery.objects.filter(pk__in=keys)
    say(request, bulk.act(rows, verb, request.user))
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if safe else reverse("portal_delivery_board"))


def say(request: HttpRequest, result: bulk.Result) -> None:
    """Tell what was done, each row that was not, and how many are left."""
    if result.done:
        words = ngettext(
            "%(count)s delivery changed.", "%(count)s deliveries changed.", result.done
        )
        messages.success(request, words % {"count": result.done})
    if result.refused:
        head = ngettext(
            "%(count)s delivery could not be changed:",
            "%(count)s deliveries could not be changed:",
            len(result.refused),
        ) % {"count": len(result.refused)}
        lines = format_html_join("", "<li>{}</li>", ((line,) for line in result.refused))
        messages.error(request, format_html("{} <ul>{}</ul>", head, lines))
    if result.left:
        words = ngettext(
            "%(count)s more fits. Press again to go on.",
            "%(count)s more fit. Press again to go on.",
            result.left,
        )
        messages.warning(request, words % {"count": result.left})
    if not result.done and not result.refused:
        messages.warning(request, _("Tick what is to be changed first."))
