"""A listing as JSON Feed 1.1."""

import json
from typing import Any

from django.utils.encoding import iri_to_uri

from channels.contract import Document, Picture
from channels.feeds import addresses
from channels.feeds.documents.items import WITHDRAWN, whole_seconds
from channels.feeds.entries import Entry, Listing

OURS = "_nhipcau"
"""Extension of ours: what the format has no names for. The page for desks explains it."""


def json_feed(listing: Listing, *, site: str, own: str) -> bytes:
    """Return the listing as JSON Feed 1.1. ``site`` and ``own`` are absolute addresses."""
    podcast = listing.podcast
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": listing.title,
        "home_page_url": site,
        "feed_url": own,
        "description": listing.description,
        "language": listing.language,
        "icon": iri_to_uri(podcast.cover) if podcast else "",
        "authors": [{"name": podcast.author}] if podcast else [],
        "hubs": [{"type": "WebSub", "url": hub} for hub in listing.hubs],
        OURS: _given({"about": addresses.page(), "rights": listing.rights}),
    }
    items = [_item(entry, sound_first=listing.leads_with_sound) for entry in listing.entries]
    return json.dumps(_given(document) | {"items": items}, ensure_ascii=False, indent=1).encode()


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values without those that are empty."""
    return {name: value for name, value in values.items() if value}


def _item(entry: Entry, *, sound_first: bool) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "title": WITHDRAWN if entry.withdrawn else entry.title,
        "content_text": "" if entry.withdrawn else entry.text,  # the format demands a body
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
    }
    sounds = [_recording(entry.sound)] if entry.sound else []
    pictures = [_picture(picture) for picture in entry.pictures]
    return item | _given(
        {
            "url": iri_to_uri(entry.address),
            "content_html": entry.html,
            "image": iri_to_uri(entry.image.url) if entry.image else "",
            "authors": [{"name": entry.author}] if entry.author else [],
            "tags": [entry.section] if entry.section else [],
            "attachments": sounds + pictures if sound_first else pictures + sounds,
            OURS: _marks(entry),
        }
    )


def _marks(entry: Entry) -> dict[str, str]:
    moments = {
        "withdrawn": entry.updated if entry.withdrawn else None,
        "embargo": entry.embargo,
        "corrected": entry.corrected,
    }
    marks = {name: moment.isoformat() for name, moment in moments.items() if moment}
    return marks | _given({"confirm": entry.confirm})


def _picture(image: Picture) -> dict[str, Any]:
    return {
        "url": iri_to_uri(image.url),
        "mime_type": image.mime,
        "size_in_bytes": image.size,
    } | _given({"title": image.caption, OURS: _given({"credit": image.credit, "alt": image.alt})})


def _recording(sound: Document) -> dict[str, Any]:
    return {"url": iri_to_uri(sound.url), "mime_type": sound.mime} | _given(
        {
            "title": sound.title,
            "size_in_bytes": sound.size,
            "duration_in_seconds": whole_seconds(sound),
        }
    )
