"""Who sees events, and who may enter what.

Planners run all events; officers enter what their own agency has in one, and all of an event that
their agency hosts, but for its decisions.
"""

from typing import Any

from django.db.models import QuerySet

from campaigns.events.models import Event, EventQuerySet, Guest, GuestQuerySet, ReviewCampaign
from campaigns.showing import scope
from organisations.models import Organisation

VIEW = "campaigns.view_event"
ADD = "campaigns.add_event"
CHANGE = "campaigns.change_event"
DELETE = "campaigns.delete_event"
SERVE = "campaigns.serve_event"
VIEW_REVIEW = "campaigns.view_reviewcampaign"
CHANGE_REVIEW = "campaigns.change_reviewcampaign"
ANSWER_REVIEW = "campaigns.answer_review"


def visible(user: Any) -> EventQuerySet:
    """Return the events the person may look at: those of drafts are for planners."""
    events: EventQuerySet = Event.objects.all()
    if not user.has_perm(VIEW):
        return events.none()
    return events if user.has_perm(scope.MAY_PLAN) else events.filter(plan__live=True)


def visible_reviews(user: Any) -> QuerySet[ReviewCampaign]:
    """Return the campaigns of review the person may look at."""
    rows = ReviewCampaign.objects.all()
    if not user.has_perm(VIEW_REVIEW):
        return rows.none()
    return rows if user.has_perm(scope.MAY_PLAN) else rows.filter(plan__live=True)


def own(user: Any) -> set[int]:
    """Return the numbers of the person's agencies. One query."""
    return set(user.organisations.values_list("pk", flat=True))


def runs(user: Any, event: Event, mine: set[int]) -> bool:
    """Whether the person may enter all of the event: a planner, or an officer of its host."""
    return user.has_perm(CHANGE) or (user.has_perm(SERVE) and event.host_id in mine)


def serves(user: Any, event: Event, mine: set[int], *agencies: int | None) -> bool:
    """Whether the person may enter something of the event that belongs to these agencies."""
    if runs(user, event, mine):
        return True
    return bool(user.has_perm(SERVE) and mine.intersection(agencies))


def guests_of(user: Any, event: Event, mine: set[int]) -> GuestQuerySet:
    """Return the guests the person may see: all, or those of their agency and their site."""
    rows: GuestQuerySet = Guest.objects.filter(event=event)
    if runs(user, event, mine):
        return rows
    if not user.has_perm(SERVE):
        return rows.none()
    return rows.filter(organisation__in=mine) | rows.filter(site__organisation__in=mine)


def answers(user: Any, agency: int, mine: set[int]) -> bool:
    """Whether the person may submit this agency's review."""
    return bool(user.has_perm(ANSWER_REVIEW) and agency in mine)


def existing(day: Any) -> QuerySet[Organisation]:
    """Return the agencies, without groups, that exist on that day, by name."""
    rows = Organisation.objects.valid_on(day).exclude(kind=Organisation.Kind.GROUP)
    return rows.order_by("name", "pk")
