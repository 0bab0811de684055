"""The papers of an event by Decree 30/2020: invitation, programme, lists, notice of conclusions."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from django.utils import timezone

from campaigns.events import counts
from campaigns.events.models import AgendaItem, Event, Guest, Site
from campaigns.exporting.files import FORMS, Exported
from campaigns.exporting.mapping import issuer_of, number_of, place_of
from campaigns.exporting.signing import signature_of
from campaigns.models import Plan
from core.text import slugify
from media.documents import letters, pdf, sheets, word
from media.documents.model import (
    Align,
    Appendix,
    Block,
    Clause,
    Column,
    Document,
    GroupRow,
    Number,
    Paragraph,
    Table,
    text,
)
from media.documents.wording import day_words

IN_BODY = 10  # guests that an invitation names one by one; more stand in an appendix
FORMATS = {
    Event.Format.ON_SITE: "trực tiếp",
    Event.Format.ONLINE: "trực tuyến",
    Event.Format.COMBINED: "trực tiếp kết hợp trực tuyến",
}
GUESTS = (
    Column("STT", 0.6, Align.CENTER),
    Column("Họ và tên", 2.2),
    Column("Chức vụ", 2.2),
    Column("Cơ quan, đơn vị", 2.8),
    Column("Điểm cầu", 2.2),
    Column("Tham dự", 1.2),
)
SITES = (
    Column("STT", 0.6, Align.CENTER),
    Column("Điểm cầu", 2.6),
    Column("Địa điểm", 2.8),
    Column("Đầu mối liên hệ", 2.4),
    Column("Số đại biểu dự kiến", 1.1, Align.CENTER),
    Column("Số đại biểu dự", 1.1, Align.CENTER),
    Column("Kiểm tra đường truyền", 1.4),
)
AGENDA = (
    Column("Thời gian", 1.5, Align.CENTER),
    Column("Nội dung", 4),
    Column("Người thực hiện", 2.5),
)


def stand_in(event: Event) -> Plan:
    """Return a plan that nobody saves, whose issuer and signer are those of the event."""
    return Plan(
        issuer=event.host, signer=event.signer, signer_title=event.signer_title, year=event.day.year
    )


def head_of(event: Event) -> letters.Letterhead:
    plan = stand_in(event)
    return letters.Letterhead(issuer_of(event.host), place_of(event.host), signature_of(plan))


def number_for(event: Event, kind: str) -> Number:
    """Return the open number of a document of that kind: "…/GM-UBND"."""
    symbol = number_of(stand_in(event)).symbol
    return Number(None, f"{letters.kind_of(kind).code}-{symbol.partition('-')[2]}")


def titled(
    event: Event, kind: str, subject: str, body: Sequence[Block], recipients: Sequence[str]
) -> Document:
    head, number = head_of(event), number_for(event, kind)
    made = letters.titled(head, letters.kind_of(kind), number, None, subject, body, recipients)
    return in_year(made, event)


def in_year(document: Document, event: Event) -> Document:
    """Return the document, which has no date yet, with the year that stands in its place."""
    values = {name: getattr(document, name) for name in Document.__dataclass_fields__}
    return Document(**values | {"year": event.day.year})


def guests_in_order(event: Event) -> list[Guest]:
    rows = event.guests.in_order()
    return list(rows.select_related("organisation", "site__organisation"))


def sites_in_order(event: Event) -> list[Site]:
    return list(event.sites.select_related("organisation").order_by("organisation__name", "pk"))


def spoken(guest: Guest) -> str:
    """Return a guest as an invitation names them."""
    return ", ".join(part for part in (guest.name, guest.title, guest.agency) if part)


def invitation(event: Event, guest: Guest | None = None) -> Document:
    """Return the invitation of one guest, or one for all, with a list if they are many."""
    guests = [guest] if guest else guests_in_order(event)
    is_long = len(guests) > IN_BODY
    names = tuple(spoken(one) for one in guests) or ("…",)
    if is_long:
        names = ("Các đại biểu theo danh sách tại Phụ lục kèm theo",)
    facts = letters.Invitation(
        subject=f"Dự {named(event.name)}",
        guests=names,
        begins=timezone.localtime(event.starts_at),
        venue=venue_of(event),
        chair=event.chair.rstrip(" ."),
        agenda=tuple(one.content.rstrip(" .;") for one in event.agenda.all()),
    )
    made = letters.invitation(head_of(event), number_for(event, "Giấy mời"), None, facts)
    if is_long:
        made = letters.with_appendices(made, guest_list(guests))
    return in_year(made, event)


def named(name: str) -> str:
    """Return the event's name as it stands in a sentence."""
    return name.strip(" .")


