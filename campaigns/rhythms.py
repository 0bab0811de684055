"""How often, as plans write it: "hằng tháng", "6 tháng một lần", "trước ngày 20 hằng tháng".

A plain rhythm becomes a value of ``Activity.Recurrence``; one with days of its own also a rule of
RFC 5545. What is not covered is no rhythm: ``None``.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_EVERY = r"(?:hằng|hàng|mỗi)"
_HOW = r"(?:(?:vào|trong)\s+)?(?:(?P<how>trước|chậm nhất(?: là| vào)?|muộn nhất(?: là| vào)?)\s+)?"
_DAYS = r"(?:ngày\s+)?(?P<days>\d{1,2}(?:(?:,\s*|\s+và\s+)(?:ngày\s+)?\d{1,2})*)"

_WORDS = {
    "continuous": re.compile(
        r"(?:thường xuyên|liên tục|trong năm|cả năm|thường xuyên,? liên tục|quanh năm)"
        r"(?:,? (?:trong|cả) năm)?"
    ),
    "reporting": re.compile(
        r"(?:báo cáo |định kỳ )*(?:quý i,? 6 tháng,? (?:quý iii|9 tháng)|(?:hằng |hàng )?quý,? "
        r"6 tháng)(?:,| và|, và) (?:cả |hằng |hàng )?năm"
    ),
    "daily": re.compile(rf"(?:định kỳ )?{_EVERY} ngày"),
    "weekly": re.compile(rf"(?:định kỳ |cuối )?{_EVERY} tuần"),
    "monthly": re.compile(rf"(?:định kỳ |cuối )?{_EVERY} tháng"),
    "quarterly": re.compile(rf"(?:định kỳ |cuối )?{_EVERY} quý"),
    "half-yearly": re.compile(rf"(?:định kỳ )?(?:{_EVERY} )?0?6 tháng"),
    "yearly": re.compile(rf"(?:định kỳ |cuối )?{_EVERY} năm"),
    "periodic": re.compile(r"định kỳ"),
}
_INTERVAL = re.compile(
    r"(?:định kỳ )?(?:cứ )?(?P<count>\d{1,2}) (?P<unit>tuần|tháng|quý|năm)"
    r"(?:\s*/\s*|\s+)(?:(?:một|0?1)\s+)?lần"
)
_MONTHLY = re.compile(rf"{_HOW}{_DAYS}\s+(?:{_EVERY}|của {_EVERY}|của)\s+tháng")
_QUARTERLY = re.compile(
    rf"{_HOW}{_DAYS}\s+(?:của )?tháng cuối(?: của)?(?: {_EVERY})? quý(?: {_EVERY} quý)?"
)
_YEARLY = re.compile(
    rf"{_HOW}(?:ngày\s+)?(?P<day>\d{{1,2}})(?:/|\s+tháng\s+)(?P<month>\d{{1,2}})\s+{_EVERY}\s+năm"
)
_WEEKDAYS = re.compile(
    rf"(?:vào\s+)?(?P<names>(?:thứ \w+|chủ nhật)(?:(?:,\s*|\s+và\s+)(?:thứ \w+|chủ nhật))*)"
    rf"\s+{_EVERY}\s+tuần"
)
_CODES = {
    "hai": "MO",
    "2": "MO",
    "ba": "TU",
    "3": "TU",
    "tư": "WE",
    "4": "WE",
    "năm": "TH",
    "5": "TH",
    "sáu": "FR",
    "6": "FR",
    "bảy": "SA",
    "7": "SA",
}
_MONTHS_ONCE = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}
SHORTEST_MONTH = 28


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``recurrence``: a value of ``Activity.Recurrence``; ``rule``: of RFC 5545, or empty."""

    recurrence: str
    rule: str = ""


def rhythm_of(clause: str) -> Rhythm | None:
    """Return the rhythm that the whole clause names."""
    lowered = clause.lower().strip()
    for name, pattern in _WORDS.items():
        if pattern.fullmatch(lowered):
            return Rhythm(name)
    for reader in (_interval, _day_of_month, _day_of_quarter, _day_of_year, _weekdays):
        if found := reader(lowered):
            return found
    return None


def _interval(text: str) -> Rhythm | None:
    """ "6 tháng một lần", "2 tuần/lần"."""
    match = _INTERVAL.fullmatch(text)
    if not match:
        return None
    count, unit = int(match["count"]), match["unit"]
    if unit == "tuần":
        rules = {1: "", 2: "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU"}
        return Rhythm("weekly", rules[count]) if count in rules else None
    months = count * {"tháng": 1, "quý": 3, "năm": 12}[unit]
    if months in _MONTHS_ONCE:
        return Rhythm(_MONTHS_ONCE[months])
    if months in {2, 4}:
        return Rhythm("periodic", month_ends(range(months, 13, months)))
    return None


def month_ends(months: "range | list[int]") -> str:
    """Return the rule of the last days of these months."""
    return f"FREQ=MONTHLY;BYMONTH={','.join(map(str, months))};BYMONTHDAY=-1"


def _day_of_month(text: str) -> Rhythm | None:
    """ "Trước ngày 20 hằng tháng", "ngày 10 và ngày 25 hằng tháng"."""
    match = _MONTHLY.fullmatch(text)
    days = _days(match) if match else None
    return Rhythm("monthly", f"FREQ=MONTHLY;{days}") if days else None


def _day_of_quarter(text: str) -> Rhythm | None:
    """ "Trước ngày 05 của tháng cuối quý"."""
    match = _QUARTERLY.fullmatch(text)
    days = _days(match) if match else None
    return Rhythm("quarterly", f"FREQ=MONTHLY;BYMONTH=3,6,9,12;{days}") if days else None


def _days(match: re.Match[str]) -> str | None:
    """Return the part of the rule that says which days of the month.

    "Ngày 31" of a month that has none is its last day, as offices understand it.
    """
    days = [int(day) for day in re.findall(r"\d+", match["days"])]
    if match["how"] == "trước":
        days = [day - 1 or -1 for day in days]
    if not all(day == -1 or 1 <= day <= 31 for day in days):
        return None
    if max(days) <= SHORTEST_MONTH:
        return f"BYMONTHDAY={','.join(map(str, days))}"
    if len(days) == 1:
        choice = ",".join(map(str, range(SHORTEST_MONTH, days[0] + 1)))
        return f"BYMONTHDAY={choice};BYSETPOS=-1"
    return None


def _day_of_year(text: str) -> Rhythm | None:
    """ "Trước ngày 25/11 hằng năm"."""
    match = _YEARLY.fullmatch(text)
    if not match:
        return None
    try:
        day = date(2001, int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    if match["how"] == "trước":
        day -= timedelta(days=1)
    return Rhythm("yearly", f"FREQ=YEARLY;BYMONTH={day.month};BYMONTHDAY={day.day}")


def _weekdays(text: str) -> Rhythm | None:
    """ "Thứ hai và thứ năm hằng tuần"."""
    match = _WEEKDAYS.fullmatch(text)
    if not match:
        return None
    names = re.findall(r"thứ (\w+)|(chủ nhật)", match["names"])
    codes = ["SU" if sunday else _CODES.get(name, "") for name, sunday in names]
    return Rhythm("weekly", f"FREQ=WEEKLY;BYDAY={','.join(codes)}") if all(codes) else None
