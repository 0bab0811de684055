"""Shortening a text at the end of a sentence, else at a word, else anywhere."""

import re
from collections.abc import Iterable, Iterator

from portal.variants.counting import Size, fits, size
from portal.variants.kinds import Limits

_END = re.compile(r"""[.!?…]["'”’»)\]]*(?=\s+["'“‘«(\[–-]*\s*(\w))""")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:[A-ZĐ]{1,4}|[Tt][Pp]|Th[Ss]|PGS|v\.v|\d+)\.$")
_CLOSED = re.compile(r"""[.!?…:;]["'”’»)\]]*$""")
PARAGRAPH = "\n\n"


def sentences(paragraph: str) -> Iterator[str]:
    """Yield the sentences of a paragraph, abbreviations such as "TP." not taken for an end."""
    begin = 0
    for match in _END.finditer(paragraph):
        sentence = paragraph[begin : match.end()]
        if match[1].islower() or _ABBREVIATION.search(sentence):
            continue
        yield sentence.strip()
        begin = match.end()
    if rest := paragraph[begin:].strip():
        yield rest


def closed(sentence: str) -> str:
    """Return the sentence with a full stop, unless something ends it already."""
    sentence = sentence.strip()
    return sentence if not sentence or _CLOSED.search(sentence) else f"{sentence.rstrip(',–- ')}."


def within(paragraphs: Iterable[str], limits: Limits, *, gap: str = PARAGRAPH) -> str:
    """Return as many whole sentences from the beginning as keep the limits.

    Paragraphs are taken one by one, so that making them may be costly. If not even the first
    sentence fits, its beginning is returned. Never raises, never breaks a limit.
    """
    kept, total = "", Size()
    for paragraph in paragraphs:
        joiner = gap if kept else ""
        for sentence in sentences(paragraph):
            total += size(joiner) + size(sentence)
            if not total.fits(limits):
                return kept or beginning(sentence, limits)
            kept, joiner = f"{kept}{joiner}{sentence}", " "
    return kept


def beginning(sentence: str, limits: Limits) -> str:
    """Return the first words that keep the limits, and "…"; of an endless word its first part."""
    if fits(sentence, limits):
        return sentence
    low, high = 0, len(sentence)  # the longest beginning that fits, by halving
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(sentence[:middle] + "…", limits) else (low, middle - 1)
    head, space, _rest = sentence[:low].rpartition(" ")
    kept = head if space and len(head) * 2 > low else sentence[:low]
    return kept.rstrip(" \n,;:–-") + "…" if kept.strip() else ""
