"""Agencies in time: validity, successors, groups."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from organisations import demo
from organisations.models import Organisation, Succession

LAST, FIRST = date(2025, 2, 28), date(2025, 3, 1)

pytestmark = pytest.mark.django_db


def agency(code: str, **values: object) -> Organisation:
    return Organisation.objects.create(code=code, name=code.upper(), **values)


def follow(old: Organisation, new: Organisation, day: date = FIRST) -> None:
    Succession.objects.create(old=old, new=new, date=day, kind=Succession.Kind.MERGE)


def test_first_and_last_day_count():
    closed = agency("a", valid_from=date(2020, 1, 1), valid_to=LAST)
    for day, exists in (
        (date(2019, 12, 31), False),
        (date(2020, 1, 1), True),
        (LAST, True),
        (FIRST, False),
    ):
        assert closed.is_valid_on(day) is exists
        assert Organisation.objects.valid_on(day).exists() is exists


def test_a_valid_agency_succeeds_itself():
    assert agency("a").successors(FIRST) == [Organisation.objects.get()]


def test_successors_of_successors():
    first, second, third = agency("a", valid_to=LAST), agency("b", valid_to=LAST), agency("c")
    follow(first, second)
    follow(second, third)
    assert first.successors(FIRST) == [third]


def test_a_circle_ends():
    first, second = agency("a", valid_to=LAST), agency("b", valid_to=LAST)
    follow(first, second)
    follow(second, first)
    assert first.successors(FIRST) == []


def test_a_succession_to_come_is_not_yet():
    old, new = agency("a", valid_to=LAST), agency("b")
    follow(old, new, FIRST + timedelta(days=30))
    assert old.successors(FIRST) == []


def test_a_split_has_several_successors():
    old = agency("a", valid_to=LAST)
    parts = [agency("b"), agency("c")]
    for part in parts:
        follow(old, part)
    assert sorted(old.successors(FIRST), key=str) == parts


def test_the_database_refuses_succeeding_oneself():
    only = agency("a")
    with pytest.raises(IntegrityError), transaction.atomic():
        follow(only, only)


def test_members_of_a_group_on_a_day():
    group = agency("g", kind=Organisation.Kind.GROUP)
    old, new = agency("a", valid_to=LAST), agency("b", valid_from=FIRST)
    group.group_members.set([old, new])
    assert group.members_on(LAST) == [old]
    assert group.members_on(FIRST) == [new]
    assert old.members_on(FIRST) == [old]


def test_days_in_the_wrong_order():
    wrong = Organisation(code="a", name="A", valid_from=FIRST, valid_to=LAST)
    with pytest.raises(ValidationError, match="Ngày cuối trước ngày đầu"):
        wrong.clean()


def test_demo_is_repeatable_and_whole():
    count = demo.load()
    assert demo.load() == count == Organisation.objects.count()
    radio = Organisation.objects.get(code="dai-phat-thanh-va-truyen-hinh-tinh")
    assert [str(a) for a in radio.successors(date(2026, 1, 1))] == [
        "Báo và Đài Phát thanh - Truyền hình Lạng Sơn"
    ]
    closed = Organisation.objects.exclude(pk__in=Organisation.objects.valid_on(date(2026, 1, 1)))
    assert closed.count() > 15
    assert all(old.successors(date(2026, 1, 1)) for old in closed)
