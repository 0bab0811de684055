"""The plan's rich texts as blocks of a document: clauses, points, dashes, paragraphs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from media.documents.model import Block, Clause, Dash, Paragraph, Point, Span, Text, plain

_CLAUSE = re.compile(r"\s*\d+\.\s+")
_POINT = re.compile(r"\s*[a-zđ]\)\s+", re.IGNORECASE)
_DASH = re.compile(r"\s*[-–+•]\s+")
_BOLD, _ITALIC, _LISTS = {"b", "strong"}, {"i", "em"}, {"ol", "ul"}
_TITLE_LENGTH = 120  # characters


def blocks_of(html: str) -> tuple[Block, ...]:
    """Return the blocks of a rich text: numbered lists and typed numbers become clauses."""
    soup = BeautifulSoup(html, "html.parser")
    return tuple(nested(top(soup.children)))


def top(nodes: Iterable[PageElement]) -> Iterator[Block]:
    for node in nodes:
        if not isinstance(node, Tag):
            if str(node).strip():
                yield Paragraph((Span(str(node)),))
        elif node.name in _LISTS:
            yield from items(node, depth=0)
        elif words := tuple(spans(node.children)):
            yield typed(words)


def items(node: Tag, depth: int) -> Iterator[Block]:
    """Yield the items of a list: numbered ones are clauses, below them points; others dashes."""
    for item in node.find_all("li", recursive=False):
        inner = [child for child in item.children if not is_list(child)]
        words = tuple(spans(inner))
        below = tuple(
            block
            for child in item.children
            if isinstance(child, Tag) and is_list(child)
            for block in items(child, depth + 1)
        )
        if node.name == "ul" or depth > 1:
            yield Dash(words)
            yield from below
        elif depth == 1:
            yield Point(words, below)
        else:
            yield clause(words, below)


def is_list(node: PageElement) -> bool:
    return isinstance(node, Tag) and node.name in _LISTS


def spans(
    nodes: Iterable[PageElement], *, bold: bool = False, italic: bool = False
) -> Iterator[Span]:
    """Yield the words with their styles; line breaks stay, pictures and the like fall away."""
    for node in nodes:
        if type(node) is NavigableString:
            if str(node):
                yield Span(re.sub(r"\s+", " ", str(node)), bold, italic)
        elif isinstance(node, Tag):
            if node.name == "br":
                yield Span("\n", bold, italic)
            else:
                yield from spans(
                    node.children,
                    bold=bold or node.name in _BOLD,
                    italic=italic or node.name in _ITALIC,
                )


def typed(words: Text) -> Block:
    """Return a paragraph as what its first signs make of it: "1. ", "a) ", "- "."""
    start = plain(words)
    if match := _CLAUSE.match(start):
        return clause(without(words, match.end()))
    if match := _POINT.match(start):
        return Point(without(words, match.end()))
    if match := _DASH.match(start):
        return Dash(without(words, match.end()))
    return Paragraph(words)


def without(words: Text, count: int) -> Text:
    """Return the text without its first characters."""
    kept = []
    for span in words:
        cut = min(count, len(span.text))
        count -= cut
        if span.text[cut:]:
            kept.append(replace(span, text=span.text[cut:]))
    return tuple(kept)


def clause(words: Text, below: tuple[Block, ...] = ()) -> Clause:
    """Return a clause: short words without an end mark are its title."""
    title = " ".join(plain(words).split())
    is_title = len(title) <= _TITLE_LENGTH and not title.endswith((".", ";", ":", ","))
    if title and (is_title or all(span.bold for span in words if span.text.strip())):
        return Clause(title.rstrip(" .;:,"), blocks=below)
    return Clause(text=words, blocks=below)


def nested(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks with what follows a clause put into it, so that points begin at a) again.

    A clause with a short text and nothing below it is no title: it stands alone.
    """
    held: Clause | None = None
    for block in blocks:
        if isinstance(block, Clause):
            if held:
                yield settled(held)
            held = block
        elif held:
            held = replace(held, blocks=(*held.blocks, block))
        else:
            yield block
    if held:
        yield settled(held)


def settled(block: Clause) -> Clause:
    if block.title and not block.blocks:
        return Clause(text=(Span(f"{block.title}."),))
    return block
