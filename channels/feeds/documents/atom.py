"""A listing as Atom (RFC 4287), withdrawn entries by RFC 6721."""

from typing import Any

from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from channels.feeds.documents import items, media
from channels.feeds.documents.items import Item, begin, element
from channels.feeds.entries import Entry, Listing


def atom(listing: Listing, *, site: str, own: str) -> bytes:
    """Return the listing as Atom. ``site`` and ``own`` are absolute addresses."""
    podcast = listing.podcast
    feed = _Atom(
        description=None,
        subtitle=listing.description,
        # Entries without an author of their own need one (4.1.1).
        author_name=podcast.author if podcast else listing.title,
        feed_guid=own,
        **items.common(listing, site=site, own=own),
    )
    return items.add_items(feed, listing, most_enclosures=None)


class _Atom(Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        spaces = {"at": items.DELETED, "dcterms": items.DCTERMS, "media": items.MEDIA}
        declared = {f"xmlns:{prefix}": address for prefix, address in spaces.items()}
        return {**super().root_attributes(), **declared}

    def latest_post_date(self) -> Any:
        return self.feed["changed"]

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        listing: Listing = self.feed["listing"]
        for hub in listing.hubs:
            element(handler, "link", None, rel="hub", href=hub)
        if listing.podcast:
            element(handler, "logo", iri_to_uri(listing.podcast.cover))
        media.add_media_head(handler, listing)

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        for item in self.items:
            name, attributes = "entry", {}
            if item["entry"].withdrawn:
                name, when = "at:deleted-entry", rfc3339_date(item["updateddate"])
                attributes = {"ref": item["unique_id"], "when": when}
            begin(handler, name, **attributes)
            self.add_item_elements(handler, item)
            handler.endElement(name)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Item) -> None:
        entry: Entry = item["entry"]
        if not entry.withdrawn:
            super().add_item_elements(handler, item)
            _add_more(handler, entry)
        if entry.confirm:  # RFC 4685: where answers are given
            element(handler, "link", None, rel="replies", type="text/html", href=entry.confirm)


def _add_more(handler: SimplerXMLGenerator, entry: Entry) -> None:
    if entry.embargo:
        element(handler, "dcterms:available", rfc3339_date(entry.embargo))
    if entry.html:
        element(handler, "content", entry.html, type="html")
    media.add_media(handler, entry)
