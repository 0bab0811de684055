"""Corrections beside the item in the editor, and what has not arrived on the dashboard."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.side_panels import BaseSidePanel

from portal.corrections import ripple
from portal.corrections.ripple_views import may_see_recalls
from portal.models import Correction, RecallTask, StoryPage
from portal.panels import register_side_panel

SHOWN = 10


class CorrectionsSidePanel(BaseSidePanel):
    """Lists the item's corrections, and leads to correcting, withdrawing and following it."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Corrections")
        icon_name = "rotate"

    name = "corrections"
    title = _("Corrections")
    template_name = "portal/admin/corrections/side_panel.html"
    order = 160

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        page = self.object
        rows = list(Correction.objects.of_story(page.story).newest_first().select_related("user"))
        tester = page.permissions_for_user(self.request.user)
        withdrawn = bool(rows) and rows[0].is_withdrawal and not page.live
        may_publish = tester.holds_publishing()
        return context | {
            "item": page,
            "corrections": rows,
            "withdrawn": withdrawn,
            "can_withdraw": may_publish and page.live,
            "can_correct": may_publish
            and (withdrawn or (page.live and page.has_unpublished_changes)),
        }


@register_side_panel
def side_panel(page: StoryPage, request: HttpRequest) -> BaseSidePanel:
    return CorrectionsSidePanel(page, request)


class CorrectionsPanel(Component):
    """The dashboard's list of corrections that have not reached every place, and of recalls."""

    order = 30
    template_name = "portal/admin/corrections/dashboard.html"

    def __init__(self, user: Any, *, newsroom: bool) -> None:
        self.user, self.newsroom = user, newsroom

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        now = timezone.now()
        under_way = ripple.not_arrived() if self.newsroom else Correction.objects.none()
        mine = RecallTask.objects.open().of(self.user).select_related("copy").distinct()
        recalls = mine if may_see_recalls(self.user) else RecallTask.objects.none()
        return {
            "heading": _("Corrections under way"),
            "under_way": under_way.select_related("page")[:SHOWN],
            "recalls": recalls[:SHOWN],
            "overdue": recalls.overdue(now).count(),
        }
