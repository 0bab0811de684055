"""The spelling rules of Vietnamese syllables, enough to tell Vietnamese from noise.

A syllable is an onset, a rhyme and a tone. The tables list the spellings of the standard
orthography (as described in Hoàng Phê, "Từ điển vần", 1996), with tones taken off.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import islice

from core.spelling.wordlists import words_of

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook, dot below
_CHECKED_TONES = "\u0301\u0323"  # the two a closed syllable (-c, -ch, -p, -t) can bear

_ONSETS = words_of("onsets")
_RHYMES = words_of("rhymes")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 7  # "nghiêng"
_SAMPLE = 20_000


def words(text: str) -> list[str]:
    """Return the runs of letters in the text."""
    return _WORD.findall(text)


def _toneless(word: str) -> tuple[str, str]:
    """Return the lower-case word without its tone, and the tone marks taken off."""
    plain: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", word.lower()):
        (tones if char in _TONES else plain).append(char)
    return unicodedata.normalize("NFC", "".join(plain)), "".join(tones)


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Tell whether the word is spelt as one Vietnamese syllable could be."""
    if not word or len(word) > _LONGEST:
        return False
    plain, tones = _toneless(word)
    if len(tones) > 1:
        return False
    if plain.endswith(("c", "ch", "p", "t")) and (not tones or tones not in _CHECKED_TONES):
        return False
    if plain in _RHYMES:
        return True
    if plain.startswith("g") and plain[1:] in {"i", "in", "iêng", "iêt"}:
        return True
    return any(plain.startswith(onset) and plain[len(onset) :] in _RHYMES for onset in _ONSETS)


def is_marked(word: str) -> bool:
    """Tell whether the word has a letter outside ASCII."""
    return not word.isascii()


@lru_cache(maxsize=20_000)
def parts_of_glued(word: str) -> tuple[str, ...]:
    """Split a word into two or three syllables written together: "hànhchính" gives both.

    Gives nothing for a proper syllable, for words without diacritics (they may be foreign:
    "radio" would pass for three syllables) and for what cannot be split.
    """
    if is_syllable(word) or not is_marked(word) or len(word) > 3 * _LONGEST:
        return ()
    return _split(word, 3)


def _split(word: str, most: int) -> tuple[str, ...]:
    if is_syllable(word):
        return (word,)
    if most == 1:
        return ()
    for cut in range(min(_LONGEST, len(word) - 1), 0, -1):
        # Single letters would let almost anything pass.
        if cut >= 2 and len(word) - cut >= 2 and is_syllable(word[:cut]):
            rest = _split(word[cut:], most - 1)
            if rest:
                return (word[:cut], *rest)
    return ()


def plausibility(text: str) -> float:
    """Return the share of words with diacritics that are Vietnamese syllables; 1.0 without any.

    The first ``_SAMPLE`` such words speak for the rest.
    """
    found = (match.group() for match in _WORD.finditer(text))
    marked = list(islice(filter(is_marked, found), _SAMPLE))
    if not marked:
        return 1.0
    return sum(is_syllable(word) for word in marked) / len(marked)
