"""Finding names of agencies in a text, by words: marks between them and tone placement may differ.

"Sở TT&TT", "Sở TT-TT"; "Ủy ban nhân dân", "Uỷ ban Nhân dân", "UBND". The longest name wins, so that
an agency whose name begins with another's is not taken for it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from core.spelling import tones
from core.text import nfc

_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"[ \xa0,&/–-]*")
_COMMITTEE = ("ủy", "ban", "nhân", "dân")
_END = ""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency that does not exist on the item's day, and who does its work now."""

    name: str
    closed: date | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text. ``agency`` is ``None`` when it is right on the day."""

    start: int
    end: int
    agency: Agency | None


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    key: str


class Names:
    """Names of agencies as a tree from word to word."""

    def __init__(self, entries: Iterable[tuple[str, Agency | None]] = ()) -> None:
        """Take names with their agencies; ``None`` for a name that is right, which then wins."""
        self._root: dict[str, object] = {}
        for name, agency in entries:
            self._add(name, agency)

    def _add(self, name: str, agency: Agency | None) -> None:
        node = self._root
        words = _words(nfc(name))
        if not words:
            return
        for word in words:
            node = node.setdefault(word.key, {})  # type: ignore[assignment]
        if agency is None or _END not in node:
            node[_END] = agency

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield the names in the text (NFC), each written with a capital, none overlapping."""
        words = _words(text)
        joined = [bool(_BETWEEN.fullmatch(text, a.end, b.start)) for a, b in pairwise(words)]
        at = 0
        while at < len(words):
            found = self._longest(words, joined, at) if text[words[at].start].isupper() else None
            if found is None:
                at += 1
                continue
            after, agency = found
            yield Mention(words[at].start, words[after - 1].end, agency)
            at = after

    def _longest(
        self, words: list[_Word], joined: list[bool], at: int
    ) -> tuple[int, Agency | None] | None:
        node, best = self._root, None
        for place in range(at, len(words)):
            if place > at and not joined[place - 1]:
                break
            step = node.get(words[place].key)
            if not isinstance(step, dict):
                break
            node = step
            if _END in node:
                best = (place + 1, node[_END])
        return best  # type: ignore[return-value]


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    for match in _WORD.finditer(text):
        key = tones.placed(match.group().lower(), tones.OLD)
        words.append(_Word(match.start(), match.end(), key))
        if key == _COMMITTEE[-1] and tuple(word.key for word in words[-4:]) == _COMMITTEE:
            words[-4:] = [_Word(words[-4].start, match.end(), "ubnd")]
    return words
