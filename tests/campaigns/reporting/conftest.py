"""A province in small: its plan, three agencies, the periods of a year."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity, Plan
from campaigns.reporting import periods
from campaigns.reporting.models import ReportingPeriod
from campaigns.slots.models import Slot
from organisations.models import Organisation

YEAR = 2026


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


@pytest.fixture
def agencies(db: None) -> list[Organisation]:
    above = Organisation.objects.create(
        code="ubnd-tinh", name="UBND tỉnh Lạng Sơn", kind="committee"
    )
    return [
        Organisation.objects.create(code=code, name=name, parent=above)
        for code, name in (("snv", "Sở Nội vụ"), ("stc", "Sở Tài chính"), ("syt", "Sở Y tế"))
    ]


@pytest.fixture
def plan(agencies: list[Organisation]) -> Plan:
    return Plan.objects.create(
        title="Tuyên truyền cải cách hành chính năm 2026",
        year=YEAR,
        issuer=Organisation.objects.get(code="ubnd-tinh"),
        number="95/KH-UBND",
        issued_on=date(YEAR, 1, 5),
        live=True,
    )


@pytest.fixture
def activities(plan: Plan) -> list[Activity]:
    return [
        Activity.objects.create(
            plan=plan, serial="1", content="Tin, bài trên cổng", form="Tin, bài", unit="bài"
        ),
        Activity.objects.create(
            plan=plan,
            serial="2",
            content="Tờ gấp hướng dẫn",
            form="Tờ gấp",
            unit="tờ",
            budget_planned=60_000_000,
        ),
    ]


@pytest.fixture
def quarter(db: None) -> ReportingPeriod:
    """Quý I: 15/12 of the year before to 14/3."""
    periods.create_year(YEAR)
    return ReportingPeriod.objects.get(year=YEAR, code="q1")


def slot(activity: Activity, organisation: Organisation, due: date, **values: Any) -> Slot:
    """Return a saved slot; ``ordinal`` keeps several of one activity apart."""
    defaults: dict[str, Any] = {"period_start": date(YEAR, 1, 1), "opens_on": date(YEAR - 1, 1, 1)}
    return Slot.objects.create(
        activity=activity, organisation=organisation, due_on=due, **(defaults | values)
    )


def proof(day: date, *slots: Slot, amount: int = 1, **values: Any) -> Evidence:
    """Return a saved piece of evidence that serves these slots."""
    defaults: dict[str, Any] = {"kind": "link", "url": "https://example.org/", "title": "Tài liệu"}
    made = Evidence.objects.create(dated=day, **(defaults | values))
    for one in slots:
        Fulfilment.objects.create(slot=one, evidence=made, amount=amount)
    return made
