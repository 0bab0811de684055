"""What a feed lists now: entries, tombstones, and the moment of the last change."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from pydantic import ValidationError

from channels.adapters.feed import Feed, Options
from channels.adapters.feed_contents import as_html, paragraphs
from channels.contract import Message, Picture
from channels.models import Action, Channel, Delivery, State
from channels.payload import message_from_json

# The listed items are the newest among this many times as many latest changes, so that a feed of
# ten years costs no more than a feed of ten days.
WINDOW = 4

# Characters that XML 1.0 (section 2.2) forbids even as references.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Last change of a feed in which nothing ever happened: a constant keeps its ETag stable."""


def legal(text: str) -> str:
    """Return the text without characters that no XML document may hold."""
    return _ILLEGAL.sub("", text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of a feed. A withdrawn one keeps its id and times, and says nothing else."""

    id: str  # urn:uuid:…
    published: datetime  # local time
    updated: datetime  # local time; of a withdrawn entry: when it was taken down
    withdrawn: bool = False
    title: str = ""
    text: str = ""  # plain
    html: str = ""
    address: str = ""
    author: str = ""
    section: str = ""
    image: Picture | None = None
    delivery: int = 0  # id of the row it was made from

    @property
    def text_html(self) -> str:
        """The plain text as escaped HTML paragraphs, for fields that readers take for HTML."""
        return as_html(paragraphs(self.text))


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A feed's head and its entries, newest first."""

    slug: str
    title: str
    description: str
    language: str
    variant: str
    entries: tuple[Entry, ...]
    changed: datetime


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
        entries=tuple(_entry(payloads[row.pk]) for row in shown if row.pk in payloads),
        changed=_last_change(settled, now),
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


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(microsecond=0)


def _entry(delivery: Delivery) -> Entry:
    message = message_from_json(delivery.payload)
    identity = f"urn:uuid:{delivery.story}"
    published = _local(message.published)
    if delivery.action == Action.RETRACT:
        taken_down = _local(delivery.settled_at or delivery.created_at)
        return Entry(
            delivery=delivery.pk,
            id=identity,
            published=published,
            updated=taken_down,
            withdrawn=True,
        )
    return Entry(
        delivery=delivery.pk,
        id=identity,
        published=published,
        updated=max(_local(message.updated), published),
        title=legal(message.title),
        text=legal(message.text),
        html=legal(message.html),
        address=legal(message.address),
        author=legal(message.author),
        section=legal(message.section),
        image=_legal_picture(message),
    )


def _legal_picture(message: Message) -> Picture | None:
    image = message.image
    if image is None:
        return None
    return Picture(
        url=legal(image.url),
        file=image.file,
        mime=legal(image.mime),
        size=image.size,
        width=image.width,
        height=image.height,
        alt=legal(image.alt),
        caption=legal(image.caption),
        credit=legal(image.credit),
    )
