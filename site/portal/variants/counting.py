"""How long a text is: characters, UTF-16 units, and seconds when it is read aloud.

``static/portal/admin/counting.js`` counts in the same way; a test compares the two.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from django.utils.translation import ngettext

from portal.variants.kinds import Limits

# Said letter by letter, or spelt out in as many syllables: CCHC, "cải cách hành chính".
_INITIALS = re.compile(r"[A-ZĐ]{2,}")
_WORD, _NUMBER, _PERCENT, _GAP = "w", "n", "%", " "


@dataclass(frozen=True, slots=True)
class Excess:
    """One limit that a text breaks."""

    measure: str  # characters, units, seconds
    count: int
    limit: int

    def __str__(self) -> str:
        return WORDS[self.measure](self.count, self.limit)


def _characters(count: int, limit: int) -> str:
    words = ngettext(
        "%(count)d character of at most %(limit)d",
        "%(count)d characters of at most %(limit)d",
        count,
    )
    return words % {"count": count, "limit": limit}


def _units(count: int, limit: int) -> str:
    words = ngettext(
        "%(count)d UTF-16 unit of at most %(limit)d",
        "%(count)d UTF-16 units of at most %(limit)d",
        count,
    )
    return words % {"count": count, "limit": limit}


def _seconds(count: int, limit: int) -> str:
    words = ngettext(
        "an estimated %(count)d second of at most %(limit)d",
        "an estimated %(count)d seconds of at most %(limit)d",
        count,
    )
    return words % {"count": count, "limit": limit}


WORDS = {"characters": _characters, "units": _units, "seconds": _seconds}


@lru_cache(maxsize=4096)
def _sort(character: str) -> str:
    if character == "%":
        return _PERCENT
    category = unicodedata.category(character)
    if category[0] in "LM":
        return _WORD
    return _NUMBER if category == "Nd" else _GAP


def syllables(text: str) -> int:
    """Estimate how many syllables are said: Vietnamese writes one word for each.

    A number of n digits takes about 2n - 1 ("95" is "chín mươi lăm"), "%" takes two, initials one
    for each letter. Exact for text whose numbers and abbreviations are spelt out.
    """
    runs = groupby(unicodedata.normalize("NFC", text), _sort)
    return sum(_said(sort, "".join(run)) for sort, run in runs if sort != _GAP)


def _said(sort: str, run: str) -> int:
    if sort == _WORD:
        return len(run) if _INITIALS.fullmatch(run) else 1
    return 2 * len(run) if sort == _PERCENT else 2 * len(run) - 1


def seconds(text: str, rate: int) -> int:
    """Estimate how long reading takes at ``rate`` syllables a minute, rounded up."""
    return _seconds_of(syllables(text), rate)


def _seconds_of(said: int, rate: int) -> int:
    return -(-said * 60 // rate)


def units(text: str) -> int:
    """Return the length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Size:
    """What a text has of everything that is limited. Sizes of texts that a space parts add up."""

    characters: int = 0
    units: int = 0
    syllables: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(
            self.characters + other.characters,
            self.units + other.units,
            self.syllables + other.syllables,
        )

    def measured(self, limits: Limits) -> list[tuple[str, int, int]]:
        """Return (measure, length, limit) for each measure in which there is a limit."""
        lengths = (
            ("characters", self.characters, limits.characters),
            ("units", self.units, limits.units),
            ("seconds", _seconds_of(self.syllables, limits.rate), limits.seconds),
        )
        return [(name, length, most) for name, length, most in lengths if most is not None]

    def fits(self, limits: Limits) -> bool:
        return all(length <= most for _name, length, most in self.measured(limits))


def size(text: str) -> Size:
    """Measure the text."""
    return Size(len(text), units(text), syllables(text))


def excesses(text: str, limits: Limits) -> list[Excess]:
    """Return the limits that the text breaks."""
    return [Excess(*found) for found in size(text).measured(limits) if found[1] > found[2]]


def fits(text: str, limits: Limits) -> bool:
    """Whether the text keeps all its limits."""
    return size(text).fits(limits)
