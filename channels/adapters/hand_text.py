"""What a person is handed to post, pin up, print or say, by who or what carries it. Pure."""

from collections.abc import Callable

from channels.adapters.shared_correcting import marked, noted
from channels.adapters.shared_posts import (
    besides,
    facebook_post,
    joined,
    opening,
    written,
    zalo_post,
)
from channels.contract import Story


def sheet(story: Story) -> str:
    """A notice board or a leaflet: the whole item, and who says so."""
    headline = written(story, "press", "headline") or story.title
    lead = written(story, "press", "lead") or story.summary
    body = written(story, "press", "text") or story.text
    text = joined(lead if lead not in body else "", body)
    return joined(marked(headline, story), noted(text, story), besides(story), imprint(story))


def poster(story: Story) -> str:
    """A poster or a panel: what is read in passing."""
    headline = written(story, "tv", "headline") or story.title
    lead = written(story, "tv", "crawl") or story.summary or opening(story)
    return joined(marked(headline, story), noted(lead, story), imprint(story))


def communicator(story: Story) -> str:
    said = written(story, "loudspeaker") or story.spoken or joined(story.title, story.text)
    return noted(said, story, spoken=True)


def imprint(story: Story) -> str:
    """Return who publishes it and where it can be read, a line each."""
    return "\n".join(part for part in (story.unit.strip(), story.address) if part)


TEXTS: dict[str, Callable[[Story], str]] = {
    "zalo": zalo_post,
    "facebook": facebook_post,
    "board": sheet,
    "leaflet": sheet,
    "panel": poster,
    "poster": poster,
    "communicator": communicator,
}
