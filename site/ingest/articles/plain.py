"""Plain text: a copy of a page pasted into a file, a paragraph on each line."""

from ingest.articles.article import Block, Source
from ingest.articles.cleaning import clean, ends_sentence, indent, lines
from ingest.articles.encodings import conversion_warnings, decode

_WRAPPED_AT = 110  # lines of a wrapped text are not longer
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
    joined: list[str] = []
    widest = max(map(len, group), default=0)
    for line in group:
        if joined and _continues(joined[-1], line, group, widest):
            joined[-1] = f"{joined[-1].rstrip()} {line.strip()}"
        else:
            joined.append(line)
    return joined


def _continues(before: str, line: str, group: list[str], widest: int) -> bool:
    if widest > _WRAPPED_AT or len(before.rsplit("\n", 1)[-1]) < 40 or line[:1] in " \t\u00a0":
        return False
    if not ends_sentence(before) and line.lstrip()[:1].islower():
        return True
    full = [other for other in group[:-1] if len(other) >= widest * 0.7]
    return len(full) >= _WRAPPED_LINES and len(full) == len(group) - 1
