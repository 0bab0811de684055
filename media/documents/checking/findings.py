"""A finding: one rule at one place, kept or broken; and the words findings are made of."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from media.documents.checking.anatomy import Anatomy
from media.documents.checking.seen import SeenLine

WHOLE = "Toàn văn bản"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule at one place: what stands there and what the decree wants."""

    rule: str
    kept: bool
    where: str
    found: str
    wanted: str


Check = Callable[[Anatomy], Iterator[Finding]]


def missing(rule: str, what: str, wanted: str) -> Finding:
    """Return the finding for an element that is not there."""
    return Finding(rule, False, WHOLE, f"Không thấy {what}", wanted)


def size_text(line: SeenLine) -> str:
    sizes = sorted({run.size for run in line.words})
    return " và ".join(f"{size:g} pt" for size in sizes)


def style_text(line: SeenLine) -> str:
    """Return "nghiêng, đậm" or "đứng, không đậm"; "lẫn" where a line mixes them."""

    def word(flags: Iterable[bool], yes: str, no: str) -> str:
        values = set(flags)
        return f"lẫn {yes} và {no}" if len(values) > 1 else (yes if values == {True} else no)

    runs = line.words
    italic = word((run.italic for run in runs), "nghiêng", "đứng")
    return f"{italic}, {word((run.bold for run in runs), 'đậm', 'không đậm')}"


def sized(rule: str, lines: Iterable[SeenLine], least: float, most: float) -> Iterator[Finding]:
    """Yield for each line whether all its letters have a size within the bounds."""
    wanted = f"{least:g} pt" if least == most else f"{least:g} - {most:g} pt"
    for line in lines:
        kept = all(least <= run.size <= most for run in line.words)
        yield Finding(rule, kept, line.where, size_text(line), wanted)


def styled(
    rule: str, lines: Iterable[SeenLine], *, bold: bool, italic: bool = False, caps: bool = False
) -> Iterator[Finding]:
    """Yield for each line whether it is bold, italic and in capitals as it should be."""
    parts = ["nghiêng" if italic else "đứng", "đậm" if bold else "không đậm"]
    for line in lines:
        kept = all(run.bold == bold and run.italic == italic for run in line.words)
        found = style_text(line)
        if caps:
            kept = kept and line.text == line.text.upper()
            found += ", in hoa" if line.text == line.text.upper() else ", không in hoa"
        wanted = ", ".join([*parts, "in hoa"] if caps else parts)
        yield Finding(rule, kept, line.where, found, wanted)


def looks(
    rule: str,
    lines: Iterable[SeenLine],
    bounds: tuple[float, float],
    *,
    bold: bool,
    italic: bool = False,
    caps: bool = False,
) -> Iterator[Finding]:
    """Yield for each line one finding on its size and style together."""
    for line in lines:
        size = next(sized(rule, [line], *bounds))
        style = next(styled(rule, [line], bold=bold, italic=italic, caps=caps))
        yield Finding(
            rule,
            size.kept and style.kept,
            line.where,
            f"{size.found}, {style.found}",
            f"{size.wanted}, {style.wanted}",
        )


ALIGNMENTS = {"left": "canh trái", "right": "canh phải", "center": "canh giữa", "both": "canh đều"}


def centred(rule: str, lines: Iterable[SeenLine]) -> Iterator[Finding]:
    """Yield for each line whether it stands in the middle of its column."""
    for line in lines:
        kept = line.align == "center" and abs(line.first_mm + line.left_mm - line.right_mm) < 3
        found = ALIGNMENTS.get(line.align, line.align)
        if line.align == "center" and not kept:
            found += ", có thụt đầu dòng"
        yield Finding(rule, kept, line.where, found, "canh giữa")
