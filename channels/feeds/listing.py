"""What a feed lists now: entries, tombstones, and the moment of the last change."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from pydantic import ValidationError

from channels.adapters.feed import Feed
from channels.adapters.feed_options import Options
from channels.feeds import addresses
from channels.feeds.entries import (
    Entry,
    Listing,
    Podcast,
    entry_from,
    legal,
    podcast_guid,
    tombstone,
)
from channels.models import Action, Channel, Delivery, State
from channels.payload import message_from_json

# The listed items are the newest among this many times as many latest changes, so that a feed of
# ten years costs no more than a feed of ten days.
WINDOW = 4

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Last change of a feed in which nothing ever happened: a constant keeps its ETag stable."""


class _Row(NamedTuple):
    """What decides whether, and where, a story is listed."""

    pk: int
    story: UUID
    sequence: int
    settled_at: datetime | None
    published: str  # ISO 8601 with offset
    expires_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


def options_of(channel: Channel) -> Options | None:
    """Return the feed's settings; ``None`` when what is stored is not valid any more."""
    try:
        return Feed.Options.model_validate(channel.options)
    except ValidationError:
        return None


def head(channel: Channel, options: Options) -> tuple[str, str]:
    """Return the title and the description that subscribers see."""
    title = legal(options.title or channel.name)
    return title, legal(options.description or title)


def listing(
    channel: Channel, options: Options, now: datetime, *, embargoed: bool = False
) -> Listing:
    """Return what the channel's feed lists at ``now``. Two queries, however many items.

    ``embargoed``: with what is handed to stations before the public may know of it. Without it
    nothing tells of such items, not even of their withdrawal, whatever the time: they become public
    when the clock publishes them to everybody.
    """
    settled = _latest_of_each_story(channel, WINDOW * options.limit, embargoed=embargoed)
    shown = [row for row in settled if not row.is_over(now)]
    shown.sort(key=_order, reverse=True)
    shown = shown[: options.limit]
    payloads = Delivery.objects.in_bulk([row.pk for row in shown])
    title, description = head(channel, options)
    return Listing(
        slug=channel.slug,
        title=title,
        description=description,
        language="vi",
        variant=options.variant,
        entries=tuple(entry_of(payloads[row.pk]) for row in shown if row.pk in payloads),
        changed=_last_change(settled, now),
        rights=legal(options.rights),
        hubs=tuple(options.hubs),
        podcast=podcast_of(channel.slug, options, title) if options.podcast else None,
    )


def podcast_of(slug: str, options: Options, title: str) -> Podcast:
    """Return what a podcast says of itself."""
    return Podcast(
        guid=options.podcast_guid or podcast_guid(addresses.public(slug, "xml")),
        author=legal(options.podcast_author) or title,
        owner=legal(options.podcast_owner) or title,
        email=legal(options.podcast_email),
        cover=legal(options.podcast_cover),
        category=options.podcast_category,
        order=options.podcast_type,
        medium=options.podcast_medium,
        explicit=options.podcast_explicit,
        locked=options.podcast_locked,
    )


def _latest_of_each_story(channel: Channel, changes: int, *, embargoed: bool) -> list[_Row]:
    everything = Q() if embargoed else Q(publication__embargo_until=None)
    rows = (
        Delivery.objects.for_channel(channel)
        .filter(everything, state=State.DELIVERED)
        .order_by("-settled_at", "-pk")
        .values_list(
            "pk", "story", "sequence", "settled_at", "payload__published", "publication__expires_at"
        )[:changes]
    )
    latest: dict[UUID, _Row] = {}
    for row in map(_Row._make, rows):
        known = latest.get(row.story)
        if known is None or (row.sequence, row.pk) > (known.sequence, known.pk):
            latest[row.story] = row
    return list(latest.values())


def _order(row: _Row) -> tuple[datetime, int]:
    return datetime.fromisoformat(row.published), row.pk


def _last_change(rows: list[_Row], now: datetime) -> datetime:
    moments = [row.settled_at for row in rows if row.settled_at]
    # An entry that expired went away at that moment.
    moments += [row.expires_at for row in rows if row.expires_at and row.expires_at <= now]
    return max(moments, default=NEVER)


def entry_of(delivery: Delivery) -> Entry:
    """Return a delivered row as the feed shows it."""
    message = message_from_json(delivery.payload)
    pk, version = delivery.pk, delivery.sequence
    if delivery.action == Action.RETRACT:
        when = delivery.settled_at or delivery.created_at
        return tombstone(message, when, delivery=pk, version=version)
    return entry_from(message, delivery=pk, version=version)
