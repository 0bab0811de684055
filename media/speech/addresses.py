"""Web and e-mail addresses as they are read out."""

import re
from functools import cache

from anyascii import anyascii

from media.speech.numbers import read_digits
from media.speech.tables import places

_EMAIL = re.compile(r"(?<![\w.+-])(?P<who>[\w.+-]++)@(?P<host>[\w-]+(?:\.[\w-]+)+)")
_WEB = re.compile(
    r"(?:https?://|(?<![\w@.])www\.)(?P<a>[^\s<>\"'()]*[\w/])"
    r"|(?<![\w@.-])(?P<b>(?:[a-z0-9-]{1,63}\.){1,8}(?:vn|com|org|net|edu|info)(?:/[^\s<>\"'()]*[\w/])?)(?!\w)",
    re.IGNORECASE,
)
_MARKS = {".": "chấm", "/": "gạch chéo", "-": "gạch ngang", "_": "gạch dưới", "@": "a còng"}


def read_addresses(text: str) -> str:
    """Return the text with addresses in words; "https://" and "www." are not said."""
    text = _EMAIL.sub(lambda m: f"{_spoken(m['who'])} a còng {_spoken(m['host'])}", text)
    return _WEB.sub(lambda m: _spoken((m["a"] or m["b"]).removeprefix("www.").rstrip("/")), text)


def _spoken(address: str) -> str:
    words = []
    for piece in re.findall(r"[^\W_]+|[^\w\s]|_", address):
        if piece in _MARKS:
            words.append(_MARKS[piece])
        elif piece.isalnum():
            words.append(_label(piece))
    return " ".join(words)


def _label(label: str) -> str:
    known = _names().get(label.lower())
    if known:
        return known
    pieces = re.findall(r"\d+|\D+", label)
    return " ".join(read_digits(piece) if piece.isdecimal() else piece for piece in pieces)


@cache
def _names() -> dict[str, str]:
    """Return the names in the table as an address writes them: "langson"."""
    return {re.sub("[^a-z]", "", anyascii(name).lower()): name.lower() for name in places()}
