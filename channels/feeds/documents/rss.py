"""A listing as RSS 2.0."""

from typing import Any

from django.utils.feedgenerator import Rss201rev2Feed, rfc2822_date, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from channels.feeds.documents import items, media, podcast
from channels.feeds.documents.items import Item, element
from channels.feeds.entries import Entry, Listing


def rss(listing: Listing, *, site: str, own: str) -> bytes:
    """Return the listing as RSS 2.0. ``site`` and ``own`` are absolute addresses."""
    head = items.common(listing, site=site, own=own)
    feed = _Rss(description=listing.description, **head)
    return items.add_items(feed, listing, most_enclosures=1)


class _Rss(Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        more = {"itunes": items.ITUNES, "podcast": items.PODCAST}
        spaces = {
            "content": "http://purl.org/rss/1.0/modules/content/",
            "dc": "http://purl.org/dc/elements/1.1/",
            "dcterms": items.DCTERMS,
            "media": items.MEDIA,
            "at": items.DELETED,
        } | (more if self.feed["listing"].podcast else {})
        declared = {f"xmlns:{prefix}": address for prefix, address in spaces.items()}
        return {**super().rss_attributes(), **declared}

    def latest_post_date(self) -> Any:
        return self.feed["changed"]

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        listing: Listing = self.feed["listing"]
        for hub in listing.hubs:
            element(handler, "atom:link", None, rel="hub", href=hub)
        media.add_media_head(handler, listing)
        if listing.podcast:
            podcast.add_podcast_head(handler, listing, listing.podcast, site=self.feed["link"])

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Item) -> None:
        entry: Entry = item["entry"]
        if entry.withdrawn:
            _add_tombstone(handler, item)
        else:
            super().add_item_elements(handler, item)
            self._add_more(handler, entry)
        if entry.confirm:
            element(handler, "comments", entry.confirm)

    def _add_more(self, handler: SimplerXMLGenerator, entry: Entry) -> None:
        element(handler, "atom:updated", rfc3339_date(entry.updated))
        if entry.embargo:
            element(handler, "dcterms:available", rfc3339_date(entry.embargo))
        if entry.html:
            element(handler, "content:encoded", entry.html)
        media.add_media(handler, entry)
        described: Listing = self.feed["listing"]
        if described.podcast:
            podcast.add_episode(handler, entry, described.podcast)


def _add_tombstone(handler: SimplerXMLGenerator, item: Item) -> None:
    # No link: the address of a page is made from its headline.
    element(handler, "title", item["title"])
    element(handler, "pubDate", rfc2822_date(item["pubdate"]))
    element(handler, "guid", item["unique_id"], isPermaLink="false")
    when = rfc3339_date(item["updateddate"])
    element(handler, "at:deleted-entry", None, ref=item["unique_id"], when=when)
