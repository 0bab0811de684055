"""The wizard of reorganisations in the admin."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from organisations.models import Contact, Organisation, Reorganisation
from tests.organisations.agencies import agency

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NEW, LIST = "/admin/organisations/reorganisations/new/", "/admin/organisations/reorganisations/"


@pytest.fixture
def planner(as_person: Callable[[str], Client]) -> Client:
    return as_person("planner")


def entered(*olds: Organisation, **values: object) -> dict[str, object]:
    base = {
        "kind": "merge",
        "date": "01/3/2026",
        "decision": "12/QĐ-UBND",
        "decided_on": "15/02/2026",
    }
    return {**base, "olds": [old.pk for old in olds], **values}


def test_shown_first_then_done_then_undone(planner: Client):
    old, new = agency("so-tttt", "Sở TTTT"), agency("so-khcn", "Sở KHCN")
    agency("trung-tam", "Trung tâm CNTT", kind="service", parent=old)
    Contact.objects.create(organisation=old, name="Nông Thị Lan", phone="0205 3812 345")
    page = planner.post(NEW, entered(old, into=[new.pk])).text
    assert "Sáp nhập Sở TTTT vào Sở KHCN từ ngày 01/03/2026 (12/QĐ-UBND)" in page
    assert "Nông Thị Lan" in page
    assert "chuyển sang cơ quan kế thừa" in page
    assert "Trung tâm CNTT" in page
    assert not Reorganisation.objects.exists()
    packed = re.search(r'name="wish" value="([^"]+)"', page)
    assert packed
    answer = planner.post(NEW, {"wish": packed[1]}, follow=True).text
    assert "Đã thực hiện: Sáp nhập Sở TTTT vào Sở KHCN" in answer
    again = planner.post(NEW, {"wish": packed[1]}, follow=True).text
    assert "“Sở TTTT” đã kết thúc ngày 28/02/2026" in again
    assert Reorganisation.objects.count() == 1
    undone = planner.post(f"{LIST}undo/{Reorganisation.objects.get().pk}/", follow=True).text
    assert "Đã hoàn tác" in undone
    old.refresh_from_db()
    assert old.valid_to is None


def test_the_heir_is_chosen_among_several(planner: Client):
    old = agency("so-tttt", "Sở TTTT")
    Contact.objects.create(organisation=old, name="Lan", phone="0205 3812 345")
    names = "Sở Số | SS\r\n\r\nSở Báo chí"
    page = planner.post(NEW, entered(old, kind="split", new=names)).text
    packed = re.search(r'name="wish" value="([^"]+)"', page)
    assert packed
    assert page.count('name="heir"') == 2
    planner.post(NEW, {"wish": packed[1], "heir": "1"})
    assert Contact.objects.get().organisation.name == "Sở Báo chí"
    assert Organisation.objects.get(name="Sở Số").short_name == "SS"


def test_what_is_wrong_is_said_and_nothing_lost(planner: Client):
    old = agency("so-tttt", "Sở TTTT")
    page = planner.post(NEW, entered(old, new="Sở Mới", decision="77/QĐ")).text
    assert "chọn hình thức đổi tên" in page
    assert 'value="77/QĐ"' in page
    assert "Sở Mới" in page
    bad = planner.post(NEW, entered(old, date="30/2/2026")).text
    assert "ngày" in bad.lower()
    assert not Reorganisation.objects.exists()


def test_nobody_writes_a_wish_by_hand(planner: Client):
    agency("so-tttt")
    assert planner.post(NEW, {"wish": "abc:def:ghi"}).status_code in {302, 403}
    assert not Reorganisation.objects.exists()


def test_contradictions_stand_on_the_list(planner: Client):
    own = agency("a", "Sở A")
    Organisation.objects.filter(pk=own.pk).update(parent=own)
    assert "cấp trên của chính mình" in planner.get(LIST).text
