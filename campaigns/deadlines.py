"""Reading the period column of a plan: "Trước 15/5/2021", "Quý II - Quý III/2021", "Hằng tháng".

Only what is plainly said becomes a date. A part that no rule covers is handed back in ``unclear``
for a person to read; nothing is guessed. Sources of the forms: the assignment tables of provincial
plans (docs/plans.md).
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from campaigns.quantities import Quantity, parse_quantity
from campaigns.rhythms import month_ends, rhythm_of
from core.text import nfc

_SPACES = re.compile(r"\s+")
_NUMERIC_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_YEAR = r"(?:\s*(?:/|năm)\s*(?P<year>\d{4}))?"
_DAY = re.compile(r"(?:ngày\s*)?(?P<day>\d{1,2})\s*(?:/|tháng)\s*(?P<month>\d{1,2})" + _YEAR)
_MONTH = re.compile(r"tháng\s*(?P<month>\d{1,2})" + _YEAR)
_QUARTER = re.compile(r"quý\s*(?P<quarter>iv|i{1,3}|[1-4])" + _YEAR)
_HALF = re.compile(r"0?6 tháng (?P<half>đầu|cuối) năm(?:\s*(?P<year>\d{4}))?")
_NINE = re.compile(r"0?9 tháng đầu năm(?:\s*(?P<year>\d{4}))?")
_WHOLE = re.compile(r"(?:trong |cả )?năm (?P<year>\d{4})")
_RANGE = re.compile(r"(?:từ\s+)?(?P<left>.+?)\s*(?:[-–—]|đến hết|đến|tới)\s*(?P<right>.+)")
_DONE = r"(?:(?:hoàn thành|xong|ban hành)\s+)?"
_BEFORE = re.compile(rf"{_DONE}trước\s+(?P<rest>.+)")
_BEFORE_HOUR = re.compile(
    rf"{_DONE}trước\s+\d{{1,2}}\s*(?:giờ|h)(?:\s*\d{{2}}(?:\s*phút)?)?,?\s+(?P<rest>.+)"
)
_UNTIL = re.compile(
    rf"{_DONE}(?:từ nay )?(?:chậm nhất(?: là| vào)?|muộn nhất(?: là| vào)?|"
    r"không (?:quá|muộn hơn|chậm hơn)|đến (?:hết|cuối)|đến|hết|"
    r"(?:hoàn thành|xong)(?: xong)?(?: trong| vào)?)\s+(?P<rest>.+)"
)
_STAGE = re.compile(r"giai đoạn (?P<first>\d{4})\s*[-–—]\s*(?P<last>\d{4})")
_BARE_DAY = re.compile(r"(?:ngày\s*)?(?P<day>\d{1,2})")
_NEXT = r"(?:,|\s+và|,\s*và)\s*"
_LISTED = re.compile(
    rf"(?:trong\s+|vào\s+)?(?P<kind>tháng|quý)\s*(?P<items>(?:iv|i{{1,3}}|\d{{1,2}})"
    rf"(?:{_NEXT}(?:(?P=kind)\s*)?(?:iv|i{{1,3}}|\d{{1,2}}))+)" + _YEAR
)
_SINCE = re.compile(r"(?:bắt đầu )?từ\s+(?P<rest>.+)")
_DURING = re.compile(r"(?:trong|vào)\s+(?P<rest>.+)")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_BY_PER = {
    "day": "daily",
    "week": "weekly",
    "month": "monthly",
    "quarter": "quarterly",
    "year": "yearly",
}


class ImpossibleDateError(ValueError):
    """The text names a day or month that no calendar has; ``args[0]`` is the part."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When an activity happens. ``recurrence`` is a value of ``Activity.Recurrence`` or empty.

    ``rule``: of RFC 5545, for days of their own. ``quantity``: where the period column says how
    much as well, as in "2 kỳ/tháng".
    """

    start: date | None = None
    end: date | None = None
    recurrence: str = ""
    unclear: tuple[str, ...] = ()
    rule: str = ""
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of a named period, and whether the text itself gave the year."""

    start: date
    end: date
    has_year: bool


Ends = tuple[date | None, date | None]
#: Words before a period, and the days they make of it.
_WORDED: tuple[tuple[re.Pattern[str], Callable[[Span], Ends]], ...] = (
    (_BEFORE_HOUR, lambda span: (None, span.end)),
    (_BEFORE, lambda span: (None, span.start - timedelta(days=1))),
    (_DURING, lambda span: (span.start, span.end)),
    (_UNTIL, lambda span: (None, span.end)),
    (_SINCE, lambda span: (span.start, None)),
)


