"""The papers of an event break no rule of Decree 30/2020, and say what is known of it."""

import io
from datetime import timedelta

import docx
import openpyxl
import pytest

from campaigns.events import agenda, documents, guest_lists, sites
from campaigns.events.models import Event
from media.documents import word
from media.documents.checking.report import check
from organisations.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PROGRAMME = "08:00 - 08:30 | Khai mạc | Giám đốc Sở\n08:30 - 11:00 | Thảo luận"


@pytest.fixture
def issuer(host: Organisation) -> Organisation:
    """The department, below the province's committee."""
    host.parent = Organisation.objects.create(
        code="ubnd", name="Ủy ban nhân dân tỉnh Lạng Sơn", kind="committee"
    )
    host.save()
    return host


@pytest.fixture
def full(event: Event, issuer: Organisation, communes: Organisation) -> Event:
    """An event with agenda, sites, conclusions and more guests than an invitation names."""
    event.refresh_from_db()
    event.conclusions = "Giao Sở Nội vụ tổng hợp\n- Các địa phương báo cáo trước ngày 20."
    event.signer, event.signer_title, event.attended = "Trần Thị B", "Giám đốc", 152
    event.save()
    agenda.store(event, agenda.read(PROGRAMME, event).items)
    sites.add(event, [communes])
    invite(event, 12)
    return event


def invite(event: Event, number: int) -> None:
    names = [f"Nguyễn Văn {chr(65 + at)}\tChuyên viên\tUBND xã Một" for at in range(number)]
    rows = guest_lists.rows_of_text("\n".join(names))
    guest_lists.store(event, guest_lists.read(rows, event).guests)


def broken(event: Event, name: str) -> list[object]:
    report = check(word.write(documents.DOCUMENTS[name](event)))
    return [finding for verdict in report.broken for finding in verdict.broken]


def text_of(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_a_full_event_breaks_no_rule(name: str, full: Event) -> None:
    assert broken(full, name) == []


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_an_event_of_which_little_is_known_breaks_no_rule(
    name: str, event: Event, issuer: Organisation
) -> None:
    Event.objects.filter(pk=event.pk).update(venue="", chair="", format="online")
    assert broken(Event.objects.get(pk=event.pk), name) == []


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_an_event_of_several_days_breaks_no_rule(name: str, full: Event) -> None:
    full.ends_at += timedelta(days=1)
    full.save()
    day = full.last_day
    text = f"{PROGRAMME}\nNgày {day:%d/%m/%Y}\n08:00 - 09:00 | Bế mạc"
    agenda.store(full, agenda.read(text, full).items)
    assert broken(full, name) == []


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_a_committee_issues_it_in_its_own_name(name: str, full: Event) -> None:
    full.host = full.host.parent or full.host
    full.signer_title = "Phó Chủ tịch"
    full.save()
    assert broken(full, name) == []
    text = text_of(documents.export(full, name, "docx").data)
    assert "KT. CHỦ TỊCH" in text
    assert "-UBND" in text


def test_each_has_a_pdf(full: Event) -> None:
    for name in documents.DOCUMENTS:
        assert documents.export(full, name, "pdf").data.startswith(b"%PDF")


def test_the_invitation_names_few_guests_and_lists_many(full: Event) -> None:
    text = text_of(documents.export(full, "giay-moi", "docx").data)
    assert "danh sách tại Phụ lục kèm theo" in text
    assert "Nguyễn Văn L" in text
    full.guests.filter(position__gt=3).delete()
    short = text_of(documents.export(full, "giay-moi", "docx").data)
    assert "Nguyễn Văn A, Chuyên viên, UBND xã Một" in short
    assert "Phụ lục" not in short


def test_one_guest_is_invited_alone(full: Event) -> None:
    guest = full.guests.in_order()[4]
    made = documents.export(full, "giay-moi", "docx", guest)
    assert check(made.data).broken == []
    assert "nguyen-van-e" in made.name
    text = text_of(made.data)
    assert "Nguyễn Văn E, Chuyên viên" in text
    assert "Nguyễn Văn A" not in text


def test_the_notice_takes_over_chair_attendance_and_conclusions(full: Event) -> None:
    text = text_of(documents.export(full, "thong-bao-ket-luan", "docx").data)
    assert "Giám đốc Sở chủ trì" in text
    assert "có 152 đại biểu tại điểm cầu chính và 02 điểm cầu" in text
    assert "1. Giao Sở Nội vụ tổng hợp." in text
    assert "2. Các địa phương báo cáo trước ngày 20." in text


def test_the_programme_holds_the_agenda(full: Event) -> None:
    text = text_of(documents.export(full, "chuong-trinh", "docx").data)
    assert "08:30 - 11:00" in text
    assert "Thảo luận" in text


def test_the_workbook_has_delegates_and_sites(full: Event) -> None:
    book = openpyxl.load_workbook(io.BytesIO(documents.export(full, "danh-sach", "xlsx").data))
    assert book.sheetnames == ["Đại biểu", "Điểm cầu"]
    cells = [[cell.value for cell in row] for row in book["Đại biểu"].iter_rows()]
    assert any("Nguyễn Văn A" in row for row in cells)
    with pytest.raises(KeyError):
        documents.export(full, "giay-moi", "xlsx")
