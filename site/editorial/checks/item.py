"""An item as the rules see it: frozen, without the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.spelling.tones import OLD
from core.text import nfc
from editorial.checks.names import Names

_SENTENCE_END = re.compile(r"[.!?…;]\s+(?=[^\W\d_a-z])|\n")
_QUOTED = re.compile(r"“[^”\n]{1,300}”|\"[^\"\n]{1,300}\"|«[^»\n]{1,300}»")


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of the item. ``plain`` ones are typed into a field without formatting."""

    where: str
    place: str  # as the editor calls it
    text: str
    plain: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", nfc(self.text))

    def sentence(self, start: int, end: int) -> str:
        """Return the sentence around a stretch of the text, 300 letters to either side at most."""
        before = self.text[max(0, start - 300) : start]
        after = self.text[end : end + 300]
        *_, opening = _SENTENCE_END.split(before)
        closing = _SENTENCE_END.search(after)
        return opening + self.text[start:end] + (after[: closing.start()] if closing else after)

    def quotations(self) -> list[tuple[int, int]]:
        """Return the places of the stretches between quotation marks."""
        return [match.span() for match in _QUOTED.finditer(self.text)]


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture as readers will see it, what the library says of it included."""

    where: str  # of the picture
    place: str
    alt: str
    credit: str
    alt_field: str  # name of the field within ``where``; "" when ``where`` is the field
    credit_field: str
    credit_is_typed: bool = False  # in the item, not taken from the library
    problem: str = ""  # with its rights

    def at(self, field_name: str) -> str:
        return ".".join(part for part in (self.where, field_name) if part)


@dataclass(frozen=True, slots=True)
class DeadLink:
    """A link that leads nowhere. ``gone``: for good; else its target is not public yet."""

    where: str
    place: str
    words: str
    target: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Item:
    """Everything the rules look at."""

    title: str
    day: date
    summary: str | None = None  # ``None``: the kind of item has none
    passages: tuple[Passage, ...] = ()
    pictures: tuple[Shown, ...] = ()
    dead_links: tuple[DeadLink, ...] = ()
    has_body: bool = True
    body_field: str = "body"
    needs_section: bool = False
    level: str = "normal"
    contact: str = ""  # unit or person that stations may call
    for_stations: bool = False
    variants: Mapping[str, object] = field(default_factory=dict)
    stale: tuple[str, ...] = ()  # kinds of variants written before the item changed
    agencies: Names = field(default_factory=Names)
    tone_style: str = OLD
    public_phones: frozenset[str] = frozenset()  # digits only
