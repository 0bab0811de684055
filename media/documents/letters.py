"""The usual kinds of documents from plain facts: letter, urging letter, report, invitation, plan.

Each function returns a ``Document``; what differs from it can be changed with ``replace``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from media.documents.layout import codes
from media.documents.model import (
    Align,
    Appendix,
    Block,
    Clause,
    Column,
    Dash,
    Document,
    Issuer,
    Kind,
    Number,
    Paragraph,
    Recipients,
    Section,
    Signature,
    Table,
    text,
)
from media.documents.wording import day_words

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
URGING_SUBJECT = "đôn đốc thực hiện nhiệm vụ"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What an agency's documents have in common: who issues, where, who signs, who keeps."""

    issuer: Issuer
    place: str
    signature: Signature
    archive: str = "VT"
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Overdue:
    """One activity that is late: as numbered in the plan, what, who leads, until when, state."""

    serial: str
    content: str
    agency: str
    deadline: str
    state: str


@dataclass(frozen=True, slots=True)
class Urging:
    """What an urging letter says: which plan, how things stood on which day, until when."""

    plan: str  # "Kế hoạch số 95/KH-UBND ngày 21 tháng 4 năm 2021 của Ủy ban nhân dân tỉnh"
    seen_on: date
    answer_by: date
    overdue: tuple[Overdue, ...]
    to: tuple[str, ...]
    report_to: str  # "Sở Nội vụ"


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section of a report: its title, paragraphs, and tables after them."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says: of what and when, to whom, its sections, and tables for appendices."""

    subject: str  # "Kết quả tuyên truyền cải cách hành chính quý I năm 2027"
    to: tuple[str, ...]
    opening: str
    sections: tuple[ReportSection, ...]
    closing: str
    appendices: tuple[tuple[str, Table], ...] = ()  # title and table


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation says. ``begins`` is local time."""

    subject: str  # "Dự Hội nghị tổng kết công tác cải cách hành chính năm 2026"
    guests: tuple[str, ...]
    begins: datetime
    venue: str
    chair: str = ""
    agenda: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def kind_of(name: str) -> Kind:
    """Return the type of document of that name ("Kế hoạch"). Raises ``KeyError``."""
    return Kind(name, codes()[name])


def letter(
    head: Letterhead,
    number: Number,
    issued_on: date | None,
    subject: str,
    to: Sequence[str],
    body: Sequence[Block],
    recipients: Sequence[str] = (),
) -> Document:
    """Return an official letter (công văn) to those named, "V/v …" below its number."""
    return Document(
        issuer=head.issuer,
        number=number,
        place=head.place,
        issued_on=issued_on,
        kind=None,
        subject=subject,
        body=tuple(body),
        signature=head.signature,
        recipients=Recipients(tuple(recipients), head.archive),
        addressees=tuple(to),
        contact=head.contact,
    )


def titled(
    head: Letterhead,
    kind: Kind,
    number: Number,
    issued_on: date | None,
    subject: str,
    body: Sequence[Block],
    recipients: Sequence[str] = (),
) -> Document:
    """Return a document of a named type: plan, report, notice, invitation…"""
    return Document(
        issuer=head.issuer,
        number=number,
        place=head.place,
        issued_on=issued_on,
        kind=kind,
        subject=subject,
        body=tuple(body),
        signature=head.signature,
        recipients=Recipients(tuple(recipients), head.archive),
        contact=head.contact,
    )


def urging(head: Letterhead, number: Number, issued_on: date | None, facts: Urging) -> Document:
    """Return a letter that urges agencies on (công văn đôn đốc), late activities in an appendix."""
    count = f"{len(facts.overdue):02}"
    body = (
        Paragraph(text(f"Thực hiện {facts.plan};")),
        Paragraph(
            text(
                f"Qua theo dõi, đến {day_words(facts.seen_on)} còn {count} nhiệm vụ đã đến hạn "
                "nhưng chưa hoàn thành hoặc chưa được báo cáo (chi tiết tại Phụ lục kèm theo). "
                "Để bảo đảm tiến độ, đề nghị các cơ quan, đơn vị:"
            )
        ),
        Clause(
            text=text(
                "Khẩn trương thực hiện, hoàn thành các nhiệm vụ được giao chủ trì; cập nhật kết "
                "quả kèm tài liệu kiểm chứng trên hệ thống."
            )
        ),
        Clause(
            text=text(
                f"Báo cáo kết quả thực hiện, nêu rõ nguyên nhân chậm và thời hạn hoàn thành, gửi "
                f"{facts.report_to} trước {day_words(facts.answer_by)} để tổng hợp."
            )
        ),
        Paragraph(text("Đề nghị các cơ quan, đơn vị quan tâm, phối hợp thực hiện")),
    )
    made = letter(head, number, issued_on, URGING_SUBJECT, facts.to, body)
    return with_appendices(made, overdue_appendix(facts.overdue))


def overdue_appendix(overdue: Sequence[Overdue]) -> Appendix:
    """Return the table of late activities that goes with a letter of urging."""
    columns = (
        Column("STT", 0.6, Align.CENTER),
        Column("Nội dung công việc", 4),
        Column("Cơ quan chủ trì", 2),
        Column("Thời hạn", 1.6),
        Column("Tình trạng", 1.6),
    )
    rows = tuple((o.serial, o.content, o.agency, o.deadline, o.state) for o in overdue)
    title = "Danh mục nhiệm vụ đến hạn chưa hoàn thành"
    return Appendix(title, (Table(columns, rows),), landscape=True)


def report(head: Letterhead, number: Number, issued_on: date | None, facts: Report) -> Document:
    """Return a report (báo cáo) to a superior body."""
    sections = [
        Section(each.title, (*(Paragraph(text(p)) for p in each.paragraphs), *each.tables))
        for each in facts.sections
    ]
    body: list[Block] = [Paragraph(text(facts.opening)), *sections]
    body.append(Paragraph(text(facts.closing)))
    made = titled(head, kind_of("Báo cáo"), number, issued_on, facts.subject, body)
    appendices = [Appendix(title, (table,), landscape=True) for title, table in facts.appendices]
    return with_appendices(with_addressees(made, facts.to), *appendices)


def invitation(
    head: Letterhead, number: Number, issued_on: date | None, facts: Invitation
) -> Document:
    """Return an invitation (giấy mời)."""
    when = facts.begins
    hour = f"{when.hour:02} giờ {when.minute:02} phút"
    body: list[Block] = [
        Paragraph(text(f"{head.issuer.spoken} trân trọng kính mời:")),
        *(Dash(text(guest)) for guest in facts.guests),
        Clause(text=text(f"Nội dung: {facts.subject}.")),
        Clause(
            text=text(f"Thời gian: {hour}, {WEEKDAYS[when.weekday()]}, {day_words(when.date())}.")
        ),
        Clause(text=text(f"Địa điểm: {facts.venue}.")),
    ]
    if facts.chair:
        body.append(Clause(text=text(f"Chủ trì: {facts.chair}.")))
    if facts.agenda:
        items = tuple(Dash(text(item)) for item in facts.agenda)
        body.append(Clause(text=text("Chương trình:"), blocks=items))
    body += [Paragraph(text(note)) for note in facts.notes]
    body.append(Paragraph(text("Rất mong các đồng chí, các quý vị sắp xếp thời gian tham dự")))
    kind = kind_of("Giấy mời")
    return titled(head, kind, number, issued_on, facts.subject, body, facts.guests)


def with_addressees(document: Document, to: Sequence[str]) -> Document:
    """Return the document with "Kính gửi: …" before its body."""
    return replace(document, addressees=tuple(to))


def with_appendices(document: Document, *appendices: Appendix) -> Document:
    """Return the document with these appendices."""
    return replace(document, appendices=tuple(appendices))
