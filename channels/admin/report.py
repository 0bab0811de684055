"""The report of deliveries: what went where, when, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import Button

from channels.models import Channel, Delivery, Publication, State
from core.finding import matching
from core.ordering import OneOrder


class DeliveryFilterSet(WagtailFilterSet):
    """By channel, state and day of writing."""

    channel = django_filters.ModelChoiceFilter(
        label=_("Channel"), queryset=lambda request: Channel.objects.all()
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=State.choices, widget=CheckboxSelectMultiple
    )

    class Meta:
        model = Delivery
        fields: ClassVar[list[str]] = ["channel", "state", "action"]


def _local(value: datetime) -> datetime:
    return timezone.make_naive(value, timezone.get_current_timezone())


def _written(value: datetime) -> str:
    return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")


def receipt_text(receipt: Mapping[str, Any] | None) -> str:
    """Return a stored receipt in a line: the receiver's number, the address, the note."""
    parts = ((receipt or {}).get(name) for name in ("external_id", "address", "note"))
    return " · ".join(str(part) for part in parts if part)


def may_see(user: Any) -> bool:
    """Whether the person may read the report."""
    return any(
        user.has_perm(f"channels.{codename}")
        for codename in ("view_delivery", "view_channel", "change_channel")
    )


class DeliveriesView(OneOrder, ReportView):
    """Reads only. Whoever may see channels or deliveries may see it."""

    model = Delivery
    page_title = _("Deliveries")
    header_icon = "site"
    index_url_name = "channels_deliveries"
    index_results_url_name = "channels_deliveries_results"
    filterset_class = DeliveryFilterSet
    default_ordering = "-created_at"
    is_searchable = True
    export_filename = "deliveries"
    list_export: ClassVar[list[str]] = [
        "publication.title", "channel.name", "get_action_display", "get_state_display",
        "attempt_count", "reason", "receipt", "created_at", "settled_at",
    ]  # fmt: skip
    export_headings: ClassVar[dict[str, Any]] = {
        "publication.title": _("Item"),
        "channel.name": _("Channel"),
        "get_action_display": _("Action"),
        "get_state_display": _("State"),
        "attempt_count": _("Attempts"),
        "reason": _("Reason"),
        "receipt": _("Receipt"),
        "created_at": _("Written"),
        "settled_at": _("Settled"),
    }
    custom_value_preprocess: ClassVar[dict[Any, Any]] = {
        **ReportView.custom_value_preprocess,
        datetime: {ReportView.FORMAT_XLSX: _local, ReportView.FORMAT_CSV: _written},
    }
    custom_field_preprocess: ClassVar[dict[str, Any]] = {
        "receipt": dict.fromkeys(ReportView.FORMATS, receipt_text)
    }
    columns: ClassVar[list[Any]] = [
        Column("item", label=_("Item"), accessor="publication.title", classname="nc-wide"),
        Column("channel", label=_("Channel"), accessor="channel.name", sort_key="channel__name"),
        Column("action", label=_("Action"), accessor="get_action_display", sort_key="action"),
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor="get_state_display",
            primary=lambda row: row.state == State.DELIVERED,
            sort_key="state",
        ),
        NumberColumn("attempts", label=_("Attempts"), accessor="attempt_count"),
        Column("reason", label=_("Reason")),
        Column(
            "receipt",
            label=_("Receipt"),
            accessor=lambda row: receipt_text(row.receipt),
            classname="nc-long",
        ),
        DateColumn("created_at", label=_("Written"), sort_key="created_at"),
        DateColumn("settled_at", label=_("Settled"), sort_key="settled_at"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def header_more_buttons(self) -> list[Button]:
        """Older ones that nothing depends on any more are listed apart."""
        words, address = _("Archive of deliveries"), reverse("channels_archive")
        return [*super().header_more_buttons, Button(words, url=address, icon_name="folder")]

    def search_queryset(self, queryset: Any) -> Any:
        if not self.is_searching:
            return queryset
        # A story has many deliveries: the titles are fewer.
        stories = matching(Publication.objects.all(), ["title"], self.search_query)
        return queryset.filter(publication__in=stories)

    def get_base_queryset(self) -> Any:
        return Delivery.objects.select_related("publication", "channel").defer(
            "payload", "publication__content", "channel__secret"
        )