def venue_of(event: Event) -> str:
    venue = event.venue.rstrip(" .") or "…"
    if event.format == Event.Format.ON_SITE:
        return venue
    return f"{venue} (hình thức {FORMATS[Event.Format(event.format)]})"


def guest_list(guests: Sequence[Guest]) -> Appendix:
    return Appendix("Danh sách đại biểu", (guest_table(guests),), landscape=True)


def guest_table(guests: Sequence[Guest]) -> Table:
    rows = tuple(
        (
            str(number),
            one.name,
            one.title,
            one.agency,
            str(one.site) if one.site is not None else "Điểm cầu chính",
            one.state_label,
        )
        for number, one in enumerate(guests, start=1)
    )
    return Table(GUESTS, rows)


def site_table(sites: Sequence[Site]) -> Table:
    rows = tuple(
        (
            str(number),
            str(one.organisation),
            one.place,
            one.contact,
            "" if one.expected is None else str(one.expected),
            "" if one.attended is None else str(one.attended),
            "Đã kiểm tra" if one.is_tested else "Chưa kiểm tra",
        )
        for number, one in enumerate(sites, start=1)
    )
    return Table(SITES, rows)


def agenda_table(event: Event, items: Sequence[AgendaItem]) -> Table:
    rows: list[tuple[str, ...] | GroupRow] = []
    day = event.day if event.day == event.last_day else None
    for one in items:
        first, last = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
        if first.date() != day:
            day = first.date()
            rows.append(GroupRow("", f"Ngày {day:%d/%m/%Y}"))
        rows.append((f"{first:%H:%M} - {last:%H:%M}", one.content, one.presenter))
    return Table(AGENDA, tuple(rows))


def time_words(event: Event) -> str:
    first, last = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    begins = f"{first.hour:02} giờ {first.minute:02} phút, {day_words(first.date())}"
    if first.date() == last.date():
        return begins
    return f"từ {begins} đến {last.hour:02} giờ {last.minute:02} phút, {day_words(last.date())}"


def programme(event: Event) -> Document:
    """Return the programme: time, place, chair, and the agenda as a table."""
    body: list[Block] = [
        Clause(text=text(f"Thời gian: {time_words(event)}.")),
        Clause(text=text(f"Địa điểm: {venue_of(event)}.")),
    ]
    if event.chair:
        body.append(Clause(text=text(f"Chủ trì: {event.chair.rstrip(' .')}.")))
    body.append(Clause(text=text("Nội dung chương trình được thực hiện theo bảng sau:")))
    body.append(agenda_table(event, list(event.agenda.all())))
    host = head_of(event).issuer.spoken
    body.append(Paragraph(text(f"Trên đây là Chương trình {named(event.name)} của {host}")))
    recipients = ("Các đại biểu dự họp",)
    return titled(event, "Chương trình", event.name, body, recipients)


