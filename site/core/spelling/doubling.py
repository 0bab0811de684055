"""Words typed twice, and words typed together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from core.spelling.syllables import parts_of_glued
from core.spelling.wordlists import words_of

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_REPEAT = 4  # words

#: Doubled words that are words: intensity, plurality, names of things.
_REDUPLICATIVES = words_of("reduplicatives")

#: (doubled word, next word): two words that merely meet, as in "cải cách hành chính | chính là".
_MEETINGS = frozenset(
    {("chính", "là"), ("biểu", "quyết"), ("biểu", "dương"), ("dân", "chủ"), ("tác", "động"),
     ("tin", "tưởng"), ("tin", "cậy"), ("bộ", "phận"), ("định", "hướng"), ("quyết", "tâm"),
     ("quyết", "định"), ("quyết", "nghị"), ("vụ", "việc")}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """A stretch ``[start, end)`` of the text, what may have been meant, and the words around."""

    start: int
    end: int
    meant: str
    context: str


def repeats(text: str) -> Iterator[Slip]:
    """Yield each immediate repetition of one to four words, the longest pattern first."""
    matches = list(_WORD.finditer(text))
    for first, last in _repeats(text, matches):
        middle = first + (last - first) // 2
        start, end = matches[first].start(), matches[last].end()
        meant = text[start : matches[middle].end()]
        yield Slip(start, end, meant, _context(text, matches, first, last))


def glued(text: str) -> Iterator[Slip]:
    """Yield each word that may be two or three syllables written together."""
    matches = list(_WORD.finditer(text))
    for index, match in enumerate(matches):
        if parts := parts_of_glued(match.group()):
            context = _context(text, matches, index, index)
            yield Slip(match.start(), match.end(), " ".join(parts), context)


def _repeats(text: str, matches: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Yield first and last word of each immediate repetition, longest pattern first."""
    lowered = [match.group().lower() for match in matches]
    joined = [text[a.end() : b.start()].isspace() for a, b in pairwise(matches)]
    at = 0
    while at < len(lowered):
        size = next(
            (n for n in range(_LONGEST_REPEAT, 0, -1) if _repeated(lowered, joined, at, n)), 0
        )
        if size and not _meant(matches, lowered, at, size):
            yield at, at + 2 * size - 1
            at += size
        at += 1


def _repeated(lowered: list[str], joined: list[bool], at: int, size: int) -> bool:
    end = at + 2 * size
    return (
        end <= len(lowered)
        and lowered[at] == lowered[at + size]
        and lowered[at : at + size] == lowered[at + size : end]
        and all(joined[at : end - 1])
    )


def _meant(matches: list[re.Match[str]], lowered: list[str], at: int, size: int) -> bool:
    """Tell whether the repetition is good Vietnamese or a name."""
    if size > 1:
        return len(set(lowered[at : at + size])) == 1 and lowered[at] in _REDUPLICATIVES
    if lowered[at] in _REDUPLICATIVES:
        return True
    following = lowered[at + 2] if at + 2 < len(lowered) else ""
    if (lowered[at], following) in _MEETINGS:
        return True
    return all(match.group()[0].isupper() for match in matches[at : at + 2])


def _context(text: str, matches: list[re.Match[str]], first: int, last: int) -> str:
    start = matches[max(0, first - 2)].start()
    return text[start : matches[min(len(matches) - 1, last + 2)].end()]
