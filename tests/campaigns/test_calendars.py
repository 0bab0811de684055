"""Slots in calendar programs: whose address shows what, by RFC 5545."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from campaigns.models import Activity, Plan
from campaigns.showing.models import SlotCalendar
from campaigns.slots import deciding
from campaigns.slots.models import Slot
from organisations.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
LONG = "Tuyên truyền về cải cách thủ tục hành chính; dịch vụ công, số hóa\nhồ sơ " * 3


@pytest.fixture
def slots(db: None) -> list[Slot]:
    """One slot of each of two agencies, due in ten days."""
    issuer = Organisation.objects.create(code="ubnd", name="UBND tỉnh")
    today = timezone.localdate()
    plan = Plan.objects.create(title="Kế hoạch", year=today.year, issuer=issuer, number="1/KH")
    activity = Activity.objects.create(plan=plan, content=LONG)
    return [
        Slot.objects.create(
            activity=activity,
            organisation=Organisation.objects.create(code=code, name=name),
            period_start=date(today.year, 1, 1),
            opens_on=today,
            due_on=today + timedelta(days=10),
        )
        for code, name in (("so-a", "Sở A"), ("so-b", "Sở B"))
    ]


@pytest.fixture
def officer(person: Callable[[str], User], slots: list[Slot]) -> User:
    user = person("officer")
    user.organisations.add(slots[0].organisation)
    return user


def make(client: Client, agency: Organisation | None = None) -> Any:
    data = {"agency": agency.pk} if agency else {}
    return client.post(reverse("campaigns_slot_renew_calendar"), data)


def address(user: User) -> str:
    return reverse("plans:calendar", args=[SlotCalendar.objects.get(user=user).token])


def read(path: str) -> tuple[bytes, list[Any]]:
    body = Client().get(path).content
    return body, list(Calendar.from_ical(body).walk("VEVENT"))


def test_an_officer_reads_the_own_agencys_slots_only(
    officer: User, as_person: Callable[[str], Client], slots: list[Slot]
):
    make(as_person("officer"))
    _body, events = read(address(officer))
    assert [str(event["uid"]).partition("@")[0] for event in events] == [f"slot-{slots[0].pk}"]
    [event] = events
    assert event.decoded("dtstart") == slots[0].due_on
    assert event.decoded("dtend") == slots[0].due_on + timedelta(days=1)
    assert "số hóa" in str(event["summary"])
    assert f"/admin/slots/{slots[0].pk}/" in str(event["url"])


def test_the_file_keeps_the_rules_of_its_format(
    officer: User, as_person: Callable[[str], Client], slots: list[Slot]
):
    make(as_person("officer"))
    body, _events = read(address(officer))
    lines = body.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-1] == b""
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    unfolded = body.replace(b"\r\n ", b"").decode()
    assert "công\\, số hóa\\nhồ sơ" in unfolded
    assert "chính\\; dịch" in unfolded
    for line in unfolded.split("\r\n")[:-1]:
        assert line.partition(":")[0].partition(";")[0].replace("-", "").isalnum()


def test_it_is_the_same_until_something_changes(
    officer: User, as_person: Callable[[str], Client], slots: list[Slot]
):
    make(as_person("officer"))
    first, _ = read(address(officer))
    again, _ = read(address(officer))
    assert first == again
    deciding.extend(slots[0], slots[0].due_on + timedelta(days=5), "Chờ số liệu", officer)
    _body, [event] = read(address(officer))
    assert event["sequence"] == 1
    assert event.decoded("dtstart") == slots[0].due_on + timedelta(days=5)
    assert str(event["uid"]).startswith(f"slot-{slots[0].pk}@")


def test_what_did_not_change_is_not_sent_again(
    officer: User, as_person: Callable[[str], Client], slots: list[Slot]
):
    make(as_person("officer"))
    first = Client().get(address(officer))
    again = Client().get(address(officer), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_new_address_ends_the_old_one(
    officer: User, as_person: Callable[[str], Client], slots: list[Slot]
):
    make(as_person("officer"))
    old = address(officer)
    make(as_person("officer"))
    assert Client().get(old).status_code == 404
    assert Client().get(address(officer)).status_code == 200


@pytest.mark.parametrize("token", ["1-x", "x", "0-0", "9" * 30 + "-a", "１-a"])
def test_made_up_addresses_do_not_exist(slots: list[Slot], token: str):
    assert Client().get(f"/ke-hoach/lich/{token}.ics").status_code == 404


def test_who_leaves_reads_nothing_any_more(
    officer: User, as_person: Callable[[str], Client], slots: list[Slot]
):
    make(as_person("officer"), slots[0].organisation)
    path = address(officer)
    assert len(read(path)[1]) == 1
    officer.organisations.clear()
    assert read(path)[1] == []
    officer.is_active = False
    officer.save()
    assert Client().get(path).status_code == 404


def test_no_address_for_another_agency(
    officer: User, as_person: Callable[[str], Client], slots: list[Slot]
):
    assert make(as_person("officer"), slots[1].organisation).status_code == 404
    assert make(as_person("planner"), slots[1].organisation).status_code == 302
    assert SlotCalendar.objects.get().organisation == slots[1].organisation


def test_the_page_shows_the_addresses(
    officer: User, as_person: Callable[[str], Client], slots: list[Slot]
):
    browser = as_person("officer")
    make(browser, slots[0].organisation)
    page = browser.get(reverse("campaigns_slot_subscribe")).content.decode()
    assert address(officer) in page
    assert "Sở B" not in page


def test_a_calendar_costs_a_fixed_number_of_queries(
    officer: User,
    as_person: Callable[[str], Client],
    slots: list[Slot],
    django_assert_max_num_queries: Any,
):
    for number in range(2, 12):
        Slot.objects.create(
            activity=slots[0].activity,
            organisation=slots[0].organisation,
            period_start=slots[0].period_start,
            ordinal=number,
            opens_on=slots[0].opens_on,
            due_on=slots[0].due_on,
        )
    make(as_person("officer"))
    path = address(officer)
    with django_assert_max_num_queries(9):
        assert len(read(path)[1]) == 11
