"""Roman numerals, only after a word that announces one, or as the number of a heading."""

import re

from media.speech.numbers import read_integer

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ANNOUNCED = re.compile(
    r"(?P<lead>\b(?:lần thứ|thứ|khóa|khoá|đại hội|quý|kỳ|chương|phần|mục|phụ lục|thế kỷ|hạng|loại"
    r"|bậc|quân khu|vùng|giai đoạn|tập|cấp|nhóm)\s+)"
    r"(?P<list>[IVXLC]+(?:(?:\s*,\s*|\s+và\s+|\s*-\s*)[IVXLC]+)*)(?!\w)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^(?P<number>[IVXLC]+)(?=\s*[.)]\s|\s*-\s)")
_ORDINAL = re.compile(r"(?P<lead>\b(?:lần\s+)?thứ\s+)(?P<n>[14])(?![\d.,/]\d|\d|\w)", re.IGNORECASE)
_NUMERAL = re.compile(r"C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def value(numeral: str) -> int:
    """Return the number a Roman numeral stands for; 0 if it is none."""
    if not numeral or not _NUMERAL.fullmatch(numeral):
        return 0
    numbers = [_VALUES[char] for char in numeral]
    following = [*numbers[1:], 0]
    return sum(-n if n < after else n for n, after in zip(numbers, following, strict=True))


def read_roman(text: str) -> str:
    """Return the text with Roman numerals and "thứ 1", "thứ 4" in words."""
    text = _ANNOUNCED.sub(_read_announced, text)
    text = _HEADING.sub(
        lambda m: read_integer(value(m["number"])) if value(m["number"]) else m[0], text
    )
    return _ORDINAL.sub(lambda m: m["lead"] + ("nhất" if m["n"] == "1" else "tư"), text)


def _read_announced(match: re.Match[str]) -> str:
    ordinal = match["lead"].strip().lower().endswith("thứ")

    def word(numeral: re.Match[str]) -> str:
        number = value(numeral.group())
        if ordinal and number in {1, 4}:
            return "nhất" if number == 1 else "tư"
        return read_integer(number) if number else numeral.group()

    said = re.sub(r"[IVXLC]+", word, match["list"])
    return match["lead"] + re.sub(r"\s*-\s*", " đến ", said)
