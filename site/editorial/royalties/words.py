"""An amount of money in words, as payment sheets write it."""

from media.speech.numbers import read_integer


def in_words(amount: int) -> str:
    """Return 379500 as "Ba trăm bảy mươi chín nghìn năm trăm đồng"; below zero with "Âm"."""
    words = read_integer(abs(amount))
    text = f"âm {words}" if amount < 0 else words
    return f"{text[0].upper()}{text[1:]} đồng"
