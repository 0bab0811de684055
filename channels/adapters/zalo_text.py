"""What a Zalo article says. Pure; the message for groups is in ``shared_posts``."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from channels.adapters.shared_correcting import marked, noted
from channels.adapters.shared_posts import GAP, besides, joined, opening, shortened
from channels.adapters.zalo_options import ZaloOptions
from channels.contract import Picture, Story

# article/create: fewer than so many characters each; texts of exactly the limit are refused.
TITLE = 149
DESCRIPTION = 299
AUTHOR = 49
BODY = 20_000
PICTURE_BYTES = 1_000_000
PICTURE_TYPES = {"image/jpeg", "image/png"}


def fitting(*pictures: Picture | None) -> Picture | None:
    """Return the first picture that Zalo takes; it refuses what is over 1 MB."""
    for picture in pictures:
        if picture and picture.size <= PICTURE_BYTES and picture.mime in PICTURE_TYPES:
            return picture
    return None


def article(story: Story, options: ZaloOptions) -> dict[str, Any]:
    """Return the body of ``article/create``; ``article/update`` takes the same and the number."""
    cover = fitting(story.picture, story.wide_picture)
    return {
        "type": "normal",
        "title": shortened(marked(story.title, story), TITLE),
        "author": shortened(options.author or story.unit or story.author or "—", AUTHOR),
        "cover": {
            "cover_type": "photo",
            "photo_url": cover.url if cover else options.cover,
            "status": "show",
        },
        "description": shortened(story.summary or opening(story) or story.title, DESCRIPTION),
        "body": [{"type": "text", "content": text} for text in _paragraphs(story)],
        "status": "show",
        "comment": "show" if options.comments else "hide",
    }


def _paragraphs(story: Story) -> list[str]:
    """Return the body: the item's text, what goes with it, who publishes it and where it stands."""
    text = shortened(noted(story.text or story.summary or story.title, story), BODY)
    with translation.override(story.language):
        more = _("Read on the portal: %s") % story.address if story.address else ""
    whole = joined(text, besides(story), story.unit, more)
    return [part for part in (part.strip() for part in whole.split(GAP)) if part]


def readable(made: dict[str, Any]) -> str:
    """Return the article as the preview shows it."""
    return joined(made["description"], *(part["content"] for part in made["body"]))
