"""The channels' place in the admin: addresses, columns, filters."""

from typing import Any, ClassVar

import django_filters
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, NumberColumn
from wagtail.admin.viewsets.model import ModelViewSet

from channels.admin import stations, views
from channels.admin.forms import ChannelForm
from channels.models import Channel

VERBS = {
    "switch_on": views.SwitchOnView,
    "switch_off": views.SwitchOffView,
    "restart": views.RestartView,
    "cancel_waiting": views.CancelWaitingView,
    "retire": views.RetireView,
    "bring_back": views.BringBackView,
    "announce": views.AnnounceView,
    "check": views.CheckView,
    "test": views.TestView,
}


class ChannelFilterSet(WagtailFilterSet):
    """By kind and condition; retired channels are shown when they are asked for only."""

    retired = django_filters.BooleanFilter(
        label=_("Retired"), field_name="retired_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Channel
        fields: ClassVar[list[str]] = ["kind", "is_active"]

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("retired") else found.in_use()


class ChannelViewSet(ModelViewSet):
    """List, add, edit, inspect, delete, and one address for each verb."""

    name = "channels"
    model = Channel
    icon = "site"
    menu_label = _("Channels")
    menu_order = 220
    add_to_admin_menu = True
    copy_view_enabled = False  # a copy would carry the secret to another receiver
    inspect_view_enabled = True
    index_view_class = views.IndexView
    add_view_class = views.AddView
    edit_view_class = views.EditView
    inspect_view_class = views.InspectView
    delete_view_class = views.DeleteView
    search_fields: ClassVar[list[str]] = ["name", "slug"]
    filterset_class = ChannelFilterSet
    list_display: ClassVar[list[Any]] = [
        "name",
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column(
            "owner",
            label=pgettext_lazy("channel", "Owner"),
            accessor=lambda channel: channel.owner or "",
        ),
        BooleanColumn("is_active", label=_("On"), sort_key="is_active"),
        Column("health", label=_("Condition"), accessor="health.label", classname="nc-wide"),
        DateColumn("last_success_at", label=_("Last success"), sort_key="last_success_at"),
        NumberColumn("pending", label=_("Queued"), accessor="health.pending"),
        NumberColumn("failed", label=_("Failed"), accessor="health.failed"),
        NumberColumn("uncertain", label=_("Uncertain"), accessor="health.uncertain"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[ChannelForm]:
        return ChannelForm

    def get_urlpatterns(self) -> list[URLPattern]:
        verbs = [
            path(f"{name.replace('_', '-')}/<int:pk>/", view.as_view(), name=name)
            for name, view in VERBS.items()
        ]
        return [
            *super().get_urlpatterns(),
            *verbs,
            path("stations/<int:pk>/", stations.index, name="stations"),
            path("stations/<int:pk>/renew/<int:key_pk>/", stations.renew, name="station_renew"),
            path("stations/<int:pk>/revoke/<int:key_pk>/", stations.revoke, name="station_revoke"),
        ]
