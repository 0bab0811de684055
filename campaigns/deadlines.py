"""Reading the period column of a plan: "Trước 15/5/2021", "Quý II - Quý III/2021", "Hằng tháng".

Only what is plainly said becomes a date. A part that no rule covers is handed back in ``unclear``
for a person to read; nothing is guessed. Sources of the forms: the assignment tables of provincial
plans (docs/plans.md).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.text import nfc

_SPACES = re.compile(r"\s+")
_NUMERIC_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_YEAR = r"(?:\s*(?:/|năm)\s*(?P<year>\d{4}))?"
_DAY = re.compile(r"(?:ngày\s*)?(?P<day>\d{1,2})\s*(?:/|tháng)\s*(?P<month>\d{1,2})" + _YEAR)
_MONTH = re.compile(r"tháng\s*(?P<month>\d{1,2})" + _YEAR)
_QUARTER = re.compile(r"quý\s*(?P<quarter>iv|i{1,3}|[1-4])" + _YEAR)
_HALF = re.compile(r"6 tháng (?P<half>đầu|cuối) năm(?:\s*(?P<year>\d{4}))?")
_WHOLE = re.compile(r"(?:trong |cả )?năm (?P<year>\d{4})")
_RANGE = re.compile(r"(?:từ\s+)?(?P<left>.+?)\s*(?:[-–—]|đến hết|đến|tới)\s*(?P<right>.+)")
_BEFORE = re.compile(r"(?:(?:hoàn thành|xong|ban hành)\s+)?trước\s+(?P<rest>.+)")
_UNTIL = re.compile(
    r"(?:chậm nhất(?: là| vào)?|muộn nhất(?: là| vào)?|đến hết|đến|hết|"
    r"(?:hoàn thành|xong)(?: xong)?(?: trong| vào)?)\s+(?P<rest>.+)"
)
_SINCE = re.compile(r"(?:bắt đầu )?từ\s+(?P<rest>.+)")
_DURING = re.compile(r"(?:trong|vào)\s+(?P<rest>.+)")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

_RECURRENCES = {
    "continuous": re.compile(r"(?:thường xuyên|liên tục|trong năm|cả năm)(?:,? trong năm)?"),
    "reporting": re.compile(r"quý i,? 6 tháng,? quý iii(?:,| và|, và) năm"),
    "daily": re.compile(r"(?:định kỳ )?(?:hằng|hàng|mỗi) ngày"),
    "weekly": re.compile(r"(?:định kỳ )?(?:hằng|hàng|mỗi) tuần"),
    "monthly": re.compile(r"(?:định kỳ )?(?:hằng|hàng|mỗi) tháng"),
    "quarterly": re.compile(r"(?:định kỳ )?(?:hằng|hàng|mỗi) quý"),
    "half-yearly": re.compile(r"(?:định kỳ )?(?:(?:hằng|hàng|mỗi) )?6 tháng(?: một lần)?"),
    "yearly": re.compile(r"(?:định kỳ )?(?:hằng|hàng|mỗi) năm"),
    "periodic": re.compile(r"định kỳ"),
}


class ImpossibleDateError(ValueError):
    """The text names a day or month that no calendar has; ``args[0]`` is the part."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When an activity happens. ``recurrence`` is a value of ``Activity.Recurrence`` or empty."""

    start: date | None = None
    end: date | None = None
    recurrence: str = ""
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of a named period, and whether the text itself gave the year."""

    start: date
    end: date
    has_year: bool


def parse_timing(text: str, year: int) -> Timing:
    """Return what the text says of first day, last day and frequency; ``year`` is the plan's.

    "Trước 15/5" ends on the 14th: the rule of deadlines counts the named day as late.
    Raises ``ImpossibleDateError`` for 30/2, 31/4, tháng 13 and the like.
    """
    text = _SPACES.sub(" ", nfc(text)).strip()
    refuse_impossible_dates(text, year)
    unclear = [note.strip() for note in _BRACKETS.findall(text)]
    start = end = None
    recurrence = ""
    for clause in clauses(_BRACKETS.sub(" ", text)):
        word = recurrence_of(clause)
        period = None if word else period_of(clause, year)
        if word and not recurrence:
            recurrence = word
        elif period and start is None and end is None:
            start, end = period
        else:
            unclear.append(clause)
    return Timing(start, end, recurrence, tuple(filter(None, unclear)))


def clauses(text: str) -> list[str]:
    """Return the parts between semicolons; a part with commas is one where it reads as a whole."""
    found: list[str] = []
    for part in text.split(";"):
        clause = part.strip(" .,")
        pieces = [piece.strip(" .") for piece in clause.split(",")]
        whole = len(pieces) == 1 or recurrence_of(clause)
        # "Hằng tháng, từ tháng 5" are two statements; anything else with commas is left whole.
        if not whole and any(recurrence_of(piece) for piece in pieces):
            found.extend(pieces)
        else:
            found.append(clause)
    return [clause for clause in found if clause]


def recurrence_of(clause: str) -> str:
    """Return the frequency that the whole clause names, or nothing."""
    lowered = clause.lower().strip()
    for name, pattern in _RECURRENCES.items():
        if pattern.fullmatch(lowered):
            return name
    return ""


def period_of(clause: str, year: int) -> tuple[date | None, date | None] | None:
    """Return first and last day of the clause, either of which may be open; None if unread."""
    lowered = clause.lower().strip()
    if match := _BEFORE.fullmatch(lowered):
        span = span_of(match["rest"], year)
        return (None, span.start - timedelta(days=1)) if span else None
    if (match := _DURING.fullmatch(lowered)) and (span := span_of(match["rest"], year)):
        return span.start, span.end
    if span := span_of(lowered, year) or range_of(lowered, year):
        return span.start, span.end
    if (match := _UNTIL.fullmatch(lowered)) and (span := span_of(match["rest"], year)):
        return None, span.end
    if (match := _SINCE.fullmatch(lowered)) and (span := span_of(match["rest"], year)):
        return span.start, None
    return None


def range_of(text: str, year: int) -> Span | None:
    """Return the span from one named period to another: "tháng 6 - 8/2021"."""
    match = _RANGE.fullmatch(text)
    if not match:
        return None
    left, right = match["left"].strip(), match["right"].strip()
    kind = left.split(" ")[0]
    if kind in {"tháng", "quý", "ngày"} and not right.startswith(("tháng", "quý", "ngày")):
        right = f"{kind} {right}"
    last = span_of(right, year)
    if not last:
        return None
    first = span_of(left, last.end.year)
    if first and not first.has_year and first.start > last.end:
        first = span_of(left, last.end.year - 1)
    if not first or first.start > last.end:
        return None
    return Span(first.start, last.end, last.has_year)


def span_of(text: str, year: int) -> Span | None:
    """Return the span of one day, month, quarter, half-year or year."""
    text = text.strip()
    if match := _DAY.fullmatch(text):
        day = real_date(int(match["day"]), int(match["month"]), int(match["year"] or year), text)
        return Span(day, day, bool(match["year"]))
    for pattern, length in ((_MONTH, 1), (_QUARTER, 3), (_HALF, 6), (_WHOLE, 12)):
        if match := pattern.fullmatch(text):
            own_year = int(match["year"] or year)
            return months(first_month(match), length, own_year, bool(match["year"]), text)
    return None


def first_month(match: re.Match[str]) -> int:
    """Return the month in which the matched month, quarter, half or year begins."""
    parts = match.groupdict()
    if month := parts.get("month"):
        return int(month)
    if quarter := parts.get("quarter"):
        return 3 * (_ROMAN.get(quarter) or int(quarter)) - 2
    return 7 if parts.get("half") == "cuối" else 1


def months(first: int, length: int, year: int, has_year: bool, text: str) -> Span:
    """Return the span of ``length`` whole months. Raises ``ImpossibleDateError``."""
    start = real_date(1, first, year, text)
    last = first + length - 1
    return Span(start, date(year, last, calendar.monthrange(year, last)[1]), has_year)


def real_date(day: int, month: int, year: int, text: str) -> date:
    if not 1900 <= year <= 2200:
        raise ImpossibleDateError(text)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ImpossibleDateError(text) from error


def refuse_impossible_dates(text: str, year: int) -> None:
    """Raise ``ImpossibleDateError`` for any numeric date in the text that does not exist.

    Without a year, a second figure above 12 is no month but something like "24/24".
    """
    for match in _NUMERIC_DATE.finditer(text):
        day, month, own_year = match.groups()
        if own_year or int(month) <= 12:
            real_date(int(day), int(month), int(own_year or year), match[0])
