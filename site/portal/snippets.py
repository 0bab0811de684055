"""Shows where a found text matches, with or without diacritics."""

import re
from typing import NamedTuple

from core.text import fold

WINDOW = 40  # words


class Piece(NamedTuple):
    """A run of text; ``hit`` when the query asks for it."""

    text: str
    hit: bool


def highlighted(text: str, query: str) -> list[Piece]:
    """Return the text in pieces, its words that the query holds marked as hits."""
    wanted = set(fold(query).split())
    pieces: list[Piece] = []
    for token in re.findall(r"\S+|\s+", text):
        hit = is_hit(token, wanted)
        if pieces and pieces[-1].hit == hit:
            pieces[-1] = Piece(pieces[-1].text + token, hit)
        elif pieces and token.isspace() and pieces[-1].hit:
            pieces.append(Piece(token, hit=False))
        else:
            pieces.append(Piece(token, hit))
    return pieces


def snippet(text: str, query: str) -> list[Piece]:
    """Return the passage of at most ``WINDOW`` words with the most hits, in pieces."""
    words = text.split()
    start = best_start(words, set(fold(query).split()))
    passage = " ".join(words[start : start + WINDOW])
    before = "… " if start else ""
    after = " …" if start + WINDOW < len(words) else ""
    return highlighted(f"{before}{passage}{after}", query)


def best_start(words: list[str], wanted: set[str]) -> int:
    """Return where the window with the most hits starts, a few words before its first hit."""
    hits = [index for index, word in enumerate(words) if is_hit(word, wanted)]
    if not hits:
        return 0
    best = max(hits, key=lambda first: sum(first <= hit < first + WINDOW - 5 for hit in hits))
    return max(0, min(best - 5, len(words) - WINDOW))


def is_hit(token: str, wanted: set[str]) -> bool:
    parts = fold(token).split()
    return bool(parts) and all(part in wanted for part in parts)
