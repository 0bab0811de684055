"""When an entry was published, in any of the ways that feeds write it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from ingest.articles.dates import read_date_line
from ingest.feeds.parsed import Note

VIETNAM = timezone(timedelta(hours=7))  # meant where a feed names no zone
EARLIEST_YEAR = 1990
AHEAD = timedelta(days=1)  # clocks that run wrong; beyond that the date is an error

_LONGEST = 100
_GMT = re.compile(r"\s*\(?(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d\d))?\)?\s*$", re.IGNORECASE)
_YEAR_1 = re.compile(r"(?<!\d)0001(?!\d)")
_MONTH_FIRST = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})\b")


def read_moment(written: str, now: datetime) -> tuple[datetime | None, Note | None]:
    """Return the moment, aware, and why there is none. Never raises.

    A missing zone means +07:00. The year 1 and days that have not come yet are no dates.
    """
    text = " ".join(written.split())[:_LONGEST]
    if not text:
        return None, Note.NO_DATE
    if _YEAR_1.search(text):  # email.utils would take it for 2001
        return None, Note.IMPOSSIBLE_DATE
    for read in (_iso, _internet, _line, _american):
        found = _carefully(read, text)
        if found is not None:
            return _judged(found, now)
    return None, Note.NO_DATE


def _carefully(read: Callable[[str], datetime | None], text: str) -> datetime | None:
    try:
        found = read(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=VIETNAM) if found and found.tzinfo is None else found


def _judged(found: datetime, now: datetime) -> tuple[datetime | None, Note | None]:
    try:
        possible = found.year >= EARLIEST_YEAR and found <= now + AHEAD
    except OverflowError:
        possible = False
    return (found, None) if possible else (None, Note.IMPOSSIBLE_DATE)


def _iso(text: str) -> datetime | None:
    """RFC 3339, as Atom has it."""
    return datetime.fromisoformat(text)


def _internet(text: str) -> datetime | None:
    """RFC 822, as RSS has it; "GMT+7" is not part of it and common all the same."""
    return parsedate_to_datetime(_GMT.sub(_offset, text))


def _offset(found: re.Match[str]) -> str:
    return f" {found[1]}{int(found[2]):02d}{found[3] or '00'}"


def _line(text: str) -> datetime | None:
    """As portals print it: "10:8, Thứ Tư, 3-4-2024"."""
    line = read_date_line(text)
    return line.moment if line else None


def _american(text: str) -> datetime | None:
    """Month before day, only where the other order gives no date: "11/20/2026 8:00:00 AM"."""
    return _line(_MONTH_FIRST.sub(r"\2/\1/\3", text))
