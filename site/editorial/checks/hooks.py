"""Registrations only; imported when the app is ready."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.log_actions import LogActionRegistry, LogFormatter

from editorial.checks import gate, panel
from editorial.checks.rendered import OurChecks
from portal import gates
from portal.models import StoryPage
from portal.panels import register_side_panel

gates.register(gate.before_publishing)
gates.register_submission(gate.before_submitting)


@register_side_panel
def side_panel(page: StoryPage, request: HttpRequest) -> BaseSidePanel:
    return panel.FindingsSidePanel(page, request)


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [path("checks/<int:pk>/", panel.finding_list, name="editorial_checks")]


@hooks.register("insert_editor_js")
def script() -> str:
    return format_html('<script type="module" src="{}"></script>', static("editorial/checks.js"))


@hooks.register("insert_global_admin_css")
def style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/checks.css"))


@hooks.register("construct_wagtail_userbar")
def check_rendered(request: HttpRequest, items: list[Any], page: Any) -> None:
    items[:] = [
        OurChecks(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]


class AcceptFormatter(LogFormatter):
    label = gettext_lazy("Accept warnings")
    message = gettext_lazy("Warnings accepted")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data or {}
        words = {"warnings": " ".join(data.get("messages", ()))}
        if data.get("stage") == gate.SUBMIT:
            return _("Submitted in spite of warnings: %(warnings)s") % words
        return _("Published in spite of warnings: %(warnings)s") % words


@hooks.register("register_log_actions")
def verbs(actions: LogActionRegistry) -> None:
    actions.register_action(gate.ACCEPT)(AcceptFormatter)