def parse_timing(text: str, year: int) -> Timing:
    """Return what the text says of first day, last day and frequency; ``year`` is the plan's.

    "Trước 15/5" ends on the 14th: the rule of deadlines counts the named day as late.
    Raises ``ImpossibleDateError`` for 30/2, 31/4, tháng 13 and the like.
    """
    text = _SPACES.sub(" ", nfc(text)).strip()
    refuse_impossible_dates(text, year)
    whole = rate_of(text)
    if whole:
        within = period_of(whole.within, year) if whole.within else None
        start, end = within or (None, None)
        return Timing(start, end, _BY_PER[whole.per], whole.unclear, quantity=whole)
    unclear = [note.strip() for note in _BRACKETS.findall(text)]
    found = Timing()
    for clause in clauses(_SPACES.sub(" ", _BRACKETS.sub(" ", text))):
        more = clause_of(clause, year)
        if more is None or clashes(found, more):
            unclear.append(clause)
        else:
            found = joined(found, more)
    return replace(found, unclear=tuple(filter(None, unclear)))


def clause_of(clause: str, year: int) -> Timing | None:
    """Return what one clause says; None if no rule covers it."""
    if rhythm := rhythm_of(clause):
        return Timing(recurrence=rhythm.recurrence, rule=rhythm.rule)
    if rate := rate_of(clause):
        return Timing(recurrence=_BY_PER[rate.per], quantity=rate, unclear=rate.unclear)
    if listed := listed_of(clause, year):
        return listed
    if period := period_of(clause, year):
        return Timing(*period)
    return None


def clashes(found: Timing, more: Timing) -> bool:
    """Tell whether a clause says again what another said already: which counts, a person says."""
    return bool(
        more.unclear
        or (found.quantity and more.quantity)
        or (found.rule and more.rule)
        or ((found.start or found.end) and (more.start or more.end))
        or (found.recurrence and more.recurrence and not (found.quantity or more.quantity))
    )


def joined(found: Timing, more: Timing) -> Timing:
    """Return two clauses as one; "thường xuyên" stays what it is beside "8 tin/tháng"."""
    return Timing(
        found.start or more.start,
        found.end or more.end,
        found.recurrence or more.recurrence,
        (),
        found.rule or more.rule,
        found.quantity or more.quantity,
    )


def rate_of(text: str) -> Quantity | None:
    """Return the quantity if all of the text is one for each of some period: "2 kỳ/tháng"."""
    quantity = parse_quantity(text)
    return quantity if quantity.per and quantity.target is not None else None


def clauses(text: str) -> list[str]:
    """Return the parts between semicolons; a part with commas is one where it reads as a whole."""
    found: list[str] = []
    for part in text.split(";"):
        clause = part.strip(" .,")
        pieces = [piece.strip(" .") for piece in clause.split(",")]
        whole = len(pieces) == 1 or rhythm_of(clause) or rate_of(clause)
        # "Hằng tháng, từ tháng 5" are two statements; anything else with commas is left whole.
        if not whole and rhythm_of(pieces[0]):
            found.extend([pieces[0], clause.partition(",")[2].strip()])
        elif not whole and any(rhythm_of(piece) for piece in pieces):
            found.extend(pieces)
        else:
            found.append(clause)
    return [clause for clause in found if clause]


def listed_of(clause: str, year: int) -> Timing | None:
    """Return what a list of months or quarters says: "quý II, III/2021", "tháng 3, 6 và 9".

    Those that follow each other are one period; others are days of their own, the last of each.
    """
    match = _LISTED.fullmatch(clause.lower().strip())
    if not match:
        return None
    names = re.findall(r"iv|i{1,3}|\d{1,2}", re.sub(r"và|tháng|quý", " ", match["items"]))
    spans = [span_of(f"{match['kind']} {name}/{match['year'] or year}", year) for name in names]
    found = [span for span in spans if span]
    if len(found) < len(names):
        return None
    pairs = list(pairwise(found))
    if not all(one.end < other.start for one, other in pairs):
        return None
    first, last = found[0].start, found[-1].end
    if all(one.end + timedelta(days=1) == other.start for one, other in pairs):
        return Timing(first, last)
    return Timing(first, last, rule=month_ends([span.end.month for span in found]))


def period_of(clause: str, year: int) -> Ends | None:
    """Return first and last day of the clause, either of which may be open; None if unread."""
    lowered = clause.lower().strip()
    if match := _STAGE.fullmatch(lowered):
        first, last = int(match["first"]), int(match["last"])
        return (date(first, 1, 1), date(last, 12, 31)) if 1900 < first <= last < 2200 else None
    if span := span_of(lowered, year) or range_of(lowered, year):
        return span.start, span.end
    for pattern, ends in _WORDED:
        match = pattern.fullmatch(lowered)
        if match and (span := span_of(match["rest"], year)):
            return ends(span)
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
    if (day := _BARE_DAY.fullmatch(left)) and last.start == last.end:
        left = f"{day['day']}/{last.end.month}/{last.end.year}"
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
    for pattern, length in ((_MONTH, 1), (_QUARTER, 3), (_HALF, 6), (_NINE, 9), (_WHOLE, 12)):
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
