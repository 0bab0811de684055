"""The admin's first page: what waits for the person, what is due, what goes out next."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import RecentEditsPanel

from editorial.desk import due, writing
from editorial.desk.entries import WAITING, Reader, Wanted
from editorial.review import queue
from editorial.review.menu import TodoPanel
from editorial.review.overriding import unreviewed_overrides
from editorial.review.reports import MAY_SEE
from editorial.review.states import State, with_state
from portal.models import AnnouncementPage, ArticlePage, StoryPage

SHOWN = 5
SOON = timedelta(days=7)
REPLACED = (TodoPanel, RecentEditsPanel)


class MinePanel(Component):
    """What waits for the person's own hand, the most pressing first, and their own items."""

    order = 15
    template_name = "editorial/desk/mine_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        now = timezone.now()
        steps = queue.waiting_for(user, now)
        under_way = queue.of_mine(user, now)
        returned = [row for row in under_way if row.state == State.RETURNED]
        drafts = drafts_of(user)
        return {
            "now": now,
            "steps": [first_of(step) for step in steps],
            "returned": returned[:SHOWN],
            "under_way": [row for row in under_way if row.state != State.RETURNED][:SHOWN],
            "drafts": drafts[:SHOWN],
            "more_drafts": len(drafts) > SHOWN,
            "overrides": unreviewed_overrides() if user.has_perm(MAY_SEE) else 0,
            "may_write": writing.may_write(user),
            "is_empty": not (steps or under_way or drafts),
        }


def first_of(step: queue.Step) -> dict[str, Any]:
    """Return the most pressing items of a step, and how many there are in all."""
    total = len(step.rows) + step.more
    return {"name": step.name, "rows": step.rows[:SHOWN], "total": total, "late": late(step.rows)}


def late(rows: Collection[queue.Row]) -> int:
    return sum(row.is_late for row in rows)


def drafts_of(user: Any) -> list[StoryPage]:
    """Return the person's own drafts that nobody else waits for, the newest first; one over."""
    found: list[StoryPage] = []
    for model in (ArticlePage, AnnouncementPage):
        own: Any = model.objects.filter(owner=user, alias_of=None).defer_streamfields()
        mine = with_state(own)
        drafts = mine.filter(review_state__in=[State.DRAFT, State.CHANGED])
        found += drafts.order_by("-latest_revision_created_at", "-pk")[: SHOWN + 1]
    return sorted(found, key=saved_at, reverse=True)[: SHOWN + 1]


def saved_at(page: StoryPage) -> float:
    moment: datetime | None = page.latest_revision_created_at
    return moment.timestamp() if moment else 0.0


class DuePanel(Component):
    """What the plans want: overdue first, then today, then the days up to a week from now."""

    order = 25
    template_name = "editorial/desk/due_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        today = timezone.localdate()
        activities = due.activities_for(user)
        late = due.overdue(activities, today)
        coming = due.between(activities, today, today + SOON)
        return {
            "may_see": any(user.has_perm(code) for code in due.MAY_READ),
            "late": late[:SHOWN],
            "more_late": max(len(late) - SHOWN, 0),
            "today": on(coming, today)[:SHOWN],
            "coming": [each for each in coming if each.day > today][:SHOWN],
            "more": max(len(coming) - len(on(coming, today)[:SHOWN]) - SHOWN, 0),
        }


def on(found: Collection[due.Due], day: date) -> list[due.Due]:
    return [each for each in found if each.day == day]


class NextPanel(Component):
    """What goes out by itself in the coming week."""

    order = 30
    template_name = "editorial/desk/next_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        today = timezone.localdate()
        reader = Reader(user, today, today + SOON, Wanted(kinds=WAITING))
        entries = reader.entries() if reader.writes else []
        return {
            "may_see": reader.writes,
            "entries": entries[:SHOWN],
            "more": max(len(entries) - SHOWN, 0),
        }


def arrange(request: HttpRequest, panels: list[Component]) -> None:
    """Put our panels in the place of those that would say the same again."""
    panels[:] = [panel for panel in panels if not isinstance(panel, REPLACED)]
    panels += [MinePanel(), DuePanel(), NextPanel()]


def calendar_item() -> MenuItem:
    return MenuItem(
        _("Calendar"),
        reverse("editorial_calendar"),
        name="calendar",
        icon_name="calendar",
        order=102,
    )
