"""Spaces, dashes, quotes and marks, before and after the words are put in."""

import re
import unicodedata

from media.speech.numbers import ascii_digits, read_number

_DASHES = re.compile("[‐-―−–—]")
_QUOTES = re.compile("[“”„‟«»]")
_APOSTROPHES = re.compile("[‘’‚‛]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_END_MARK = re.compile(r"\s*\./\.?(?=\s|$)")
_BULLET = re.compile(r"^\s*(?:[-+*•●▪◦►✓]\s+)+")
_FRACTIONS = {"½": "một phần hai", "¼": "một phần tư", "¾": "ba phần tư", "⅓": "một phần ba",
              "⅔": "hai phần ba"}  # fmt: skip
_SAID_MARKS = (
    (re.compile(r"\s*&\s*"), " và "),
    (re.compile(r"\s*≥\s*"), " lớn hơn hoặc bằng "),
    (re.compile(r"\s*≤\s*"), " nhỏ hơn hoặc bằng "),
    (re.compile(r"\s*>\s*"), " lớn hơn "),
    (re.compile(r"\s*<\s*"), " nhỏ hơn "),
    (re.compile(r"\s*=\s*"), " bằng "),
    (re.compile(r"\s+\+\s+"), " cộng "),
    (re.compile(r"\s*%"), " phần trăm"),
    (re.compile(r"\bvà/hoặc\b"), "và hoặc"),
    (re.compile(r"\s*/\s*"), ", "),
    (re.compile(r"[*_#^~|\\{}]+"), " "),
)


def prepared(line: str) -> str:
    """Return one line composed, with plain spaces, dashes, quotes and digits; no end mark."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", line))
    for mark, words in _FRACTIONS.items():
        text = text.replace(mark, f" {words} ")
    text = re.sub("[²³]", lambda match: str(unicodedata.digit(match.group())), text)
    text = "".join(unicodedata.normalize("NFKC", c) if "Ⅰ" <= c <= "ⅿ" else c for c in text)
    text = ascii_digits(text)
    text = _APOSTROPHES.sub("'", _QUOTES.sub('"', _DASHES.sub("-", text)))
    text = " ".join(text.split())
    return _BULLET.sub("", _END_MARK.sub(".", text))


def finished(text: str) -> str:
    """Return the line with the last signs said and its spacing and punctuation in order."""
    for pattern, said in _SAID_MARKS:
        text = pattern.sub(said, text)
    text = re.sub(r"\d+", lambda match: f" {read_number(match.group())} ", text)
    text = " ".join(text.split())
    text = re.sub(r"\s+([,.;:!?)])", r"\1", text)
    text = re.sub(r",+(?=[,.;:!?)])", "", text)
    text = re.sub(r"\(\s+", "(", text)
    return re.sub(r",$", "", text.strip())
