"""Media RSS 1.5 (rssboard.org/media-rss): what an enclosure has no room for."""

from django.utils.encoding import iri_to_uri
from django.utils.xmlutils import SimplerXMLGenerator

from channels.contract import Document, Picture
from channels.feeds.documents.items import begin, element, whole_seconds
from channels.feeds.entries import Entry, Listing

CREDITS = "urn:ebu"
"""Scheme of the roles of those who are credited: role codes of the EBU."""


def add_media_head(handler: SimplerXMLGenerator, listing: Listing) -> None:
    """Say on what terms everything below may be used."""
    if listing.rights:
        element(handler, "media:copyright", listing.rights)
        element(handler, "media:rights", None, status="official")


def add_media(handler: SimplerXMLGenerator, entry: Entry) -> None:
    """Describe the pictures and the recording of an entry."""
    main, other = entry.image, entry.other_picture
    if main and other:
        begin(handler, "media:group")
        _add_picture(handler, main, isDefault="true")
        _add_picture(handler, other, isDefault="false")
        handler.endElement("media:group")
    elif main:
        _add_picture(handler, main)
    for picture in entry.pictures[1:]:
        _add_picture(handler, picture)
    if entry.sound:
        _add_sound(handler, entry.sound, entry.title)
    if main:
        smallest = min((main, other or main), key=lambda picture: picture.width)
        size = {"width": str(smallest.width), "height": str(smallest.height)}
        element(handler, "media:thumbnail", None, url=iri_to_uri(smallest.url), **size)
    if entry.section and (main or entry.sound):
        element(handler, "media:keywords", entry.section.replace(",", " "))


def _add_picture(handler: SimplerXMLGenerator, picture: Picture, **more: str) -> None:
    begin(
        handler,
        "media:content",
        url=iri_to_uri(picture.url),
        fileSize=str(picture.size),
        type=picture.mime,
        medium="image",
        width=str(picture.width),
        height=str(picture.height),
        **more,
    )
    words = picture.caption or picture.alt
    if words:
        element(handler, "media:description", words, type="plain")
    if picture.credit:
        element(handler, "media:credit", picture.credit, role="photographer", scheme=CREDITS)
    handler.endElement("media:content")


def _add_sound(handler: SimplerXMLGenerator, sound: Document, title: str) -> None:
    size = {"fileSize": str(sound.size)} if sound.size else {}
    length = {"duration": str(whole_seconds(sound))} if sound.seconds else {}
    begin(
        handler,
        "media:content",
        url=iri_to_uri(sound.url),
        **size,
        type=sound.mime,
        medium="audio",
        expression="full",
        **length,
    )
    element(handler, "media:title", sound.title or title, type="plain")
    handler.endElement("media:content")
