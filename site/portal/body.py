"""The text of an item: prepared for its page, and as clean HTML and plain text for the channels."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin

import nh3
from django.db.models import Prefetch, prefetch_related_objects
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText, expand_db_html

from core.text import nfc
from media.models import Picture, Rendition
from portal.blocks import KNOWN_PICTURES
from portal.pictures import CONTENT_FILTERS

CHANNEL_FILTER = "max-1200x1200|format-jpeg"

TAGS = {
    *("p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "cite", "hr"),
    *("b", "strong", "i", "em", "sup", "sub", "a", "figure", "figcaption", "img"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
SPOKEN = {"paragraph", "heading", "quote", "table"}
# No rich text holds it, so several can be expanded as one and parted again.
SEPARATOR = "\x1e"


def clean_html(rich_text: str, root: str = "") -> str:
    """Return stored rich text as HTML without scripts, styles or classes.

    ``root`` (``https://example.vn``) makes the addresses in it absolute.
    """
    return sanitised(expand_db_html(rich_text), root)


def sanitised(html: str, root: str = "") -> str:
    """Return HTML reduced to ``TAGS`` and ``ATTRIBUTES``, its addresses absolute under ``root``."""

    def absolute(tag: str, attribute: str, value: str) -> str:
        return urljoin(root + "/", value) if root and attribute in {"href", "src"} else value

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        attribute_filter=absolute,
    )


def plain_text(html: str) -> str:
    """Return HTML as plain text, its paragraphs and list items parted by a blank line."""
    marked = re.sub(r"\s+", " ", nh3.clean(html, tags=TAGS, attributes={}, link_rel=None))
    marked = re.sub(r"<li>", "\n\n- ", marked)
    marked = re.sub(r"<br>", "\n", marked)
    marked = re.sub(r"</?(p|h\d|ul|ol|li|blockquote|tr|table|figure)>", "\n\n", marked)
    text = unescape(strip_tags(marked)).replace("\xa0", " ")
    paragraphs = (re.sub(r" *\n *", "\n", part).strip() for part in re.split(r"\n\s*\n", text))
    return nfc("\n\n".join(part for part in paragraphs if part.strip(" -")))


class Body:
    """One stream of blocks, read as a whole."""

    def __init__(self, stream: StreamValue) -> None:
        self.stream = stream

    def html(self, root: str) -> str:
        """Return the whole body as clean HTML with absolute addresses under ``root``."""
        self.bind()
        self.expand()
        self.prefetch_renditions([CHANNEL_FILTER])
        context = {"body": self.stream, "filter": CHANNEL_FILTER}
        return sanitised(render_to_string("portal/channel_body.html", context), root).strip()

    def text(self) -> str:
        """Return what is read, not what is seen: no captions, no credits, no file names."""
        kinds = [raw["type"] for raw in self.stream.raw_data]
        # Only what is read is turned into values: the others would each ask the database.
        spoken = (self.stream[place] for place, kind in enumerate(kinds) if kind in SPOKEN)
        parts = (plain_text(part) for block in spoken for part in spoken_parts(block))
        return "\n\n".join(part for part in parts if part)

    def prepare(self, *pictures: Picture | None) -> None:
        """Fetch what the page will show, in one query each, ``pictures`` included."""
        self.bind()
        self.expand()
        self.prefetch_renditions(CONTENT_FILTERS, *pictures)

    def bind(self) -> None:
        """Turn the stored blocks into values, with one query for all pictures."""
        known = Picture.objects.in_bulk(set(picture_ids(list(self.stream.raw_data))))
        token = KNOWN_PICTURES.set(known)
        try:
            list(self.stream)
        finally:
            KNOWN_PICTURES.reset(token)

    def expand(self) -> None:
        """Look up the targets of all links at once; each text gets its HTML as ``expanded``."""
        texts = list(self.rich_texts())
        joined = SEPARATOR.join(text.source.replace(SEPARATOR, "") for text in texts)
        for text, html in zip(texts, expand_db_html(joined).split(SEPARATOR), strict=False):
            text.expanded = html

    def prefetch_renditions(self, filters: Any, *pictures: Picture | None) -> None:
        shown = [picture for picture in (*pictures, *self.pictures()) if picture is not None]
        renditions = Rendition.objects.filter(filter_spec__in=filters)
        prefetch_related_objects(
            shown, Prefetch("renditions", queryset=renditions, to_attr="prefetched_renditions")
        )

    def rich_texts(self) -> Iterator[RichText]:
        for block in self.stream:
            if block.block_type == "paragraph":
                yield block.value
            elif block.block_type == "table":
                cells = (cell.value for row in block.value.rows for cell in row)
                yield from (value for value in cells if isinstance(value, RichText))

    def shown(self) -> Iterator[Any]:
        """Yield every picture with its words, in reading order, those of galleries included."""
        for block in self.stream:
            if block.block_type == "picture":
                yield block.value
            elif block.block_type == "gallery":
                yield from block.value["pictures"]

    def pictures(self) -> Iterator[Picture | None]:
        yield from (picture["image"] for picture in self.shown())
        for block in self.stream:
            if block.block_type == "video":
                yield block.value["poster"]


def picture_ids(raw: Any) -> Iterator[int]:
    """Yield the primary keys of the pictures in stored blocks, at any depth."""
    if isinstance(raw, list):
        for item in raw:
            yield from picture_ids(item)
    elif isinstance(raw, dict):
        for key, value in raw.items():
            if key in {"image", "poster"} and isinstance(value, int):
                yield value
            else:
                yield from picture_ids(value)


def spoken_parts(block: Any) -> Iterator[str]:
    """Yield the texts of a block that a listener should hear, as HTML."""
    value = block.value
    if block.block_type == "paragraph":
        yield value.source
    elif block.block_type == "heading":
        yield escaped(value)
    elif block.block_type == "quote":
        source = f" – {value['source']}" if value["source"] else ""
        yield escaped(f"“{value['text'].strip()}”{source}")
    elif block.block_type == "table":
        yield escaped(value.caption or "")
        for row in value.rows:
            yield table_row([column["heading"] for column in value.columns], row)


def table_row(headings: list[str], row: list[Any]) -> str:
    """Return a row as one sentence: "Heading: cell; heading: cell"."""
    cells = [
        plain_text(cell.value.source if isinstance(cell.value, RichText) else escaped(cell.value))
        for cell in row
    ]
    pairs = zip(headings, cells, strict=True)
    return escaped("; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell))


def escaped(text: str | None) -> str:
    return nh3.clean_text(text or "")
