"""Reading the quantity column of a plan: "2 kỳ/tháng (16 kỳ)", "20.000 tờ", "1 kế hoạch/cơ quan".

One plain figure with its unit becomes a target. Two different figures in one cell, or words only,
stay text and are handed back in ``unclear``: which of them counts is for a person to say.
"""

import re
from dataclasses import dataclass

from core.text import nfc

_SPACES = re.compile(r"\s+")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_NEXT_FIGURE = re.compile(r"[;,]\s*(?=(?:ít nhất|tối thiểu|mục tiêu|khoảng)?\s*\d)", re.IGNORECASE)
_FIGURE = re.compile(
    r"(?:ít nhất|tối thiểu|mục tiêu)?\s*"
    r"(?P<number>\d{1,3}(?:\.\d{3})+|\d{1,9})\s+(?P<unit>[^\d/;]+?)\s*(?P<rate>(?:/[^/;\d]+)*)",
    re.IGNORECASE,
)
_RATE_WORDS = re.compile(r"\s+(?:mỗi|một|hằng|hàng)\s+(?=(?:ngày|tuần|tháng|quý|năm)\b)")
_TOTAL = re.compile(r"(?P<number>\d{1,3}(?:\.\d{3})+|\d{1,9})\s+(?P<unit>.+?)(?:\s+từ\s.+)?")
_PERIODS = {"ngày": "day", "tuần": "week", "tháng": "month", "quý": "quarter", "năm": "year"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A target. ``per``: a value of ``Activity.Per`` or empty; ``total`` only where it is given."""

    target: int | None = None
    unit: str = ""
    per: str = ""
    per_agency: bool = False
    total: int | None = None
    unclear: tuple[str, ...] = ()


def parse_quantity(text: str) -> Quantity:
    """Return the target that the text plainly states; parts that are not plain in ``unclear``."""
    text = _SPACES.sub(" ", nfc(text)).strip(" .")
    if not text:
        return Quantity()
    main = _RATE_WORDS.sub("/", _BRACKETS.sub(" ", text).strip())
    match = _FIGURE.fullmatch(main)
    if not match or len(_NEXT_FIGURE.split(main)) > 1:
        return Quantity(unclear=(text,))
    rate = [part.strip().lower() for part in match["rate"].split("/")[1:]]
    periods = [_PERIODS[part] for part in rate if part in _PERIODS]
    if len(periods) > 1:
        return Quantity(unclear=(text,))
    number, unit = whole(match["number"]), match["unit"].strip()
    per = periods[0] if periods else ""
    per_agency = len(rate) > len(periods)
    totals, unclear = bracketed(text, unit)
    if not per_agency and per in {"", "year"}:
        totals = [number]
    return Quantity(number, unit, per, per_agency, totals[0] if totals else None, unclear)


def bracketed(text: str, unit: str) -> tuple[list[int], tuple[str, ...]]:
    """Return totals given in brackets in the same unit, and the other remarks in brackets."""
    totals: list[int] = []
    unclear: list[str] = []
    for note in filter(None, map(str.strip, _BRACKETS.findall(text))):
        match = _TOTAL.fullmatch(note)
        if match and match["unit"].lower() == unit.lower():
            totals.append(whole(match["number"]))
        else:
            unclear.append(note)
    return totals, tuple(unclear)


def whole(number: str) -> int:
    """Return the integer of a figure grouped by points, as Vietnamese writes 20.000."""
    return int(number.replace(".", ""))
