"""Fits any picture into an exact frame, as television needs it."""

from typing import Any

from PIL import Image, ImageEnhance, ImageFilter, ImageOps
from wagtail.images.image_operations import FilterOperation
from willow.plugins.pillow import PillowImage

LARGEST_FRAME = 4096  # pixels a side
# The background is blurred small and then enlarged: the same look for a hundredth of the work.
BLUR_SCALE = 8
BLUR_RADIUS = 5
DIMMING = 0.7
JPEG_QUALITY = 85


def framed(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the whole picture in a frame of exactly ``size`` (width, height) in pixels.

    It is scaled to fit and centred; what stays free shows a blurred, darker enlargement of it.
    """
    picture = opaque(picture)
    frame = backdrop(picture, size)
    shown = ImageOps.contain(picture, size, Image.Resampling.LANCZOS)
    frame.paste(shown, ((size[0] - shown.width) // 2, (size[1] - shown.height) // 2))
    return frame


def opaque(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB, on white where it was transparent."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def backdrop(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    small = (max(1, size[0] // BLUR_SCALE), max(1, size[1] // BLUR_SCALE))
    ground = ImageOps.fit(picture, small, Image.Resampling.BILINEAR)
    ground = ground.filter(ImageFilter.GaussianBlur(BLUR_RADIUS))
    return ImageEnhance.Brightness(ground.resize(size, Image.Resampling.BICUBIC)).enhance(DIMMING)


class FrameOperation(FilterOperation):
    """The filter ``frame-1920x1080``: a picture of exactly that size, whatever went in."""

    def construct(self, size: str) -> None:
        width, height = (int(number) for number in size.split("x"))
        if not (0 < width <= LARGEST_FRAME and 0 < height <= LARGEST_FRAME):
            raise ValueError(f"A frame measures 1 to {LARGEST_FRAME} pixels a side.")
        self.size = (width, height)

    def run(self, willow: Any, image: Any, env: dict[str, Any]) -> PillowImage:
        env.setdefault("jpeg-quality", JPEG_QUALITY)
        return PillowImage(framed(willow.get_pillow_image(), self.size))
