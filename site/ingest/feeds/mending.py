"""From whatever bytes a server sent to XML that a parser can be given without danger.

Nothing of the prologue is kept: no declaration, no DTD, no entities, and no text that a browser or
a broken template left before the root element.
"""

import codecs
import re
from html.entities import html5

from ingest.articles.article import UnreadableFile
from ingest.articles.encodings import decode as decode_vietnamese
from ingest.feeds.parsed import MAX_ENTRIES

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00r\x00", "utf-16-le"),
    (b"\x00<\x00r", "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,5}=\s{0,5}[\"']([\w.:-]{1,40})[\"']")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BAD_BYTES = bytes(set(range(32)) - {9, 10, 13})
_ROOT = re.compile(r"<((?:\w{1,20}:)?(rss|rdf|feed))[\s>/]", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)[^<>]{0,2000}>", re.IGNORECASE)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_NUMBERED = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,20})|(\d{1,20}));?")
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
_ENOUGH = 20  # letters beyond ASCII that show UTF-8 was meant
_CLOSING = {"rss": "</channel></rss>", "feed": "</feed>", "rdf": "</rdf:RDF>"}


def mend(data: bytes, charset: str = "") -> bytes | None:
    """Return the feed as UTF-8 from its root element on, or None if there is no such element.

    ``charset`` is what the server said; it is believed last.
    """
    text = _NO_XML.sub("", decode(data, charset))
    root = _ROOT.search(text)
    if root is None:
        return None
    text = _first_entries(text[root.start() :], root[2].lower())
    text = _NUMBERED.sub(_possible, _NAMED.sub(_letter, _DOCTYPE.sub("", text)))
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + text).encode()


def decode(data: bytes, charset: str = "") -> str:
    """Return the text, in whatever encoding it turns out to be. Never raises."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, errors="replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(data.translate(None, _BAD_BYTES), charset)


def _decode_other(data: bytes, charset: str) -> str:
    """Return text that is not all UTF-8: by its letters first, by what it claims to be second."""
    lenient = data.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    good = sum(letter > "\x7f" for letter in lenient) - broken
    if good >= max(_ENOUGH, broken * 10):
        return lenient
    try:
        return decode_vietnamese(data, "")[0]
    except UnreadableFile:
        return _decode_as_claimed(data, charset) or lenient


def _decode_as_claimed(data: bytes, charset: str) -> str | None:
    declared = _DECLARED.search(data[:1000])
    for name in (declared[1].decode() if declared else "", charset):
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            continue
    return None


def _first_entries(text: str, root: str) -> str:
    """Return the text cut before the entry that is one too many."""
    for number, entry in enumerate(_ENTRY.finditer(text)):
        if number == MAX_ENTRIES:
            return text[: entry.start()] + _CLOSING[root]
    return text


def _letter(found: re.Match[str]) -> str:
    """Return the character of an HTML entity; an unknown one as the letters that stand there."""
    if found[1] in _XML_NAMES:
        return found[0]
    return html5.get(f"{found[1]};", f"&amp;{found[1]};")


def _possible(found: re.Match[str]) -> str:
    """Return the reference to a character, or nothing where XML knows no such character."""
    number = int(found[1], 16) if found[1] else int(found[2])
    if number > 0x10FFFF or _NO_XML.match(chr(number)):
        return ""
    return f"&#{number};"
