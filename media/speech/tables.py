"""The tables of the speech layer, read once."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """One line of the table: what is written, what is said, and where that holds."""

    written: str
    said: str
    mode: str  # expand, spell, word, unit, symbol
    note: str = ""


def _lines(name: str) -> Iterator[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    for line in unicodedata.normalize("NFC", text).splitlines():
        if line and not line.startswith("#"):
            yield line


@cache
def abbreviations() -> tuple[Abbreviation, ...]:
    """Return every line of the two tables; rows for symbols have the mode "symbol"."""
    rows = []
    for name in ("abbreviations.tsv", "additions.tsv"):
        for line in list(_lines(name))[1:]:
            written, said, mode, note = (*line.split("\t"), "", "")[:4]
            if written.endswith("(symbol)"):
                written, mode = written.removesuffix("(symbol)").strip(), "symbol"
            rows.append(Abbreviation(written, said, mode, note))
    return tuple(rows)


@cache
def document_types() -> dict[str, str]:
    """Return what the type codes of document symbols stand for: KH is "kế hoạch"."""
    return {row.written: row.said for row in abbreviations() if row.mode == "symbol"}


@cache
def issuers() -> dict[str, str]:
    """Return what the issuers in document symbols stand for: BNV is "Bộ Nội vụ"."""
    pairs = (line.partition("\t") for line in _lines("issuers.tsv"))
    return {written: said for written, _tab, said in pairs}


@cache
def units() -> dict[str, str]:
    """Return the units that are said after a number."""
    return {row.written: row.said for row in abbreviations() if row.mode == "unit"}


@cache
def places() -> tuple[str, ...]:
    """Return names as they stand, run together and unmarked, in web addresses."""
    return tuple(_lines("places.txt"))
