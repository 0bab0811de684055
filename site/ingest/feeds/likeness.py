"""How alike two items are, by title and by text, whoever published them.

Words are folded (no case, no diacritics, no punctuation), so that "Ủy ban" and "UBND" differ but
"hoà" and "hòa" do not. Texts are compared by runs of ``RUN`` syllables; a run that two short texts
share by chance is rare.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar
from zlib import crc32

from core.text import fold

RUN = 4  # syllables
SAME_TITLE = 0.8  # from here on two titles tell of the same
LIKE_TITLE = 0.5  # titles that may tell of the same, if the texts agree
SAME_TEXT = 0.5  # share of the shorter text that also stands in the longer one
ENOUGH_RUNS = 12  # a text of fewer says too little to be compared
ENOUGH_WORDS = 4  # likewise a title
MAX_RUNS = 150  # of one text; the beginning of a longer one is enough
INDEXED = 4  # one run in so many leads to candidates, the same ones in every text
COMMON = 500  # a pair of syllables in so many titles tells nothing

Tag = TypeVar("Tag", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Print:
    """What is compared of an item."""

    pairs: frozenset[str]  # neighbouring syllables of the title
    numbers: frozenset[str]  # of the title: numbers, days, symbols
    runs: frozenset[int]  # checksums of runs of the text


def print_of(title: str, text: str) -> Print:
    """Return what is compared of an item with that title and plain text."""
    words = fold(title).split()
    syllables = fold(text).split()[: MAX_RUNS + RUN]
    runs = (" ".join(syllables[n : n + RUN]) for n in range(len(syllables) - RUN + 1))
    return Print(
        pairs=frozenset(_pairs(words)),
        numbers=frozenset(word for word in words if word.isdigit()),
        runs=frozenset(crc32(run.encode()) for run in runs),
    )


def _pairs(words: list[str]) -> Iterable[str]:
    if len(words) < ENOUGH_WORDS:
        return [" ".join(words)] if words else []
    return (f"{first} {second}" for first, second in pairwise(words))


def _indexed(print_: Print) -> Iterator[int]:
    return (run for run in print_.runs if run % INDEXED == 0)


def title_likeness(one: Print, other: Print) -> float:
    """Return 0 to 1: twice the shared pairs over all pairs (Dice)."""
    if not one.pairs or not other.pairs:
        return 0.0
    return 2 * len(one.pairs & other.pairs) / (len(one.pairs) + len(other.pairs))


def text_likeness(one: Print, other: Print) -> float:
    """Return the share of the shorter text that stands in the longer; 0 where one says too little.

    A feed often carries the first sentences only, so the shorter text is the measure.
    """
    shorter = min(len(one.runs), len(other.runs))
    if shorter < ENOUGH_RUNS:
        return 0.0
    return len(one.runs & other.runs) / shorter


def likeness(one: Print, other: Print) -> float:
    """Return how surely two items tell of the same: 0 for different ones, else up to 1.

    Titles whose numbers are all different ("ngày 21/11", "ngày 22/11") are of two items,
    however alike the rest is.
    """
    if one.numbers and other.numbers and not one.numbers & other.numbers:
        return 0.0
    title, text = title_likeness(one, other), text_likeness(one, other)
    comparable = min(len(one.runs), len(other.runs)) >= ENOUGH_RUNS
    if title >= SAME_TITLE and (not comparable or text > 0):
        return max(title, text)
    if text >= SAME_TEXT and (title >= LIKE_TITLE or text >= SAME_TITLE):
        return max(title, text)
    return 0.0


class Neighbourhood(Generic[Tag]):
    """Items one may be compared with, found by what they share instead of one by one."""

    def __init__(self) -> None:
        self._prints: dict[Tag, Print] = {}
        self._by_pair: dict[str, set[Tag]] = defaultdict(set)
        self._by_run: dict[int, set[Tag]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._prints)

    def __contains__(self, tag: Tag) -> bool:
        return tag in self._prints

    def add(self, tag: Tag, print_: Print) -> None:
        """Add an item under a name of the caller's; a known name gets the new print."""
        self.discard(tag)
        self._prints[tag] = print_
        for pair in print_.pairs:
            self._by_pair[pair].add(tag)
        for run in _indexed(print_):
            self._by_run[run].add(tag)

    def discard(self, tag: Tag) -> None:
        """Forget an item."""
        known = self._prints.pop(tag, None)
        if known is not None:
            for pair in known.pairs:
                self._by_pair[pair].discard(tag)
            for run in _indexed(known):
                self._by_run[run].discard(tag)

    def nearest(self, print_: Print) -> tuple[Tag, float] | None:
        """Return the item that most surely tells of the same, with its likeness; None for none."""
        best: tuple[Tag, float] | None = None
        for tag in self._candidates(print_):
            found = likeness(print_, self._prints[tag])
            if found and (best is None or found > best[1]):
                best = (tag, found)
        return best

    def _candidates(self, print_: Print, most: int = 30) -> list[Tag]:
        shared: Counter[Tag] = Counter()
        for pair in print_.pairs:
            owners = self._by_pair.get(pair, ())
            if len(owners) < COMMON:
                shared.update(owners)
        for run in _indexed(print_):
            owners = self._by_run.get(run, ())
            if len(owners) < COMMON:
                shared.update(owners)
        return [tag for tag, _count in shared.most_common(most)]
