"""The editor's side panel on timing: when this item goes out, to whom before, with what else."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from channels.models import Channel
from portal import timing, waiting
from portal.models import StoryPage
from portal.stories import embargo_of


class TimingSidePanel(BaseSidePanel):
    """Says in sentences what is settled about the time, and leads to the bundles."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Timing")
        icon_name = "time"

    name = "timing"
    title = _("Timing")
    template_name = "portal/admin/bundles/timing_panel.html"
    order = 160

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        page: StoryPage = self.object
        bundle = waiting.bundle_of(page)
        return context | {
            "bundle": bundle,
            "waits": waiting.until_when(page, bundle),
            "scheduled": page.scheduled_revision,
            "can_unschedule": page.permissions_for_user(self.request.user).can_unschedule(),
            **embargo_context(page),
            "expires": timing.in_words(page.expire_at) if page.expire_at else "",
            "may_bundle": self.request.user.has_perm("portal.change_bundle"),
        }


def embargo_context(page: StoryPage) -> dict[str, Any]:
    """Return the end of the embargo in words, and the names of the stations, while it runs."""
    until = embargo_of(page, timezone.now())
    early = page.early_channels if until else []
    names = Channel.objects.filter(slug__in=early).values_list("name", flat=True) if early else []
    return {"embargo": timing.in_words(until) if until else "", "stations": list(names)}
