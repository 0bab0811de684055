"""Checks of the body: bases, paragraphs, numbering, closing mark (Annex I, part I, II.6)."""

import re
from collections.abc import Iterator

from media.documents.checking.anatomy import Anatomy, level_of
from media.documents.checking.findings import ALIGNMENTS, Finding, centred, looks, missing, styled
from media.documents.checking.on_head import range_of
from media.documents.checking.seen import SeenLine
from media.documents.wording import CLOSING, letter, roman

_ROMAN = re.compile(r"([IVXLC]+)\.")
_ARABIC = re.compile(r"(\d+)\.")
_POINT = re.compile(r"([a-zđ]{1,2})\)")
_INDENTS = (10.0, 12.7)
_SENTENCE_LENGTH = 120  # characters: a bold clause beyond it is no title
_SHORT = 25  # mm: what the eye takes for the end of a line, not for its alignment


def prose(anatomy: Anatomy) -> Iterator[SeenLine]:
    """Yield the lines of the body that are set as text: no headings in the middle, no bases."""
    for line in anatomy.body:
        if line.align != "center" and level_of(line) not in {"part", "section"}:
            yield line


def bases(anatomy: Anatomy) -> Iterator[Finding]:
    lines = anatomy.bases
    yield from looks("bases.look", lines, range_of("can_cu"), bold=False, italic=True)
    for index, line in enumerate(lines):
        is_last = index == len(lines) - 1
        mark = "." if is_last else ";"
        # With "Theo đề nghị của …" as the last line the list goes on to it.
        yield Finding(
            "bases.marks", line.text.endswith(mark), line.where, f"“{line.text[-1:]}”", f"“{mark}”"
        )


def paragraphs(anatomy: Anatomy) -> Iterator[Finding]:
    least, most = range_of("noi_dung")
    for line in anatomy.body:
        kept = all(least <= run.size <= most for run in line.words)
        sizes = ", ".join(f"{size:g} pt" for size in sorted({run.size for run in line.words}))
        yield Finding("body.size", kept, line.where, sizes, f"{least:g} - {most:g} pt")
        spaced = line.line if line.exact is None else line.exact / (1.15 * (line.size or 14))
        yield Finding(
            "body.line",
            0.95 <= spaced <= 1.5 or (line.is_at_least and spaced <= 1.5),
            line.where,
            f"{spaced:.2f} dòng".replace(".", ","),
            "từ dòng đơn đến 1,5 dòng",
        )
    for line in prose(anatomy):
        yield Finding(
            "body.upright",
            not line.is_italic,
            line.where,
            "nghiêng" if line.is_italic else "đứng",
            "đứng",
        )
        yield from position(line)
    yield from gaps(anatomy)


def position(line: SeenLine) -> Iterator[Finding]:
    """Yield justification and indent of a paragraph; titles may stand on the left."""
    is_title = line.is_bold and len(line.text) < _SENTENCE_LENGTH
    kept = line.align == "both" or (is_title and line.align == "left")
    found = ALIGNMENTS.get(line.align, line.align)
    yield Finding("body.justified", kept, line.where, found, "canh đều")
    start = line.left_mm + line.first_mm
    yield Finding(
        "body.indent",
        any(abs(start - wanted) <= 0.6 for wanted in _INDENTS),
        line.where,
        f"{start / 10:.2f} cm".replace(".", ","),
        "1 cm hoặc 1,27 cm",
    )


def gaps(anatomy: Anatomy) -> Iterator[Finding]:
    """Yield the space between paragraphs that follow each other; the larger of both counts."""
    for above, below in zip(anatomy.body, anatomy.body[1:], strict=False):
        if below.order != above.order + 1 or level_of(above) == "part":
            continue
        gap = above.after + below.before
        yield Finding("body.gaps", gap >= 6, below.where, f"{gap:g} pt", "từ 6 pt")


def headings(anatomy: Anatomy) -> Iterator[Finding]:
    """Yield the looks of parts and sections."""
    for line in anatomy.body:
        match level_of(line):
            case "part":
                look = next(looks("part.look", [line], range_of("muc_la_ma"), bold=True))
                middle = next(centred("part.look", [line]))
                yield Finding(
                    "part.look",
                    look.kept and middle.kept,
                    line.where,
                    f"{look.found}, {middle.found}",
                    f"{look.wanted}, {middle.wanted}",
                )
            case "section":
                yield from styled("section.look", [line], bold=True, caps=True)


def clauses(anatomy: Anatomy) -> Iterator[Finding]:
    """A clause that is a title, on a line of its own, is bold; one that is a text is not."""
    for index, line in enumerate(anatomy.body):
        if level_of(line) != "clause":
            continue
        following = anatomy.body[index + 1 : index + 2]
        is_text = line.text.endswith((".", ";", ":", ",")) or len(line.text) > _SENTENCE_LENGTH
        has_more = bool(following) and level_of(following[0]) not in {"clause", "section", "part"}
        if is_text:
            found = "đậm" if line.is_bold else "không đậm"
            kept = not line.is_bold
            yield Finding("clause.look", kept, line.where, found, "không đậm (khoản có lời văn)")
        elif has_more:
            kept = line.is_bold and not line.is_italic
            found = "đậm" if line.is_bold else "không đậm"
            yield Finding("clause.look", kept, line.where, found, "đứng, đậm (tiêu đề khoản)")


def order(anatomy: Anatomy) -> Iterator[Finding]:
    """Yield whether numbers of sections, clauses and points follow each other."""
    section = clause = point = 0
    for line in anatomy.body:
        match level_of(line):
            case "part" | "article":
                section = clause = point = 0
            case "section" if found := _ROMAN.match(line.text):
                section, clause, point = section + 1, 0, 0
                yield numbered("section.order", line, found[1], roman(section))
            case "clause" if found := _ARABIC.match(line.text):
                value = int(found[1])
                expected = 1 if value == 1 else clause + 1
                clause, point = value, 0
                yield numbered("clause.order", line, found[1], str(expected))
            case "point" if found := _POINT.match(line.text):
                point = 1 if found[1] == "a" else point + 1
                yield numbered("point.order", line, f"{found[1]})", f"{letter(point)})")


def numbered(rule: str, line: SeenLine, found: str, wanted: str) -> Finding:
    return Finding(rule, found == wanted, line.where, found, wanted)


def closing(anatomy: Anatomy) -> Iterator[Finding]:
    if not anatomy.body:
        yield missing("closing.mark", "nội dung văn bản", f"nội dung kết thúc bằng “{CLOSING}”")
        return
    line = anatomy.body[-1]
    found = line.text[-12:]
    yield Finding("closing.mark", line.text.endswith(CLOSING), line.where, found, CLOSING)


CHECKS = (bases, paragraphs, headings, clauses, order, closing)
