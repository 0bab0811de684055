"""Registrations only."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import LogActionRegistry

from editorial.desk import hooks as desk_hooks  # noqa: F401 - it registers
from editorial.help import hooks as help_hooks  # noqa: F401 - it registers
from editorial.review import menu, notices, reports, views, words
from editorial.review.listings import ReviewedAnnouncements, ReviewedArticles
from editorial.royalties import hooks as royalties  # noqa: F401 - registers itself
from editorial.statistics import hooks as statistics  # noqa: F401 - registers itself


@hooks.register("register_admin_viewset")
def register_listings() -> list[ViewSet]:
    return [ReviewedArticles("articles"), ReviewedAnnouncements("announcements")]


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    overrides = reports.OverridesView
    return [
        path("review/", views.QueueView.as_view(), name="editorial_review"),
        path("review/<int:pk>/", views.ItemView.as_view(), name="editorial_review_item"),
        path("notices/", notices.NoticesView.as_view(), name="editorial_notices"),
        path("notices/read/", notices.read_all, name="editorial_notices_read"),
        path("notices/<int:pk>/", notices.open_notice, name="editorial_notice"),
        path("reports/overrides/", overrides.as_view(), name="editorial_overrides"),
        path(
            "reports/overrides/results/",
            overrides.as_view(results_only=True),
            name="editorial_overrides_results",
        ),
        path("overrides/<int:pk>/", reports.OverrideView.as_view(), name="editorial_override"),
    ]


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    return [*icons, "editorial/icons/bell.svg"]


@hooks.register("register_admin_menu_item")
def register_bell() -> MenuItem:
    return notices.bell()


@hooks.register("register_admin_menu_item")
def register_queue() -> MenuItem:
    return menu.queue_item()


@hooks.register("register_reports_menu_item")
def register_overrides() -> MenuItem:
    return menu.overrides_item()


@hooks.register("register_page_action_menu_item")
def register_urgent() -> ActionMenuItem:
    return menu.UrgentItem(order=70)


@hooks.register("construct_homepage_panels")
def arrange_home(request: HttpRequest, panels: list[Component]) -> None:
    menu.arrange_home(panels)


@hooks.register("register_log_actions", order=100)  # after Wagtail's own words
def register_words(actions: LogActionRegistry) -> None:
    words.register(actions)


@hooks.register("insert_global_admin_css")
def review_style() -> Any:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/review.css"))
