"""What others ask of events: the calendar, a plan's page, the public page."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from campaigns.events import access, state, writing
from campaigns.events.models import Event, EventChange, EventQuerySet
from campaigns.events.state import Status
from campaigns.models import Plan


@dataclass(frozen=True, slots=True)
class Shown:
    """An event with its status and what was written about it."""

    event: Event
    status: Status
    articles: list[writing.Written]

    @property
    def published(self) -> list[writing.Written]:
        return [one for one in self.articles if one.is_published]


def moved(events: EventQuerySet) -> EventQuerySet:
    """Annotate whether each was put off."""
    changes = EventChange.objects.filter(event=OuterRef("pk"), kind=EventChange.Kind.POSTPONED)
    return events.annotate(was_moved=Exists(changes))


def shown(events: EventQuerySet) -> list[Shown]:
    """Return the events with status and articles; one query and those of the newsroom."""
    rows = list(moved(events).select_related("plan", "host"))
    return with_articles(rows)


def with_articles(rows: Collection[Event]) -> list[Shown]:
    """Return events read with ``moved`` with status and articles."""
    articles = writing.written([event.pk for event in rows])
    return [
        Shown(event, status_of(event, articles[event.pk]), articles[event.pk]) for event in rows
    ]


def status_of(event: Any, articles: Iterable[writing.Written]) -> Status:
    """Return the status of an event read with ``moved``."""
    has_article = any(one.is_published for one in articles)
    return state.of(event, has_article=has_article, was_moved=event.was_moved)


def of_plan(user: Any, plan: Plan) -> list[Shown]:
    """Return the events of a plan that the person may look at, in their order."""
    return shown(access.visible(user).filter(plan=plan).in_order())


def by_day(
    user: Any, first: date, last: date, wanted: Mapping[str, Any] | None
) -> Mapping[date, list[Event]]:
    """Return the person's events on each of these days, those that were called off left out.

    ``wanted``: columns and their values; ``None`` for no events at all.
    """
    if wanted is None:
        return {}
    rows = access.visible(user).between(first, last).filter(cancelled_at=None, **wanted)
    found: dict[date, list[Event]] = {}
    for event in rows.in_order().select_related("host", "plan"):
        day = max(event.day, first)
        while day <= min(event.last_day, last):
            found.setdefault(day, []).append(event)
            day += timedelta(days=1)
    return found


def from_day(user: Any, first: date, most: int, wanted: Mapping[str, Any] | None) -> list[Event]:
    """Return the person's next events from that day on; see ``by_day``."""
    if wanted is None:
        return []
    rows = access.visible(user).filter(ends_at__date__gte=first, cancelled_at=None, **wanted)
    return list(rows.in_order().select_related("host", "plan")[:most])


def public_of(plan: Plan) -> list[Shown]:
    """Return the events of a plan that residents may read of, with their published articles."""
    return shown(Event.objects.public().filter(plan=plan).in_order())
