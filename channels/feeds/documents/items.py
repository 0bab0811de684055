"""What RSS and Atom have in common: one entry as Django's feed generators take it."""

import math
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils import timezone
from django.utils.feedgenerator import Enclosure, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator

from channels.contract import Document
from channels.feeds.entries import Entry, Listing

WITHDRAWN = "[ĐÃ GỠ]"
"""Title of a withdrawn entry, in the language of the feed: receivers match it literally."""

DELETED = "http://purl.org/atompub/tombstones/1.0"
"""RFC 6721, section 5."""
DCTERMS = "http://purl.org/dc/terms/"
MEDIA = "http://search.yahoo.com/mrss/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"

Item = dict[str, Any]


def common(listing: Listing, *, site: str, own: str) -> dict[str, Any]:
    """Return what the head of both formats is made from."""
    return {
        "title": listing.title,
        "link": site,
        "language": listing.language,
        "feed_url": own,
        "feed_copyright": listing.rights or None,
        "changed": timezone.localtime(listing.changed),
        "listing": listing,
    }


def enclosures_of(entry: Entry, *, sound_first: bool) -> list[Enclosure]:
    """Return what readers may download, the most wanted first."""
    pictures = [Enclosure(one.url, str(one.size), one.mime) for one in entry.pictures[:1]]
    sounds = [entry.sound] if entry.sound else []
    recordings = [Enclosure(one.url, str(one.size), one.mime) for one in sounds]
    return recordings + pictures if sound_first else pictures + recordings


def whole_seconds(sound: Document) -> int:
    """Return how long the recording lasts, a part of a second counting as one."""
    return math.ceil(sound.seconds)


def add_items(feed: SyndicationFeed, listing: Listing, *, most_enclosures: int | None) -> bytes:
    """Add every entry and return the document."""
    for entry in listing.entries:
        found = enclosures_of(entry, sound_first=listing.leads_with_sound)
        feed.add_item(
            title=WITHDRAWN if entry.withdrawn else entry.title,
            link=entry.address,
            description=entry.text_html,
            author_name=entry.author or None,
            pubdate=entry.published,
            updateddate=entry.updated,
            unique_id=entry.id,
            unique_id_is_permalink=False,
            categories=[entry.section] if entry.section else (),
            enclosures=found[:most_enclosures],
            entry=entry,
        )
    return feed.writeString("utf-8").encode()


def element(
    handler: SimplerXMLGenerator, name: str, text: str | None = None, /, **attributes: str
) -> None:
    """Write an element without children."""
    handler.addQuickElement(name, text, attributes)


def begin(handler: SimplerXMLGenerator, name: str, /, **attributes: str) -> None:
    handler.startElement(name, AttributesImpl(attributes))
