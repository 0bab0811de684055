"""From a document to its lines in order: numbered, worded, each with the role the layout knows.

Both writers take the same lines, so a DOCX and a PDF cannot say different things.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from media.documents import wording
from media.documents.model import (
    Appendix,
    Block,
    Clause,
    Column,
    Dash,
    Document,
    GroupRow,
    Paragraph,
    Part,
    Point,
    Section,
    Span,
    Table,
    Text,
    text,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its role names the element of the layout; ``level`` is that of a heading."""

    role: str
    text: Text
    level: int = 0


Flow = Line | Table


@dataclass(frozen=True, slots=True)
class ComposedAppendix:
    """An appendix as written."""

    label: str
    title: str
    reference: str
    landscape: bool
    flow: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A document as written. Empty texts stand for elements it does not have."""

    title: str
    author: str
    superior: tuple[str, ...]
    issuer: tuple[str, ...]
    number: str
    date: str
    letter_subject: str
    urgency: str
    kind: str
    subject: str
    addressees: tuple[str, ...]
    flow: tuple[Flow, ...]
    authority: tuple[str, ...]
    signer: str
    recipients: tuple[str, ...]
    contact: str
    appendices: tuple[ComposedAppendix, ...]


def compose(document: Document) -> Composed:
    """Return the document's lines."""
    number = wording.number_words(document.number)
    kind = wording.clean(document.kind.name) if document.kind else ""
    subject = wording.clean(document.subject)
    return Composed(
        title=" ".join(filter(None, (kind or "Công văn", number.strip("\u00a0/"), subject))),
        author=wording.clean(document.issuer.spoken),
        superior=capitals(document.issuer.superior),
        issuer=capitals(document.issuer.name),
        number=f"Số: {number}",
        date=wording.date_words(document.place, document.issued_on, document.year),
        letter_subject=wording.subject_of_letter(document),
        urgency=document.urgency.value if document.urgency else "",
        kind=kind.upper(),
        subject=subject if document.kind else "",
        addressees=addressees(document.addressees),
        flow=closed((*bases(document.bases), *flow(document.body, heading=2))),
        authority=capitals(document.signature.authority),
        signer=wording.clean(document.signature.name) or "Họ và tên",
        recipients=recipients(document),
        contact=wording.clean(document.contact),
        appendices=appendices(document),
    )


def capitals(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(wording.clean(line).upper() for line in lines if line.strip())


def bases(lines: Sequence[str]) -> Iterator[Line]:
    for line in wording.listed(lines, dash=False):
        yield Line("can_cu", text(line))


def addressees(names: Sequence[str]) -> tuple[str, ...]:
    """Return "Kính gửi: X" on one line, or "Kính gửi:" and a line for each of several (II.9.d)."""
    found = [name for each in names if (name := wording.clean(each))]
    if len(found) < 2:
        return tuple(f"Kính gửi: {name}" for name in found)
    return ("Kính gửi:", *wording.listed(found, dash=True))


def recipients(document: Document) -> tuple[str, ...]:
    """Return the lines below "Nơi nhận:", the archive last (II.9.d)."""
    items = [*document.recipients.items]
    if document.addressees and "như trên" not in (item.casefold().strip(" -;.") for item in items):
        items.insert(0, "Như trên")
    return wording.listed([*items, f"Lưu: {document.recipients.archive or 'VT'}"], dash=True)


def appendices(document: Document) -> tuple[ComposedAppendix, ...]:
    """Return the appendices; two or more are numbered in Roman (III.1.a)."""
    several = len(document.appendices) > 1
    return tuple(
        ComposedAppendix(
            f"Phụ lục {wording.roman(index)}" if several else "Phụ lục",
            wording.clean(appendix.title).upper(),
            wording.reference_words(document, appendix),
            appendix.landscape,
            appendix_flow(appendix),
        )
        for index, appendix in enumerate(document.appendices, start=1)
    )


def appendix_flow(appendix: Appendix) -> tuple[Flow, ...]:
    return tuple(flow(appendix.blocks, heading=2))


def closed(lines: tuple[Flow, ...]) -> tuple[Flow, ...]:
    """Return the lines with "./." after the last one."""
    if not lines or isinstance(lines[-1], Table):
        return (*lines, Line("noi_dung", wording.sealed(())))
    last = lines[-1]
    return (*lines[:-1], Line(last.role, wording.sealed(last.text), last.level))


@dataclass(slots=True)
class _Counter:
    """The numbers reached at one depth; every depth below starts again."""

    reached: dict[type, int] = field(default_factory=dict)

    def next(self, kind: type) -> int:
        self.reached[kind] = self.reached.get(kind, 0) + 1
        return self.reached[kind]


def flow(blocks: Sequence[Block], heading: int) -> Iterator[Flow]:
    """Yield the lines of blocks; headings among them have that level and go down from it."""
    counter = _Counter()
    for block in blocks:
        match block:
            case Part():
                label = f"Phần {wording.roman(counter.next(Part))}"
                title = wording.clean(block.title).upper()
                yield Line("phan", (Span(label),))
                yield Line("phan_tieu_de", text(title), heading)
                yield from flow(block.blocks, heading + 1)
            case Section():
                label = f"{wording.roman(counter.next(Section))}. "
                yield Line("muc_la_ma", text(label + wording.clean(block.title).upper()), heading)
                yield from flow(block.blocks, heading + 1)
            case Clause():
                yield clause_line(block, counter.next(Clause), heading)
                yield from flow(block.blocks, heading + 1)
            case Point():
                mark = f"{wording.letter(counter.next(Point))}) "
                yield Line("diem", (Span(mark), *wording.cleaned(block.text)))
                yield from flow(block.blocks, heading + 1)
            case Dash():
                yield Line("gach_dau_dong", (Span("- "), *wording.cleaned(block.text)))
            case Paragraph():
                if content := wording.cleaned(block.text):
                    yield Line("noi_dung", content)
            case Table():
                yield clean_table(block)


def clause_line(block: Clause, number: int, heading: int) -> Line:
    mark = f"{number}. "
    if block.title:
        return Line("khoan_co_tieu_de", text(mark + wording.clean(block.title)), heading)
    return Line("khoan", (Span(mark), *wording.cleaned(block.text)))


def clean_table(table: Table) -> Table:
    """Return the table with clean cells, every row as wide as the heading."""
    width = len(table.columns)
    rows = tuple(
        GroupRow(wording.clean(row.number), wording.clean(row.title))
        if isinstance(row, GroupRow)
        else tuple(wording.clean(cell) for cell in (*row, *[""] * width)[:width])
        for row in table.rows
    )
    columns = tuple(
        Column(wording.clean(column.heading), column.share, column.align)
        for column in table.columns
    )
    return Table(columns, rows, wording.clean(table.title), wording.clean(table.summary))
