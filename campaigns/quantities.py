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
    r"(?:ít nhất|tối thiểu|trên|mục tiêu)?\s*"
    r"(?P<number>\d{1,3}(?:\.\d{3})+|\d{1,9})\s+(?P<unit>[^\d/;]+?)\s*(?P<rate>(?:/[^/;\d]+)*)",
    re.IGNORECASE,
)
# Without "năm", which is the year as well.
_NUMBERS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
_COUNTED = r"(?:\d{1,3}(?:\.\d{3})+|\d{1,9}|" + "|".join(_NUMBERS) + ")"
_LEAST = r"(?:ít nhất|tối thiểu|trên)"
# "Mỗi quý 1 lần" is "1 lần/quý".
_EACH = re.compile(
    rf"(?:mỗi|hằng|hàng)\s+(?P<per>ngày|tuần|tháng|quý|năm),?\s+(?P<least>{_LEAST}\s+)?"
    rf"(?P<number>{_COUNTED})\s+(?P<unit>[^\d/;]+)",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    rf"(?P<least>(?:{_LEAST}|mục tiêu)\s+)?(?P<word>{'|'.join(_NUMBERS)})"
    r"(?=\s)(?!\s+(?:số|vài|phần|cách|trong)\b)",  # "một số" is "several"
    re.IGNORECASE,
)
# "22 pano (2/huyện, thành phố)": so many for each, so many in all.
_SHARE = re.compile(r"(?P<number>\d{1,9})\s*(?P<unit>[^\d/;]*?)\s*/\s*(?P<whom>[^\d/;]+)")
_RATE_WORDS = re.compile(r"\s+(?:mỗi|một|hằng|hàng)\s+(?=(?:ngày|tuần|tháng|quý|năm)\b)")
_TOTAL = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{3})+|\d{1,9})\s+(?P<unit>.+?)(?:\s+(?P<within>từ\s.+))?"
)
_PERIODS = {"ngày": "day", "tuần": "week", "tháng": "month", "quý": "quarter", "năm": "year"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A target. ``per``: a value of ``Activity.Per`` or empty; ``total`` only where it is given.

    ``within``: the months that a total is given for, as written: "từ tháng 5 đến tháng 12".
    """

    target: int | None = None
    unit: str = ""
    per: str = ""
    per_agency: bool = False
    total: int | None = None
    unclear: tuple[str, ...] = ()
    within: str = ""


def parse_quantity(text: str) -> Quantity:
    """Return the target that the text plainly states; parts that are not plain in ``unclear``."""
    text = _SPACES.sub(" ", nfc(text)).strip(" .")
    if not text:
        return Quantity()
    main = plain(_BRACKETS.sub(" ", text).strip())
    match = _FIGURE.fullmatch(main)
    if not match or len(_NEXT_FIGURE.split(main)) > 1:
        return Quantity(unclear=(text,))
    rate = [part.strip().lower() for part in match["rate"].split("/")[1:]]
    periods = [_PERIODS[part] for part in rate if part in _PERIODS]
    number, unit = whole(match["number"]), match["unit"].strip()
    if len(periods) > 1 or not number:
        return Quantity(unclear=(text,))
    notes = [note.strip() for note in _BRACKETS.findall(text) if note.strip()]
    if not rate and (share := share_of(notes, unit)):
        return Quantity(share, unit, per_agency=True, total=number)
    per = periods[0] if periods else ""
    per_agency = len(rate) > len(periods)
    totals, within, unclear = bracketed(notes, unit)
    if not per_agency and per in {"", "year"}:
        totals = [number]
    total = totals[0] if totals else None
    return Quantity(number, unit, per, per_agency, total, unclear, within)


def plain(text: str) -> str:
    """Return the text with its rate and its numbers in figures: "1 lần/quý"."""
    if match := _EACH.fullmatch(text):
        least = match["least"] or ""
        text = f"{least}{match['number']} {match['unit'].strip()}/{match['per']}"
    text = _RATE_WORDS.sub("/", text)
    if spelled := _SPELLED.match(text):
        number = _NUMBERS[spelled["word"].lower()]
        text = f"{spelled['least'] or ''}{number}{text[spelled.end() :]}"
    return text


def share_of(notes: list[str], unit: str) -> int | None:
    """Return how many for each, if that is all the brackets say."""
    match = _SHARE.fullmatch(notes[0]) if len(notes) == 1 else None
    if not match or match["unit"].lower() not in {"", unit.lower()}:
        return None
    return None if match["whom"].strip().lower() in _PERIODS else int(match["number"]) or None


def bracketed(notes: list[str], unit: str) -> tuple[list[int], str, tuple[str, ...]]:
    """Return totals in brackets in the same unit, the months they are for, and other remarks."""
    totals: list[int] = []
    unclear: list[str] = []
    within = ""
    for note in notes:
        match = _TOTAL.fullmatch(note)
        if match and match["unit"].lower() == unit.lower():
            totals.append(whole(match["number"]))
            within = within or match["within"] or ""
        else:
            unclear.append(note)
    return totals, within, tuple(unclear)


def whole(number: str) -> int:
    """Return the integer of a figure grouped by points, as Vietnamese writes 20.000."""
    return int(number.replace(".", ""))
