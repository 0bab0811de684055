"""Lines of text as the importer compares and keeps them."""

import re
import unicodedata

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_INDENT = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]*")


def clean(text: str) -> str:
    """Return the text composed, without invisible characters, with single plain spaces."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def squeeze(text: str) -> str:
    """Return the text with single plain spaces and nothing else changed."""
    return " ".join(text.split())


def lines(text: str) -> list[str]:
    """Return the lines, whichever way they are broken."""
    return _BREAKS.split(text)


def indent(line: str) -> int:
    """Return how many spaces the line is set in; a tab counts as four."""
    match = _INDENT.match(line)
    return len(match.group().expandtabs(4)) if match else 0


def ends_sentence(text: str) -> bool:
    """Tell whether the text ends as a sentence does, closing quotes and brackets aside."""
    return text.rstrip("\"”’')»] ").endswith((".", "!", "?", "…", ";", ":"))


def count_words(text: str) -> int:
    return len(text.split())


def excerpt(text: str, limit: int = 60) -> str:
    """Return the beginning of the text, cut at a word."""
    if len(text) <= limit:
        return text
    return (text[:limit].rpartition(" ")[0] or text[:limit]) + "…"
