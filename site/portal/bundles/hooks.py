"""Registrations only."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from portal.bundles import views
from portal.bundles.panel import TimingSidePanel
from portal.bundles.viewset import BundleViewSet
from portal.panels import register_side_panel
from portal.schedule_report import ScheduleView, may_see

VERBS = {
    "bundle_add": (_("Add to the bundle"), _("Item added to the bundle")),
    "bundle_remove": (_("Remove from the bundle"), _("Item removed from the bundle")),
    "bundle_schedule": (_("Schedule the bundle"), _("Release of the bundle scheduled")),
    "bundle_unschedule": (_("Take the time away"), _("Time of the release taken away")),
    "bundle_release": (_("Release the bundle"), _("Bundle released")),
    "bundle_cancel": (_("Cancel the bundle"), _("Bundle cancelled")),
    "bundled": (_("Put into a bundle"), _("Put into a release bundle")),
    "unbundled": (_("Take out of a bundle"), _("Taken out of a release bundle")),
}


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    for verb, (label, message) in VERBS.items():
        actions.register_action(f"portal.{verb}", label, message)


@hooks.register("register_admin_viewset")
def bundles() -> BundleViewSet:
    return BundleViewSet()


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("bundles/for/<int:page_pk>/", views.choose, name="portal_bundle_for"),
        path("reports/schedule/", ScheduleView.as_view(), name="portal_schedule"),
        path(
            "reports/schedule/results/",
            ScheduleView.as_view(results_only=True),
            name="portal_schedule_results",
        ),
    ]


class ScheduleMenuItem(MenuItem):
    """Shown to those who may read the report."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


@hooks.register("register_reports_menu_item")
def schedule_menu_item() -> MenuItem:
    return ScheduleMenuItem(
        _("Publishing schedule"), reverse("portal_schedule"), icon_name="time", order=890
    )


@hooks.register("insert_global_admin_css")
def style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/admin/bundles.css"))


register_side_panel(TimingSidePanel)
