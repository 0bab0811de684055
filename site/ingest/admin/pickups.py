"""Who carried our items: a panel beside the item, and a report."""

from typing import Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from core.ordering import OneOrder
from ingest import inbox
from ingest.models import PickUp, Source
from portal.models import StoryPage


def may_see(user: Any) -> bool:
    """Whether the person may know who carried our items."""
    return bool(user.has_perm("ingest.view_pickup"))


class PickUpSidePanel(BaseSidePanel):
    """Who carried the item; those who may say whether it is really ours."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Carried by the press")
        icon_name = "openquote"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["count"] = sum(each.state == PickUp.State.OPEN for each in self.panel.found)
            return context

    name = "pick-ups"
    title = _("Carried by the press")
    template_name = "ingest/admin/pick_ups.html"
    order = 160

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | {
            "pick_ups": self.found,
            "may_decide": self.request.user.has_perm("ingest.change_pickup"),
            "here": self.request.get_full_path(),
            "csrf": get_token(self.request),  # panels are rendered without the request
        }

    @cached_property
    def found(self) -> list[PickUp]:
        """The pick-ups, asked for once for the panel and for its button."""
        if not self.object.pk:
            return []
        return list(PickUp.objects.filter(page=self.object.pk).exclude(state=PickUp.State.REJECTED))


def side_panel(page: StoryPage, request: HttpRequest) -> BaseSidePanel:
    """Return the panel for an item's editor."""
    return PickUpSidePanel(page, request)


class DecideView(View):
    """``/admin/pick-ups/<pk>/<verb>/``: ours, or not."""

    http_method_names = ("post",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("ingest.change_pickup"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        pick_up = get_object_or_404(PickUp.objects.select_related("page"), pk=pk)
        inbox.decide_pick_up(pick_up, ours=verb == "confirm", user=request.user)  # type: ignore[arg-type]
        target = request.POST.get("next", "")
        here = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
        return redirect(target if here else reverse("ingest_pick_ups"))


class PickUpFilterSet(WagtailFilterSet):
    """By source, state and day."""

    source = django_filters.ModelChoiceFilter(
        label=_("Source"), queryset=lambda request: Source.objects.all()
    )
    published = django_filters.DateFromToRangeFilter(label=_("Carried on"))

    class Meta:
        model = PickUp
        fields: ClassVar[list[str]] = ["source", "state", "published"]


class PickUpsView(OneOrder, ReportView):
    """Every pick-up, to read and to export."""

    model = PickUp
    page_title = _("Carried by the press")
    header_icon = "openquote"
    index_url_name = "ingest_pick_ups"
    index_results_url_name = "ingest_pick_ups_results"
    results_template_name = "ingest/admin/pick_ups_results.html"
    filterset_class = PickUpFilterSet
    default_ordering = "-published"
    export_filename = "pick-ups"
    list_export: ClassVar[list[str]] = [
        "page.title", "source_name", "title", "address", "published", "get_state_display",
    ]  # fmt: skip
    export_headings: ClassVar[dict[str, Any]] = {
        "page.title": _("Our item"),
        "source_name": _("Source"),
        "title": _("Title there"),
        "address": _("Address"),
        "published": _("Carried on"),
        "get_state_display": _("State"),
    }
    custom_field_preprocess: ClassVar[dict[str, Any]] = {
        "published": {
            ReportView.FORMAT_XLSX: timezone.make_naive,
            ReportView.FORMAT_CSV: lambda value: formats.date_format(
                timezone.localtime(value), "SHORT_DATETIME_FORMAT"
            ),
        }
    }
    columns: ClassVar[list[Any]] = [
        TitleColumn(
            "page",
            label=_("Our item"),
            accessor="page.title",
            get_url=lambda found: reverse("wagtailadmin_pages:edit", args=[found.page_id]),
        ),
        Column("source_name", label=_("Source"), sort_key="source_name"),
        Column("title", label=_("Title there"), classname="nc-wide"),
        DateColumn("published", label=_("Carried on"), sort_key="published"),
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor="get_state_display",
            primary=lambda found: found.state == PickUp.State.CONFIRMED,
            sort_key="state",
        ),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[PickUp]:
        return PickUp.objects.select_related("page", "source")
