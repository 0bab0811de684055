"""The common form of every plan file: lines of text before the table, then rows of cells."""

import re
from dataclasses import dataclass, field

from core.text import nfc

_INNER_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"\s*\n\s*")
# A narrow column breaks "20.000" or "95/KH-UBND" after the sign; the halves belong together.
_WRAPPED_FIGURE = re.compile(r"(?<=\d[./])\n(?=[\dA-ZĐ])")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in a text file, or its row number in a table, counted from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as read. ``preface`` and ``afterword``: the document's words around it, in order."""

    rows: tuple[Row, ...]
    preface: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    afterword: tuple[str, ...] = ()


def clean_cell(text: str) -> str:
    """Return the text composed, without stray blanks, with the line ends that mean something."""
    text = nfc(text).replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    text = _LINE_ENDS.sub("\n", _INNER_SPACES.sub(" ", text)).strip()
    return _WRAPPED_FIGURE.sub("", text)
