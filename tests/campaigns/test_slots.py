"""Which slots an activity asks for, and what becomes of them when the plan changes."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from campaigns.models import Activity, Plan
from campaigns.recurring import validate_rule
from campaigns.slots import deciding, planning
from campaigns.slots.models import Slot
from campaigns.slots.shaping import parts
from core.errors import RefusedError
from organisations.models import Organisation, Succession, User


def agency(code: str, **values: Any) -> Organisation:
    return Organisation.objects.create(code=code, name=code.upper(), **values)


def planned(issued: date = date(2021, 4, 21), **values: Any) -> Activity:
    """Return an unsaved activity of a plan of 2021."""
    plan = Plan(number="95/KH-UBND", year=2021, issued_on=issued)
    return Activity(plan=plan, content="Việc", **values)


def stored(leads: list[Organisation], **values: Any) -> Activity:
    issuer = Organisation.objects.get_or_create(code="ubnd", defaults={"name": "UBND tỉnh"})[0]
    plan, _ = Plan.objects.get_or_create(
        number="95/KH-UBND",
        year=2021,
        issuer=issuer,
        defaults={"title": "Tuyên truyền", "issued_on": date(2021, 4, 21)},
    )
    activity = Activity.objects.create(plan=plan, content="Việc", **values)
    activity.leads.set(leads)
    return activity


def of(activity: Activity) -> Any:
    return Activity.objects.filter(pk=activity.pk)


def shown(activity: Activity) -> list[tuple[str, str, str, int]]:
    """Return label, first and last day, and target of each slot the activity asks for."""
    found = []
    for part in parts(activity):
        one = part.window
        slot = Slot(
            period=one.period, period_start=one.start, ordinal=one.ordinal, instalments=one.of
        )
        found.append((slot.label, f"{one.first:%d/%m}", f"{one.last:%d/%m}", part.target))
    return found


def test_once_with_a_last_day_before_the_plan_was_issued():
    first, last = date(2021, 4, 1), date(2021, 4, 10)
    (part,) = parts(planned(end=last))
    assert (part.window.first, part.window.last, part.target) == (last, last, 1)
    (part,) = parts(planned(start=first, end=last, target=4, unit="bài", total=4))
    assert (part.window.first, part.window.last, part.target) == (first, last, 4)


def test_two_instalments_a_month_are_two_slots():
    found = shown(
        planned(
            start=date(2021, 5, 1),
            end=date(2021, 12, 31),
            recurrence="monthly",
            per="month",
            target=2,
            total=16,
        )
    )
    assert len(found) == 16
    assert [row[1:] for row in found[:3]] == [
        ("01/05", "15/05", 1),
        ("16/05", "31/05", 1),
        ("01/06", "15/06", 1),
    ]
    assert found[-1][2] == "31/12"


def test_continuous_work_is_one_slot_a_period_with_a_target():
    found = shown(planned(recurrence="continuous", per="month", target=8))
    # Of April only ten days were left when the plan was issued.
    assert [row[1] for row in found] == [f"01/{month:02}" for month in range(5, 13)]
    assert {row[3] for row in found} == {8}


def test_more_than_half_of_the_first_period_counts():
    found = shown(planned(recurrence="periodic", per="quarter", target=1))
    assert [row[1:3] for row in found] == [
        ("21/04", "30/06"),
        ("01/07", "30/09"),
        ("01/10", "31/12"),
    ]


@pytest.mark.parametrize(
    ("values", "count", "target"),
    [
        ({"recurrence": "monthly", "target": 8, "total": 8}, 8, 1),  # 8 kỳ trong 8 tháng
        ({"recurrence": "monthly", "target": 1, "total": 1}, 8, 1),
        ({"recurrence": "monthly", "target": 13, "total": 13}, 1, 13),
        ({"recurrence": "monthly"}, 8, 1),
        ({"recurrence": "quarterly", "target": 4, "per": "year"}, 3, 1),
        ({"recurrence": "reporting", "target": 4, "per": "year", "total": 4}, 3, 1),
        ({"recurrence": "continuous", "target": 55, "per": "year", "total": 55}, 1, 55),
        ({"recurrence": "continuous"}, 1, 1),
        ({"recurrence": "monthly", "target": 2, "per_agency": True}, 16, 1),
        ({"recurrence": "monthly", "target": 6, "per": "month"}, 8, 6),
        ({"recurrence": "half-yearly"}, 1, 1),
        ({"recurrence": "yearly"}, 1, 1),
    ],
)
def test_frequency_and_target_together(values: dict[str, Any], count: int, target: int):
    found = parts(planned(**values))
    assert (len(found), {part.target for part in found}) == (count, {target})


def test_weeks_run_from_monday_to_sunday_and_every_day_is_a_month_of_days():
    weeks = shown(planned(issued=date(2020, 12, 20), recurrence="weekly", per="week", target=2))
    assert len(weeks) == 104  # three days of January belong to the last week of 2020
    assert [week[1:3] for week in weeks[:2]] == [("04/01", "06/01"), ("07/01", "10/01")]
    assert weeks[-1][1:3] == ("29/12", "31/12")
    days = parts(planned(start=date(2021, 2, 1), end=date(2021, 2, 28), recurrence="daily"))
    assert [part.target for part in days] == [28]


def test_days_of_a_rule():
    found = shown(
        planned(start=date(2021, 5, 1), end=date(2021, 6, 30), rule="FREQ=MONTHLY;BYMONTHDAY=15,-1")
    )
    assert [row[1:] for row in found] == [
        ("01/05", "15/05", 1),
        ("16/05", "31/05", 1),
        ("01/06", "15/06", 1),
        ("16/06", "30/06", 1),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=MONTHLY;COUNT=3",
        "FREQ=MONTHLY;BYMONTHDAY=40",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "mỗi tháng",
        "FREQ=MONTHLY;BYDAY=XX",
    ],
)
def test_rules_that_no_plan_means_are_refused(rule: str):
    with pytest.raises(ValidationError):
        validate_rule(rule)


@pytest.mark.django_db
def test_everybody_of_a_group_that_exists_on_the_last_day_delivers():
    old = agency("cu", valid_to=date(2021, 6, 30))
    new = agency("moi", valid_from=date(2021, 7, 1))
    group = agency("cac-so", kind="group")
    group.group_members.set([old, new, agency("so-noi-vu")])
    activity = stored([group], recurrence="quarterly")
    planning.generate(of(activity))
    names = Slot.objects.order_by("due_on", "organisation__code")
    assert list(names.values_list("due_on", "organisation__code")) == [
        (date(2021, 6, 30), "cu"),
        (date(2021, 6, 30), "so-noi-vu"),
        (date(2021, 9, 30), "moi"),
        (date(2021, 9, 30), "so-noi-vu"),
        (date(2021, 12, 31), "moi"),
        (date(2021, 12, 31), "so-noi-vu"),
    ]


@pytest.mark.django_db
def test_a_successor_takes_over():
    old, new = agency("cu", valid_to=date(2021, 6, 30)), agency("moi")
    Succession.objects.create(old=old, new=new, date=date(2021, 7, 1), kind="merge")
    activity = stored([old], recurrence="quarterly")
    planning.generate(of(activity))
    rows = Slot.objects.order_by("due_on").values_list("organisation__code", flat=True)
    assert list(rows) == ["cu", "moi", "moi"]


@pytest.mark.django_db
def test_generating_again_changes_nothing_and_costs_little(django_assert_max_num_queries: Any):
    activity = stored([agency("bao"), agency("dai")], recurrence="monthly")
    assert len(planning.generate(of(activity)).added) == 16
    before = list(Slot.objects.order_by("pk").values())
    assert not planning.compare(of(activity))
    with django_assert_max_num_queries(12):
        assert not planning.generate(of(activity))
    assert list(Slot.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_an_activity_without_agencies_is_named():
    activity = stored([], recurrence="monthly")
    changes = planning.compare(of(activity))
    assert (changes.without_agency, changes.added) == ([activity], [])


@pytest.mark.django_db
def test_what_is_on_record_survives_a_change_of_the_plan(person: Any):
    planner: User = person("planner")
    activity = stored([agency("bao")], recurrence="monthly")
    planning.generate(of(activity))
    may, june = Slot.objects.order_by("due_on")[:2]
    deciding.drop(may, "Báo nghỉ kỳ này", planner)

    Activity.objects.filter(pk=activity.pk).update(start=date(2021, 6, 10))
    changes = planning.compare(of(activity))
    assert [slot.pk for slot in changes.kept] == [may.pk]
    assert [old.pk for old, _new in changes.changed] == [june.pk]
    planning.generate(of(activity))
    may.refresh_from_db()
    june.refresh_from_db()
    assert (may.in_plan, june.opens_on) == (False, date(2021, 6, 10))
    assert not planning.compare(of(activity))

    Activity.objects.filter(pk=activity.pk).update(start=None)
    planning.generate(of(activity))
    may.refresh_from_db()
    assert may.in_plan


@pytest.mark.django_db
def test_decisions_need_a_reason_and_make_sense(person: Any):
    planner: User = person("planner")
    activity = stored([agency("bao")], end=date(2021, 6, 30))
    planning.generate(of(activity))
    slot = Slot.objects.get()
    with pytest.raises(RefusedError):
        deciding.extend(slot, date(2021, 6, 30), "Chờ số liệu", planner)
    with pytest.raises(RefusedError):
        deciding.extend(slot, date(2021, 7, 15), "  ", planner)
    with pytest.raises(RefusedError):
        deciding.resume(slot, "Làm lại", planner)
    deciding.extend(slot, date(2021, 7, 15), "Chờ số liệu", planner)
    deciding.drop(slot, "Không bố trí được kinh phí", planner)
    with pytest.raises(RefusedError):
        deciding.extend(slot, date(2021, 8, 15), "Thêm thời gian", planner)
    deciding.resume(slot, "Đã có kinh phí", planner)
    kinds = slot.decisions.values_list("kind", "old_due", "new_due")
    assert list(kinds) == [
        ("extended", date(2021, 6, 30), date(2021, 7, 15)),
        ("dropped", date(2021, 7, 15), None),
        ("resumed", date(2021, 7, 15), None),
    ]
    slot.refresh_from_db()
    assert (slot.due, slot.dropped_at) == (date(2021, 7, 15), None)
