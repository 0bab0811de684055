"""An event of the demo's plan, and people of both sides."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from campaigns.events.models import Event
from campaigns.models import Activity, Plan
from campaigns.slots.models import Slot
from organisations.models import GroupRule, Organisation, User


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@pytest.fixture
def host(db: None) -> Organisation:
    return Organisation.objects.create(code="so-noi-vu", name="Sở Nội vụ")


@pytest.fixture
def commune(db: None) -> Organisation:
    return Organisation.objects.create(
        code="xa-mot", name="UBND xã Một", level="commune", kind="committee"
    )


@pytest.fixture
def other_commune(db: None) -> Organisation:
    return Organisation.objects.create(
        code="xa-hai", name="UBND xã Hai", level="commune", kind="committee"
    )


@pytest.fixture
def communes(commune: Organisation, other_commune: Organisation) -> Organisation:
    group = Organisation.objects.create(
        code="cac-xa", name="UBND các xã, phường", level="commune", kind="group"
    )
    GroupRule.objects.create(group=group, level="commune", kind="committee")
    return group


@pytest.fixture
def public_plan(host: Organisation) -> Plan:
    year = timezone.localdate().year
    return Plan.objects.create(
        title="Tuyên truyền", number="01/KH-SNV", issuer=host, year=year, live=True
    )


@pytest.fixture
def slot(public_plan: Plan, host: Organisation) -> Slot:
    today = timezone.localdate()
    activity = Activity.objects.create(plan=public_plan, serial="1", content="Tổ chức hội nghị")
    return Slot.objects.create(
        activity=activity,
        organisation=host,
        period_start=today.replace(month=1, day=1),
        opens_on=today - timedelta(days=60),
        due_on=today + timedelta(days=60),
    )


@pytest.fixture
def event(public_plan: Plan, host: Organisation, slot: Slot) -> Event:
    """A conference that was yesterday, for the slot."""
    day = timezone.localdate() - timedelta(days=1)
    return Event.objects.create(
        plan=public_plan,
        activity=slot.activity,
        slot=slot,
        name="Hội nghị tổng kết",
        starts_at=at(day, 8),
        ends_at=at(day, 11, 30),
        venue="Hội trường tầng 2",
        host=host,
        chair="Giám đốc Sở",
    )


@pytest.fixture
def officer(person: Callable[[str], User], commune: Organisation) -> User:
    """Mai, of the commune."""
    made = person("officer")
    made.organisations.add(commune)
    return made


@pytest.fixture
def planner(person: Callable[[str], User]) -> User:
    """Khoa, who runs everything."""
    return person("planner")


@pytest.fixture
def browser() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
