"""Which block is what. Pure: blocks in, article out. docs/import.md states the rules for people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from django.utils.translation import gettext as _

from core.text import fold
from ingest.articles.article import MAX_REMARKS, Block, ImportedArticle, Role, Source
from ingest.articles.cleaning import count_words, ends_sentence, excerpt
from ingest.articles.dates import read_date_line
from ingest.articles.lead import choose_sapo, repeats
from ingest.articles.proofreading import slips
from ingest.articles.signatures import (
    has_credit,
    is_caption,
    is_heading,
    is_short,
    read_signature,
    split_credit,
)
from ingest.articles.widgets import begins_other_items, is_banner, is_section, is_widget

_PARAGRAPH_WORDS = 12  # a sentence of so many words is text, not a label
_LONGEST_HEADLINE = 300  # characters
_END_MARK = "./."


@dataclass
class Parts:
    """The article while it is taken apart: each step takes its part out of ``blocks``."""

    blocks: list[Block]
    warnings: list[str]
    headline: str | None = None
    date: datetime | None = None
    sapo: str | None = None
    author: str | None = None
    unit: str | None = None
    captions: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)


def decide(source: Source) -> ImportedArticle:
    """Return the article the blocks make up, with a warning for each thing that was unsure."""
    parts = Parts(_without_surroundings(source.blocks), list(source.warnings))
    _take_headline(parts)
    _take_date(parts)
    _take_signature(parts)
    picture_after_first = _take_captions(parts)
    parts.sapo, parts.blocks, doubt = choose_sapo(parts.blocks, picture_after_first)
    if doubt:
        parts.warnings.append(doubt)
    body = tuple(block.text for block in parts.blocks)
    return ImportedArticle(
        headline=parts.headline,
        date=parts.date,
        sapo=parts.sapo,
        body=body,
        captions=tuple(parts.captions),
        credits=tuple(parts.credits),
        author=parts.author,
        unit=parts.unit,
        warnings=_bounded(chain(parts.warnings, _remarks(parts, body))),
    )


def _bounded(warnings: Iterable[str]) -> tuple[str, ...]:
    """Return each warning once, as far as anybody reads them."""
    kept: dict[str, None] = {}
    for warning in warnings:
        if len(kept) == MAX_REMARKS:
            kept[_("There are more remarks like these; the list ends here.")] = None
            break
        kept[warning] = None
    return tuple(kept)


def is_paragraph(text: str) -> bool:
    """Tell whether the block is running text."""
    words = count_words(text)
    return (words >= _PARAGRAPH_WORDS and ends_sentence(text)) or words > 60


def _without_surroundings(blocks: tuple[Block, ...]) -> list[Block]:
    """Drop buttons and counters, and everything from "Tin liên quan" on below the text."""
    kept: list[Block] = []
    for block in blocks:
        if begins_other_items(block.text) and any(is_paragraph(b.text) for b in kept):
            break
        if not is_widget(block.text):
            kept.append(block)
    return kept


def _head_length(blocks: list[Block]) -> int:
    """Return how many blocks stand before the running text."""
    for index, block in enumerate(blocks):
        running = is_paragraph(block.text) and not is_banner(block.text)
        if block.role is not Role.HEADLINE and running:
            return index
    return len(blocks)


def _take_headline(parts: Parts) -> None:
    head = parts.blocks[: _head_length(parts.blocks)]
    marked = [block for block in head if block.role is Role.HEADLINE]
    candidates = [block for block in marked or head if _may_be_headline(block)]
    titles = [block for block in candidates if not is_banner(block.text)] or candidates[-1:]
    if not titles and parts.blocks and _is_lone_headline(parts.blocks):
        titles = parts.blocks[:1]
    if not titles:
        parts.warnings.append(_("No headline was found."))
        return
    parts.headline = titles[0].text
    at = next(i for i, block in enumerate(parts.blocks) if block is titles[0])
    before, after = parts.blocks[:at], parts.blocks[at + 1 :]
    kept = [block for block in before if read_date_line(block.text) or block.role is Role.AUTHOR]
    for block in before:
        if not any(block is other for other in kept):
            _report_dropped(parts, block)
    parts.blocks = kept + [b for b in after if not _repeats_headline(parts.headline, b)]


def _may_be_headline(block: Block) -> bool:
    text = block.text
    if len(text) > _LONGEST_HEADLINE or block.role in {
        Role.DATE,
        Role.AUTHOR,
        Role.CAPTION,
        Role.SAPO,
    }:
        return False
    if read_date_line(text) or is_section(text) or has_credit(text):
        return False
    return block.role is Role.HEADLINE or count_words(text) >= 3


def _is_lone_headline(blocks: list[Block]) -> bool:
    """A headline with a full stop still stands before longer text."""
    first = blocks[0].text
    return len(blocks) > 1 and count_words(first) <= 30 and count_words(blocks[1].text) >= 30


def _report_dropped(parts: Parts, block: Block) -> None:
    if not (is_banner(block.text) or is_section(block.text)):
        parts.warnings.append(
            _("Left out above the headline: “%(text)s”.") % {"text": excerpt(block.text)}
        )


def _repeats_headline(headline: str, block: Block) -> bool:
    if abs(len(block.text) - len(headline)) > 10 or block.role is Role.CAPTION:
        return False
    return fold(block.text) == fold(headline)


def _take_date(parts: Parts) -> None:
    """Take date lines out above and below the running text; the first real one counts."""
    start = _head_length(parts.blocks)
    last = max((i for i, b in enumerate(parts.blocks) if is_paragraph(b.text)), default=start)
    found: list[datetime] = []
    kept: list[Block] = []
    for index, block in enumerate(parts.blocks):
        outside = index < start or index > last or block.role is Role.DATE
        line = read_date_line(block.text) if outside else None
        if line is None:
            kept.append(block)
            continue
        parts.warnings += line.warnings
        if line.moment:
            found.append(line.moment)
    parts.blocks = kept
    if found:
        parts.date = found[0]
    if len({moment.date() for moment in found}) > 1:
        parts.warnings.append(_("There are several date lines; the first was taken."))


def _take_signature(parts: Parts) -> None:
    """Take author and unit from the closing lines, and from lines marked as such."""
    _split_inline_signature(parts)
    _take_marked_author(parts)
    index = len(parts.blocks) - 1
    while index >= 0 and not is_paragraph(parts.blocks[index].text):
        block = parts.blocks[index]
        if not (_is_passed_over(block) or _sign(parts, block, index)):
            return
        index -= 1


def _is_passed_over(block: Block) -> bool:
    """A picture below the text may have its caption after the name."""
    if is_caption(block.text) or has_credit(block.text) or block.role is Role.CAPTION:
        return read_signature(block.text) is None
    return _is_closing_mark(block.text)


def _is_closing_mark(text: str) -> bool:
    return text.strip("./ ") == ""


def _sign(parts: Parts, block: Block, index: int) -> bool:
    if block.role in {Role.CAPTION, Role.HEADING, Role.TABLE}:
        return False
    signature = read_signature(block.text)
    if signature is None:
        return False
    if (signature.author and parts.author) or (signature.unit and parts.unit):
        return False
    parts.author = parts.author or signature.author
    parts.unit = parts.unit or signature.unit
    del parts.blocks[index]
    return True


def _split_inline_signature(parts: Parts) -> None:
    """A name may follow the end mark in the same line: "… trên địa bàn tỉnh./. Ngọc Khánh"."""
    if not parts.blocks:
        return
    block = parts.blocks[-1]
    text, mark, rest = block.text.rpartition(_END_MARK)
    if mark and text and rest.strip() and read_signature(rest):
        parts.blocks[-1:] = [Block(text + mark, block.role, block.indented), Block(rest.strip())]


def _take_marked_author(parts: Parts) -> None:
    for index, block in enumerate(parts.blocks):
        labelled = block.text.lower().startswith(("tác giả:", "người viết:"))
        if (block.role is Role.AUTHOR or labelled) and _sign(parts, block, index):
            return


def _take_captions(parts: Parts) -> bool:
    """Take captions and credits out. Return whether one stood right after the first paragraph."""
    kept: list[Block] = []
    after_first = False
    for block in parts.blocks:
        if not _is_under_picture(parts, block, kept):
            kept.append(block)
            continue
        after_first = after_first or len(kept) == 1
        caption, credit = split_credit(block.text)
        if caption:
            parts.captions.append(caption)
        if credit:
            parts.credits.append(credit)
    parts.blocks = kept
    return after_first


def _is_under_picture(parts: Parts, block: Block, before: list[Block]) -> bool:
    if block.role is Role.CAPTION or (has_credit(block.text) and not is_heading(block.text)):
        return True
    if block.role is not Role.PLAIN or not is_short(block.text) or _is_closing_mark(block.text):
        return False
    if is_caption(block.text):
        return True
    if not before or block.strong or is_heading(block.text) or is_paragraph(block.text):
        return False
    parts.warnings.append(
        _("“%(text)s” was taken for a caption; it may be a heading in the text.")
        % {"text": excerpt(block.text)}
    )
    return True


def _remarks(parts: Parts, body: tuple[str, ...]) -> Iterator[str]:
    if not body:
        yield _("No running text was found.")
    texts = [(_("Headline"), parts.headline), (_("Sapo"), parts.sapo)]
    texts += [(_("Paragraph %(number)d") % {"number": n}, t) for n, t in enumerate(body, start=1)]
    texts += [(_("Caption %(number)d") % {"number": n}, t)
              for n, t in enumerate(parts.captions, start=1)]  # fmt: skip
    for number, text in enumerate(body, start=1):
        if parts.sapo and repeats(parts.sapo, text):
            yield _("Paragraph %(number)d repeats the sapo.") % {"number": number}
    for place, part in texts:
        yield from slips(place, part or "")
