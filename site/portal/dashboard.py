"""The admin's first page: what went wrong on its way out, until a person has settled it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from channels import attention
from channels.models import Channel, Delivery, State
from organisations.models import User
from portal import missed, publishing
from portal.models import StoryPage

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Alarm:
    """One delivery that waits for a person, with the item it belongs to if that still exists."""

    delivery: Delivery
    page: StoryPage | None


class AttentionPanel(Component):
    """Deliveries that need a person, channels that stopped, schedules that were missed."""

    order = 20
    template_name = "portal/admin/attention_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        now = timezone.now()
        waiting = Delivery.objects.needing_a_person(now).select_related("channel", "publication")
        return {
            "heading": _("Needs a person"),
            "alarms": [
                Alarm(row, publishing.page_of_story(row.story))
                for row in waiting.order_by("-pk")[:SHOWN]
            ],
            "more": max(waiting.count() - SHOWN, 0),
            "blocked": blocked_behind_doubt(),
            "expiring": attention.due(now),
            "stopped": Channel.objects.active().exclude(stopped_at=None),
            "missed": (late := missed.missed(now))[:SHOWN],
            "more_missed": max(len(late) - SHOWN, 0),
            "advice": missed.advice(now) if late else "",
        }


def blocked_behind_doubt() -> int:
    """Return how many corrections and withdrawals wait behind an uncertain delivery."""
    doubtful = Delivery.objects.filter(state=State.UNCERTAIN).values("channel", "story")
    return sum(
        Delivery.objects.filter(state=State.PENDING, forced=False, **pair).count()
        for pair in doubtful.distinct()
    )


def may_see(user: User | AnonymousUser) -> bool:
    return user.has_perm("channels.view_delivery")