def lists(event: Event) -> Document:
    """Return a notice with the lists of delegates and of sites as appendices."""
    guests, sites = guests_in_order(event), sites_in_order(event)
    words = f"{len(guests):02} đại biểu"
    if sites:
        words += f" và {len(sites):02} điểm cầu"
    host = head_of(event).issuer.spoken
    body = [
        Paragraph(
            text(
                f"{host} thông báo danh sách {words} dự {named(event.name)}, tổ chức vào "
                f"{time_words(event)}, tại {venue_of(event)} (chi tiết tại Phụ lục kèm theo)."
            )
        ),
        Paragraph(text("Đề nghị các cơ quan, đơn vị phối hợp thực hiện")),
    ]
    found = [guest_list(guests)]
    if sites:
        found.append(Appendix("Danh sách điểm cầu", (site_table(sites),), landscape=True))
    subject = f"Danh sách đại biểu, điểm cầu dự {named(event.name)}"
    made = titled(event, "Thông báo", subject, body, ("Các cơ quan, đơn vị có đại biểu dự",))
    return letters.with_appendices(made, *found)


def conclusions(event: Event) -> Document:
    """Return the notice of conclusions, prefilled with what is known of the event."""
    host = head_of(event).issuer.spoken
    sites = sites_in_order(event)
    came = event.attended if event.attended is not None else counts.attended(event, sites)
    chair = event.chair.rstrip(" .") or "…"
    present = f"Dự họp có {came} đại biểu" if came else "Dự họp có … đại biểu"
    if sites:
        present += f" tại điểm cầu chính và {len(sites):02} điểm cầu"
    lines = [one.strip(" -–+•") for one in event.conclusions.splitlines()]
    points: list[Block] = [Clause(text=text(ended(one))) for one in lines if one]
    body: list[Block] = [
        Paragraph(
            text(
                f"{day_words(event.day).capitalize()}, tại {venue_of(event)}, {host} đã tổ chức "
                f"{named(event.name)}. {chair} chủ trì. {present}."
            )
        ),
        Paragraph(
            text(
                "Sau khi nghe báo cáo và ý kiến phát biểu của các đại biểu, người chủ trì kết luận "
                "như sau:"
            )
        ),
        *(points or [Paragraph(text("…"))]),
        Paragraph(text("Thông báo để các cơ quan, đơn vị, địa phương biết, thực hiện")),
    ]
    subject = f"Kết luận tại {named(event.name)}"
    return titled(event, "Thông báo", subject, body, ("Các cơ quan, đơn vị, địa phương",))


def ended(words: str) -> str:
    """Return a conclusion as a sentence with its full stop."""
    return words if words[-1] in ".;:!?…" else f"{words}."


DOCUMENTS: Mapping[str, Callable[[Event], Document]] = MappingProxyType(
    {
        "giay-moi": invitation,
        "chuong-trinh": programme,
        "danh-sach": lists,
        "thong-bao-ket-luan": conclusions,
    }
)


def as_xlsx(event: Event) -> bytes:
    """Return delegates and sites as a workbook of two sheets."""
    above = (f"DANH SÁCH ĐẠI BIỂU, ĐIỂM CẦU: {event.name}", f"({event.time_label})")
    found = [sheets.Sheet("Đại biểu", above, guest_table(guests_in_order(event)))]
    if sites := sites_in_order(event):
        found.append(sheets.Sheet("Điểm cầu", above, site_table(sites)))
    return sheets.write(found, title=event.name, author=str(event.host))


def export(event: Event, name: str, form: str, guest: Guest | None = None) -> Exported:
    """Return a document of the event as a file.

    Raises ``KeyError`` for an unknown name or form, ``WritingError`` if the typesetter refuses.
    """
    kind = FORMS[form]
    if form == "xlsx":
        if name != "danh-sach":
            raise KeyError(form)
        data = as_xlsx(event)
    else:
        made = invitation(event, guest) if guest and name == "giay-moi" else DOCUMENTS[name](event)
        data = {"docx": word.write, "pdf": pdf.write}[form](made)
    label = slugify(f"{name} {guest.name if guest else ''} {event.name}", limit=90)
    return Exported(f"{label}.{kind.ending}", kind.media_type, data)
