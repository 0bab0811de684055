"""Amounts: telephone numbers, ranges, ratios, units, and every number that is left."""

import re
from functools import cache

from media.speech.numbers import DIGITS, read_digits, read_number
from media.speech.tables import units

# Begins where a written number begins and gives nothing back, so that long runs cost no more.
_NUMBER = r"(?<!\d)(?<!\d[.,])(?>\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?|\d++,\d++|\d++(?:\.\d+)++|\d++)"
_CALL = re.compile(
    r"(?P<lead>\b(?:hotline|tổng đài|đường dây nóng|điện thoại|số máy|liên hệ"
    r"|gọi(?: số)?|fax|zalo)"
    r"(?: số| theo số)?\s*:?\s*)(?P<digits>\d{3,4}(?:[ .-]\d{2,6})*|\d{3,11})(?![\d%])",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d/.,])(?:1[89]00(?:[ .]\d{2,6}|\d{2,6})\b"
    r"|\(?(?:\+84|0)\d{1,3}\)?(?:[ .-]?\d{3,4}){2,3}(?![\d.,]))"
)
_LISTED = re.compile(
    r"(?P<lead>\b(?:mức độ|mức|loại|điều|khoản|điểm|tháng|quý|lớp|khối|bậc)\s+)"
    r"(?P<list>\d(?:,\d)+)(?![\d%])",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(?<=\d)(?P<unit>%?)\s*-\s*(?=\d)")
_YEARS = re.compile(r"(?<![\d/])(?P<a>(?:19|20)\d\d)/(?P<b>(?:19|20)\d\d)(?![\d/])")
_FRACTION = re.compile(
    r"(?<![\d/.,])(?P<a>[1-3])/(?P<b>[2-5])(?![\d/])(?P<unit>\s*[^\W\d_]{1,2}\d?(?!\w))?"
)
_RANKED = re.compile(r"(?:xếp|hạng|thứ|đạt|được|mức)\s*$", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?:(?<=\s)|^)-(?=\d)")
_PER = re.compile(
    r"\s*/\s*(?=(?:tháng|năm|ngày|giờ|người|lần|quý|tuần|hộ|vụ|lượt|phút|giây|đêm|suất|hồ sơ)\b)"
)
_COUNTED = re.compile(r"(?:\bsố|\bđề án|\bmã)\s*:?\s*$", re.IGNORECASE)
_LONG_CODE = 9  # digits without dots: nobody counts so far


def read_quantities(text: str) -> str:
    """Return the text with every number in words."""
    text = _CALL.sub(lambda match: match["lead"] + _groups(match["digits"]), text)
    text = _PHONE.sub(lambda match: _groups(match.group()), text)
    text = _LISTED.sub(lambda match: match["lead"] + match["list"].replace(",", ", "), text)
    text = _YEARS.sub(lambda match: f"{match['a']} đến {match['b']}", text)
    text = _RANGE.sub(lambda match: f"{match['unit']} đến ", text)
    text = _NEGATIVE.sub("âm ", text)
    text = _FRACTION.sub(_read_fraction, text)
    text = re.sub(r"(?<=\d)\s*/\s*(?=\d)", " trên ", text)
    text = _measured().sub(_read_measured, text)
    text = _PER.sub(" một ", text)
    text = _per_unit().sub(lambda match: f"{match['lead']} trên {units()[match['unit']]}", text)
    return re.sub(_NUMBER, _read_plain, text)


def _groups(written: str) -> str:
    lead = "cộng " if "+" in written else ""
    return lead + ", ".join(read_digits(group) for group in re.findall(r"\d+", written))


def _read_fraction(match: re.Match[str]) -> str:
    if int(match["a"]) >= int(match["b"]) or _RANKED.search(match.string[: match.start()]):
        return match.group()
    unit = match["unit"] or ""
    said = units().get(unit.strip())
    return f"{DIGITS[int(match['a'])]} phần {DIGITS[int(match['b'])]}" + (
        f" {said}" if said else unit
    )


@cache
def _measured() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(units(), key=len, reverse=True)))
    return re.compile(
        rf"(?P<number>{_NUMBER})\s*(?P<unit>{names})(?!\w)(?:/(?P<per>{names})(?!\w))?"
    )


@cache
def _per_unit() -> re.Pattern[str]:
    """A unit below a stroke whose upper half is a word: "5 tấn/ha"."""
    names = "|".join(map(re.escape, sorted(units(), key=len, reverse=True)))
    counted = "tấn|tạ|yến|lít|đồng|cây|người|con"
    return re.compile(rf"(?P<lead>\b(?:{counted}))\s*/\s*(?P<unit>{names})(?!\w)")


def _read_measured(match: re.Match[str]) -> str:
    words = f"{_read_plain(match, 'number')} {units()[match['unit']]}"
    return f"{words} trên {units()[match['per']]}" if match["per"] else words


def _read_plain(match: re.Match[str], group: str | int = 0) -> str:
    written = match[group]
    if written.isdigit() and len(written) > _LONG_CODE:
        words = read_digits(written)
    else:
        counted = _COUNTED.search(match.string, max(0, match.start() - 12), match.start())
        words = read_number(written, keep_zeros=counted is not None)
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    # "4G" and "QH15": the number stands alone in speech.
    return (" " if before.isalpha() else "") + words + (" " if after.isalpha() else "")
