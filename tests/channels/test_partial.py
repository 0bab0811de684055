"""Deliveries of several parts, and receivers that ask to wait while others are on their way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from channels import delivery, outbox
from channels.claiming import claim_due
from channels.contract import (
    Pace,
    PermanentError,
    Story,
    TemporaryError,
    UncertainError,
)
from channels.models import Channel, Delivery, State
from channels.pacing import PaceSlot
from channels.testing import MemoryAdapter
from channels.worker import Worker, deliver_due
from tests import factories
from tests.channels.parts import in_three_parts

STORY = factories.story()


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    in_three_parts(monkeypatch)


def publish(story: Story = STORY) -> None:
    with transaction.atomic():
        outbox.publish(story)


def calls() -> list[str]:
    return [name for name, _message in MemoryAdapter.calls]


def soon() -> None:
    Delivery.objects.filter(state=State.PENDING).update(due_at=timezone.now())
    Channel.objects.update(hold_until=None)


def only() -> Delivery:
    return Delivery.objects.get()


def test_one_part_after_the_other_until_all_stand(room: Channel) -> None:
    publish()
    deliver_due()
    row = only()
    assert calls() == ["send", "update", "update"]
    assert (row.state, row.receipt["details"]["parts"], row.reason) == (State.DELIVERED, 3, "3/3")
    assert row.attempt_count == 1
    assert [one.outcome for one in row.attempts.all()] == ["pending", "pending", "delivered"]


@pytest.mark.parametrize("place", [1, 2])
def test_what_failed_goes_on_where_it_stopped(room: Channel, place: int) -> None:
    MemoryAdapter.faults[:] = [None] * place + [TemporaryError("away")]
    publish()
    deliver_due()
    assert (only().state, only().receipt["details"]["parts"]) == (State.PENDING, place)
    soon()
    deliver_due()
    assert (only().state, only().receipt["details"]["parts"]) == (State.DELIVERED, 3)
    assert calls().count("send") == 1


def test_a_part_whose_fate_is_unknown_leaves_what_stands_correctable(room: Channel) -> None:
    MemoryAdapter.faults[:] = [None, UncertainError("no answer")]
    publish()
    deliver_due()
    row = only()
    assert row.state == State.UNCERTAIN
    publish(replace(STORY, title="Mới"))
    later = Delivery.objects.latest("pk")
    delivery.force(later, None)
    deliver_due()
    later.refresh_from_db()
    assert (later.action, later.state) == ("update", State.DELIVERED)
    assert calls()[:1] == ["send"]
    assert "send" not in calls()[1:]


def test_sending_again_does_the_rest_only(room: Channel) -> None:
    MemoryAdapter.faults[:] = [None, UncertainError("no answer")]
    publish()
    deliver_due()
    row = only()
    delivery.send_again(row, None)
    deliver_due()
    assert (only().state, calls().count("send")) == (State.DELIVERED, 1)


def test_a_correction_takes_over_what_stands_in_part(room: Channel) -> None:
    MemoryAdapter.faults[:] = [None, TemporaryError("away")]
    publish()
    deliver_due()
    publish(replace(STORY, title="Mới"))
    first, second = Delivery.objects.order_by("pk")
    assert (first.state, first.receipt["unfinished"]) == (State.DELIVERED, False)
    deliver_due()
    second.refresh_from_db()
    assert (second.action, second.state) == ("update", State.DELIVERED)
    assert second.receipt["details"] == {"parts": 3, "said": "Mới"}


def test_a_withdrawal_reaches_what_stands_in_part(room: Channel) -> None:
    MemoryAdapter.faults[:] = [None, TemporaryError("away")]
    publish()
    deliver_due()
    with transaction.atomic():
        assert outbox.retract(STORY.key) == 1
    deliver_due()
    assert Delivery.objects.latest("pk").state == State.DELIVERED
    assert MemoryAdapter.shown == {}


def test_what_fails_for_good_after_a_part_is_handed_to_a_person(room: Channel) -> None:
    MemoryAdapter.faults[:] = [None, PermanentError("removed", stops_channel=True)]
    publish()
    deliver_due()
    row = only()
    assert row.state == State.AWAITING
    assert row.reason == "Chỉ gửi được một phần. removed"
    assert Channel.objects.get().is_stopped
    delivery.confirm(row, None)
    assert (only().state, only().receipt["unfinished"]) == (State.DELIVERED, False)


def test_giving_up_keeps_what_stands(room: Channel) -> None:
    MemoryAdapter.faults[:] = [None, TemporaryError("away")]
    publish()
    deliver_due()
    delivery.cancel(only())
    assert (only().state, only().receipt["details"]["parts"]) == (State.DELIVERED, 1)


# --- asked to wait -----------------------------------------------------------------------------

SHARED = [Pace("shared", 0.04)]


@pytest.fixture
def rooms(room: Channel, monkeypatch: pytest.MonkeyPatch) -> list[Channel]:
    """Six channels under one rate of twenty-five a second."""
    monkeypatch.setattr(MemoryAdapter, "paces", lambda _self: SHARED)
    more = [factories.channel(f"room-{number}", "memory") for number in range(5)]
    return [room, *more]


def test_a_wish_to_wait_holds_everybody_under_the_rate(rooms: list[Channel]) -> None:
    """Also those that are claimed already and whose moment has not come."""
    wait = TemporaryError("slow down", retry_after=timedelta(seconds=30), pace="shared")
    MemoryAdapter.faults[:] = [None, wait]
    publish()
    deliver_due()
    assert len(MemoryAdapter.calls) == 2
    states = list(Delivery.objects.values_list("state", "attempt_count"))
    # One has a part of its three, one was told to wait; nobody else was even tried.
    assert sorted(states) == [(State.PENDING, 0)] * 5 + [(State.PENDING, 1)]
    until = PaceSlot.objects.get(key="shared").held_until
    assert until is not None
    assert claim_due(10)[0] == []
    assert Channel.objects.filter(hold_until__isnull=False).count() == 6
    deliver_due()
    assert len(MemoryAdapter.calls) == 2


def test_another_worker_learns_of_it_before_it_sends(rooms: list[Channel]) -> None:
    publish()

    claims, _results = claim_due(10)
    PaceSlot.objects.hold("shared", timezone.now() + timedelta(seconds=30))
    # One left at once; the moment of the others is still to come.
    waiting = [replace(one, at=timezone.now() + timedelta(seconds=0.05)) for one in claims[1:]]

    async def deliver_all() -> list[Any]:
        worker = Worker(clock=lambda: None)
        for claim in waiting:
            await worker.deliver(claim)
        return worker.landed

    landed = async_to_sync(deliver_all)()
    assert MemoryAdapter.calls == []
    assert all(outcome.untried for _row, outcome in landed)
    delivery.settle_batch(landed)
    assert Delivery.objects.filter(state=State.PENDING, attempt_count=0).count() >= len(waiting)
