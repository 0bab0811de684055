"""From a page to the story that channels get."""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from channels.contract import Document, Picture, Story
from core.errors import RefusedError
from media.speech import speak
from portal.body import CHANNEL_FILTER
from portal.variants.texts import frozen, master_of

if TYPE_CHECKING:
    from portal.models import StoryPage

PICTURE_FILTER = "max-1600x1600|format-jpeg|jpegquality-82"
WIDE_FILTER = "frame-1920x1080|format-jpeg|jpegquality-85"  # what television takes
PICTURE_FILTERS = (PICTURE_FILTER, WIDE_FILTER)


class PictureUnreadableError(RefusedError):
    """The main picture's file is missing or damaged."""


def story_of(page: "StoryPage") -> Story:
    """Return the story the page tells now. Raises ``PictureUnreadableError``.

    The version number is the outbox's business and stays 0 here.
    """
    now = timezone.now()
    return Story(
        key=str(page.story),
        sequence=0,
        title=page.title,
        summary=page.summary_text,
        text=page.body_text(),
        html=page.body_html(),
        spoken=spoken(page),
        address=address_of(page),
        section=page.section_slug,
        section_name=page.section_name,
        level=page.level,
        genre=getattr(page, "genre", ""),
        author=page.author_line,
        unit=page.unit,
        contact=page.contact.line if page.contact else "",
        language=page.locale.language_code,
        published=page.dated or page.first_published_at or now,
        updated=page.last_published_at or now,
        picture=picture_of(page, PICTURE_FILTER),
        wide_picture=picture_of(page, WIDE_FILTER),
        pictures=pictures_of(page),
        documents=documents_of(page),
        variants=frozen(page),
        facts=page.facts(),
        embargo=embargo_of(page, now),
        **correction_of(page),
    )


def correction_of(page: "StoryPage") -> dict[str, Any]:
    """Return what the channels are told of the last noted correction, as fields of a story."""
    last = page.noted_corrections().first()
    if last is None:
        return {}
    return {"correction": last.note, "correction_spoken": speak(last.note), "corrected": last.at}


def spoken(page: "StoryPage") -> str:
    """Return the whole item as it is read aloud."""
    master = master_of(page)
    parts = (master.title, master.lead, master.text)
    return speak("\n\n".join(part for part in parts if part))


def embargo_of(page: "StoryPage", now: datetime) -> datetime | None:
    """Return the moment before which nobody may use the item; ``None`` once it is public."""
    running = not page.live and page.embargo_until is not None and page.embargo_until > now
    return page.embargo_until if running else None


def address_of(page: "StoryPage") -> str:
    """Return the page's absolute address; for an unsaved one, where it will stand."""
    full_url = page.get_full_url()
    return full_url or f"{page.root_address}/{page.slug}/"


def documents_of(page: "StoryPage") -> tuple[Document, ...]:
    """Return the files offered under the page."""
    related = getattr(page, "related_documents", None)
    return tuple(
        Document(
            url=f"{page.root_address}{item.document.url}",
            file=item.document.file.name,
            title=str(item),
            mime=item.document.content_type,
            size=item.document.file_size or 0,
            seconds=item.document.length,
        )
        for item in (related.all() if related else ())
    )


def picture_of(page: "StoryPage", spec: str) -> Picture | None:
    """Return one rendition of the main picture, ready to be sent."""
    if page.picture is None:
        return None
    return ready(
        page,
        rendition_of(page.picture, spec),
        alt=page.picture_described,
        caption=page.picture_caption,
        credit=page.picture_credited,
    )


def pictures_of(page: "StoryPage") -> tuple[Picture, ...]:
    """Return the readable pictures of the body, each once, without the main one."""
    found: dict[int, Picture] = {}
    for shown in page.body_pictures():
        image = shown["image"]
        if image is None or image.pk in found or image == page.picture:
            continue
        words = {"alt": shown["alt"], "caption": shown["caption"] or ""}
        with suppress(PictureUnreadableError):
            made = rendition_of(image, CHANNEL_FILTER)
            found[image.pk] = ready(page, made, credit=shown["credit"] or image.credit, **words)
    return tuple(found.values())


def ready(page: "StoryPage", rendition: Any, **words: str) -> Picture:
    """Return a rendition as channels get it."""
    return Picture(
        url=f"{page.root_address}{rendition.url}",
        file=rendition.file.name,
        mime="image/jpeg",
        size=rendition.file.size,
        width=rendition.width,
        height=rendition.height,
        **words,
    )


def rendition_of(picture: Any, spec: str) -> Any:
    """Return the rendition, made now if need be. Raises ``PictureUnreadableError``."""
    try:
        rendition = picture.get_rendition(spec)
        rendition.file.size  # noqa: B018 - asks the storage whether the file is there
    except (OSError, ValueError) as error:
        message = _("The main picture “%(title)s” cannot be read. Choose another one.")
        raise PictureUnreadableError(message % {"title": picture.title}) from error
    return rendition


def prepare_pictures(page: Any) -> None:
    """Make the renditions ahead of the publishing transaction, which then only looks them up."""
    picture = getattr(page, "picture", None)
    if picture is not None:
        for spec in PICTURE_FILTERS:
            rendition_of(picture, spec)
    for shown in page.body_pictures() if hasattr(page, "body_pictures") else ():
        if shown["image"] is not None:
            with suppress(PictureUnreadableError):
                rendition_of(shown["image"], CHANNEL_FILTER)
