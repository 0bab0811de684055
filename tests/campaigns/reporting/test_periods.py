"""Reporting periods: as shipped, as people change them, and what follows from them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from campaigns.models import Activity, Plan
from campaigns.reporting import periods
from campaigns.reporting.models import ReportingPeriod
from campaigns.slots import planning
from campaigns.slots.models import Slot
from organisations.models import Organisation

pytestmark = pytest.mark.django_db


def days(year: int) -> list[tuple[str, ...]]:
    found = ReportingPeriod.objects.filter(year=year).order_by("last", "code")
    return [
        tuple(
            f"{day:%d/%m/%Y}" for day in (one.first, one.last, one.internal_due, one.external_due)
        )
        for one in found
    ]


def test_a_year_is_shipped_with_windows_that_cross_it() -> None:
    assert len(periods.create_year(2027)) == 4
    assert days(2027) == [
        ("15/12/2026", "14/03/2027", "17/03/2027", "20/03/2027"),
        ("15/12/2026", "14/06/2027", "17/06/2027", "20/06/2027"),
        ("15/06/2027", "14/09/2027", "17/09/2027", "20/09/2027"),
        ("15/12/2026", "14/12/2027", "17/12/2027", "20/12/2027"),
    ]


def test_making_a_year_again_keeps_what_people_set() -> None:
    periods.create_year(2027)
    ReportingPeriod.objects.filter(code="q1").update(internal_due=date(2027, 3, 15))
    ReportingPeriod.objects.filter(code="y").delete()
    assert [one.code for one in periods.create_year(2027)] == ["y"]
    assert ReportingPeriod.objects.get(code="q1").internal_due == date(2027, 3, 15)


def test_periods_follow_each_other() -> None:
    periods.create_year(2026)
    periods.create_year(2027)
    quarter = ReportingPeriod.objects.get(year=2027, code="q1")
    assert list(map(str, periods.earlier(quarter))) == ["năm 2026", "quý I năm 2026"]
    assert periods.earlier(ReportingPeriod.objects.earliest("last")) == (None, None)


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("last", date(2026, 1, 1)),
        ("external_due", date(2027, 3, 16)),
        ("external_due", date(2027, 3, 13)),
    ],
)
def test_days_that_cannot_be_are_refused(field: str, day: date) -> None:
    period = periods.default(2027, ReportingPeriod.Code.FIRST_QUARTER)
    setattr(period, field, day)
    with pytest.raises(ValidationError) as caught:
        period.full_clean()
    assert field in caught.value.message_dict


def test_reports_are_due_on_the_day_the_period_says() -> None:
    agency = Organisation.objects.create(code="snv", name="Sở Nội vụ")
    plan = Plan.objects.create(title="Kế hoạch", year=2027, issuer=agency)
    activity = Activity.objects.create(plan=plan, content="Báo cáo", recurrence="reporting")
    activity.leads.add(agency)
    planning.generate_plan(plan)
    assert [slot.due_on.day for slot in Slot.objects.order_by("due_on")] == [20, 20, 20, 20]
    periods.create_year(2027)
    ReportingPeriod.objects.filter(code="q3").update(external_due=date(2027, 10, 2))
    changes = planning.generate_plan(plan)
    assert [(old.due_on, new.due_on) for old, new in changes.changed] == [
        (date(2027, 9, 20), date(2027, 10, 2))
    ]
    assert "quý III/2027" in [slot.label for slot in Slot.objects.order_by("due_on")]
