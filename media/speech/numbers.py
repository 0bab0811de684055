"""Numbers in words, in the northern reading of the national broadcasters.

"linh" for an empty ten, "mốt", "tư" and "lăm" after "mươi", "nghìn" for thousands.
"""

import unicodedata

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ((1_000_000, "triệu"), (1_000, "nghìn"))
_BILLION = 1_000_000_000
_LONGEST = 18  # digits; longer ones are codes, not amounts


def ascii_digits(text: str) -> str:
    """Return the text with every digit of any script, raised ones too, as 0 to 9."""
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char
        for char in text
    )


def read_integer(value: int) -> str:
    """Return a number from zero up in words: 2021 is "hai nghìn không trăm hai mươi mốt"."""
    if value == 0:
        return DIGITS[0]
    return " ".join(_read(value, leading=True))


def _read(value: int, *, leading: bool) -> list[str]:
    words: list[str] = []
    if value >= _BILLION:
        words += [*_read(value // _BILLION, leading=leading), "tỷ"]
        value %= _BILLION
        leading = False
    for scale, name in _SCALES:
        if value >= scale:
            words += [*_hundreds(value // scale, full=not leading), name]
            value %= scale
            leading = False
    return words + (_hundreds(value, full=not leading) if value else [])


def _hundreds(value: int, *, full: bool) -> list[str]:
    """Return up to three digits in words; ``full`` says the empty hundred too."""
    hundreds, rest = divmod(value, 100)
    words = [DIGITS[hundreds], "trăm"] if hundreds or full else []
    tens, ones = divmod(rest, 10)
    if tens == 0:
        if ones and words:
            words.append("linh")
        return [*words, DIGITS[ones]] if ones else words
    words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    return [*words, _last(tens, ones)] if ones else words


def _last(tens: int, ones: int) -> str:
    if ones == 5:
        return "lăm"
    if tens > 1 and ones in {1, 4}:
        return "mốt" if ones == 1 else "tư"
    return DIGITS[ones]


def read_digits(text: str) -> str:
    """Return the digits one by one, as telephone numbers are read."""
    return " ".join(DIGITS[int(char)] for char in text if char in "0123456789")


def read_number(written: str, *, keep_zeros: bool = False) -> str:
    """Return a written number in words: dots part thousands, a comma the decimals.

    ``keep_zeros`` reads leading zeros, as in "Đề án 06"; counts such as "08 xã" drop them.
    """
    whole, _comma, decimals = written.partition(",")
    if "." in whole and not _parts_thousands(whole):
        return " chấm ".join(read_number(part, keep_zeros=True) for part in whole.split("."))
    whole = whole.replace(".", "")
    words = _read_whole(whole, keep_zeros=keep_zeros)
    return f"{words} phẩy {_read_decimals(decimals)}" if decimals else words


def _parts_thousands(whole: str) -> bool:
    first, *rest = whole.split(".")
    return 1 <= len(first) <= 3 and not first.startswith("0") and all(len(g) == 3 for g in rest)


def _read_whole(digits: str, *, keep_zeros: bool) -> str:
    zeros = len(digits) - len(digits.lstrip("0"))
    if len(digits) > _LONGEST or zeros > 1 or (zeros and len(digits) > 4):
        return read_digits(digits)
    if zeros == 1 and len(digits) > 1 and keep_zeros:
        return f"{DIGITS[0]} {read_integer(int(digits))}"
    return read_integer(int(digits))


def _read_decimals(digits: str) -> str:
    """Two decimals are read as a number, more of them or with a zero in front one by one."""
    if len(digits) > 2 or digits.startswith("0"):
        return read_digits(digits)
    return read_integer(int(digits))
