"""Registrations only."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import LogActionRegistry, LogFormatter

from editorial.desk import calendar_views, feed, home, log, template_views
from editorial.desk.authors import AuthorViewSet
from editorial.desk.template_views import TemplateViewSet
from portal import timing


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet]:
    return [TemplateViewSet(), AuthorViewSet()]


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    entries = log.SystemLogView
    move = calendar_views
    return [
        path("calendar/", calendar_views.CalendarView.as_view(), name="editorial_calendar"),
        path("calendar/mine/", feed.MyCalendarView.as_view(), name="editorial_my_calendar"),
        path("calendar/mine/renew/", feed.renew, name="editorial_renew_calendar"),
        path("calendar/item/<int:pk>/", move.MovePageView.as_view(), name="editorial_move_page"),
        path(
            "calendar/bundle/<int:pk>/",
            move.MoveBundleView.as_view(),
            name="editorial_move_bundle",
        ),
        path("write/", template_views.WriteView.as_view(), name="editorial_write"),
        path("write/<int:pk>/", template_views.write, name="editorial_write_from"),
        path("write/slot/<int:pk>/", template_views.write_for_slot, name="editorial_write_slot"),
        path("write/event/<int:pk>/", template_views.write_for_event, name="editorial_write_event"),
        path("reports/log/", entries.as_view(), name="editorial_log"),
        path(
            "reports/log/results/",
            entries.as_view(results_only=True),
            name="editorial_log_results",
        ),
    ]


@hooks.register("register_admin_menu_item")
def calendar() -> MenuItem:
    return home.calendar_item()


@hooks.register("register_admin_menu_item")
def write() -> MenuItem:
    return template_views.write_item()


@hooks.register("register_reports_menu_item")
def system_log() -> MenuItem:
    return log.log_item()


@hooks.register("construct_reports_menu")
def hide_site_history(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name != "site-history"]


@hooks.register("construct_homepage_panels", order=100)  # after those whose panels are replaced
def arrange_home(request: HttpRequest, panels: list[Component]) -> None:
    home.arrange(request, panels)


@hooks.register("insert_global_admin_css")
def style() -> Any:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/desk.css"))


class MoveFormatter(LogFormatter):
    """Says from when to when."""

    label = _("Move to another time")

    def format_message(self, log_entry: Any) -> str:
        moments = (parse_datetime(log_entry.data.get(name, "")) for name in ("before", "after"))
        before, after = (timing.in_words(moment) if moment else "?" for moment in moments)
        words = _("Moved from %(before)s to %(after)s")
        return str(words) % {"before": before, "after": after}


class TemplateFormatter(LogFormatter):
    """Names the template."""

    label = _("Write from a template")

    def format_message(self, log_entry: Any) -> str:
        words = _("Begun from the template “%(template)s”")
        return str(words) % {"template": log_entry.data.get("template", "")}


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("editorial.move")(MoveFormatter)
    actions.register_action("editorial.from_template")(TemplateFormatter)
    actions.register_action(
        "editorial.for_slot",
        _("Write for a slot of a plan"),
        _("Begun for a slot of a plan"),
    )
    actions.register_action(
        "editorial.for_event",
        _("Write about an event of a plan"),
        _("Begun about an event of a plan"),
    )
    actions.register_action(
        "editorial.calendar_key", _("Make a calendar address"), _("Made a calendar address")
    )
