"""Moving slots from the calendar: put off for a reason, and taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Activity, Plan
from campaigns.slots import deciding
from campaigns.slots.models import Decision, Slot
from core.errors import RefusedError
from organisations.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def slots(db: None) -> list[Slot]:
    issuer = Organisation.objects.create(code="ubnd", name="UBND tỉnh")
    today = timezone.localdate()
    plan = Plan.objects.create(title="Kế hoạch", year=today.year, issuer=issuer, number="1/KH")
    activity = Activity.objects.create(plan=plan, content="Báo cáo")
    return [
        Slot.objects.create(
            activity=activity,
            organisation=Organisation.objects.create(code=code, name=name),
            period_start=date(today.year, 1, 1),
            opens_on=today,
            due_on=today + timedelta(days=10),
        )
        for code, name in (("so-a", "Sở A"), ("so-b", "Sở B"))
    ]


@pytest.fixture
def planner(as_person: Callable[[str], Client]) -> Client:
    return as_person("planner")


def path(slot: Slot) -> str:
    return reverse("campaigns_slot_move", args=[slot.activity_id, slot.due_on.isoformat()])


def move(client: Client, slots: list[Slot], days: int, reason: str = "Chờ số liệu") -> Any:
    until = slots[0].due_on + timedelta(days=days)
    form = {"until": f"{until:%d/%m/%Y}", "reason": reason, "slots": [slot.pk for slot in slots]}
    return client.post(path(slots[0]), form, follow=True)


def due(slot: Slot) -> date:
    slot.refresh_from_db()
    return slot.due


def test_the_calendar_offers_it_to_planners_only(
    slots: list[Slot], planner: Client, as_person: Callable[[str], Client]
):
    calendar = f"{reverse('campaigns_slot_calendar')}?day={slots[0].due_on}"
    assert f'data-move="{path(slots[0])}"' in planner.get(calendar).content.decode()
    assert "data-move" not in as_person("editor").get(calendar).content.decode()
    assert as_person("officer").get(path(slots[0])).status_code == 302


def test_the_form_has_the_day_it_was_dragged_to(slots: list[Slot], planner: Client):
    to = slots[0].due_on + timedelta(days=3)
    page = planner.get(f"{path(slots[0])}?day={to}").content.decode()
    assert f'value="{to:%d/%m/%Y}"' in page
    assert page.count("checked") >= 2


def test_all_or_some_are_put_off_with_the_reason(slots: list[Slot], planner: Client):
    was = slots[0].due_on
    move(planner, slots[:1], 5)
    assert [due(slot) - was for slot in slots] == [timedelta(days=5), timedelta()]
    decision = Decision.objects.get()
    assert (decision.kind, decision.reason) == ("extended", "Chờ số liệu")


@pytest.mark.parametrize("days", [0, -3])
def test_nothing_is_brought_forward(slots: list[Slot], planner: Client, days: int):
    page = move(planner, slots, days).content.decode()
    assert "Ngày cuối mới phải sau ngày cuối hiện tại" in page or "phải sau" in page
    assert not Decision.objects.exists()


def test_without_a_reason_nothing_moves_and_nothing_is_lost(slots: list[Slot], planner: Client):
    page = move(planner, slots, 4, reason=" ").content.decode()
    assert f"{slots[0].due_on + timedelta(days=4):%d/%m/%Y}" in page
    assert not Decision.objects.exists()


def test_a_move_is_undone(slots: list[Slot], planner: Client):
    was = slots[0].due_on
    page = move(planner, slots, 5).content.decode()
    keys = ",".join(str(pk) for pk in Decision.objects.order_by("pk").values_list("pk", flat=True))
    undo = reverse("campaigns_slot_undo")
    assert f"{undo}?decisions={keys}" in page
    assert "Sở A" in planner.get(undo, {"decisions": keys}).content.decode()
    planner.post(undo, {"decisions": keys})
    assert [due(slot) for slot in slots] == [was, was]
    assert slots[0].extended_to is None
    kinds = list(slots[0].decisions.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["extended", "restored"]


def test_the_second_of_two_moves_is_undone_to_the_first(slots: list[Slot], person: Any):
    user: User = person("planner")
    first = slots[0].due_on + timedelta(days=5)
    deciding.extend(slots[0], first, "Chờ", user)
    second = deciding.extend(slots[0], first + timedelta(days=5), "Chờ nữa", user)
    deciding.take_back(second, "Nhầm", user)
    assert due(slots[0]) == first
    with pytest.raises(RefusedError):
        deciding.take_back(second, "Nhầm", user)


def test_what_was_decided_meanwhile_is_kept(slots: list[Slot], planner: Client, person: Any):
    move(planner, slots, 5)
    keys = ",".join(str(pk) for pk in Decision.objects.values_list("pk", flat=True))
    deciding.drop(slots[1], "Không có kinh phí", person("planner"))
    page = planner.post(reverse("campaigns_slot_undo"), {"decisions": keys}, follow=True)
    assert "Không có gì thay đổi" in page.content.decode()
    assert due(slots[0]) == slots[0].due_on + timedelta(days=5)  # all or none


@pytest.mark.parametrize("keys", ["", "x", "1,x", "9" * 40])
def test_undoing_nothing_says_so(slots: list[Slot], planner: Client, keys: str):
    assert planner.get(reverse("campaigns_slot_undo"), {"decisions": keys}).status_code == 200


def test_a_day_that_is_none_is_today(slots: list[Slot], planner: Client):
    url = reverse("campaigns_slot_move", args=[slots[0].activity_id, "2026-02-30"])
    assert planner.get(f"{url}?day=xyz").status_code == 200
