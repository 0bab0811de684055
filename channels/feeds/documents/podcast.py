"""What makes an RSS feed a podcast: Apple's elements and those of the podcast namespace."""

from django.utils.encoding import iri_to_uri
from django.utils.xmlutils import SimplerXMLGenerator

from channels.feeds.documents.items import begin, element, whole_seconds
from channels.feeds.entries import Entry, Listing, Podcast

YES_OR_NO = {True: "yes", False: "no"}
TRUE_OR_FALSE = {True: "true", False: "false"}
LONGEST_NAME = 128  # podcast:person


def add_podcast_head(
    handler: SimplerXMLGenerator, listing: Listing, podcast: Podcast, *, site: str
) -> None:
    """Say whose podcast it is, and of what kind."""
    cover = iri_to_uri(podcast.cover)
    begin(handler, "image")
    for name, value in (("url", cover), ("title", listing.title), ("link", site)):
        element(handler, name, value)
    handler.endElement("image")
    element(handler, "itunes:author", podcast.author)
    begin(handler, "itunes:owner")
    element(handler, "itunes:name", podcast.owner)
    element(handler, "itunes:email", podcast.email)
    handler.endElement("itunes:owner")
    element(handler, "itunes:image", None, href=cover)
    _add_category(handler, podcast.category)
    element(handler, "itunes:explicit", TRUE_OR_FALSE[podcast.explicit])
    element(handler, "itunes:type", podcast.order)
    if listing.private:  # no directory shall list what is one station's own
        element(handler, "itunes:block", "Yes")
    element(handler, "podcast:guid", podcast.guid)
    element(handler, "podcast:locked", YES_OR_NO[podcast.locked], owner=podcast.email)
    element(handler, "podcast:medium", podcast.medium)


def _add_category(handler: SimplerXMLGenerator, category: str) -> None:
    parent, _slash, child = category.partition("/")
    begin(handler, "itunes:category", text=parent)
    if child:
        element(handler, "itunes:category", None, text=child)
    handler.endElement("itunes:category")


def add_episode(handler: SimplerXMLGenerator, entry: Entry, podcast: Podcast) -> None:
    """Say of an entry with a recording what podcast programs show."""
    if entry.sound is None:
        return
    element(handler, "itunes:title", entry.title)
    element(handler, "itunes:explicit", TRUE_OR_FALSE[podcast.explicit])
    element(handler, "itunes:episodeType", "full")
    if entry.sound.seconds:  # Apple asks for whole seconds
        element(handler, "itunes:duration", str(whole_seconds(entry.sound)))
    if entry.author:
        element(handler, "itunes:author", entry.author)
        name = entry.author[:LONGEST_NAME]
        element(handler, "podcast:person", name, role="author", group="writing")
