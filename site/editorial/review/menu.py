"""What the office adds to Wagtail's menus, buttons and first page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import (
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from editorial.review import queue
from editorial.review.notices import NoticesPanel
from editorial.review.overriding import may_override, unreviewed_overrides
from editorial.review.reports import MAY_SEE
from portal.models import StoryPage
from portal.viewsets import ForWriters

REPLACED = (UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel)


class UrgentItem(ActionMenuItem):
    """In the editor's menu, for a member of the board who may not publish the item otherwise."""

    name = "action-urgent"
    label = _("Publish urgently…")
    icon_name = "warning"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page, user = context.get("page"), context["request"].user
        if not isinstance(page, StoryPage) or not may_override(user):
            return False
        newest = page.has_unpublished_changes or not page.live
        return newest and not page.permissions_for_user(user).can_publish()

    def get_url(self, parent_context: dict[str, Any]) -> str:
        page = parent_context["page"]
        return reverse("editorial_review_item", args=[page.pk]) + "#urgent"


class OverridesItem(MenuItem):
    """Among the reports, for those who may read them."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_SEE))


def queue_item() -> MenuItem:
    return ForWriters(
        _("To do"), reverse("editorial_review"), name="review", icon_name="tasks", order=100
    )


def overrides_item() -> MenuItem:
    return OverridesItem(
        _("Urgent publications"),
        reverse("editorial_overrides"),
        name="overrides",
        icon_name="warning",
        order=710,
    )


class TodoPanel(Component):
    """What waits for the person's own steps, and for the board to review afterwards."""

    order = 15
    template_name = "editorial/review/todo_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        return {
            "waiting": queue.count_for(user),
            "overrides": unreviewed_overrides() if user.has_perm(MAY_SEE) else 0,
        }


def arrange_home(panels: list[Component]) -> None:
    """Put our panels in the place of Wagtail's two about its workflow."""
    panels[:] = [panel for panel in panels if not isinstance(panel, REPLACED)]
    panels += [NoticesPanel(), TodoPanel()]
