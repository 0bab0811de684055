"""What a feed says, once its quirks are dealt with, and how much of it is taken at most."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_BYTES = 5_000_000  # of a feed, unpacked
MAX_ENTRIES = 500
MAX_TITLE = 300  # characters, as all below
MAX_KEY = 500
MAX_ADDRESS = 1_000
MAX_NAME = 200
MAX_SUMMARY = 5_000
MAX_HTML = 100_000
MAX_PICTURES = 20
MAX_CATEGORIES = 20


class Problem(StrEnum):
    """Why there are no entries in what was fetched."""

    EMPTY = "empty"  #: nothing but blanks came
    NOT_A_FEED = "not_a_feed"  #: a web page, a picture, noise
    TOO_SLOW = "too_slow"  #: it could not be read within the time a feed gets


class Note(StrEnum):
    """What was put right or left out of an entry."""

    NO_DATE = "no_date"  #: the feed gives none that can be read
    IMPOSSIBLE_DATE = "impossible_date"  #: the year 1, or a day that has not come yet
    SHORTENED = "shortened"  #: longer than an item of news can be


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """One item of a feed: clean text in NFC, safe HTML, absolute addresses."""

    key: str  # stays the same in every poll; unique within the feed
    title: str
    address: str = ""  # http or https, without tracking parameters
    summary_html: str = ""
    content_html: str = ""  # "" where the feed gives only a summary
    author: str = ""
    published: datetime | None = None  # aware
    pictures: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def html(self) -> str:
        """The longest text there is."""
        return self.content_html or self.summary_html


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as far as it could be read. ``problem`` says why there is nothing in it."""

    title: str = ""
    language: str = ""
    entries: tuple[ParsedEntry, ...] = ()
    problem: Problem | None = None
