"""The archive of deliveries: a list that is only read, and each one with its attempts."""

from typing import Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import Button

from channels.admin.report import DeliveriesView, may_see, receipt_text
from channels.archive.models import ArchivedDelivery
from channels.models import Channel, State
from core.ordering import OneOrder

SETTLED = [State.DELIVERED, State.FAILED, State.CANCELLED]


class ArchiveFilterSet(WagtailFilterSet):
    """By channel, state and days; ``story`` comes from an item's own page."""

    channel = django_filters.ModelChoiceFilter(
        label=_("Channel"), queryset=lambda request: Channel.objects.all()
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=[(state.value, state.label) for state in SETTLED],
        widget=CheckboxSelectMultiple,
    )
    created_at = django_filters.DateFromToRangeFilter(
        label=_("Written"), widget=DateRangePickerWidget
    )
    settled_at = django_filters.DateFromToRangeFilter(
        label=_("Settled"), widget=DateRangePickerWidget
    )
    story = django_filters.UUIDFilter(label=_("Number of the item"))

    class Meta:
        model = ArchivedDelivery
        fields: ClassVar[list[str]] = [
            "channel", "state", "action", "created_at", "settled_at", "story",
        ]  # fmt: skip


class ArchiveView(OneOrder, ReportView):
    """Reads only. Whoever may read the report of deliveries may read this one."""

    model = ArchivedDelivery
    page_title = _("Archive of deliveries")
    header_icon = "folder"
    index_url_name = "channels_archive"
    index_results_url_name = "channels_archive_results"
    filterset_class = ArchiveFilterSet
    default_ordering = "-created_at"
    is_searchable = True
    export_filename = "archived_deliveries"
    list_export: ClassVar[list[str]] = [
        "title", "sequence", "channel_name", "get_action_display", "get_state_display",
        "attempt_count", "reason", "receipt", "created_at", "settled_at", "archived_at",
    ]  # fmt: skip
    export_headings: ClassVar[dict[str, Any]] = {
        **DeliveriesView.export_headings,
        "title": _("Item"),
        "sequence": _("Version"),
        "channel_name": _("Channel"),
        "archived_at": _("Archived"),
    }
    custom_value_preprocess = DeliveriesView.custom_value_preprocess
    custom_field_preprocess = DeliveriesView.custom_field_preprocess
    columns: ClassVar[list[Any]] = [
        TitleColumn(
            "title",
            label=_("Item"),
            get_url=lambda row: reverse("channels_archived", args=[row.pk]),
            classname="nc-wide",
        ),
        NumberColumn("sequence", label=_("Version")),
        Column("channel", label=_("Channel"), accessor="channel_name", sort_key="channel_name"),
        Column("action", label=_("Action"), accessor="get_action_display", sort_key="action"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        Column("reason", label=_("Reason")),
        Column(
            "receipt",
            label=_("Receipt"),
            accessor=lambda row: receipt_text(row.receipt),
            classname="nc-long",
        ),
        DateColumn("created_at", label=_("Written"), sort_key="created_at"),
        DateColumn("settled_at", label=_("Settled"), sort_key="settled_at"),
        DateColumn("archived_at", label=_("Archived"), sort_key="archived_at"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.titled(self.search_query) if self.is_searching else queryset

    def get_base_queryset(self) -> Any:
        return ArchivedDelivery.objects.defer("payload", "attempts")

    @property
    def header_more_buttons(self) -> list[Button]:
        back = Button(_("Deliveries"), url=reverse("channels_deliveries"), icon_name="site")
        return [*super().header_more_buttons, back]


class ArchivedView(WagtailAdminTemplateMixin, TemplateView):
    """One archived delivery: what was said, what came of it, and every attempt."""

    template_name = "channels/admin/archived.html"
    header_icon = "folder"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see(request.user):
            raise PermissionDenied
        self.row = get_object_or_404(ArchivedDelivery, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.row.title

    def get_page_subtitle(self) -> str:
        return self.row.channel_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        up = {"url": reverse("channels_archive"), "label": ArchiveView.page_title}
        return [*self.breadcrumbs_items, up, {"url": "", "label": self.row.title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attempts = [
            {
                "moment": parse_datetime(attempt["started_at"]),
                "outcome": State(attempt["outcome"]).label,
                "detail": attempt["detail"],
            }
            for attempt in self.row.attempts
        ]
        return super().get_context_data(**kwargs) | {
            "row": self.row,
            "attempts": attempts,
            "receipt": receipt_text(self.row.receipt),
        }
