"""Finding the agencies a plan names: "Các sở, ban, ngành; UBND các huyện, thành phố".

Names are compared folded, against names, short names and other names on record. The longest run of
words that is a name wins, so commas inside a name do no harm. What matches nothing stays text.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.utils import timezone

from core.text import fold, nfc
from organisations.models import Organisation

_HARD = re.compile(r"\s*;\s*")
_SOFT = re.compile(r"\s*(?:,|\n|\s[-+•]\s)\s*|\s+và\s+")
_BULLET = re.compile(r"^[-+•*\s]+")
# Plans make the head of an agency responsible; the agency is what the system follows.
_HEAD = re.compile(
    r"^(?:thủ trưởng|người đứng đầu|lãnh đạo|giám đốc|chủ tịch|đề nghị)\s+", re.IGNORECASE
)
_SILENT = {"cac", "va"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: its place, and the agency it names, if one is known."""

    start: int
    end: int
    text: str
    agency: Organisation | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text about agencies was understood to say, in its order."""

    pieces: tuple[Piece, ...]

    @property
    def found(self) -> list[Organisation]:
        """The agencies named, each once."""
        return list({p.agency.pk: p.agency for p in self.pieces if p.agency}.values())

    @property
    def unknown(self) -> list[str]:
        """The stretches that name no agency on record."""
        return [piece.text for piece in self.pieces if not piece.agency]


def name_key(name: str) -> str:
    """Return what two spellings of one agency's name have in common."""
    folded = fold(name).replace("uy ban nhan dan", "ubnd").replace("uy ban", "ub")
    return " ".join(word for word in folded.split() if word not in _SILENT)


class Directory:
    """All agencies by name, as they were on one day."""

    def __init__(self, day: date, organisations: Iterable[Organisation]) -> None:
        self.day = day
        self.by_key: dict[str, list[Organisation]] = defaultdict(list)
        for organisation in organisations:
            names = {organisation.name, organisation.short_name, organisation.code}
            names |= {other.name for other in organisation.other_names.all()}
            for key in {name_key(name) for name in names} - {""}:
                self.by_key[key].append(organisation)

    @classmethod
    def on(cls, day: date) -> Self:
        """Load every agency on record, in two queries."""
        return cls(day, Organisation.objects.prefetch_related("other_names"))

    @classmethod
    def today(cls) -> Self:
        """Load every agency, as they are on the local date of today."""
        return cls.on(timezone.localdate())

    def as_of(self, day: date) -> "Directory":
        """Return the same names as they were on another day, without loading them again."""
        other = Directory(day, [])
        other.by_key = self.by_key
        return other

    def call(self, name: str, agency: Organisation) -> None:
        """Let a name mean an agency here, as a person said, whatever it else may mean."""
        self.by_key[name_key(name)] = [agency]

    def find(self, name: str) -> Organisation | None:
        """Return the one agency of that name: one that exists on the day before one that does not.

        Several agencies that fit equally well are none.
        """
        candidates = self.by_key.get(name_key(name), [])
        current = [agency for agency in candidates if agency.is_valid_on(self.day)]
        best = current or candidates
        return best[0] if len(best) == 1 else None

    def read(self, text: str) -> Reading:
        """Return the agencies and the unknown stretches of the text."""
        text = nfc(text)
        pieces: list[Piece] = []
        start = 0
        for match in [*_HARD.finditer(text), None]:
            end = match.start() if match else len(text)
            pieces.extend(self.read_segment(text, start, end))
            start = match.end() if match else end
        return Reading(tuple(pieces))

    def read_segment(self, text: str, start: int, end: int) -> list[Piece]:
        """Read one stretch between semicolons: longest known run first, unknown ones joined."""
        words = segment_words(text, start, end)
        pieces: list[Piece] = []
        first = 0
        while first < len(words):
            piece, after = self.longest(text, words, first)
            if piece.agency is None and pieces and pieces[-1].agency is None:
                joined = pieces.pop()
                piece = Piece(joined.start, piece.end, text[joined.start : piece.end])
            pieces.append(piece)
            first = after
        return pieces

    def longest(self, text: str, words: Sequence[tuple[int, int]], first: int) -> tuple[Piece, int]:
        """Return the longest name that begins at a word, and the word after it."""
        start = words[first][0]
        for last in range(min(len(words), first + 8), first, -1):
            end = words[last - 1][1]
            if agency := self.find(text[start:end]):
                return Piece(start, end, text[start:end], agency), last
            head = _HEAD.match(text[start:end])
            if head and (agency := self.find(text[start + head.end() : end])):
                named = start + head.end()
                return Piece(named, end, text[named:end], agency), last
        end = words[first][1]
        return Piece(start, end, text[start:end]), first + 1


def segment_words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the places of the stretches between commas, line ends and "và", without bullets."""
    places: list[tuple[int, int]] = []
    position = start
    for match in [*_SOFT.finditer(text, start, end), None]:
        stop = match.start() if match else end
        stretch = text[position:stop]
        bullet = _BULLET.match(stretch)
        begin = position + (bullet.end() if bullet else 0)
        finish = begin + len(text[begin:stop].rstrip(" .\n"))
        if finish > begin:
            places.append((begin, finish))
        position = match.end() if match else end
    return places
