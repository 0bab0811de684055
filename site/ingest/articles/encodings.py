"""From bytes to Unicode text: which encoding a file is in, and a refusal when that is unclear."""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from core.spelling.syllables import is_marked, is_syllable, plausibility, words
from core.text import nfc
from ingest.articles.article import Block, UnreadableFile
from ingest.articles.cleaning import clean
from ingest.articles.legacy import from_tcvn3, from_vni

_SURE = 0.85  # share of marked words that must be Vietnamese syllables
_GAP = 0.05  # how much better than the next reading the chosen one must be
_FINE = 0.6  # proper Unicode may hold foreign names; below this it is looked at again
_ENOUGH = 20  # letters with diacritics that show UTF-8 was meant, whatever single byte is broken

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile("[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff]")

#: Readings of text that arrived as if it were Windows-1252.
_LEGACY: dict[str, Callable[[str], str]] = {"TCVN3": from_tcvn3, "VNI": from_vni}


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Knows UTF-8 and UTF-16 with or without a mark, TCVN3, VNI and Windows-1258. Raises
    ``UnreadableFile`` for binary content, damaged text and anything it cannot tell.
    """
    text, encoding = _decode_unicode(data, name) or _decode_legacy(data, name)
    _refuse_binary(text, name)
    return text, encoding


def _decode_unicode(data: bytes, name: str) -> tuple[str, str] | None:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _strict(data, codec, name), codec.removesuffix("-sig").upper()
    if silent := _utf16_without_mark(data):
        return _strict(data, silent, name), "UTF-16"
    try:
        return repair(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, error, name)
        return None


def _strict(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            name, _("The text is damaged at byte %(byte)d.") % {"byte": error.start + 1}
        ) from error


def _utf16_without_mark(data: bytes) -> str | None:
    """Spaces and ASCII letters of UTF-16 have a zero in every second byte."""
    sample = data[:4000]
    if len(sample) < 4 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    pairs = len(sample) // 2
    if odd > pairs * 0.3 and even == 0:
        return "utf-16-le"
    if even > pairs * 0.3 and odd == 0:
        return "utf-16-be"
    return None


def _refuse_damaged_utf8(data: bytes, error: UnicodeDecodeError, name: str) -> None:
    """One broken byte in good UTF-8 is damage, not another encoding."""
    lenient = data.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    good = sum(char > "\x7f" and char != "\ufffd" for char in lenient)
    if good < max(_ENOUGH, broken * 10):
        return
    before = data[: error.start].decode("utf-8", errors="replace")
    raise UnreadableFile(
        name,
        _("The UTF-8 text is damaged on line %(line)d, column %(column)d.")
        % {"line": before.count("\n") + 1, "column": len(before) - before.rfind("\n")},
    )


def _decode_legacy(data: bytes, name: str) -> tuple[str, str]:
    raw = data.decode("cp1252", errors="replace")
    _refuse_binary(raw, name)
    readings = {label: convert(raw) for label, convert in _LEGACY.items()}
    readings["Windows-1258"] = nfc(data.decode("cp1258", errors="replace"))
    best = _best(readings)
    if best is None:
        raise UnreadableFile(name, _unclear(raw))
    return readings[best], best


def _best(readings: dict[str, str]) -> str | None:
    """Return the label of the one reading that is clearly Vietnamese, if there is one."""
    ranked = sorted(((plausibility(text), label) for label, text in readings.items()), reverse=True)
    score, label = ranked[0]
    if not any(is_marked(word) for word in words(readings[label])):
        return None
    if score < _SURE or score - ranked[1][0] < _GAP:
        return None
    return label


def _unclear(text: str) -> str:
    """Say where the first word stands that is not Vietnamese in any known encoding."""
    for number, line in enumerate(text.splitlines(), start=1):
        strange = next((w for w in words(line) if is_marked(w) and not is_syllable(w)), None)
        if strange:
            return _(
                "The encoding is unclear from line %(line)d on (“%(word)s”). Save the file as "
                "UTF-8 and try again."
            ) % {"line": number, "word": strange[:40]}
    return _("The encoding is unclear. Save the file as UTF-8 and try again.")


def repair(text: str, label: str = "UTF-8") -> tuple[str, str]:
    """Return Unicode for text that was set in TCVN3 or VNI fonts, and the encoding it was in.

    Word files and saved pages keep such text as if it were Windows-1252. Text that is not clearly
    in such an encoding comes back as it is, with ``label``.
    """
    if plausibility(text) >= _FINE:
        return text, label
    readings = {old: convert(text) for old, convert in _LEGACY.items()}
    best = _best({label: text} | readings)
    return (readings[best], best) if best in readings else (text, label)


def _refuse_binary(text: str, name: str) -> None:
    if found := _BINARY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise UnreadableFile(
            name,
            _("This is not text: there are control characters on line %(line)d.") % {"line": line},
        )


def repair_blocks(blocks: list[Block]) -> tuple[list[Block], str]:
    """Repair the texts of the blocks together and clean them; return them and the encoding.

    Only after the repair may a soft hyphen go: in TCVN3 it is the letter ư.
    """
    repaired, encoding = repair("\n".join(block.text for block in blocks))
    texts = repaired.split("\n") if blocks else []
    pairs = zip(blocks, texts, strict=True)
    cleaned = [replace(block, text=clean(text)) for block, text in pairs]
    return [block for block in cleaned if block.text], encoding


def conversion_warnings(encoding: str) -> Iterator[str]:
    """Yield what a reader should know about a text that was not in Unicode."""
    if encoding == "TCVN3":
        yield _("Converted from TCVN3 (ABC), which loses some capital letters: check names.")
    elif encoding in {"VNI", "Windows-1258"}:
        yield _("Converted from %(encoding)s.") % {"encoding": encoding}
