"""Registrations only; imported by ``portal.wagtail_hooks``."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from portal.rehearsal.viewset import RehearsalViewSet


@hooks.register("register_admin_viewset")
def rehearsals() -> RehearsalViewSet:
    return RehearsalViewSet()


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("portal.rehearse", _("Rehearse"), _("Rehearsal started"))


@hooks.register("insert_global_admin_css")
def style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/admin/rehearsal.css"))
