"""Dates, months, quarters and times of day."""

import re

from media.speech.numbers import read_integer, read_number

_DAY_WORDS = (
    r"(?:ngày|sáng|trưa|chiều|tối|đêm|hôm|mùng|từ|đến|tới|trước|sau|hết|vào|và|rạng sáng|rằm)"
)
_FULL = re.compile(
    r"(?<![\d/.,-])(?P<d>\d{1,2})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})(?![\d/])"
)
_ISO = re.compile(r"(?<![\d/.,-])(?P<y>(?:19|20)\d\d)-(?P<m>\d{2})-(?P<d>\d{2})(?![\d-])")
_DAY_MONTH = re.compile(
    rf"(?P<lead>\b{_DAY_WORDS}\s+|\bđến )(?P<d>\d{{1,2}})[/-](?P<m>\d{{1,2}})(?![\d/%])",
    re.IGNORECASE,
)
_DAYS_MONTH = re.compile(
    r"(?P<lead>\b(?:ngày|sáng|trưa|chiều|tối|đêm)\s+)"
    r"(?P<days>\d{1,2}(?:\s*(?:,|và|-|đến)\s*\d{1,2})+)/(?P<m>\d{1,2})(?:/(?P<y>\d{4}))?(?![\d/])",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(r"\b(?P<lead>ngày\s+)(?P<d>\d{1,2})(?=\s+tháng\b)", re.IGNORECASE)
_MONTH_YEAR = re.compile(
    r"(?P<lead>\btháng\s+)?(?<![\d/.,-])(?P<m>0?[1-9]|1[0-2])[/-](?P<y>(?:19|20)\d\d)(?![\d/])",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?P<lead>\btháng\s+)(?P<m>0?[1-9]|1[0-2])(?![\d/.,]\d|\d)", re.IGNORECASE)
_QUARTER = re.compile(
    r"(?P<lead>\bquý\s+)(?P<q>IV|I{1,3}|0?[1-4])\s*/\s*(?P<y>\d{4})(?!\d)", re.IGNORECASE
)
_QUARTERS = {"I": "một", "II": "hai", "III": "ba", "IV": "bốn"}
_RANGE = re.compile(
    r"(?P<a>(?<![\d/.-])\d{1,2}/\d{1,2}(?:/\d{4})?|(?<![\d/.-])\d{1,2}/\d{4})\s*-\s*"
    r"(?=\d{1,2}/\d{1,4}(?!\d))"
)
_DAY_RANGE = re.compile(
    r"(?<![\d/.,-])(?P<a>\d{1,2})\s*-\s*(?=\d{1,2}/\d{1,2}(?:/\d{4})?(?![\d/]))"
)
_TIME = re.compile(
    r"(?<![\d:.,/])(?P<h>[01]?\d|2[0-4])\s?(?:h|g|giờ|:)\s?(?P<m>[0-5]\d)(?!\d)"
    r"(?:\s?(?:phút|ph|p|')|:(?P<s>[0-5]\d)(?!\d))?(?![\w/])",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?<![\d:.,/])(?P<h>[01]?\d|2[0-4])(?:h|\sh)(?!\w)")
_TIME_RANGE = re.compile(
    r"(?P<a>(?<!\d)\d{1,2}\s?(?:h|giờ|:)\s?(?:\d\d)?)\s*-\s*(?=\d{1,2}\s?(?:h|giờ|:\d\d))"
)


def read_calendar(text: str, *, mung: bool = True) -> str:
    """Return the text with dates and times in words; ``mung`` says "mùng" for days 1 to 10.

    "ngày" is never added: where it is wanted it is written.
    """

    def day(number: str) -> str:
        words = read_integer(int(number))
        return f"mùng {words}" if mung and 1 <= int(number) <= 10 else words

    def full(match: re.Match[str]) -> str:
        if not _exists(match["d"], match["m"]):
            return match.group()
        year = read_integer(int(match["y"]))
        return f"{day(match['d'])} tháng {_month(match['m'])} năm {year}"

    def day_month(match: re.Match[str]) -> str:
        if not _exists(match["d"], match["m"]):
            return match.group()
        already = match["lead"].strip().lower() == "mùng"
        words = read_integer(int(match["d"])) if already else day(match["d"])
        return f"{match['lead']}{words} tháng {_month(match['m'])}"

    def days_month(match: re.Match[str]) -> str:
        if not _exists("1", match["m"]):
            return match.group()
        days = re.sub(r"\d+", lambda d: day(d.group()), match["days"])
        days = re.sub(r"\s*-\s*", " đến ", days)
        year = f" năm {read_integer(int(match['y']))}" if match["y"] else ""
        return f"{match['lead']}{days} tháng {_month(match['m'])}{year}"

    text = _RANGE.sub(lambda match: f"{match['a']} đến ", text)
    text = _DAYS_MONTH.sub(days_month, text)
    text = _DAY_RANGE.sub(lambda match: f"{day(match['a'])} đến ", text)
    text = _ISO.sub(full, _FULL.sub(full, text))
    text = _QUARTER.sub(_read_quarter, text)
    text = _MONTH_YEAR.sub(_read_month_year, text)
    text = _DAY_MONTH.sub(day_month, text)
    text = _IN_WORDS.sub(lambda match: match["lead"] + day(match["d"]), text)
    text = _MONTH.sub(lambda match: match["lead"] + _month(match["m"]), text)
    return _read_times(text)


def _exists(day: str, month: str) -> bool:
    return 1 <= int(day) <= 31 and 1 <= int(month) <= 12


def _month(number: str) -> str:
    return "tư" if int(number) == 4 else read_integer(int(number))


def _read_quarter(match: re.Match[str]) -> str:
    written = match["q"].upper()
    quarter = _QUARTERS.get(written) or read_number(written)
    return f"{match['lead']}{quarter} năm {read_integer(int(match['y']))}"


def _read_month_year(match: re.Match[str]) -> str:
    lead = match["lead"] or "tháng "
    return f"{lead}{_month(match['m'])} năm {read_integer(int(match['y']))}"


def _read_times(text: str) -> str:
    text = _TIME_RANGE.sub(lambda match: f"{match['a']} đến ", text)
    text = _TIME.sub(_read_time, text)
    return _HOUR.sub(lambda match: f"{read_integer(int(match['h']))} giờ", text)


def _read_time(match: re.Match[str]) -> str:
    words = f"{read_integer(int(match['h']))} giờ"
    minute = int(match["m"])
    said_minutes = "phút" in match.group().lower() or minute < 10 or match["s"]
    if minute:
        words += f" {read_integer(minute)}" + (" phút" if said_minutes else "")
    if match["s"] and int(match["s"]):
        words += f" {read_integer(int(match['s']))} giây"
    return words
