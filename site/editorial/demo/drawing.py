"""A flat drawing surface for the demo's illustrations, measured in pixels of the result."""

import math
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1600, 1000
FINE = 2  # drawn this many times larger and scaled down, which smooths every edge
JPEG_QUALITY = 88

Point = tuple[float, float]
Colour = str

INK = "#22313f"
PAPER = "#fbf7ef"
CREAM = "#f3e8d2"
SAND = "#e3cfa8"
WOOD = "#a8703f"
BARK = "#7a4b2a"
RED = "#a62b2b"
DEEP_RED = "#7f1d1d"
GOLD = "#f0b429"
LEAF = "#4f8a5b"
MOSS = "#2f6b4f"
SKY = "#cfe6ee"
BLUE = "#2f6690"
NAVY = "#1d4260"
SKIN = "#e8b98f"
GREY = "#b9c3c9"
WHITE = "#ffffff"
SHADOW = "#8b8272"


class Canvas:
    """Shapes in flat colours. Later ones cover earlier ones."""

    def __init__(self, top: Colour, bottom: Colour | None = None) -> None:
        """Start with a ground of one colour, or of two that pass into each other downwards."""
        column = Image.new("RGB", (1, HEIGHT * FINE), top)
        if bottom:
            fade = Image.linear_gradient("L").resize(column.size)
            column.paste(Image.new("RGB", column.size, bottom), mask=fade)
        self.image = column.resize((WIDTH * FINE, HEIGHT * FINE), Image.Resampling.NEAREST)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.rounded(x, y, width, height, 0, colour)

    def rounded(
        self, x: float, y: float, width: float, height: float, radius: float, colour: Colour
    ) -> None:
        corners = (x * FINE, y * FINE, (x + width) * FINE, (y + height) * FINE)
        self.draw.rounded_rectangle(corners, radius * FINE, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, across: float, down: float, colour: Colour) -> None:
        """Draw an oval around its centre; ``across`` and ``down`` are its half axes."""
        corners = ((x - across) * FINE, (y - down) * FINE, (x + across) * FINE, (y + down) * FINE)
        self.draw.ellipse(corners, fill=colour)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        self.draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        scaled = [(x * FINE, y * FINE) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(width * FINE), joint="curve")

    def arc(
        self, middle: Point, radius: float, start: float, end: float, width: float, colour: Colour
    ) -> None:
        """Draw part of a circle, clockwise from ``start`` to ``end`` degrees, 0 being the right."""
        x, y = middle
        corners = [value * FINE for value in (x - radius, y - radius, x + radius, y + radius)]
        self.draw.arc(corners, start, end, fill=colour, width=round(width * FINE))

    def star(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Draw a five-pointed star, one point up."""
        points = []
        for index in range(10):
            reach = radius if index % 2 == 0 else radius * 0.382
            angle = math.radians(index * 36 - 90)
            points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
        self.shape(points, colour)

    def jpeg(self) -> bytes:
        """Return the finished picture, the same bytes for the same drawing."""
        buffer = BytesIO()
        self.image.reduce(FINE).save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
        return buffer.getvalue()


def hills(canvas: Canvas, base: float, peaks: Sequence[Point], colour: Colour) -> None:
    """Draw a ridge of rounded limestone peaks, each given by its middle and height."""
    for x, height in peaks:
        width = height * 0.62
        points = [
            (x + width * side / 20, base - height * math.cos(side / 20 * math.pi / 2) ** 0.7)
            for side in range(-20, 21)
        ]
        canvas.shape([(x - width, base + 2), *points, (x + width, base + 2)], colour)
    canvas.box(0, base, WIDTH, HEIGHT - base, colour)


def person(
    canvas: Canvas, x: float, y: float, size: float, shirt: Colour, hair: Colour = INK
) -> None:
    """Draw head and shoulders seen from the front; ``y`` is the lower edge, ``size`` the height."""
    head = size * 0.2
    top = y - size
    canvas.rounded(x - size * 0.36, top + size * 0.44, size * 0.72, size * 0.8, size * 0.2, shirt)
    canvas.rounded(x - size * 0.07, top + size * 0.34, size * 0.14, size * 0.18, 6, SKIN)
    canvas.disc(x, top + head, head * 1.12, hair)
    canvas.oval(x, top + head * 1.2, head * 0.86, head * 0.98, SKIN)
    canvas.shape(
        [
            (x - size * 0.09, top + size * 0.45),
            (x, top + size * 0.56),
            (x + size * 0.09, top + size * 0.45),
        ],
        PAPER,
    )


def seen_from_behind(canvas: Canvas, x: float, y: float, size: float, shirt: Colour) -> None:
    """Draw head and shoulders of somebody who looks away from us."""
    canvas.rounded(x - size * 0.38, y - size * 0.58, size * 0.76, size * 0.8, size * 0.22, shirt)
    canvas.rounded(x - size * 0.08, y - size * 0.68, size * 0.16, size * 0.16, 4, SKIN)
    canvas.disc(x, y - size * 0.8, size * 0.21, INK)


def paper(canvas: Canvas, x: float, y: float, width: float, height: float, lines: int) -> None:
    """Draw a sheet with a heading and lines of writing."""
    canvas.rounded(x + 8, y + 10, width, height, 10, SHADOW)
    canvas.rounded(x, y, width, height, 10, WHITE)
    canvas.rounded(x + width * 0.2, y + height * 0.08, width * 0.6, height * 0.03, 4, RED)
    step = height * 0.72 / max(lines, 1)
    for index in range(lines):
        long = 0.78 if index % 4 != 3 else 0.46
        top = y + height * 0.19 + index * step
        canvas.rounded(x + width * 0.11, top, width * long, height * 0.018, 3, GREY)


def flag(canvas: Canvas, x: float, y: float, width: float) -> None:
    """Draw the national flag, two by three, its star as the law gives it."""
    height = width * 2 / 3
    canvas.box(x, y, width, height, "#da251d")
    canvas.star(x + width / 2, y + height / 2, height * 0.3, "#ffff00")
