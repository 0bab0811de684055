"""What an import gives, and what every step between file and article passes on."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Any

MAX_BYTES = 10 * 1024 * 1024

# An article is a few pages. What is far beyond that is a book or a trap, and takes long to read.
MAX_TEXT_BYTES = 2 * 1024 * 1024  # without pictures embedded in the text
MAX_CHARACTERS = 500_000
MAX_BLOCKS = 2_000
MAX_REMARKS = 100


class UnreadableFile(Exception):
    """The file cannot be imported. The message is for people and names the file and the place."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class Role(Enum):
    """What the markup of a page or the styles of a document say about a block."""

    PLAIN = "plain"
    HEADLINE = "headline"
    SAPO = "sapo"
    HEADING = "heading"
    CAPTION = "caption"
    DATE = "date"
    AUTHOR = "author"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """One line or paragraph of the source, in clean composed text without line breaks."""

    text: str
    role: Role = Role.PLAIN
    indented: bool = False  # set in from the margin, in plain text
    strong: bool = False  # wholly bold or italic


@dataclass(frozen=True, slots=True)
class Source:
    """The blocks of a file in reading order, with what the reading itself was unsure of."""

    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedArticle:
    """An article with its parts in their places. What the source does not say is None or empty."""

    headline: str | None
    date: datetime | None  # aware, in the local zone
    sapo: str | None
    body: tuple[str, ...]
    captions: tuple[str, ...]
    credits: tuple[str, ...]
    author: str | None
    unit: str | None
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values for JSON: the date as ISO 8601 with its offset, tuples as lists."""
        values = asdict(self)
        values["date"] = self.date.isoformat() if self.date else None
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in values.items()
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "ImportedArticle":
        """Return the article that ``as_json`` wrote."""
        known: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
        }
        if known["date"]:
            known["date"] = datetime.fromisoformat(known["date"])
        return cls(**known)
