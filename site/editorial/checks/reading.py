"""From a page to the frozen item that the rules look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.fields import StreamField

from channels.models import Channel
from editorial.checks import directory, targets
from editorial.checks.item import Item, Passage, Shown
from editorial.checks.rules.personal import digits_of, has_mobile
from media.models import Picture
from organisations.models import Contact
from portal.body import picture_ids, plain_text
from portal.models import ArticlePage, StoryPage
from portal.models.settings import PortalSettings
from portal.variants.forms import box
from portal.variants.kinds import KINDS
from portal.variants.stored import all_written
from portal.variants.texts import stale_kinds, variants_of

STATION_CONTENTS = {"spoken", "picture", "loudspeaker"}
SEEN_OR_READ = {"paragraph", "heading", "quote", "table", "picture", "gallery", "video", "document"}


@dataclass
class Reading:
    """What is collected while a page is read."""

    library: Mapping[int, Picture]
    passages: list[Passage] = field(default_factory=list)
    pictures: list[Shown] = field(default_factory=list)
    links: list[targets.Link] = field(default_factory=list)
    has_body: bool = False

    def text(self, where: str, place: str, text: Any) -> None:
        """Keep what was typed into a plain field."""
        if text and str(text).strip():
            self.passages.append(Passage(where, place, str(text)))

    def rich(self, where: str, place: str, source: Any) -> None:
        """Keep rich text, and its links."""
        words = plain_text(str(source or ""))
        if words:
            self.passages.append(Passage(where, place, words, plain=False))
        self.links.extend(targets.links_in(str(source or ""), where, place))

    def shown(self, value: Mapping[str, Any], where: str, place: str) -> None:
        """Keep a picture of the body."""
        image = self.library.get(value.get("image") or 0)
        typed = str(value.get("credit") or "")
        self.pictures.append(
            Shown(
                where=where,
                place=place,
                alt=str(value.get("alt") or ""),
                credit=typed or (image.credit if image else ""),
                alt_field="alt",
                credit_field="credit",
                problem=rights_problem(image),
            )
        )
        self.text(f"{where}.caption", _("%(place)s, caption") % {"place": place}, value["caption"])


def item_of(page: StoryPage) -> Item:
    """Return what the rules look at, of the page as it is in memory."""
    reading = Reading(library(page))
    reading.text("title", _("Headline"), page.title)
    if isinstance(page, ArticlePage):
        read_article(page, reading)
    else:
        reading.rich("text", _("Content"), getattr(page, "text", ""))
        reading.has_body = any(passage.where == "text" for passage in reading.passages)
    read_variants(page, reading)
    day = day_of(page)
    mobile = any(has_mobile(passage.text) for passage in reading.passages)
    contact = page.unit.strip() or str(page.contact_id or "")
    return Item(
        title=page.title,
        day=day,
        summary=page.summary if isinstance(page, ArticlePage) else None,
        passages=tuple(reading.passages),
        pictures=tuple(reading.pictures),
        dead_links=tuple(targets.dead(reading.links, page)),
        has_body=reading.has_body,
        body_field="body" if isinstance(page, ArticlePage) else "text",
        needs_section=isinstance(page, ArticlePage) and page.section_id is None,
        level=page.level,
        contact=contact,
        for_stations=not contact and goes_to_stations(page),
        variants=variants_of(page),
        stale=tuple(stale_kinds(page)),
        agencies=directory.names_on(day),
        tone_style=settings.TONE_PLACEMENT,
        public_phones=public_phones() if mobile else frozenset(),
    )


def day_of(page: StoryPage) -> date:
    """Return the day the item is of: as set, else of its publishing, past or to come."""
    moment = page.dated or page.first_published_at or page.go_live_at or timezone.now()
    return timezone.localtime(moment).date()


def library(page: StoryPage) -> dict[int, Picture]:
    """Return the pictures of the page, in one query."""
    wanted = {getattr(page, "picture_id", None)} - {None}
    for name in stream_fields(page):
        wanted |= set(picture_ids(list(getattr(page, name).raw_data)))
    return Picture.objects.in_bulk(wanted) if wanted else {}


def stream_fields(page: StoryPage) -> list[str]:
    return [part.name for part in page._meta.get_fields() if isinstance(part, StreamField)]


def read_article(page: ArticlePage, reading: Reading) -> None:
    reading.text("summary", _("Summary (sapo)"), page.summary)
    main = reading.library.get(page.picture_id or 0)
    if main is not None:
        reading.pictures.append(
            Shown(
                where="",
                place=_("Main picture"),
                alt=page.picture_alt or main.default_alt_text,
                credit=page.picture_credit or main.credit,
                alt_field="picture_alt",
                credit_field="picture_credit",
                problem=rights_problem(main),
            )
        )
        reading.text("picture_caption", _("Main picture, caption"), page.picture_caption)
    for number, block in enumerate(page.body.raw_data, start=1):
        read_block(block, number, reading)


def read_block(block: Mapping[str, Any], number: int, reading: Reading) -> None:
    """Read one block of a body, as it is stored."""
    kind, value = block["type"], block["value"]
    where = f"body.{block.get('id') or ''}"
    reader = BLOCKS.get(kind)
    if reader is not None:
        before = len(reading.passages)
        reader(value, where, number, reading)
        seen = kind in {"picture", "gallery", "video"}
        reading.has_body = reading.has_body or seen or len(reading.passages) > before


def read_paragraph(value: Any, where: str, number: int, reading: Reading) -> None:
    reading.rich(where, _("Part %(number)d, paragraph") % {"number": number}, value)


def read_heading(value: Any, where: str, number: int, reading: Reading) -> None:
    reading.text(where, _("Part %(number)d, heading") % {"number": number}, value)


def read_quote(value: Any, where: str, number: int, reading: Reading) -> None:
    place = _("Part %(number)d, quotation") % {"number": number}
    reading.text(f"{where}.text", place, value.get("text"))
    reading.text(f"{where}.source", place, value.get("source"))


def read_picture(value: Any, where: str, number: int, reading: Reading) -> None:
    reading.shown(value, where, _("Part %(number)d, picture") % {"number": number})


def read_gallery(value: Any, where: str, number: int, reading: Reading) -> None:
    place = _("Part %(number)d, gallery") % {"number": number}
    reading.text(f"{where}.title", place, value.get("title"))
    for order, entry in enumerate(value.get("pictures") or (), start=1):
        picture = entry["value"] if entry.get("type") == "item" else entry
        inner = f"{where}.pictures.{entry.get('id') or ''}"
        reading.shown(picture, inner, f"{place}, {order}")


def read_table(value: Any, where: str, number: int, reading: Reading) -> None:
    """Read a table cell by cell, each with the heading of its column before it."""
    place = _("Part %(number)d, table") % {"number": number}
    reading.text(f"{where}.caption", place, value.get("caption"))
    columns = value.get("columns") or ()
    headings = [str(column.get("heading") or "").strip() for column in columns]
    for row in value.get("rows") or ():
        for heading, column, cell in zip(headings, columns, row["values"], strict=False):
            if column.get("type") == "long_text":
                reading.links.extend(targets.links_in(str(cell or ""), where, place))
            words = plain_text(str(cell or "")) if column.get("type") == "long_text" else cell
            text = f"{heading}: {words}" if heading and words else str(words or "")
            if text.strip():
                reading.passages.append(Passage(where, place, text, plain=False))


def read_document(value: Any, where: str, number: int, reading: Reading) -> None:
    place = _("Part %(number)d, document") % {"number": number}
    reading.text(f"{where}.title", place, value.get("title"))
    reading.links.append(targets.Link.to_document(value.get("document"), where, place))


def read_video(value: Any, where: str, number: int, reading: Reading) -> None:
    place = _("Part %(number)d, video") % {"number": number}
    reading.text(f"{where}.title", place, value.get("title"))
    reading.text(f"{where}.transcript", place, value.get("transcript"))
    if value.get("document"):
        reading.links.append(targets.Link.to_document(value["document"], where, place))


BLOCKS = {
    "paragraph": read_paragraph,
    "heading": read_heading,
    "quote": read_quote,
    "picture": read_picture,
    "gallery": read_gallery,
    "table": read_table,
    "document": read_document,
    "video": read_video,
}


def read_variants(page: StoryPage, reading: Reading) -> None:
    """Read what people wrote for the channels; what is composed says what the item says."""
    for key, texts in all_written(variants_of(page)).items():
        labels: Iterator[tuple[str, Any]] = ((part.name, part.label) for part in KINDS[key].fields)
        for name, label in labels:
            place = f"{KINDS[key].label}, {label}"
            reading.text(f"[name={box(key, name)}]", place, texts.get(name))


def rights_problem(picture: Picture | None) -> str:
    """Say what forbids to use the picture today, as far as the library knows."""
    return picture.rights_problem(timezone.localdate()) if picture else ""


def goes_to_stations(page: StoryPage) -> bool:
    """Whether a radio, television or loudspeaker station takes this item from its feed."""
    off = set(page.channels_off or ())
    feeds = Channel.objects.filter(is_active=True, kind="feed")
    return any(
        channel.slug not in off
        and (channel.options or {}).get("variant") in STATION_CONTENTS
        and channel.takes(section=page.section_slug, level=page.level)
        for channel in feeds
    )


def public_phones() -> frozenset[str]:
    """Return the numbers that may be published: of the portal, of contacts, as set."""
    contacts = Contact.objects.usable().values_list("phone", flat=True)
    numbers = [*settings.PUBLIC_PHONES, PortalSettings.load().phone, *contacts]
    return frozenset(digits_of(number) for number in numbers if number)
