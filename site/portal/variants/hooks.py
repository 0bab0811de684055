"""Registrations only."""

from collections.abc import Iterator
from typing import Any

from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from portal.models import StoryPage
from portal.variants import board


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("pages/<int:pk>/board/", board.board, name="portal_board"),
        path("pages/<int:pk>/board/<slug:verb>/", board.act, name="portal_board_act"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        "portal.variants_refresh", _("Compose variants anew"), _("Variants composed anew")
    )
    actions.register_action(
        "portal.variants_keep", _("Keep variants"), _("Variants compared and kept")
    )


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def board_button(
    page: Page, user: Any, view_name: str = "", next_url: str | None = None, **kwargs: Any
) -> Iterator[Button]:
    """Lead from an item to its board."""
    if page.pk and issubclass(page.cached_content_type.model_class() or Page, StoryPage):
        yield Button(
            _("Variants side by side"),
            reverse("portal_board", args=[page.pk]),
            icon_name="copy",
            priority=25,
        )


@hooks.register("insert_global_admin_css")
def style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/admin/variants.css"))
