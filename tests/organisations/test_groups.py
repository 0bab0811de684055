"""Whom a group stands for on a day, by rule and by name."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from campaigns.models import Activity, Plan
from organisations import demo
from organisations.history import History
from organisations.models import FormerParent, GroupMembership, GroupRule, Organisation
from tests.organisations.agencies import FIRST, LAST, agency

pytestmark = pytest.mark.django_db
GROUP = Organisation.Kind.GROUP


def members(group: Organisation, day: date) -> list[str]:
    """Return whom the group stands for, asked in both ways."""
    found = [one.code for one in group.members_on(day)]
    assert found == [one.organisation.code for one in History.load().members_on(group.pk, day)]
    return found


@pytest.fixture
def departments() -> Organisation:
    """Every department of the province, by rule."""
    group = agency("cac-so", kind=GROUP)
    GroupRule.objects.create(group=group, level="province", kind="department")
    return group


def test_a_rule_takes_who_exists(departments: Organisation):
    agency("cu", valid_to=LAST)
    agency("moi", valid_from=FIRST)
    agency("xa", level="commune", kind="committee")
    assert members(departments, LAST) == ["cu"]
    assert members(departments, FIRST) == ["moi"]


def test_a_rule_goes_by_the_superior_body_of_the_day():
    above, later = agency("ubnd", kind="committee"), agency("tinh-uy", kind="party")
    one = agency("bao", kind="press", parent=later)
    FormerParent.objects.create(organisation=one, parent=above, valid_to=LAST)
    group = agency("nhom", kind=GROUP)
    GroupRule.objects.create(group=group, parent=above)
    assert members(group, LAST) == ["bao"]
    assert members(group, FIRST) == []


def test_named_members_and_exceptions_have_days(departments: Organisation):
    out, listed, dated = (
        agency("mot"), agency("hai", kind="service"), agency("ba", kind="service"),
    )  # fmt: skip
    departments.group_members.add(listed)
    GroupMembership.objects.create(group=departments, member=dated, valid_from=FIRST)
    GroupMembership.objects.create(group=departments, member=out, excluded=True, valid_from=FIRST)
    assert members(departments, LAST) == ["hai", "mot"]
    assert members(departments, FIRST) == ["ba", "hai"]
    history = History.load()
    assert [str(one) for one in history.left_out_on(departments.pk, FIRST)] == ["MOT"]
    assert [one.reason for one in history.members_on(departments.pk, FIRST)] == [
        "thành viên từ 01/03/2025 đến …",
        "được nêu tên là thành viên",
    ]


def test_several_rules_are_a_union_and_groups_hold_no_groups(departments: Organisation):
    GroupRule.objects.create(group=departments, level="commune")
    agency("so"), agency("xa", level="commune", kind="committee")
    agency("nhom-khac", level="commune", kind=GROUP)
    assert members(departments, FIRST) == ["so", "xa"]


def test_a_rule_says_something(departments: Organisation):
    with pytest.raises(ValidationError, match="cấp, loại hoặc cơ quan chủ quản"):
        GroupRule(group=departments).clean()


def test_activities_of_a_group_are_everyones(departments: Organisation):
    one, out = agency("so-mot"), agency("so-hai")
    commune = agency("xa", level="commune", kind="committee")
    GroupMembership.objects.create(group=departments, member=out, excluded=True)
    plan = Plan.objects.create(title="Kế hoạch", issuer=commune, year=2026)
    activity = Activity.objects.create(plan=plan, position=1, content="Viết bài")
    activity.leads.add(departments)

    def seen(*who: Organisation) -> list[Activity]:
        agencies = Organisation.objects.filter(pk__in=[agency.pk for agency in who])
        return list(Activity.objects.of_agencies(agencies))

    assert seen(one) == [activity]
    assert seen(out) == []
    assert seen(commune) == []
    assert seen(out, one) == [activity]


def test_the_demo_goes_by_rules():
    demo.load()
    communes = Organisation.objects.get(code="ubnd-cac-xa-phuong")
    districts = Organisation.objects.get(code="ubnd-cac-huyen-thanh-pho")
    assert len(members(communes, date(2026, 1, 1))) == 15
    assert members(communes, date(2025, 6, 30)) == []
    assert len(members(districts, date(2025, 6, 30))) == 11


@pytest.mark.one_database
def test_the_admin_says_whom_a_group_stands_for(as_person: Callable[[str], Client]):
    demo.load()
    group = Organisation.objects.get(code="cac-so-ban-nganh")
    officer = as_person("officer")
    page = officer.get(f"/admin/organisations/day/{group.pk}/?day=28/02/2025").text
    assert "Ngày 28/02/2025, nhóm gồm 18 cơ quan" in page
    assert "Ban Dân tộc" in page
    assert "theo quy tắc: " in page
    later = officer.get(f"/admin/organisations/day/{group.pk}/?day=1/3/2025").text
    assert "nhóm gồm 13 cơ quan" in later
    old = Organisation.objects.get(code="ban-dan-toc")
    closed = officer.get(f"/admin/organisations/day/{old.pk}/?day=1/3/2025").text
    assert "Sở Dân tộc và Tôn giáo" in closed
    assert officer.get(f"/admin/organisations/day/{old.pk}/?day=30/2/2025").status_code == 200
