"""The sizes pictures are shown in, and the markup data for a responsive image."""

from dataclasses import dataclass
from typing import Any

from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from media.models import Picture

TEASER_FILTERS = tuple(f"fill-{width}x{width * 9 // 16}|format-webp" for width in (320, 640, 1280))
CONTENT_FILTERS = tuple(f"width-{width}|format-webp" for width in (480, 800, 1200))


@dataclass(frozen=True, slots=True)
class Responsive:
    """What an ``img`` element needs: addresses by width, and the size to reserve."""

    src: str
    srcset: str
    width: int
    height: int


def responsive(picture: Picture, filters: tuple[str, ...]) -> Responsive | None:
    """Return the renditions of a picture, made on first use; None if its file is lost."""
    try:
        made = picture.get_renditions(*filters).values()
    except (SourceImageIOError, InvalidFilterSpecError):
        return None
    by_width: dict[int, Any] = {rendition.width: rendition for rendition in made}
    widths = sorted(by_width)
    largest = by_width[widths[-1]]
    return Responsive(
        src=by_width[widths[len(widths) // 2]].url,
        srcset=", ".join(f"{by_width[width].url} {width}w" for width in widths),
        width=largest.width,
        height=largest.height,
    )
