"""The admin's first page: what went wrong on its way out, until a person has settled it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from channels import attention
from channels.calling.models import Call
from channels.models import Channel, Delivery, State
from channels.watching import rules
from channels.watching.models import Alarm, WatchSettings
from organisations.models import User
from portal import missed, publishing
from portal.models import StoryPage

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Open:
    """One delivery that waits for a person, with the item it belongs to if that still exists."""

    delivery: Delivery
    page: StoryPage | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An officer who did not acknowledge, with the announcement if it still exists."""

    call: Call
    page: StoryPage | None


class AttentionPanel(Component):
    """Deliveries that need a person, channels that stopped, schedules that were missed."""

    order = 20
    template_name = "portal/admin/attention_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        now = timezone.now()
        waiting = Delivery.objects.needing_a_person(now).select_related("channel", "publication")
        unanswered = Call.objects.unanswered().select_related("publication", "contact")
        return {
            "heading": _("Needs a person"),
            "alarms": [
                Open(row, publishing.page_of_story(row.story))
                for row in waiting.order_by("-pk")[:SHOWN]
            ],
            "more": max(waiting.count() - SHOWN, 0),
            "unanswered": [
                Unanswered(call, publishing.page_of_story(call.story))
                for call in unanswered[:SHOWN]
            ],
            "blocked": blocked_behind_doubt(),
            "expiring": attention.due(now),
            "stopped": Channel.objects.active().exclude(stopped_at=None),
            "watch": watched(now),
            "missed": (late := missed.missed(now))[:SHOWN],
            "more_missed": max(len(late) - SHOWN, 0),
            "advice": missed.advice(now) if late else "",
        }


def watched(now: datetime) -> list[str]:
    """Return what the watch found that this page does not show otherwise.

    That no worker is at work is seen here and now: a dead one cannot have told.
    """
    shown = ("worker", "overdue", "attention", "schedule")
    silent = [found.text for found in rules.worker_silent(now, WatchSettings.load())]
    told = Alarm.objects.open().exclude(kind__in=shown).values_list("text", flat=True)
    return [*silent, *told[:SHOWN]]


def blocked_behind_doubt() -> int:
    """Return how many corrections and withdrawals wait behind an uncertain delivery."""
    doubt = Delivery.objects.filter(
        channel=OuterRef("channel"), story=OuterRef("story"), state=State.UNCERTAIN
    )
    waiting = Delivery.objects.undelivered().filter(state=State.PENDING, forced=False)
    return waiting.filter(Exists(doubt)).count()


def may_see(user: User | AnonymousUser) -> bool:
    return user.has_perm("channels.view_delivery")
