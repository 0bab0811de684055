"""Date lines as Vietnamese portals print them.

A date line holds a date and nothing else but a time, a weekday, a zone and words such as "Cập
nhật lúc". A sentence that mentions a date is never one. Days come before months everywhere.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from django.utils import timezone as django_timezone
from django.utils.translation import gettext as _

_LONGEST = 120
_EARLIEST_YEAR = 1990  # portals are younger
_LATEST_YEAR = 2100

_ISO = re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:T(?=\d)|\b)", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?<![\d/.-])(?P<d>\d{1,2})\s*([/.-])\s*(?P<m>\d{1,2})\s*\2\s*(?P<y>\d{4})(?!\d)"
)
_WORDS = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})\s*tháng\s*(?P<m>\d{1,2})\s*,?\s*năm\s*(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<!\d)(?P<H>\d{1,2})\s*(?::|h|giờ|g)\s*(?P<M>\d{1,2})(?!\d)"
    r"(?:\s*(?::|phút|')\s*(?:(?P<S>\d{1,2})(?:\.\d+)?(?:\s*giây)?)?)?"
    r"\s*(?P<half>\b[AP]M\b|\bSA\b|\bCH\b)?",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"(?:(?:GMT|UTC)\s*(?P<sign>[+-])\s*(?P<zh>\d{1,2})(?::?(?P<zm>\d{2}))?)"
    r"|(?<=:\d\d)(?P<isign>[+-])(?P<izh>\d{2}):?(?P<izm>\d{2})$"
    r"|(?<=:\d\d)(?P<zulu>Z)$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:thứ\s*(?P<day>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|(?P<sunday>chủ\s*nhật|CN))\b",
    re.IGNORECASE,
)
_WEEKDAYS = {"hai": 0, "2": 0, "ba": 1, "3": 1, "tư": 2, "4": 2, "năm": 3, "5": 3,
             "sáu": 4, "6": 4, "bảy": 5, "bẩy": 5, "7": 5}  # fmt: skip
_VIEWS = re.compile(
    r"\b(?:số\s+)?(?:lượt|lần)\s+(?:xem|đọc|truy cập)\s*:?\s*[\d.,]*"
    r"|\b[\d.,]+\s*lượt\s+(?:xem|đọc)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:ngày|cập nhật|cuối|lần|gần nhất|lúc|vào|hồi|đăng|đưa|tải|tin|bài|xuất bản|phát hành"
    r"|gửi|tạo|viết|thời gian|post(?:ed)?|updated?|on|date)\b",
    re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"[\s|,;:()\[\]./\\•·–—-]+")


@dataclass(frozen=True, slots=True)
class DateLine:
    """What a date line says. ``moment`` is None if what it says is no real date."""

    moment: datetime | None
    warnings: tuple[str, ...] = ()


def read_date_line(text: str) -> DateLine | None:
    """Return what the line says if it is a date line, None if it is anything else."""
    if len(text) > _LONGEST:
        return None
    rest, zone = _take_zone(_VIEWS.sub(" ", text))
    date = _first(rest, _ISO, _NUMBERS, _WORDS)
    if date is None:
        return None
    rest = rest[: date.start()] + " | " + rest[date.end() :]
    second = _first(rest, _ISO, _NUMBERS, _WORDS)  # "đăng … cập nhật …": the first date counts
    time = _TIME.search(rest[: second.start()] if second else rest)
    weekday = _WEEKDAY.search(rest)
    for pattern in (_ISO, _NUMBERS, _WORDS, _TIME, _WEEKDAY, _LABEL):
        rest = pattern.sub(" ", rest)
    if _PUNCTUATION.sub("", rest):
        return None
    return _interpret(text, date, time, weekday, zone)


def _first(text: str, *patterns: re.Pattern[str]) -> re.Match[str] | None:
    found = [match for pattern in patterns if (match := pattern.search(text))]
    return min(found, key=lambda match: match.start(), default=None)


def _take_zone(text: str) -> tuple[str, timezone | None]:
    match = _ZONE.search(text)
    if match is None:
        return text, None
    rest = text[: match.start()] + text[match.end() :]
    if match["zulu"]:
        return rest, UTC
    sign = match["sign"] or match["isign"]
    hours = int(match["zh"] or match["izh"])
    minutes = int(match["zm"] or match["izm"] or 0)
    if hours > 14 or minutes > 59:
        return rest, None
    offset = timedelta(hours=hours, minutes=minutes)
    return rest, timezone(-offset if sign == "-" else offset)


def _interpret(
    text: str,
    date: re.Match[str],
    time: re.Match[str] | None,
    weekday: re.Match[str] | None,
    zone: timezone | None,
) -> DateLine:
    year, month, day = int(date["y"]), int(date["m"]), int(date["d"])
    warnings: list[str] = []
    try:
        moment = datetime(year, month, day, tzinfo=zone or django_timezone.get_default_timezone())
    except ValueError:
        return DateLine(None, (_("“%(text)s” is not a date that exists.") % {"text": text},))
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        return DateLine(None, (_("“%(text)s” is no real date of posting.") % {"text": text},))
    if weekday and _weekday_number(weekday) != moment.weekday():
        warnings.append(_("The weekday in “%(text)s” does not fit the date.") % {"text": text})
    if time:
        clock = _clock(time)
        if clock is None:
            warnings.append(_("The time in “%(text)s” does not exist.") % {"text": text})
        else:
            moment += clock
    return DateLine(moment.astimezone(django_timezone.get_default_timezone()), tuple(warnings))


def _weekday_number(match: re.Match[str]) -> int:
    return 6 if match["sunday"] else _WEEKDAYS[match["day"].lower()]


def _clock(match: re.Match[str]) -> timedelta | None:
    """Return the time of day; None for 25:00 and the like. SA and CH are AM and PM."""
    hour, minute, second = int(match["H"]), int(match["M"]), int(match["S"] or 0)
    half = (match["half"] or "").upper()
    if half in {"PM", "CH"} and hour < 12:
        hour += 12
    elif half in {"AM", "SA"} and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)
