"""The editor's side panel: each delivery of this item with its state, time and receipt."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from channels.models import Action, Delivery, State
from portal.models import StoryPage

#: State → the verbs a person may use on it.
VERBS: dict[str, list[str]] = {
    State.PENDING: ["cancel"],
    State.FAILED: ["send_again", "confirm", "cancel"],
    State.UNCERTAIN: ["confirm", "send_again", "cancel"],
    State.AWAITING: ["confirm", "cancel"],
}


def deliveries_of(page: StoryPage) -> list[Delivery]:
    """Return the item's deliveries, the newest of each channel first, each with its verbs.

    A delivery gets ``verbs`` (names of what a person may do), ``current`` (it is the last word on
    its channel) and ``blocked`` (it waits behind an uncertain one).
    """
    rows = list(
        Delivery.objects.of_story(page.story).select_related("channel").order_by("channel", "-pk")
    )
    seen: set[int] = set()
    doubtful = {row.channel_id for row in rows if row.state == State.UNCERTAIN}
    for row in rows:
        row.current = row.channel_id not in seen and row.state != State.CANCELLED
        row.blocked = row.state == State.PENDING and row.channel_id in doubtful and not row.forced
        row.verbs = verbs_for(row) if row.current or row.state == State.UNCERTAIN else []
        if row.current:
            seen.add(row.channel_id)
    return rows


def verbs_for(row: Any) -> list[str]:
    verbs = list(VERBS.get(row.state, []))
    if row.blocked:
        verbs.insert(0, "force")
    if row.state == State.UNCERTAIN and not row.current:
        verbs.remove("send_again")
    return verbs


def panel_context(page: StoryPage, request: HttpRequest) -> dict[str, Any]:
    """Return what the panel's list shows, whether in the editor or fetched again on its own."""
    rows = deliveries_of(page)
    can_act = page.permissions_for_user(request.user).can_publish()
    now = timezone.now()
    return {
        "page": page,
        "deliveries": rows,
        "can_act": can_act,
        "moving": any(row.state in State.unsettled() for row in rows),
        "overdue": [row for row in rows if row.state == State.AWAITING and row.due_at <= now],
        "retract": Action.RETRACT,
        "list_url": reverse("portal_deliveries", args=[page.pk]),
    }


class DeliverySidePanel(BaseSidePanel):
    """Shows where the item went, and lets those who may publish settle what is open."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Deliveries")
        icon_name = "upload"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["count"] = sum(
                row.state in {State.FAILED, State.UNCERTAIN}
                for row in deliveries_of(self.panel.object)
                if row.current
            )
            return context

    name = "deliveries"
    title = _("Deliveries")
    template_name = "portal/admin/deliveries_panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | panel_context(self.object, self.request)
