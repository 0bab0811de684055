"""Next year's plan: successors, moved years, and a list of doubts."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from campaigns import demo
from campaigns.derive import derive, move_dates, move_year
from campaigns.models import Activity, Plan

JANUARY = date(2026, 1, 5)


def reasons(plan: Plan, serial: str) -> list[str]:
    return [note["reason"] for note in plan.review_notes if note["serial"] == serial]


@pytest.fixture
def new(plan: Plan) -> Plan:
    return derive(plan, 2026, "05/KH-UBND", JANUARY)


def row(plan: Plan, serial: str) -> Activity:
    return plan.activities.get(serial=serial)


def test_the_plan_itself(plan: Plan, new: Plan):
    assert new.title == "Tuyên truyền cải cách hành chính năm 2026 trên địa bàn tỉnh Lạng Sơn"
    assert (new.live, new.derived_from, new.issuer) == (False, plan, plan.issuer)
    assert new.activities.count() == 22
    assert new.purposes == plan.purposes
    assert plan.activities.count() == 22


def test_merged_agencies_give_way_once(new: Plan):
    training = row(new, "18")
    assert training.partner_text == "Báo và Đài Phát thanh - Truyền hình Lạng Sơn"
    assert [agency.code for agency in training.partners.all()] == [
        "bao-va-dai-phat-thanh-truyen-hinh"
    ]
    assert reasons(new, "18") == ["agency-replaced", "agency-replaced"]


def test_a_split_agency_gives_way_to_both(new: Plan):
    assert row(new, "13").partner_text == (
        "Sở Khoa học và Công nghệ, Sở Văn hóa, Thể thao và Du lịch; "
        "Trung tâm Phục vụ hành chính công tỉnh; UBND cấp xã"
    )


def test_heads_keep_their_office(new: Plan):
    assert row(new, "2").lead_text == "Thủ trưởng các sở, ban, ngành; Chủ tịch UBND các xã, phường"


def test_dates_move_and_are_read_again(new: Plan):
    first, months = row(new, "1"), row(new, "13")
    assert (first.deadline_text, first.end) == ("Trước 15/5/2026", date(2026, 5, 14))
    assert (months.start, months.end) == (date(2026, 6, 1), date(2026, 8, 31))


def test_what_belongs_to_names_stays_and_is_listed(new: Plan):
    activity = row(new, "21")
    assert "nhiệm kỳ 2021-2026" in activity.content
    assert activity.deadline_text == "Tháng 4 - 5/2026 (trọng tâm trước 23/5/2021)"
    assert {"year-kept", "period-unclear"} <= set(reasons(new, "21"))


def test_words_of_the_old_order_are_listed(new: Plan):
    assert "old-name" in reasons(new, "6")
    assert reasons(new, "14").count("district") == 2


def test_an_agency_without_successor_stays(plan: Plan):
    agency = plan.issuer.__class__.objects.get(code="bao-lang-son")
    agency.succeeded_by.all().delete()
    new = derive(plan, 2026, "06/KH-UBND", JANUARY)
    assert row(new, "6").lead_text == "Báo Lạng Sơn"
    assert "agency-gone" in reasons(new, "6")


def test_a_day_the_year_lacks_is_left(plan: Plan):
    Activity.objects.filter(plan=plan, serial="1").update(deadline_text="Trước 29/2/2024")
    Plan.objects.filter(pk=plan.pk).update(year=2024)
    plan.refresh_from_db()
    new = derive(plan, 2026, "07/KH-UBND", JANUARY)
    assert row(new, "1").deadline_text == "Trước 29/2/2024"
    assert "date-impossible" in reasons(new, "1")


def test_a_taken_number_is_refused_and_nothing_is_left(plan: Plan, new: Plan):
    with pytest.raises(ValidationError):
        derive(plan, 2026, "05/KH-UBND", JANUARY)
    assert Plan.objects.count() == 2


def test_a_draft_does_not_bring_closed_notes_back(new: Plan):
    revision = new.save_revision()
    Plan.objects.filter(pk=new.pk).update(review_notes=[])
    revision.refresh_from_db()
    revision.publish()
    new.refresh_from_db()
    assert new.review_notes == []


@pytest.mark.parametrize(
    ("text", "expected", "left"),
    [
        ("Kế hoạch CCHC năm 2021", "Kế hoạch CCHC năm 2026", False),
        ("Luật Đất đai năm 2021", "Luật Đất đai năm 2021", True),
        ("Theo Nghị quyết số 76/NQ-CP năm 2021", "Theo Nghị quyết số 76/NQ-CP năm 2021", True),
        ("Nghị định mới; kế hoạch năm 2021", "Nghị định mới; kế hoạch năm 2026", False),
        ("nhiệm kỳ 2021-2026", "nhiệm kỳ 2021-2026", True),
        ("giai đoạn năm 2021 - 2025", "giai đoạn năm 2021 - 2025", True),
        ("Kế hoạch số 95/KH-UBND năm 2021", "Kế hoạch số 95/KH-UBND năm 2021", True),
        ("120210 tờ", "120210 tờ", False),
    ],
)
def test_years_move_only_where_they_are_the_plan_s(text: str, expected: str, left: bool):
    assert move_year(text, 2021, 2026) == (expected, left)


def test_neighbouring_years_move_along():
    assert move_dates("Tháng 12/2021 - tháng 1/2022", 2021, 2026) == "Tháng 12/2026 - tháng 1/2027"
    assert move_dates("Từ 15/12/2015", 2021, 2026) == "Từ 15/12/2015"


def test_demo_is_repeatable(province: int):
    first, second = demo.load()
    assert [plan.pk for plan in demo.load()] == [first.pk, second.pk]
    assert first.live
    assert second.live
    assert second.is_illustrative
    assert second.review_notes == []
    assert "2021" not in "".join(second.activities.values_list("content", flat=True))
    assert all(activity.leads.exists() for activity in second.activities.all())
