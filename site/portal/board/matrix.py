"""Items against channels: what was the last word of each channel on each item."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.db.models import Max, Q, QuerySet

from channels.models import Channel, Delivery, Publication, State
from core.finding import matching
from portal.publishing import STORY_PAGES

ROWS = 25  # items on one page of the board
#: How long a due delivery may lie before somebody should ask why no worker takes it.
SLOW = timedelta(minutes=1)
PROBLEMS = (State.FAILED, State.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Row:
    """One item: its cells stand in the order of the board's channels."""

    story: UUID
    title: str
    page: int | None  # of the item in the admin; ``None`` when it was deleted
    cells: list[Delivery | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person looks for."""

    words: str = ""
    state: str = ""  # one of ``State``, "problem", or "" for all
    channel: Channel | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board."""

    channels: list[Channel]
    rows: list[Row]
    part: "Part[Any]"
    gauges: Mapping[str, int] = field(default_factory=dict)


def board(wanted: Wanted, number: Any, now: datetime) -> Board:
    """Return one page of the items that are wanted, the newest publication first."""
    part = Paginator(stories(wanted, now), ROWS).get_page(number)
    keys = [entry["story"] for entry in part]
    last = last_words(keys)
    channels = columns(last, wanted.channel)
    titles = dict(
        Publication.objects.filter(pk__in=[entry["newest"] for entry in part]).values_list(
            "story", "title"
        )
    )
    pages = pages_of(keys)
    rows = [
        Row(
            story=key,
            title=titles[key],
            page=pages.get(key),
            cells=[last.get((key, channel.pk)) for channel in channels],
        )
        for key in keys
    ]
    return Board(channels, rows, part, gauges(now))


def stories(wanted: Wanted, now: datetime) -> QuerySet[Any, Any]:
    """Return the stories with their newest publication, the newest first."""
    found = Publication.objects.all()
    if wanted.words:
        named = Publication.objects.filter(pk__in=matching(found, ["title"], wanted.words))
        found = found.filter(story__in=named.values("story"))
    deliveries = Delivery.objects.all()
    if wanted.state == "problem":
        deliveries = deliveries.needing_a_person(now)
    elif wanted.state:
        deliveries = deliveries.filter(state=wanted.state)
    if wanted.channel is not None:
        deliveries = deliveries.for_channel(wanted.channel)
    if wanted.since is not None:
        deliveries = deliveries.filter(created_at__gte=wanted.since)
    if wanted.state or wanted.channel or wanted.since:
        found = found.filter(story__in=deliveries.order_by().values("story"))
    return found.order_by().values("story").annotate(newest=Max("pk")).order_by("-newest")


def last_words(keys: Iterable[UUID]) -> dict[tuple[UUID, int], Delivery]:
    """Return the newest delivery of each story on each channel; one that was replaced gives way."""
    last: dict[tuple[UUID, int], Delivery] = {}
    rows = Delivery.objects.filter(story__in=list(keys)).select_related("channel")
    for row in rows.defer("payload", "receipt", "channel__secret").order_by("pk"):
        place = (row.story, row.channel_id)
        if row.state != State.CANCELLED or place not in last:
            last[place] = row
    return last


def columns(last: Mapping[tuple[UUID, int], Delivery], chosen: Channel | None) -> list[Channel]:
    """Return the chosen channel, or those that are on and those that something went to."""
    if chosen is not None:
        return [chosen]
    used = {channel for _story, channel in last}
    return list(Channel.objects.filter(Q(is_active=True) | Q(pk__in=used)).defer("secret"))


def pages_of(keys: Iterable[UUID]) -> dict[UUID, int]:
    """Return the page of each story that still has one."""
    keys = list(keys)
    return {
        story: pk
        for kind in STORY_PAGES
        for story, pk in kind.objects.filter(story__in=keys, alias_of=None).values_list(
            "story", "pk"
        )
    }


def gauges(now: datetime) -> dict[str, int]:
    """Return how many deliveries need a person, are overdue, or are due and were not taken."""
    return {
        "problems": Delivery.objects.filter(state__in=PROBLEMS).count(),
        "overdue": Delivery.objects.filter(state=State.AWAITING, due_at__lte=now).count(),
        "not_taken": Delivery.objects.filter(state=State.PENDING, due_at__lte=now - SLOW)
        .on_working_channel(now)
        .count(),
    }
