"""A listing written as RSS 2.0, Atom (RFC 4287, RFC 6721) and JSON Feed 1.1."""

import json
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import (
    Atom1Feed,
    Enclosure,
    Rss201rev2Feed,
    rfc2822_date,
    rfc3339_date,
)
from django.utils.xmlutils import SimplerXMLGenerator

from channels.contract import Picture
from channels.feeds.listing import Entry, Listing

WITHDRAWN = "[ĐÃ GỠ]"
"""Title of a withdrawn entry, in the language of the feed: receivers match it literally."""

Item = dict[str, Any]


class _Rss(Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def latest_post_date(self) -> Any:
        return self.feed["changed"]

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Item) -> None:
        if item["withdrawn"]:
            self._add_tombstone(handler, item)
            return
        super().add_item_elements(handler, item)
        if item["html"]:
            handler.addQuickElement("content:encoded", item["html"])
        if item["image"]:
            _add_media(handler, item["image"])

    def _add_tombstone(self, handler: SimplerXMLGenerator, item: Item) -> None:
        # No link: the address of a page is made from its headline.
        handler.addQuickElement("title", item["title"])
        handler.addQuickElement("pubDate", rfc2822_date(item["pubdate"]))
        handler.addQuickElement("guid", item["unique_id"], {"isPermaLink": "false"})


def _add_media(handler: SimplerXMLGenerator, image: Picture) -> None:
    """Give the size, caption and credit that an enclosure has no room for (Media RSS 1.5)."""
    attributes = {
        "url": iri_to_uri(image.url),
        "type": image.mime,
        "medium": "image",
        "fileSize": str(image.size),
        "width": str(image.width),
        "height": str(image.height),
    }
    handler.startElement("media:content", AttributesImpl(attributes))
    for name, value in (("media:description", image.caption), ("media:credit", image.credit)):
        if value:
            handler.addQuickElement(name, value)
    handler.endElement("media:content")


class _Atom(Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        return {
            **super().root_attributes(),
            "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
        }

    def latest_post_date(self) -> Any:
        return self.feed["changed"]

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        for item in self.items:
            if item["withdrawn"]:
                attributes = {
                    "ref": item["unique_id"],
                    "when": rfc3339_date(item["updateddate"]),
                }
                handler.addQuickElement("at:deleted-entry", None, attributes)
                continue
            handler.startElement("entry", AttributesImpl({}))
            self.add_item_elements(handler, item)
            handler.endElement("entry")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Item) -> None:
        super().add_item_elements(handler, item)
        if item["html"]:
            handler.addQuickElement("content", item["html"], {"type": "html"})


def _written(feed: Rss201rev2Feed | Atom1Feed, entries: tuple[Entry, ...]) -> bytes:
    for entry in entries:
        image = entry.image
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
            enclosures=[Enclosure(image.url, str(image.size), image.mime)] if image else [],
            withdrawn=entry.withdrawn,
            html=entry.html,
            image=image,
        )
    return feed.writeString("utf-8").encode()


def _common(listing: Listing, *, site: str, own: str) -> dict[str, Any]:
    return {
        "title": listing.title,
        "link": site,
        "language": listing.language,
        "feed_url": own,
        "changed": timezone.localtime(listing.changed),
    }


def rss(listing: Listing, *, site: str, own: str) -> bytes:
    """Return the listing as RSS 2.0. ``site`` and ``own`` are absolute addresses."""
    feed = _Rss(description=listing.description, **_common(listing, site=site, own=own))
    return _written(feed, listing.entries)


def atom(listing: Listing, *, site: str, own: str) -> bytes:
    """Return the listing as Atom. ``site`` and ``own`` are absolute addresses."""
    feed = _Atom(
        description=None,
        subtitle=listing.description,
        author_name=listing.title,  # entries without an author of their own need one (4.1.1)
        feed_guid=own,
        **_common(listing, site=site, own=own),
    )
    return _written(feed, listing.entries)


def json_feed(listing: Listing, *, site: str, own: str) -> bytes:
    """Return the listing as JSON Feed 1.1. ``site`` and ``own`` are absolute addresses."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": listing.title,
        "home_page_url": site,
        "feed_url": own,
        "description": listing.description,
        "language": listing.language,
        "items": [_json_item(entry) for entry in listing.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _json_item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "title": WITHDRAWN if entry.withdrawn else entry.title,
        "content_text": "" if entry.withdrawn else entry.text,  # the format demands a body
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
    }
    if entry.withdrawn:
        return item
    item["url"] = iri_to_uri(entry.address)
    if entry.html:
        item["content_html"] = entry.html
    if entry.author:
        item["authors"] = [{"name": entry.author}]
    if entry.section:
        item["tags"] = [entry.section]
    if entry.image:
        item |= _json_picture(entry.image)
    return item


def _json_picture(image: Picture) -> dict[str, Any]:
    url = iri_to_uri(image.url)
    attachment = {"url": url, "mime_type": image.mime, "size_in_bytes": image.size}
    if image.caption:
        attachment["title"] = image.caption
    return {"image": url, "attachments": [attachment]}
