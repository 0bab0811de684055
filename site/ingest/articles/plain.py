"""Plain text: a copy of a page pasted into a file, a paragraph on each line."""

from ingest.articles.article import Block, Source
from ingest.articles.cleaning import clean, ends_sentence, indent, lines
from ingest.articles.encodings import conversion_warnings, decode

_WRAPPED_AT = 110  # lines of a wrapped text are not longer
_SHORTEST_FULL = 40  # a shorter line was ended on purpose
_WRAPPED_LINES = 3  # a group of so many full lines is one wrapped paragraph
_SET_IN = 3  # spaces; one alone is a slip


def read_plain(data: bytes, name: str) -> Source:
    """Return the lines as blocks. Raises ``UnreadableFile``."""
    text, encoding = decode(data, name)
    source = blocks_of_text(text)
    return Source(source.blocks, tuple(conversion_warnings(encoding)))


def blocks_of_text(text: str) -> Source:
    """Return a block for each line, or for each paragraph if the text is wrapped."""
    blocks = []
    for group in _groups(text):
        for line in _unwrapped(group):
            if cleaned := clean(line):
                blocks.append(Block(cleaned, indented=indent(line) >= _SET_IN))
    return Source(tuple(blocks))


def _groups(text: str) -> list[list[str]]:
    """Return the runs of lines between blank ones."""
    groups: list[list[str]] = [[]]
    for line in lines(text):
        if clean(line):
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return groups


def _unwrapped(group: list[str]) -> list[str]:
    """Join lines that were broken for width only."""
    widest = max(map(len, group), default=0)
    if widest > _WRAPPED_AT:
        return group
    full = sum(len(line) >= widest * 0.7 for line in group[:-1])
    is_block = full >= _WRAPPED_LINES and full == len(group) - 1
    joined: list[list[str]] = []
    before = ""
    for line in group:
        if before and _continues(before, line, is_block=is_block):
            joined[-1].append(line.strip())
        else:
            joined.append([line.rstrip()])
        before = line
    return [" ".join(pieces) for pieces in joined]


def _continues(before: str, line: str, *, is_block: bool) -> bool:
    """Tell whether the line goes on with the one before; in a block of full lines all do."""
    if len(before) < _SHORTEST_FULL or line[:1] in " \t\u00a0":
        return False
    return is_block or (not ends_sentence(before) and line.lstrip()[:1].islower())
