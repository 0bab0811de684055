"""Lists of guests: pasted, uploaded, wild. Every fault has its line, and nothing is lost."""

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.events import guest_lists, sites
from campaigns.events.guest_lists import rows_of_file, rows_of_text
from campaigns.events.models import Event
from campaigns.importing.problems import ImportFailedError
from organisations.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def read(event: Event, text: str) -> guest_lists.Reading:
    return guest_lists.read(rows_of_text(text), event)


def faults(event: Event, text: str) -> list[str]:
    return [str(one) for one in read(event, text).problems]


def test_columns_are_found_by_their_names_in_any_order(
    event: Event, communes: Organisation
) -> None:
    sites.add(event, [communes])
    text = (
        "STT\tĐơn vị\tHọ và tên\tĐiểm cầu\tChức vụ\n1\tUBND xã Một\tNông Thị Hà\txã Một\tChủ tịch"
    )
    (one,) = read(event, text).guests
    assert (one.name, one.title, str(one.organisation)) == (
        "Nông Thị Hà",
        "Chủ tịch",
        "UBND xã Một",
    )
    assert str(one.site) == "UBND xã Một"


@pytest.mark.parametrize("sign", ["\t", "|", ";"])
def test_without_headings_the_usual_order_holds(
    event: Event, commune: Organisation, sign: str
) -> None:
    text = sign.join(["1", "Nông Thị Hà", "Chủ tịch", "Ủy ban nhân dân xã Một"])
    (one,) = read(event, text).guests
    assert (one.name, one.title, one.organisation) == ("Nông Thị Hà", "Chủ tịch", commune)


def test_an_unknown_agency_is_kept_as_written(event: Event) -> None:
    (one,) = read(event, "Nông Thị Hà\tGiám đốc\tCông ty Một thành viên").guests
    assert (one.organisation, one.agency_text) == (None, "Công ty Một thành viên")


def test_each_fault_is_named_with_its_line(event: Event) -> None:
    text = "Lý Văn An\tA\n\tChủ tịch\n0912 345 678\tB\nLý Văn An\tC\nVi Thị Ba\t\t\txã Không Có"
    found = faults(event, text)
    assert found[0].startswith("Dòng 2: Thiếu họ và tên")
    assert found[1].startswith("Dòng 3: “0912 345 678” không phải là họ và tên")
    assert found[2] == "Dòng 4: Lý Văn An đã có ở dòng 1."
    assert "xã Không Có" in found[3]
    assert found[3].startswith("Dòng 5")
    assert not event.guests.exists()


def test_texts_that_are_too_long_are_named(event: Event) -> None:
    assert "dài hơn 150 ký tự" in faults(event, "A" * 151)[0]
    assert "2000" in faults(event, "An\n" * 2001)[0]
    assert faults(event, "Chức vụ\tĐiểm cầu\n") != []


def test_those_who_are_on_the_list_are_not_added_twice(event: Event, commune: Organisation) -> None:
    text = "Nông Thị Hà\tChủ tịch\tUBND xã Một"
    assert guest_lists.store(event, read(event, text).guests) == 1
    again = read(event, f"{text}\nLý Văn An\tVăn phòng\tUBND xã Một")
    assert [one.is_known for one in again.guests] == [True, False]
    assert guest_lists.store(event, again.guests) == 1
    assert list(event.guests.in_order().values_list("position", flat=True)) == [1, 2]


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_is_read_and_becomes_text_to_correct(event: Event) -> None:
    data = workbook(
        ("DANH SÁCH ĐẠI BIỂU",), (), ("STT", "Họ và tên", "Chức vụ"), (1, "Nông Thị Hà", "Chủ tịch")
    )
    rows = rows_of_file(data)
    assert [one.name for one in guest_lists.read(rows, event).guests] == ["Nông Thị Hà"]
    again = rows_of_text(guest_lists.as_text(rows))
    assert [row.line for row in again] == [row.line for row in rows]
    assert guest_lists.read(again, event).guests == guest_lists.read(rows, event).guests


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "trống"),
        (b"PK\x03\x04 not a package", "hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"EncryptedPackage".decode().encode("utf-16-le"),
         "mật khẩu"),
        (workbook(("Họ và tên", "Chức vụ"), ("=A1", "B")), "công thức"),
        (workbook(), "trống"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_say_why(data: bytes, words: str) -> None:
    with pytest.raises(ImportFailedError, match=words):
        rows_of_file(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text("Aăâđêôơư bcxyz0123.;|\t\n\r", max_size=200))
def test_every_row_of_a_wild_list_is_a_guest_or_a_fault(event: Event, text: str) -> None:
    rows = rows_of_text(text)
    reading = guest_lists.read(rows, event)
    lines = {row.line for row in rows}
    named = {one.line for one in reading.guests} | {one.line for one in reading.problems}
    assert named - {0} <= lines
    if rows:
        assert lines <= named
    assert all(one.name for one in reading.guests)
    again = guest_lists.read(rows_of_text(guest_lists.as_text(rows)), event)
    assert again.guests == reading.guests
