"""What stands in an administrative document, by Decree 30/2020/NĐ-CP, Annex I (frozen data).

Texts are given as a person would say them: capitals, numbers of sections, closing marks and the
marks at the ends of lists are put by ``media.documents.composing``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Text = tuple[Span, ...]


def text(words: str) -> Text:
    """Return plain words as a text; nothing for empty words."""
    return (Span(words),) if words else ()


def plain(content: Text) -> str:
    """Return the words of a text without their styles."""
    return "".join(span.text for span in content)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body."""

    text: Text


@dataclass(frozen=True, slots=True)
class Dash:
    """An item of a list that has no number, written after a dash."""

    text: Text


@dataclass(frozen=True, slots=True)
class Point:
    """A point a), b), c), d), đ)… of a clause."""

    text: Text
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause 1., 2., 3.…: with a title, which stands on a line of its own, or with a text."""

    title: str = ""
    text: Text = ()
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section I., II., III.…, which always has a title."""

    title: str
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part: "Phần I", its title below."""

    title: str
    blocks: tuple["Block", ...] = ()


class Align(StrEnum):
    """How a column's cells are set."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width beside the others, its alignment."""

    heading: str
    share: float = 1.0
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A row that names the group of those below it, merged over the columns after its number."""

    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row, which is repeated on every page. Cells may hold line breaks.

    ``title`` stands above it; ``summary`` is for those who hear the table instead of seeing it.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...] | GroupRow, ...]
    title: str = ""
    summary: str = ""


Block = Paragraph | Dash | Point | Clause | Section | Part | Table


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: the name in one or more lines, and the direct superior body if there is one."""

    name: tuple[str, ...]
    superior: tuple[str, ...] = ()
    in_text: str = ""

    @property
    def spoken(self) -> str:
        """The name as it stands in a sentence: "Ủy ban nhân dân tỉnh Lạng Sơn"."""
        return self.in_text or " ".join(self.name)


_NUMBER = re.compile(r"\s*(\d+)\s*([A-Za-z]?)\s*([/-])\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class Number:
    """Number and symbol; ``value`` is None until the registry gives one. "95a" has a suffix.

    ``sign`` stands between them: "/" by the decree, "-" in the Party's documents.
    """

    value: int | None
    symbol: str
    suffix: str = ""
    sign: str = "/"

    @classmethod
    def read(cls, words: str) -> "Number":
        """Return "95/KH-UBND" as a number; without a leading number all of it is the symbol."""
        match = _NUMBER.fullmatch(words)
        if not match:
            return cls(None, words.strip(" /"))
        return cls(int(match[1]), match[4], match[2], match[3])


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of document: its name and its code in symbols (Annex III, part I)."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Signature:
    """The authority lines ("TM. …", "KT. …", the position), and the signer's name."""

    authority: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who receives it, one a line without dash or mark, and where copies are kept: "VT, THNC"."""

    items: tuple[str, ...] = ()
    archive: str = "VT"


class Urgency(StrEnum):
    """The three levels of urgency (Annex I, part I, III.2.b)."""

    EXPRESS = "HỎA TỐC"
    VERY_URGENT = "THƯỢNG KHẨN"
    URGENT = "KHẨN"


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix, with pages numbered by themselves; ``landscape`` for wide tables.

    ``is_electronic`` leaves number and date of "(Kèm theo …)" open, as the decree wants it for
    documents that are signed electronically.
    """

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False
    is_electronic: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. ``kind`` is None for an official letter (công văn)."""

    issuer: Issuer
    number: Number
    place: str
    issued_on: date | None
    kind: Kind | None
    subject: str
    body: tuple[Block, ...]
    signature: Signature
    recipients: Recipients
    addressees: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    year: int | None = None  # stands in the date while there is none
    urgency: Urgency | None = None
    contact: str = ""
    appendices: tuple[Appendix, ...] = ()

    def with_body(self, body: Sequence[Block]) -> "Document":
        """Return the same document with another body."""
        return replace(self, body=tuple(body))
