"""Registers what the media app adds to Wagtail."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from media.framing import FrameOperation
from media.layout_check import CheckView
from media.views import ReplaceView


@hooks.register("register_image_operations")
def image_operations() -> list[tuple[str, type[FrameOperation]]]:
    return [("frame", FrameOperation)]


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [
        path("library/<int:pk>/replace/", ReplaceView.as_view(), name="media_replace"),
        path("check-document/", CheckView.as_view(), name="media_check_document"),
    ]


@hooks.register("register_admin_menu_item")
def check_menu_item() -> MenuItem:
    """Beside the plans, for everybody who writes documents."""
    return MenuItem(
        _("Check a document"),
        reverse("media_check_document"),
        icon_name="doc-full",
        order=151,
    )


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("media.replaced", _("Replace a picture"), _("Picture replaced"))
