"""A plan with slots of two agencies around a day, officers with addresses, reminders on."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from campaigns.chasing.models import ChasingSettings
from campaigns.models import Activity, Plan
from campaigns.slots.models import Slot
from organisations.models import Organisation, User

WEDNESDAY = date(2026, 3, 11)


def at(day: date, hour: int = 8) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """A Wednesday, on which the clock stands."""
    monkeypatch.setattr(timezone, "now", lambda: at(WEDNESDAY))
    return WEDNESDAY


@pytest.fixture
def chosen(db: None) -> ChasingSettings:
    row = ChasingSettings.load()
    row.is_on = True
    row.digest_on = None
    row.head_after = row.planner_after = None
    row.save()
    return row


@pytest.fixture
def activity(db: None) -> Activity:
    issuer = Organisation.objects.create(
        code="ubnd-tinh", name="UBND tỉnh Lạng Sơn", kind="committee"
    )
    plan = Plan.objects.create(
        title="Tuyên truyền cải cách hành chính năm 2026",
        number="95/KH-UBND",
        year=2026,
        issuer=issuer,
        issued_on=date(2026, 1, 5),
        live=True,
    )
    return Activity.objects.create(plan=plan, serial="3", content="Báo cáo kết quả tuyên truyền")


@pytest.fixture
def slot(activity: Activity, today: date) -> Callable[..., Slot]:
    """Give a function that makes a slot of an agency, due so many days from today."""

    def make(days: int, code: str = "so-a", month: int = 1, ordinal: int = 1) -> Slot:
        agency, _made = Organisation.objects.get_or_create(
            code=code, defaults={"name": f"Sở {code[-1].upper()}"}
        )
        due = today + timedelta(days=days)
        return Slot.objects.create(
            activity=activity,
            organisation=agency,
            period="month",
            period_start=date(2026, month, 1),
            ordinal=ordinal,
            opens_on=due - timedelta(days=20),
            due_on=due,
        )

    return make


@pytest.fixture
def officer(person: Callable[[str], User], slot: Callable[..., Slot]) -> User:
    """Mai, of Sở A, with an address."""
    user = person("officer")
    user.email = "mai@so-a.example.vn"
    user.save()
    agency, _made = Organisation.objects.get_or_create(code="so-a", defaults={"name": "Sở A"})
    user.organisations.add(agency)
    return user
