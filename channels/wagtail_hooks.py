"""What channels add to the admin: a menu item, a report, permissions, verbs of the history."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from channels.admin.alarms import AlarmsView
from channels.admin.archive import ArchivedView, ArchiveView
from channels.admin.report import DeliveriesView, may_see
from channels.admin.viewset import ChannelViewSet

VERBS = {
    "switch_on": (_("Switch on"), _("Channel switched on")),
    "switch_off": (_("Switch off"), _("Channel switched off")),
    "restart": (_("Start again"), _("Channel started again")),
    "test": (_("Send a test message"), _("Test message sent")),
    "station_add": (_("Make a station's address"), _("Address made for a station")),
    "announce": (_("Tell the hubs again"), _("Hubs told again")),
    "station_renew": (_("Renew a station's address"), _("Address of a station renewed")),
    "station_revoke": (_("Revoke a station's address"), _("Address of a station revoked")),
    "retire": (_("Retire"), _("Channel retired")),
    "bring_back": (_("Bring back"), _("Channel brought back")),
    "edit_secret": (_("Change the secret"), _("Secret replaced or removed")),
}


@hooks.register("register_admin_viewset")
def channel_viewset() -> ChannelViewSet:
    return ChannelViewSet()


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    for verb, (label, message) in VERBS.items():
        actions.register_action(f"channels.{verb}", label, message)


@hooks.register("register_permissions")
def delivery_permissions() -> QuerySet[Permission]:
    codenames = ["view_delivery", "add_stationkey", "change_stationkey"]
    return Permission.objects.filter(content_type__app_label="channels", codename__in=codenames)


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    return [
        path("reports/alarms/", AlarmsView.as_view(), name="channels_alarms"),
        path(
            "reports/alarms/results/",
            AlarmsView.as_view(results_only=True),
            name="channels_alarms_results",
        ),
        path("reports/deliveries/", DeliveriesView.as_view(), name="channels_deliveries"),
        path(
            "reports/deliveries/results/",
            DeliveriesView.as_view(results_only=True),
            name="channels_deliveries_results",
        ),
        path("reports/deliveries/archive/", ArchiveView.as_view(), name="channels_archive"),
        path(
            "reports/deliveries/archive/results/",
            ArchiveView.as_view(results_only=True),
            name="channels_archive_results",
        ),
        path(
            "reports/deliveries/archive/<int:pk>/", ArchivedView.as_view(), name="channels_archived"
        ),
    ]


class DeliveriesMenuItem(MenuItem):
    """Shown to those who may read the report."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


@hooks.register("register_reports_menu_item")
def report_menu_item() -> Any:
    return DeliveriesMenuItem(
        _("Deliveries"), reverse("channels_deliveries"), icon_name="site", order=900
    )


@hooks.register("register_reports_menu_item")
def alarms_menu_item() -> Any:
    return DeliveriesMenuItem(
        _("Alarms"), reverse("channels_alarms"), name="alarms", icon_name="warning", order=890
    )
