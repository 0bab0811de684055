"""How long a line of Times New Roman is: measured with Tinos, which has the same widths."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from PIL import ImageFont

from media.documents.layout import FONTS, POINT_MM, RULE_SHARE, elements

_LONG = re.compile(r"\S{11,}")
_JOINTS = re.compile(r"[./@&_-](?=\w)")
_SCALE = 200  # pixels to the em: errors of rounding stay below 0.1 %


@cache
def face(*, bold: bool, italic: bool) -> ImageFont.FreeTypeFont:
    """Return the face of Tinos for measuring."""
    name = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic"}
    style = name.get((bold, italic), "BoldItalic")
    return ImageFont.truetype(
        str(FONTS / f"Tinos-{style}.ttf"), _SCALE, layout_engine=ImageFont.Layout.BASIC
    )


def width_mm(words: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """Return the length in millimetres of words set at that size in points."""
    return face(bold=bold, italic=italic).getlength(words) / _SCALE * size * POINT_MM


def lines_of(words: str, size: float, room_mm: float, *, bold: bool = False) -> list[str]:
    """Return the lines that words are broken into where there is only so much room."""
    return list(_broken(words.split(), size, room_mm, bold=bold))


def _broken(words: list[str], size: float, room_mm: float, *, bold: bool) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}".strip()
        if line and width_mm(longer, size, bold=bold) > room_mm:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def longest_mm(lines: list[str], size: float, room_mm: float, *, bold: bool = False) -> float:
    """Return the length of the longest line after breaking; 0 for no lines."""
    broken = [part for line in lines for part in lines_of(line, size, room_mm, bold=bold)]
    return max((width_mm(part, size, bold=bold) for part in broken), default=0.0)


def rule_mm(role: str, lines: Sequence[str], room_mm: float) -> float:
    """Return the length of our rule below lines of that role: a share of the longest."""
    form = elements()[role]
    return longest_mm(list(lines), form.size, room_mm, bold=form.bold) * RULE_SHARE


def supported(words: str) -> str:
    """Return the words with "□" for every character our font cannot draw.

    PDF/UA forbids text that no font shows, so the writer would refuse the document.
    """
    return "".join(letter if ord(letter) in coverage() else "□" for letter in words)


def breakable(words: str) -> str:
    """Return the words with places to break inside long ones: addresses, chains with slashes."""
    return _LONG.sub(lambda match: _JOINTS.sub("\\g<0>\u200b", match[0]), words)


@cache
def coverage() -> frozenset[int]:
    """Return the code points that all faces have, with those that draw nothing."""
    ranges = (
        line.split("-") for line in (FONTS / "coverage.txt").read_text(encoding="ascii").split()
    )
    points = {point for first, last in ranges for point in range(int(first, 16), int(last, 16) + 1)}
    return frozenset(points | {0x09, 0x0A, 0x200B})
