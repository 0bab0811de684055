"""What a feed consists of: entries, tombstones, its head. Pure, and fit for any document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from channels.adapters.feed_contents import SPOKEN, as_html, paragraphs
from channels.contract import Document, Message, Picture

# Characters that XML 1.0 (section 2.2) forbids even as references.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

PODCAST_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Of the podcast namespace, for the identities of podcasts."""


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
    pictures: tuple[Picture, ...] = ()  # the main one first
    other_picture: Picture | None = None  # the main one in another size
    sound: Document | None = None
    embargo: datetime | None = None  # local time; not to be used before
    corrected: datetime | None = None  # local time
    delivery: int = 0  # id of the row it was made from
    version: int = 0
    confirm: str = ""  # where a station says that it received or aired it

    @property
    def image(self) -> Picture | None:
        """The main picture."""
        return self.pictures[0] if self.pictures else None

    @property
    def story(self) -> str:
        """The UUID of the item."""
        return self.id.removeprefix("urn:uuid:")

    @property
    def text_html(self) -> str:
        """The plain text as escaped HTML paragraphs, for fields that readers take for HTML."""
        return as_html(paragraphs(self.text))


@dataclass(frozen=True, kw_only=True, slots=True)
class Podcast:
    """What a feed says of itself to podcast programs and directories."""

    guid: str  # UUID, the same wherever the feed moves
    author: str
    owner: str
    email: str
    cover: str  # absolute address of a square picture
    category: str  # of Apple's list; "parent/child"
    order: str  # episodic, serial
    medium: str
    explicit: bool
    locked: bool


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
    rights: str = ""
    hubs: tuple[str, ...] = ()
    podcast: Podcast | None = None
    private: bool = False  # one station's own

    @property
    def leads_with_sound(self) -> bool:
        """Whether the one enclosure that RSS has room for is the recording, not the picture."""
        return self.podcast is not None or self.variant in SPOKEN


def podcast_guid(address: str) -> str:
    """Return the identity that the podcast namespace gives a feed of this address."""
    return str(uuid5(PODCAST_NAMESPACE, address.partition("://")[2].rstrip("/")))


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(microsecond=0)


def tombstone(message: Message, when: datetime, *, delivery: int = 0, version: int = 1) -> Entry:
    """Return what is left of an item that was withdrawn at that moment."""
    return Entry(
        id=f"urn:uuid:{message.story}",
        published=_local(message.published),
        updated=_local(when),
        withdrawn=True,
        delivery=delivery,
        version=version,
    )


def entry_from(message: Message, *, delivery: int = 0, version: int = 1) -> Entry:
    """Return the item as the feed shows it. ``delivery`` is the row it comes from."""
    published = _local(message.published)
    return Entry(
        id=f"urn:uuid:{message.story}",
        published=published,
        updated=max(_local(message.updated), published),
        title=legal(message.title),
        text=legal(message.text),
        html=legal(message.html),
        address=legal(message.address),
        author=legal(message.author),
        section=legal(message.section),
        pictures=tuple(map(_legal_picture, _pictures(message))),
        sound=next((_legal_document(one) for one in message.documents if one.is_audio), None),
        delivery=delivery,
        version=version,
        **_marks(message.details),
    )


def _pictures(message: Message) -> list[Picture]:
    return [picture for picture in (message.image, *message.images) if picture is not None]


def _marks(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the adapter noted for programs; rows written before it did have nothing."""
    found: dict[str, Any] = {
        name: _local(datetime.fromisoformat(details[name]))
        for name in ("embargo", "corrected")
        if details.get(name)
    }
    if details.get("other_picture"):
        found["other_picture"] = _legal_picture(Picture(**details["other_picture"]))
    return found


def _legal_picture(image: Picture) -> Picture:
    return replace(
        image,
        url=legal(image.url),
        mime=legal(image.mime),
        alt=legal(image.alt),
        caption=legal(image.caption),
        credit=legal(image.credit),
    )


def _legal_document(document: Document) -> Document:
    return replace(
        document,
        url=legal(document.url),
        mime=legal(document.mime),
        title=legal(document.title),
    )
