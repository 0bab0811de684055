"""Gaps in a text that a template left for the writer: "[ngày]", "[tên cơ quan]"."""

import re

# Up to 60 characters that begin with a letter: "[1]" and "[…]" are no gaps.
_GAP = re.compile(r"\[(?=[^\W\d_])([^\[\]\n<>]{1,60})\](?!\()")
_MEANT = frozenset({"sic", "ảnh", "video", "audio", "infographic", "cập nhật", "góc nhìn"})
"""Words that stand in brackets in finished items."""


def unfilled_gaps(*texts: str) -> list[str]:
    """Return the gaps left in the texts, brackets included, each once, in their order."""
    found = (match[0] for text in texts for match in _GAP.finditer(text) if is_gap(match[1]))
    return list(dict.fromkeys(found))


def is_gap(words: str) -> bool:
    return words.strip().casefold() not in _MEANT
