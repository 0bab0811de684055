"""Tags of the portal's templates."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Paginator
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText

from media.models import Picture
from portal.body import clean_html, sanitised
from portal.frame import Frame, current_frame
from portal.pictures import CONTENT_FILTERS, TEASER_FILTERS, responsive
from portal.snippets import Piece, highlighted, snippet

register = template.Library()
FILTERS = {"teaser": TEASER_FILTERS, "content": CONTENT_FILTERS}


@register.simple_tag
def portal_frame() -> Frame:
    """Return the names, sections and announcements around the page."""
    return current_frame()


@register.filter
def rich_text(value: RichText | str) -> SafeString:
    """Return rich text as HTML; a body that was prepared has its links looked up already."""
    if isinstance(value, RichText):
        ready = getattr(value, "expanded", None)
        html = clean_html(value.source) if ready is None else sanitised(ready)
    else:
        html = clean_html(value)
    return mark_safe(html)  # noqa: S308 - sanitised just above


@register.inclusion_tag("components/picture.html")
def responsive_picture(
    picture: Picture, alt: str, kind: str, sizes: str, *, eager: bool = False
) -> dict[str, Any]:
    """Show a picture in the widths of its kind: "teaser" (16:9) or "content" (as it is)."""
    return {
        "image": responsive(picture, FILTERS[kind]),
        "alt": alt,
        "sizes": sizes,
        "eager": eager,
    }


@register.simple_tag(takes_context=True)
def page_address(context: dict[str, Any], number: int) -> str:
    """Return the address of another page of the same list, its other parameters kept."""
    kept = {key: value for key, value in context["request"].GET.items() if key != "trang"}
    if number > 1:
        kept["trang"] = str(number)
    return f"{context['request'].path}{'?' if kept else ''}{urlencode(kept)}"


@register.filter
def page_numbers(paginator: Paginator[Any], number: int) -> list[int | str]:
    """Return the page numbers to offer, the gaps between them as "…"."""
    return list(paginator.get_elided_page_range(number, on_each_side=2, on_ends=1))


@register.filter
def marked(text: str, query: str) -> list[Piece]:
    """Return the text in pieces, those that the query asks for marked as hits."""
    return highlighted(text, query)


@register.filter
def snippet_of(text: str, query: str) -> list[Piece]:
    """Return the passage of the text with the most hits, in pieces."""
    return snippet(text, query)
