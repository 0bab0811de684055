"""What goes to a Telegram chat of a story: its words, pictures and files. Pure."""

from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from channels.adapters.shared_correcting import marked, noted
from channels.adapters.telegram_options import TelegramOptions
from channels.adapters.telegram_record import ALBUM, kind_of
from channels.adapters.telegram_text import (
    CAPTION_LIMIT,
    MARKUPS,
    TEXT_LIMIT,
    Parts,
    Rich,
    clean,
    hashtag,
    host,
    units,
    web_address,
    whole,
)
from channels.contract import Document, Picture, Story

# Bot API, sendPhoto: at most 10 MB, width and height together 10,000, ratio 20.
PHOTO_BYTES = 10_000_000
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
PHOTO_TYPES = {"image/jpeg", "image/png", "image/webp", "image/gif"}
# Bot API, "Sending files": 50 MB for other files, in decimal so as to be on the safe side.
FILE_BYTES = 50_000_000
# A caption that could hold less of the text than this is not worth the picture.
LEAST_CAPTION_BODY = 400


def pictures_of(story: Story, options: TelegramOptions) -> list[Picture]:
    """Return the pictures to be shown, the main one first; none when the words need the room.

    A single picture of the body illustrates a passage: without a main picture it stays there.
    """
    main = story.picture if options.with_picture and fits_photo(story.picture) else None
    further = [one for one in story.pictures if fits_photo(one)] if options.with_album else []
    found = [*([main] if main else []), *further]
    if main is None and len(found) < 2:
        return []
    return found[:ALBUM] if has_room(story, options) else []


def has_room(story: Story, options: TelegramOptions) -> bool:
    """Whether a caption holds enough of the words; what somebody wrote is never cut for it."""
    parts = parts_of(story, options)
    least = units(parts.body) if written(story) else min(units(parts.body), LEAST_CAPTION_BODY)
    return parts.room(CAPTION_LIMIT) >= least


def fits_photo(picture: Picture | None) -> bool:
    """Whether Telegram takes the picture as a photo."""
    if picture is None or picture.mime not in PHOTO_TYPES:
        return False
    long, short = sorted((picture.width, picture.height), reverse=True)
    fits = picture.size <= PHOTO_BYTES and long + short <= PHOTO_SIDES
    return fits and 0 < long <= short * PHOTO_RATIO


def files_of(story: Story, options: TelegramOptions) -> list[Document]:
    """Return the attached files that go along: sounds first, each file once, none too large."""
    wanted = {"audio": options.with_sound, "document": options.with_documents}
    once = {one.file: one for one in story.documents if one.size <= FILE_BYTES}
    found = [one for one in once.values() if wanted[kind_of(one)]]
    return sorted(found, key=kind_of)  # stable: otherwise as the editors put them


def words_of(story: Story, options: TelegramOptions, *, caption: bool) -> Rich:
    """Return the message as seen and as marked up, within the limit of a caption or a text."""
    limit = CAPTION_LIMIT if caption else TEXT_LIMIT
    return parts_of(story, options).render(MARKUPS[options.parse_mode], limit)


def parts_of(story: Story, options: TelegramOptions) -> Parts:
    """Return the whole item if it is short, else its summary; the link is always there."""
    markup = MARKUPS[options.parse_mode]
    address = web_address(story.address)
    with translation.override(story.language):
        alerts = {
            "urgent": pgettext("level of an announcement", "URGENT"),
            "priority": pgettext("level of an announcement", "IMPORTANT"),
        }
        label = _("Read more at %s") % host(address)
    parts = Parts(
        alert=alerts.get(story.level, ""),
        title=" ".join(clean(marked(story.title, story)).split()),
        body=noted(written(story) or whole(story.summary, story.text), story),
        tag=hashtag(story.section_name),
        link=markup.link(label, address) if address else markup.text(""),
    )
    short = clean(story.summary)
    if short and not written(story) and units(parts.body) > parts.room(CAPTION_LIMIT):
        return replace(parts, body=noted(short, story))
    return parts


def written(story: Story) -> str:
    """Return the text that somebody wrote for Telegram; "" when nobody did."""
    return clean(story.variants.get("telegram", {}).get("text", ""))
