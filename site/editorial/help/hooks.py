"""Registrations only."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from editorial.help import views


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("help/", views.HelpView.as_view(), name="editorial_help"),
        path("help/<slug:slug>/", views.HelpView.as_view(), name="editorial_help_of"),
    ]


@hooks.register("register_admin_menu_item")
def help_menu_item() -> MenuItem:
    return views.help_item()


@hooks.register("construct_main_menu")
def hide_wagtail_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """Take Wagtail's own help away: it leads to English pages elsewhere."""
    items[:] = [item for item in items if item.name != "help"]


@hooks.register("insert_global_admin_css")
def style() -> Any:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/help.css"))
