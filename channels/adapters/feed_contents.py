"""What a feed says of a story, by the kind of desk it is for. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from channels.contract import Picture, Story

# What is read aloud, and so carries the spoken form of a note.
SPOKEN = frozenset({"spoken", "loudspeaker"})


@dataclass(frozen=True, slots=True)
class Said:
    """A story as one feed has it: the plain text is short where the HTML is the whole."""

    title: str
    text: str
    html: str
    brief: str  # in place of both, where the full text is not wanted
    picture: Picture | None = None
    other_picture: Picture | None = None  # the same, in another size


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a plain text, which are parted by blank lines."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def as_html(parts: Sequence[str]) -> str:
    """Return one escaped HTML paragraph for each part."""
    return str(format_html_join("", "<p>{}</p>", ((part,) for part in parts)))


def written(story: Story, kind: str, name: str) -> str:
    """Return a text of the story's variant; "" when it has none."""
    return story.variants.get(kind, {}).get(name, "").strip()


def for_everybody(story: Story) -> Said:
    return Said(story.title, story.summary, story.html, story.summary, story.picture)


def for_reading_aloud(story: Story, kind: str) -> Said:
    parts = paragraphs(written(story, kind, "text") or story.spoken)
    return Said(story.title, "\n\n".join(parts), as_html(parts), "".join(parts[:1]))


def for_radio(story: Story) -> Said:
    return for_reading_aloud(story, "radio")


def for_loudspeakers(story: Story) -> Said:
    return for_reading_aloud(story, "loudspeaker")


def for_television(story: Story) -> Said:
    """Script and crawl first, the whole item after them: the desk edits it further."""
    title = written(story, "tv", "headline") or story.title
    pictures = (story.wide_picture, story.picture if story.wide_picture else None)
    script, crawl = paragraphs(written(story, "tv", "script")), written(story, "tv", "crawl")
    if not script:
        return Said(title, story.summary, story.html, story.summary, *pictures)
    with translation.override(story.language):
        label, whole = _("Crawl:"), _("The whole item")
    text, html = script, as_html(script)
    if crawl:
        text = [*script, f"{label} {crawl}"]
        html += format_html("<p><strong>{}</strong> {}</p>", label, crawl)
    html += format_html("<h2>{}</h2>", whole) + story.html
    return Said(title, "\n\n".join(text), html, crawl or story.summary, *pictures)


def for_newspapers(story: Story) -> Said:
    lead = written(story, "press", "lead") or story.summary
    text = written(story, "press", "text")
    return Said(
        title=written(story, "press", "headline") or story.title,
        text=lead,
        html=as_html(paragraphs(text)) if text else story.html,
        brief=lead,
        picture=story.picture,
    )


CONTENTS: dict[str, Callable[[Story], Said]] = {
    "text": for_everybody,
    "spoken": for_radio,
    "picture": for_television,
    "press": for_newspapers,
    "loudspeaker": for_loudspeakers,
}
