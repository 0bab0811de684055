"""The provinces and communes since 1 July 2025, brought in by choice."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from organisations import demo
from organisations.consistency import contradictions
from organisations.history import History
from organisations.models import Organisation, OrganisationName, Reorganisation
from organisations.provinces.catalogue import UnknownProvinceError, communes, find, provinces
from organisations.provinces.comparing import Verdict, compare, key
from organisations.provinces.storing import ChangedMeanwhileError, bring_in
from tests.organisations.agencies import agency

PAGE = "/admin/organisations/provinces/"
WARDS = {"Phường Đông Kinh", "Phường Lương Văn Tri", "Phường Tam Thanh", "Phường Kỳ Lừa"}


def test_the_list_is_whole():
    everything = [unit for province in provinces() for unit in communes(province.code)]
    assert (len(provinces()), len(everything)) == (34, 3321)
    assert len({unit.code for unit in everything}) == 3321
    kinds = Counter(re.match(r"Xã|Phường|Đặc khu", unit.name)[0] for unit in everything)
    assert kinds["Đặc khu"] == 13
    assert kinds["Xã"] + kinds["Phường"] == 3308
    for province in provinces():  # no two agencies of a province would have one name
        names = [key(unit.name) for unit in communes(province.code)]
        assert len(set(names)) == len(names), province.name
    here = communes("20")
    assert len(here) == 65
    assert {unit.name for unit in here if unit.name.startswith("Phường")} == WARDS
    assert {unit.code: unit.name for unit in here}["05977"] == "Phường Đông Kinh"


@pytest.mark.parametrize("words", ["20", "Lạng Sơn", "tinh lang son", "Tỉnh Lạng Sơn"])
def test_a_province_is_found_by_code_or_name(words: str):
    assert find(words).code == "20"


@pytest.mark.parametrize("words", ["", "99", "Hà Giang"])
def test_provinces_that_are_not(words: str):
    with pytest.raises(UnknownProvinceError):
        find(words)


def test_where_the_tone_mark_stands_does_not_matter():
    assert key("UBND xã Hoà Bình") == key("Ủy ban nhân dân xã Hòa  Bình")
    assert key("UBND xã Cẩm Giang") != key("UBND xã Cẩm Giàng")


@pytest.mark.django_db
def test_bringing_in_is_repeatable(django_assert_max_num_queries: DjangoAssertNumQueries):
    found = bring_in("Lạng Sơn")
    assert len(found.of(Verdict.ADD)) == 66
    assert Organisation.objects.count() == 66
    one = Organisation.objects.get(official_code="05977")
    assert (one.name, one.level, one.kind, one.valid_from) == (
        "UBND phường Đông Kinh", "commune", "committee", date(2025, 7, 1)
    )  # fmt: skip
    assert one.parent == Organisation.objects.get(official_code="20")
    assert [str(name) for name in one.other_names.all()] == ["Ủy ban nhân dân phường Đông Kinh"]
    before = list(Organisation.objects.order_by("pk").values())
    with django_assert_max_num_queries(8):
        again = bring_in("20")
    assert len(again.of(Verdict.SAME)) == 66
    assert list(Organisation.objects.order_by("pk").values()) == before
    assert contradictions(History.load()) == []


@pytest.mark.django_db
def test_communes_of_two_provinces_may_share_a_name():
    for province in ("20", "08", "24"):
        bring_in(province)
    assert Organisation.objects.exclude(official_code="").count() == 3 + sum(
        len(communes(province)) for province in ("20", "08", "24")
    )


@pytest.mark.django_db
def test_what_is_there_keeps_its_identity():
    demo.load()
    communes_before = Organisation.objects.filter(level="commune", kind="committee")
    known = {one.pk: one.name for one in communes_before}
    closed = Organisation.objects.filter(level="district").values_list("pk", "valid_to")
    districts = sorted(closed)
    found = bring_in("20")
    assert found.unknown == []
    assert len(found.of(Verdict.ADOPT)) == 16
    assert len(found.of(Verdict.ADD)) == 50
    for pk, name in known.items():
        one = Organisation.objects.get(pk=pk)
        assert one.name == name
        assert one.official_code
    assert sorted(Organisation.objects.filter(level="district").values_list("pk", "valid_to")) == (
        districts
    )
    group = Organisation.objects.get(code="ubnd-cac-xa-phuong")
    assert len(group.members_on(date(2026, 1, 1))) == 65


@pytest.mark.django_db
def test_another_name_needs_a_day_and_becomes_history():
    bring_in("20")
    one = Organisation.objects.get(official_code="05977")
    one.name = "UBND phường Vĩnh Trại"
    one.save()
    OrganisationName.objects.filter(organisation=one).delete()
    assert [finding.agency for finding in bring_in("20").of(Verdict.RENAME)] == [one]
    one.refresh_from_db()
    assert one.name == "UBND phường Vĩnh Trại"
    bring_in("20", renamed_on=date(2026, 5, 1))
    history = History.load()
    assert history.name_on(one.pk, date(2026, 4, 30)) == "UBND phường Vĩnh Trại"
    assert history.name_on(one.pk, date(2026, 5, 1)) == "UBND phường Đông Kinh"
    assert Reorganisation.objects.get().decision == "1672/NQ-UBTVQH15"
    assert not compare("20").of(Verdict.RENAME)


@pytest.mark.django_db
def test_what_the_list_does_not_know_and_what_is_unclear_is_named():
    bring_in("20")
    province = Organisation.objects.get(official_code="20")
    agency("la", "UBND xã Không Có", level="commune", kind="committee", parent=province)
    Organisation.objects.filter(official_code="05977").update(official_code="")
    twin = {"level": "commune", "kind": "committee", "parent": province}
    agency("sinh-doi", "UBND phường Đông Kinh", **twin)
    found = bring_in("20")
    assert [str(one) for one in found.unknown][-1] == "UBND xã Không Có"
    assert [unit.code for unit in found.unclear] == ["05977"]
    assert not Organisation.objects.filter(official_code="05977").exists()


@pytest.mark.django_db
def test_nothing_else_is_done_than_was_shown():
    shown = compare("20").fingerprint
    agency("tinh", "UBND tỉnh Lạng Sơn", kind="committee")
    with pytest.raises(ChangedMeanwhileError):
        bring_in("20", seen=shown)
    assert Organisation.objects.count() == 1


@pytest.mark.django_db
def test_the_command_shows_first():
    out = StringIO()
    call_command("import_province", "Lạng Sơn", "--dry-run", stdout=out)
    assert "+ 05977 UBND phường Đông Kinh" in out.getvalue()
    assert not Organisation.objects.exists()
    call_command("import_province", "20", stdout=StringIO())
    assert Organisation.objects.count() == 66
    listed = StringIO()
    call_command("import_province", stdout=listed)
    assert "20 Tỉnh Lạng Sơn (65)" in listed.getvalue()
    with pytest.raises(CommandError, match="Không có tỉnh “Hà Giang”"):
        call_command("import_province", "Hà Giang")


@pytest.mark.django_db
@pytest.mark.one_database
def test_the_admin_shows_first(as_person: Callable[[str], Client]):
    planner = as_person("planner")
    page = planner.post(PAGE, {"province": "20", "renamed_on": ""}).text
    assert "UBND phường Đông Kinh" in page
    assert "1672/NQ-UBTVQH15" in page
    assert not Organisation.objects.filter(official_code="20").exists()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    done = planner.post(PAGE, {"seen": seen[1]}, follow=True).text
    assert "Tỉnh Lạng Sơn: đã thêm 66 cơ quan" in done
    again = planner.post(PAGE, {"seen": seen[1]}, follow=True).text
    assert "Hãy xem lại" in again
    wrong = planner.post(PAGE, {"province": "99", "renamed_on": "30/2/2026"})
    assert wrong.status_code == 200
    ahead = planner.post(PAGE, {"province": "20", "renamed_on": "01/01/2100"}).text
    assert "Ngày này chưa đến" in ahead
