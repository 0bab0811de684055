"""What the body of an article is made of."""

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

from media.models import Picture
from portal.pictures import CONTENT_FILTERS, responsive

# Pictures fetched for the body being read: one query instead of one for each kind of block.
KNOWN_PICTURES: ContextVar[Mapping[int, Picture] | None] = ContextVar(
    "known_pictures", default=None
)
TEXT_FEATURES = ["bold", "italic", "superscript", "subscript", "link", "document-link", "ol", "ul"]
VIDEO_FILES = ("mp4", "webm")
_SPACES = re.compile("[ \\t\\xa0]{2,}|\\xa0")
_EMPTY = re.compile(r"<p(?: [^>]*)?>(?:\s|<br */?>)*</p>")


class TextBlock(blocks.RichTextBlock):
    """Rich text without what pasting from Word leaves: empty paragraphs, runs of hard spaces."""

    def clean(self, value: Any) -> Any:
        return super().clean(RichText(tidied(value.source)) if value else value)


def tidied(html: str) -> str:
    """Return stored rich text without empty paragraphs and with single spaces."""
    html = _SPACES.sub(" ", html.replace("&nbsp;", " "))
    return _EMPTY.sub("", html)


class PictureChooserBlock(ImageChooserBlock):
    def bulk_to_python(self, values: Iterable[int | None]) -> list[Picture | None]:
        known = KNOWN_PICTURES.get()
        if known is None:
            return super().bulk_to_python(values)
        return [None if pk is None else known.get(pk) for pk in values]


class PictureBlock(blocks.StructBlock):
    """A picture that says what it shows, for those who cannot see it, and whose it is."""

    image = PictureChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("Alternative text"),
        max_length=250,
        help_text=_("What the picture shows, for readers who cannot see it."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=300)
    credit = blocks.CharBlock(
        label=_("Image credit"),
        required=False,
        max_length=200,
        help_text=_("Empty: the credit of the image itself."),
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "portal/blocks/picture.html"


class GalleryBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title of the gallery"), required=False, max_length=200)
    pictures = blocks.ListBlock(PictureBlock(), label=_("Pictures"), min_num=2, max_num=60)

    class Meta:
        icon = "image"
        label = _("Gallery")
        template = "portal/blocks/gallery.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quotation"), rows=3)
    source = blocks.CharBlock(label=_("Who said it"), required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "portal/blocks/quote.html"


class TableBlock(TypedTableBlock):
    """A table with column headings and a caption, which screen readers announce."""

    class Meta:
        icon = "table"
        label = _("Table")
        template = "portal/blocks/table.html"


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(
        label=_("Title"),
        required=False,
        max_length=255,
        help_text=_("Empty: the title of the document itself."),
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "portal/blocks/document.html"


class VideoBlock(blocks.StructBlock):
    """A video of our own, or a link to one elsewhere: the portal loads nothing from other hosts."""

    title = blocks.CharBlock(label=_("Title"), max_length=255)
    document = DocumentChooserBlock(
        label=_("Video file"), required=False, help_text=_("An MP4 or WebM file.")
    )
    address = blocks.URLBlock(
        label=_("Address"), required=False, help_text=_("Or the address of the video elsewhere.")
    )
    poster = PictureChooserBlock(label=_("Picture shown first"), required=False)
    transcript = blocks.TextBlock(
        label=_("Transcript"),
        required=False,
        rows=3,
        help_text=_("What is said and shown, for readers who cannot hear or see the video."),
    )

    class Meta:
        icon = "media"
        label = _("Video")
        template = "portal/blocks/video.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        context = super().get_context(value, parent_context)
        # The form refuses other addresses; whatever stored one, readers must not follow it.
        is_web = (value["address"] or "").lower().startswith(("https://", "http://"))
        context["address"] = value["address"] if is_web else ""
        if value["poster"] and value["document"]:
            shown = responsive(value["poster"], CONTENT_FILTERS)
            context["poster_address"] = shown.src if shown else ""
        return context

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        document, address = result["document"], result["address"]
        if bool(document) == bool(address):
            message = _("Choose a video file or give an address: one of the two.")
            raise StructBlockValidationError(block_errors={"address": ValidationError(message)})
        if document and document.file_extension.lower() not in VIDEO_FILES:
            message = _("This file is not an MP4 or WebM video.")
            raise StructBlockValidationError(block_errors={"document": ValidationError(message)})
        return result


class BodyBlock(blocks.StreamBlock):
    """The parts of a body, in the order an editor reaches for them."""

    paragraph = TextBlock(
        label=_("Paragraph"),
        icon="pilcrow",
        features=TEXT_FEATURES,
        template="portal/blocks/paragraph.html",
    )
    heading = blocks.CharBlock(
        label=_("Heading"),
        icon="title",
        max_length=200,
        form_classname="title",
        template="portal/blocks/heading.html",
    )
    picture = PictureBlock()
    quote = QuoteBlock()
    table = TableBlock(
        [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("long_text", blocks.RichTextBlock(label=_("Long text"), features=TEXT_FEATURES)),
        ]
    )
    document = DocumentBlock()
    video = VideoBlock()
    gallery = GalleryBlock()
