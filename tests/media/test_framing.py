"""``frame-1920x1080`` gives exactly that size, whatever the input."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from wagtail.images.exceptions import InvalidFilterSpecError

from media.framing import FrameOperation, framed
from media.models import Picture

ORIENTATION = 0x0112


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def rotated_jpeg() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    return encoded(Image.new("RGB", (400, 200), "teal"), "JPEG", exif=exif)


def animated_gif() -> bytes:
    frames = [Image.new("P", (60, 90), colour) for colour in (1, 2, 3)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=40)


INPUTS = {
    "tiny.png": encoded(Image.new("RGB", (1, 1), "red"), "PNG"),
    "tall.jpg": encoded(Image.new("RGB", (30, 3000), "green"), "JPEG"),
    "wide.jpg": encoded(Image.new("RGB", (3000, 30), "blue"), "JPEG"),
    "print.jpg": encoded(Image.new("CMYK", (500, 400)), "JPEG"),
    "glass.png": encoded(Image.new("RGBA", (500, 400), (9, 9, 9, 40)), "PNG"),
    "palette.png": encoded(Image.new("P", (50, 40)), "PNG", transparency=0),
    "grey.png": encoded(Image.new("LA", (50, 40)), "PNG"),
    "deep.png": encoded(Image.new("I;16", (50, 40)), "PNG"),
    "moving.gif": animated_gif(),
    "turned.jpg": rotated_jpeg(),
    "modern.webp": encoded(Image.new("RGB", (1920, 1080), "navy"), "WEBP"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", INPUTS)
def test_every_input_becomes_a_jpeg_of_exactly_the_frame(name):
    picture = Picture.objects.create(title=name, file=ContentFile(INPUTS[name], name))
    rendition = picture.get_rendition("frame-1920x1080|format-jpeg")
    assert (rendition.width, rendition.height) == (1920, 1080)
    with rendition.file.open() as file, Image.open(file) as result:
        assert (result.format, result.size, result.mode) == ("JPEG", (1920, 1080), "RGB")


def test_the_whole_picture_is_centred_over_a_darker_copy_of_itself():
    frame = framed(Image.new("RGB", (100, 100), (200, 200, 200)), (160, 80))
    assert frame.getpixel((80, 40)) == (200, 200, 200)
    assert frame.getpixel((40, 0)) == (200, 200, 200)
    edges = {frame.getpixel((2, 40)), frame.getpixel((157, 40))}
    assert all(channel < 160 for pixel in edges for channel in pixel)


def test_a_turned_photograph_stands_upright(db):
    picture = Picture.objects.create(title="x", file=ContentFile(rotated_jpeg(), "turned.jpg"))
    with picture.get_rendition("frame-400x400|format-jpeg").file.open() as file:
        result = Image.open(file).convert("RGB")
    # Upright it is 200 wide and 400 high: the left edge belongs to the darker background.
    assert sum(result.getpixel((5, 200))) < sum(result.getpixel((200, 200)))


@given(
    st.tuples(st.integers(1, 300), st.integers(1, 300)),
    st.tuples(st.integers(1, 300), st.integers(1, 300)),
)
@settings(max_examples=60, deadline=None)
def test_any_size_fits_any_frame(source, frame):
    assert framed(Image.new("RGB", source), frame).size == frame


@pytest.mark.parametrize("size", ["0x10", "10", "9999x10", "axb", "-5x5"])
def test_an_impossible_frame_is_refused(size):
    with pytest.raises((InvalidFilterSpecError, ValueError)):
        FrameOperation("frame", size)
