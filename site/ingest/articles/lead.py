"""The sapo: a lead set apart before the body. docs/import.md states the rule for people."""

import re
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from ingest.articles.article import Block, Role
from ingest.articles.cleaning import count_words

_LONGEST_SAPO = 130  # words; a longer paragraph tells, it does not lead
_LONGEST_LEAD = 1_500  # characters
_MOST_SENTENCES = 3
_SHORT_LEAD = 60  # words of a lead that only its length sets apart
_LONGER = 1.5  # how many times longer the next paragraph must then be
_SAME = 0.8  # share of words two texts have in common to be called a repetition
_WORDS = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s+[^\W\d_a-z]|$)")


def choose_sapo(
    blocks: list[Block], picture_after_first: bool
) -> tuple[str | None, list[Block], str | None]:
    """Return the sapo or None, the blocks of the body, and a doubt to report or None.

    The first block is the sapo if markup says so, or if it is short enough to lead and the layout
    sets it apart from what follows.
    """
    marked = next((i for i, block in enumerate(blocks) if block.role is Role.SAPO), None)
    if marked is not None:
        return blocks[marked].text, blocks[:marked] + blocks[marked + 1 :], None
    if len(blocks) < 2 or not _could_lead(blocks[0]):
        return None, blocks, None
    first, rest = blocks[0], blocks[1:]
    if any(repeats(first.text, block.text) for block in rest):
        return first.text, rest, None
    if _is_set_apart(first, rest) or picture_after_first or _is_short_lead(first, rest):
        doubt = _("The sapo was recognised by its place only: check that it is one.")
        return first.text, rest, doubt
    return None, blocks, None


def _could_lead(block: Block) -> bool:
    if block.role is not Role.PLAIN or block.indented:
        return False  # set in like a body paragraph, it is one
    if len(block.text) > _LONGEST_LEAD:
        return False
    sentences = len(_SENTENCE_END.findall(block.text))
    return 8 <= count_words(block.text) <= _LONGEST_SAPO and sentences <= _MOST_SENTENCES


def _is_set_apart(first: Block, rest: list[Block]) -> bool:
    """Bold where the body is plain, or at the margin where the body is set in."""
    if first.strong and not any(block.strong for block in rest[:2]):
        return True
    paragraphs = [block for block in rest if block.role is Role.PLAIN]
    return bool(paragraphs) and all(block.indented for block in paragraphs)


def _is_short_lead(first: Block, rest: list[Block]) -> bool:
    words = count_words(first.text)
    if words > _SHORT_LEAD or len(rest) < 2:
        return False
    return count_words(rest[0].text) >= words * _LONGER


def repeats(first: str, second: str) -> bool:
    """Tell whether two texts say the same in nearly the same words."""
    if max(len(first), len(second)) > 2 * _LONGEST_LEAD:
        return first == second
    one, other = _WORDS.findall(first.lower()), _WORDS.findall(second.lower())
    if not one or not 0.6 <= len(other) / len(one) <= 1.6:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME
