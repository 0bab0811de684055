"""Which line is what: the elements of an administrative document, found by place and words.

Nothing is found by its look alone, since the look is what is checked.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.text import fold
from media.documents.checking.seen import SeenDocument, SeenLine
from media.documents.layout import codes

HEAD_WITHIN = 40  # lines
_NUMBER = re.compile(r"so\s*[:.]?\s")
_NUMBER_SIGN = re.compile(r"^\s*số\b", re.IGNORECASE)
_DATE = re.compile(r"\bngay\b.*\bthang\b.*\bnam\b")
_APPENDIX = re.compile(r"phu luc(?: (?:so )?[ivxlc\d]+)?")
_BODIES = re.compile(r"(so|ban|phong|van phong|trung tam|cuc|chi cuc|hoi dong|truong)\b")
_OTHER_KINDS = ("luat", "nghi dinh", "thong tu", "to trinh", "giay bao", "quy che", "dieu le")
_URGENT = {"hoa toc", "thuong khan", "khan"}
_LEVELS = re.compile(
    r"(?P<part>(?:Phần|Chương)\s+(?:[IVXLC]+|\d+|thứ \w+)\b)|(?P<article>Điều\s+\d+)"
    r"|(?P<section>[IVXL]+\.\s)|(?P<clause>\d+\.\s)|(?P<subclause>\d+(?:\.\d+)+)"
    r"|(?P<point>[a-zđ]{1,2}\)\s)|(?P<dash>[-–+•]\s)"
)


@dataclass(frozen=True, slots=True)
class SeenAppendix:
    """An appendix: its label, the lines of its title, the "(Kèm theo …)" lines."""

    label: SeenLine
    title: tuple[SeenLine, ...]
    reference: tuple[SeenLine, ...]


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The elements found; None and empty where the document has none."""

    seen: SeenDocument
    main: tuple[SeenLine, ...]  # lines before the first appendix
    nation: SeenLine | None
    motto: SeenLine | None
    superior: tuple[SeenLine, ...]
    issuer: tuple[SeenLine, ...]
    number: SeenLine | None
    date: SeenLine | None
    letter_subject: SeenLine | None
    urgency: SeenLine | None
    kind: SeenLine | None
    subject: tuple[SeenLine, ...]
    addressees: tuple[SeenLine, ...]
    bases: tuple[SeenLine, ...]
    body: tuple[SeenLine, ...]
    authority: tuple[SeenLine, ...]
    signer: SeenLine | None
    recipients_label: SeenLine | None
    recipients: tuple[SeenLine, ...]
    appendices: tuple[SeenAppendix, ...]

    def rule_after(self, line: SeenLine) -> SeenLine | None:
        """Return the line that draws the rule below a line: itself, or an empty one after it."""
        if line.rule_mm:
            return line
        for each in self.seen.lines[line.order : line.order + 4]:
            if each.cell != line.cell and (each.cell is None or line.cell is None):
                return None
            if each.cell and line.cell and each.cell.column != line.cell.column:
                return None
            if each.rule_mm:
                return each
            if each.text:
                return None
        return None


def level_of(line: SeenLine) -> str:
    """Return what a line of the body is by its first words: section, clause, point… or text."""
    match = _LEVELS.match(line.text)
    return (match.lastgroup if match else None) or "text"


def dissect(seen: SeenDocument) -> Anatomy:
    """Return the elements of a document."""
    labels = [line for line in seen.lines if not line.cell and _APPENDIX.fullmatch(line.folded)]
    end = labels[0].order - 1 if labels else len(seen.lines)
    main = seen.lines[:end]
    words = [line for line in main if line.text]
    head = words[:HEAD_WITHIN]
    nation = first(head, lambda line: line.folded.startswith("cong hoa xa hoi chu"))
    motto = first(head, lambda line: line.folded.startswith("doc lap tu do"))
    number = first(head, is_number)
    date = first(head, lambda line: bool(_DATE.search(line.folded)) and len(line.text) < 80)
    kind = find_kind(head)
    top = head_lines(head, kind, nation)
    issuing = left_lines(top, nation, motto, number, date)
    superior, issuer = split_names(issuing)
    subject = subject_lines(main, kind)
    to = addressee_lines(main)
    label = first(reversed(words), lambda line: line.folded.startswith("noi nhan"))
    recipients = recipient_lines(main, label)
    authority, signer = signing_lines(main, label, recipients)
    opening = max(
        (line.order for line in (*top, *subject, *to, *filter(None, (number, date, kind)))),
        default=0,
    )
    closing = min((line.order for line in (*filter(None, (label,)), *authority)), default=end + 1)
    between = [line for line in words if opening < line.order < closing and not line.cell]
    bases = leading_bases(between)
    return Anatomy(
        seen, main, nation, motto, superior, issuer, number, date,
        first(top, lambda line: line.folded.startswith("v v ")),
        first(top, lambda line: line.folded in _URGENT),
        kind, subject, to, bases, tuple(between[len(bases) :]), authority, signer, label,
        recipients, tuple(appendices(seen, labels)),
    )  # fmt: skip


def first(lines: Iterator[SeenLine] | Sequence[SeenLine], wanted: object) -> SeenLine | None:
    return next((line for line in lines if wanted(line)), None)  # type: ignore[operator]


def is_number(line: SeenLine) -> bool:
    """Tell the line of number and symbol: "Số: 95/KH-UBND", with or without its faults."""
    return bool(_NUMBER_SIGN.match(line.text)) and "/" in line.text and len(line.text) < 60


def known_kinds() -> set[str]:
    return {fold(name) for name in codes()} | set(_OTHER_KINDS)


def find_kind(head: Sequence[SeenLine]) -> SeenLine | None:
    kinds = known_kinds()
    return first(head, lambda line: line.folded in kinds and not line.cell)


def head_lines(
    head: Sequence[SeenLine], kind: SeenLine | None, nation: SeenLine | None
) -> list[SeenLine]:
    """Return the lines of the two columns at the top: a table, or what is before the type."""
    if nation and nation.cell:
        return [line for line in head if line.cell and line.cell.table == nation.cell.table]
    if kind:
        return [line for line in head if line.order < kind.order]
    return list(head[:10])


def left_lines(
    top: Sequence[SeenLine],
    nation: SeenLine | None,
    motto: SeenLine | None,
    number: SeenLine | None,
    date: SeenLine | None,
) -> list[SeenLine]:
    """Return the lines above the number: superior body and issuer."""
    others = {line.order for line in (nation, motto, number, date) if line}
    found = []
    for line in top:
        if line.order in others or (number and line.order > number.order):
            continue
        if nation and nation.cell and line.cell and line.cell.column == nation.cell.column:
            continue
        found.append(line)
    return found


def split_names(lines: list[SeenLine]) -> tuple[tuple[SeenLine, ...], tuple[SeenLine, ...]]:
    """Return the superior body's lines and the issuer's: by words, else the bold ones below."""
    if not lines:
        return (), ()
    heads = [index for index, line in enumerate(lines) if index and _BODIES.match(line.folded)]
    if heads:
        at = heads[-1]
    else:
        bold = [index for index, line in enumerate(lines) if line.is_bold]
        at = min(bold) if bold else (0 if is_one_name(lines) else len(lines) - 1)
    return tuple(lines[:at]), tuple(lines[at:])


def is_one_name(lines: list[SeenLine]) -> bool:
    return lines[0].folded in {"uy ban nhan dan", "hoi dong nhan dan"}


def subject_lines(main: Sequence[SeenLine], kind: SeenLine | None) -> tuple[SeenLine, ...]:
    """Return the lines of the abstract: those right below the type, up to a gap or a rule."""
    if not kind:
        return ()
    found: list[SeenLine] = []
    for line in main[kind.order : kind.order + 6]:
        if not line.text or line.cell or level_of(line) != "text":
            break
        if found and (line.align != found[0].align or line.is_bold != found[0].is_bold):
            break
        found.append(line)
        if line.rule_mm:
            break
    return tuple(found)


def addressee_lines(main: Sequence[SeenLine]) -> tuple[SeenLine, ...]:
    start = first(main, lambda line: line.folded.startswith("kinh gui"))
    if not start:
        return ()
    found = [start]
    for line in main[start.order :]:
        if not line.text and len(found) == 1:
            continue
        if not line.text.startswith(("-", "–")) or line.cell != start.cell:
            break
        found.append(line)
    return tuple(found)


def leading_bases(between: Sequence[SeenLine]) -> tuple[SeenLine, ...]:
    found: list[SeenLine] = []
    for line in between:
        if not line.folded.startswith(("can cu", "theo de nghi", "xet de nghi")):
            break
        found.append(line)
    return tuple(found) if found and found[0].folded.startswith("can cu") else ()


def recipient_lines(main: Sequence[SeenLine], label: SeenLine | None) -> tuple[SeenLine, ...]:
    """Return the lines below "Nơi nhận:"."""
    if not label:
        return ()
    found: list[SeenLine] = []
    for line in main[label.order :]:
        if line.cell != label.cell or (found and not line.text):
            break
        if line.text:
            found.append(line)
        if line.folded.startswith("luu"):
            break
    return tuple(found)


def signing_lines(
    main: Sequence[SeenLine], label: SeenLine | None, recipients: Sequence[SeenLine]
) -> tuple[tuple[SeenLine, ...], SeenLine | None]:
    """Return the authority lines and the signer's name: beside the recipients, or after them."""
    if not label:
        return (), None
    if label.cell:
        lines = [
            line
            for line in main
            if line.text
            and line.cell
            and line.cell.table == label.cell.table
            and line.cell.column > label.cell.column
        ]
    else:
        last = max(line.order for line in (label, *recipients))
        lines = [line for line in main[last:] if line.text]
    if not lines:
        return (), None
    return (tuple(lines[:-1]), lines[-1]) if len(lines) > 1 else (tuple(lines), None)


def appendices(seen: SeenDocument, labels: Sequence[SeenLine]) -> Iterator[SeenAppendix]:
    for label in labels:
        following = [line for line in seen.lines[label.order : label.order + 8] if line.text]
        reference = [
            line for line in following if line.folded.startswith(("kem theo", "ban hanh kem theo"))
        ]
        until = reference[0].order if reference else label.order + 3
        title = [
            line
            for line in following
            if line.order < until and not line.cell and line.align == "center"
        ]
        yield SeenAppendix(label, tuple(title), tuple(reference[:1]))
