"""What a person is handed to post, pin up, print or say, by who or what carries it. Pure."""

from collections.abc import Callable

from channels.adapters.shared_correcting import marked, noted
from channels.contract import Story

ZALO_LIMIT = 2000  # characters of one message
POST_LIMIT = 5000  # nobody reads more of a post before its link
SPOKEN = frozenset({"communicator"})
GAP = "\n\n"


def joined(*parts: str) -> str:
    """Return the parts that say something, parted by blank lines."""
    return GAP.join(part.strip() for part in parts if part.strip())


def shortened(text: str, limit: int) -> str:
    """Return the text within so many characters, cut after a word where it must be cut."""
    if len(text) <= limit:
        return text
    kept = text[: max(limit - 1, 0)]
    head = kept.rsplit(None, 1)[0] if any(sign.isspace() for sign in kept.strip()) else kept
    return f"{head.rstrip()}…"


def written(story: Story, kind: str, name: str = "text") -> str:
    """Return a text of the story's variant; "" when it has none."""
    return story.variants.get(kind, {}).get(name, "").strip()


def with_link(text: str, story: Story, limit: int) -> str:
    """Return the text and under it the link, which is never cut."""
    if not story.address or story.address in text:
        return shortened(text, limit)
    room = limit - len(GAP) - len(story.address)
    return joined(shortened(text, room), story.address)


def zalo(story: Story) -> str:
    post = written(story, "zalo") or joined(story.title, story.summary or opening(story))
    return with_link(noted(post, story), story, ZALO_LIMIT)


def facebook(story: Story) -> str:
    lead = written(story, "press", "lead") or story.summary or opening(story)
    return with_link(noted(joined(marked(story.title, story), lead), story), story, POST_LIMIT)


def sheet(story: Story) -> str:
    """A notice board or a leaflet: the whole item, and who says so."""
    headline = written(story, "press", "headline") or story.title
    lead = written(story, "press", "lead") or story.summary
    body = written(story, "press", "text") or story.text
    facts = "\n".join(f"{name}: {value}" for name, value in story.facts.items())
    text = joined(lead if lead not in body else "", body)
    return joined(marked(headline, story), noted(text, story), facts, imprint(story))


def poster(story: Story) -> str:
    """A poster or a panel: what is read in passing."""
    headline = written(story, "tv", "headline") or story.title
    lead = written(story, "tv", "crawl") or story.summary or opening(story)
    return joined(marked(headline, story), noted(lead, story), imprint(story))


def communicator(story: Story) -> str:
    said = written(story, "loudspeaker") or story.spoken or joined(story.title, story.text)
    return noted(said, story, spoken=True)


def opening(story: Story) -> str:
    """Return the first paragraph."""
    return story.text.strip().partition(GAP)[0]


def imprint(story: Story) -> str:
    """Return who publishes it and where it can be read, a line each."""
    return "\n".join(part for part in (story.unit.strip(), story.address) if part)


TEXTS: dict[str, Callable[[Story], str]] = {
    "zalo": zalo,
    "facebook": facebook,
    "board": sheet,
    "leaflet": sheet,
    "panel": poster,
    "poster": poster,
    "communicator": communicator,
}
