"""Slips of the keyboard an editor should look at. They are reported, never changed."""

import re
from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext as _

from ingest.articles.syllables import parts_of_glued
from ingest.articles.wordlists import words_of

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_REPEAT = 4  # words
_RUN_ON = re.compile(r"[^\W\d_A-Z][,;][^\W\d_]")

#: Doubled words that are words: intensity, plurality, names of things.
_REDUPLICATIVES = words_of("reduplicatives")

#: (doubled word, next word): two words that merely meet, as in "cải cách hành chính | chính là".
_MEETINGS = frozenset(
    {("chính", "là"), ("biểu", "quyết"), ("biểu", "dương"), ("dân", "chủ"), ("tác", "động"),
     ("tin", "tưởng"), ("tin", "cậy"), ("bộ", "phận"), ("định", "hướng"), ("quyết", "tâm"),
     ("quyết", "định"), ("quyết", "nghị"), ("vụ", "việc")}
)  # fmt: skip


def slips(place: str, text: str) -> Iterator[str]:
    """Yield a warning for each doubled or glued word, naming the place and the words around it."""
    matches = list(_WORD.finditer(text))
    for first, last in _repeats(text, matches):
        yield _("%(place)s: doubled word in “%(context)s”.") % {
            "place": place,
            "context": _context(text, matches, first, last),
        }
    for index, match in enumerate(matches):
        if parts := parts_of_glued(match.group()):
            yield _(
                "%(place)s: “%(word)s” may be %(parts)s written together, in “%(context)s”."
            ) % {
                "place": place,
                "word": match.group(),
                "parts": "“" + " ".join(parts) + "”",
                "context": _context(text, matches, index, index),
            }
    for slip in _RUN_ON.finditer(text):
        yield _("%(place)s: no space after the mark in “%(context)s”.") % {
            "place": place,
            "context": text[max(0, slip.start() - 15) : slip.end() + 15].strip(),
        }


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
