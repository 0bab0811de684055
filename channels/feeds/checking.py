"""Whether a feed's documents are what readers can use: well-formed, whole, and fresh."""

import json
from collections.abc import Callable
from datetime import datetime
from xml.etree import ElementTree as ET

from django.utils import timezone
from django.utils.translation import gettext as _

from channels.contract import PermanentError, TemporaryError
from channels.feeds import addresses
from channels.feeds.entries import Listing
from channels.feeds.listing import listing, options_of
from channels.feeds.views import FORMATS
from channels.models import Channel, Delivery, State

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def check(channel: Channel) -> str:
    """Write each document of the feed as readers get it, and read it again. Publishes nothing.

    Returns the feed's address. Raises ``PermanentError`` or ``TemporaryError``.
    """
    options = options_of(channel)
    if options is None:
        raise PermanentError(_("The feed's settings are not valid any more. Save its form again."))
    now = timezone.now()
    listed = listing(channel, options, now)
    _check_fresh(channel, listed, options.limit, now)
    for form, written in FORMATS.items():
        own = addresses.public(channel.slug, form)
        body = written.write(listed, site=addresses.site(), own=own)
        if identities(form, body) != {entry.id for entry in listed.entries}:
            raise TemporaryError(
                _("The feed's document (%s) lacks items that are published.") % written.label
            )
    return addresses.public(channel.slug, "xml")


def identities(form: str, body: bytes) -> set[str]:
    """Return the ids of the items a document lists, withdrawn ones included.

    Raises ``TemporaryError`` when it is not well-formed, or lacks what its format demands.
    """
    try:
        return READERS[form](body)
    except (ET.ParseError, ValueError, KeyError, TypeError, AttributeError):
        words = _("The feed's document (%s) is not well-formed: readers cannot use it.")
        raise TemporaryError(words % FORMATS[form].label) from None


def _check_fresh(channel: Channel, listed: Listing, limit: int, now: datetime) -> None:
    """Raise ``TemporaryError`` when the latest public change is not in the feed."""
    changes = Delivery.objects.for_channel(channel).filter(
        state=State.DELIVERED, publication__embargo_until=None
    )
    last = changes.select_related("publication").order_by("-settled_at", "-pk").first()
    if last is None or last.settled_at is None:
        return
    over = last.publication.expires_at
    there = f"urn:uuid:{last.story}" in {entry.id for entry in listed.entries}
    room = len(listed.entries) < limit  # else newer items may have pushed it out
    if listed.changed < last.settled_at or (room and not there and not (over and over <= now)):
        raise TemporaryError(_("The feed is stale: it does not show the latest change."))


def _of_rss(body: bytes) -> set[str]:
    """RSS 2.0: a channel has title, link and description, an item of ours a guid."""
    root = ET.fromstring(body)  # noqa: S314 - our own document, of bounded size
    if root.tag != "rss" or root.get("version") != "2.0":
        raise ValueError
    channel = root.find("channel")
    _demand(channel, "title", "link", "description")
    return {_text(item, "guid") for item in channel.findall("item")}  # type: ignore[union-attr]


def _of_atom(body: bytes) -> set[str]:
    """RFC 4287, 4.1.1 and 4.1.2: feed and entries have id, title and updated; RFC 6721."""
    root = ET.fromstring(body)  # noqa: S314 - as above
    if root.tag != f"{ATOM}feed":
        raise ValueError
    for element in (root, *root.findall(f"{ATOM}entry")):
        _demand(element, *(f"{ATOM}{name}" for name in ("id", "title", "updated")))
    entries = {_text(entry, f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")}
    return entries | {stone.attrib["ref"] for stone in root.findall(TOMBSTONE)}


def _of_json(body: bytes) -> set[str]:
    """JSON Feed 1.1: version, title and items; an item has an id."""
    document = json.loads(body)
    if document["version"] != "https://jsonfeed.org/version/1.1" or not document["title"]:
        raise ValueError
    return {str(item["id"]) for item in document["items"]}


def _demand(element: ET.Element | None, *names: str) -> None:
    for name in names:
        _text(element, name)


def _text(element: ET.Element | None, name: str) -> str:
    """Return what a child says. Raises ``ValueError`` when it says nothing."""
    text = element.findtext(name) if element is not None else ""
    if not text or not text.strip():
        raise ValueError(name)
    return text


READERS: dict[str, Callable[[bytes], set[str]]] = {
    "xml": _of_rss,
    "atom": _of_atom,
    "json": _of_json,
}
