"""Two texts side by side in one: what went and what came, word by word.

Wagtail's own comparison takes short words for filler, and nearly all Vietnamese words are short.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.safestring import SafeString
from wagtail.admin.compare import TextDiff

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
Piece = tuple[str, str]  # "equal", "deletion" or "addition"; text


def difference(old: str, new: str) -> SafeString:
    """Return both texts as one, marked up. Paragraphs that stay as they were are left out."""
    return SafeString(TextDiff(list(pieces(old, new))).to_html(tag="span"))


def pieces(old: str, new: str) -> Iterator[Piece]:
    """Yield the pieces of both texts in order; a row of unchanged paragraphs gives one "…"."""
    before, after = old.split("\n"), new.split("\n")
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for change, start, end, new_start, new_end in matcher.get_opcodes():
        if change == "equal":
            yield "equal", "…\n"
            continue
        was, now = "\n".join(before[start:end]), "\n".join(after[new_start:new_end])
        yield from words(was, now)
        yield "equal", "\n"


def words(old: str, new: str) -> Iterator[Piece]:
    """Yield the pieces of two paragraphs, cut between words."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for change, start, end, new_start, new_end in matcher.get_opcodes():
        if change == "equal":
            yield "equal", "".join(before[start:end])
            continue
        if end > start:
            yield "deletion", "".join(before[start:end])
        if new_end > new_start:
            yield "addition", "".join(after[new_start:new_end])
