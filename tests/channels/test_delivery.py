"""The state machine: what each outcome makes of a delivery, and what people may do."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from channels import delivery, outbox, retry
from channels.claiming import claim_due
from channels.contract import (
    NoAnswer,
    PermanentError,
    Receipt,
    Story,
    TemporaryError,
    UncertainError,
)
from channels.deciding import by_hand
from channels.models import Attempt, Channel, Delivery, State
from channels.payload import to_json
from channels.testing import MemoryAdapter
from channels.worker import Worker, deliver_due, look_up, resolve
from organisations.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def queue(story: Story | None = None) -> Delivery:
    with transaction.atomic():
        outbox.publish(story or factories.story())
    return Delivery.objects.latest("pk")


def make_due() -> None:
    Delivery.objects.filter(state=State.PENDING).update(due_at=timezone.now())
    Channel.objects.update(hold_until=None, broken_at=None, probe_at=None)


def test_a_delivery_is_sent_once(room: Channel) -> None:
    row = queue()
    deliver_due()
    deliver_due()
    row.refresh_from_db()
    assert len(MemoryAdapter.calls) == 1
    assert (row.state, row.receipt["external_id"]) == (State.DELIVERED, "room-1")
    assert row.settled_at is not None
    assert Attempt.objects.get().outcome == State.DELIVERED


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (TemporaryError("chờ"), State.PENDING),
        (PermanentError("không"), State.FAILED),
        (UncertainError("?"), State.UNCERTAIN),
        (TimeoutError(), State.UNCERTAIN),
        (NoAnswer("?"), State.UNCERTAIN),
        (KeyError("bug"), State.UNCERTAIN),
    ],
)
def test_every_error_becomes_a_visible_state(room: Channel, error: Exception, state: State) -> None:
    row = queue()
    MemoryAdapter.faults.append(error)
    deliver_due()
    row.refresh_from_db()
    assert (row.state, row.attempt_count) == (state, 1)
    assert row.reason
    assert "bug" not in row.reason
    room.refresh_from_db()
    assert room.last_failure == row.reason


def test_the_receiver_decides_the_wait_for_the_whole_channel(room: Channel) -> None:
    row = queue()
    MemoryAdapter.faults.append(TemporaryError("x", retry_after=timedelta(hours=2)))
    deliver_due()
    row.refresh_from_db()
    room.refresh_from_db()
    assert row.due_at > timezone.now() + timedelta(minutes=119)
    assert room.hold_until is not None
    queue()
    deliver_due()
    assert len(MemoryAdapter.calls) == 1


def test_attempts_run_out(room: Channel) -> None:
    row = queue()
    for _ in range(retry.DEFAULT.tries):
        make_due()
        MemoryAdapter.faults.append(TemporaryError("đường truyền hỏng"))
        deliver_due()
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert "đường truyền hỏng" in row.reason
    assert Attempt.objects.count() == retry.DEFAULT.tries


def test_a_refusal_that_concerns_the_channel_stops_it(room: Channel) -> None:
    row = queue()
    MemoryAdapter.faults.append(PermanentError("bot bị xóa", stops_channel=True))
    deliver_due()
    room.refresh_from_db()
    assert room.is_stopped
    assert room.stopped_reason == "bot bị xóa"
    queue()
    deliver_due()
    assert len(MemoryAdapter.calls) == 1
    row.refresh_from_db()
    assert row.state == State.FAILED


def test_new_options_are_stored(room: Channel) -> None:
    row = queue()
    claimed = delivery.claim(row.pk, timezone.now())
    assert claimed is not None
    receipt = Receipt(external_id="1", new_options={"room": "mới"})
    delivery.settle(claimed, delivery.Outcome(State.DELIVERED, receipt=receipt))
    room.refresh_from_db()
    assert room.options == {"room": "mới"}


def test_only_one_worker_gets_a_delivery(room: Channel) -> None:
    row = queue()
    now = timezone.now()
    assert delivery.claim(row.pk, now) is not None
    assert delivery.claim(row.pk, now) is None


def test_only_one_delivery_of_a_channel_is_in_flight(room: Channel) -> None:
    first, second = queue(), queue()
    now = timezone.now()
    assert delivery.claim(first.pk, now) is not None
    assert delivery.claim(second.pk, now) is None
    assert claim_due(10) == ([], [])


def test_a_lease_that_ran_out_leaves_a_question(room: Channel) -> None:
    row = queue()
    delivery.claim(row.pk, timezone.now() - timedelta(hours=1, minutes=1))
    Delivery.objects.update(
        state=State.SENDING,
        lease_token="6b1f5f0c-9c63-4b6c-b9a3-2f6d4b0b7c11",
        lease_until=timezone.now() - timedelta(seconds=1),
    )
    assert delivery.sweep(timezone.now()) == 1
    row.refresh_from_db()
    assert row.state == State.UNCERTAIN
    assert row.reason


def test_a_late_settle_by_the_lease_holder_is_believed(room: Channel) -> None:
    claimed = delivery.claim(queue().pk, timezone.now())
    assert claimed is not None
    assert delivery.sweep(timezone.now() + timedelta(hours=1)) == 1
    receipt = Receipt(external_id="9")
    assert delivery.settle(claimed, delivery.Outcome(State.DELIVERED, receipt=receipt))
    claimed.refresh_from_db()
    assert claimed.state == State.DELIVERED


def test_a_late_settle_does_not_undo_what_a_person_decided(
    room: Channel, administrator: User
) -> None:
    claimed = delivery.claim(queue().pk, timezone.now())
    assert claimed is not None
    delivery.sweep(timezone.now() + timedelta(hours=1))
    row = Delivery.objects.get()
    delivery.cancel(row, administrator)
    assert not delivery.settle(claimed, delivery.Outcome(State.UNCERTAIN, "?"))
    row.refresh_from_db()
    assert row.state == State.CANCELLED


def test_an_urgent_item_is_sent_again_where_the_channel_agrees(room: Channel) -> None:
    Channel.objects.update(resend_urgent=True)
    row = queue(factories.story(level="urgent"))
    MemoryAdapter.faults.append(UncertainError("?"))
    deliver_due()
    row.refresh_from_db()
    assert row.state == State.PENDING
    make_due()
    deliver_due()
    assert [verb for verb, _ in MemoryAdapter.calls] == ["send", "send"]


def test_a_correction_waits_behind_an_uncertain_delivery_until_forced(
    room: Channel, administrator: User
) -> None:
    story = factories.story()
    queue(story)
    MemoryAdapter.faults.append(UncertainError("?"))
    deliver_due()
    behind = queue(replace(story, title="Mới"))
    deliver_due()
    behind.refresh_from_db()
    assert behind.state == State.PENDING
    delivery.force(behind, administrator)
    deliver_due()
    behind.refresh_from_db()
    assert behind.state == State.DELIVERED


def test_a_confirmed_delivery_without_a_record_is_corrected_by_hand(
    room: Channel, administrator: User
) -> None:
    story = factories.story()
    row = queue(story)
    MemoryAdapter.faults.append(UncertainError("?"))
    deliver_due()
    delivery.confirm(row, administrator)
    behind = queue(replace(story, title="Mới"))
    deliver_due()
    behind.refresh_from_db()
    assert behind.state == State.AWAITING
    assert behind.reason == by_hand("update").note
    assert behind not in Delivery.objects.needing_a_person(timezone.now())
    late = timezone.now() + delivery.AWAITING_LIMIT + timedelta(minutes=1)
    assert behind in Delivery.objects.needing_a_person(late)
    delivery.confirm(behind, administrator)
    assert behind.state == State.DELIVERED


@pytest.mark.parametrize(
    ("flag", "again"), [("can_update", "correct"), ("can_retract", "take down")]
)
def test_what_a_channel_cannot_do_is_handed_to_a_person(
    room: Channel, monkeypatch: pytest.MonkeyPatch, flag: str, again: str
) -> None:
    story = factories.story()
    queue(story)
    deliver_due()
    monkeypatch.setattr(MemoryAdapter, flag, False)
    with transaction.atomic():
        if again == "correct":
            outbox.publish(replace(story, title="Mới"))
        else:
            outbox.retract(story.key)
    deliver_due()
    assert Delivery.objects.latest("pk").state == State.AWAITING
    assert len(MemoryAdapter.calls) == 1


def test_sending_again_is_refused_once_a_newer_version_exists(
    room: Channel, administrator: User
) -> None:
    story = factories.story()
    old = queue(story)
    delivery.fail_at_once(old, "không")
    queue(replace(story, title="Mới"))
    with pytest.raises(delivery.NotAllowed):
        delivery.send_again(old, administrator)


@pytest.mark.parametrize(
    ("verb", "allowed"),
    [
        (delivery.confirm, {State.UNCERTAIN, State.FAILED, State.AWAITING}),
        (delivery.send_again, {State.UNCERTAIN, State.FAILED}),
        (delivery.cancel, {State.PENDING, State.UNCERTAIN, State.FAILED, State.AWAITING}),
        (delivery.force, {State.PENDING}),
    ],
)
@pytest.mark.parametrize("state", list(State))
def test_verbs_fit_states(
    room: Channel,
    administrator: User,
    verb: Callable[[Delivery, Any], None],
    allowed: set[State],
    state: State,
) -> None:
    row = queue()
    now = timezone.now()
    lease = {"lease_until": now, "lease_token": "6b1f5f0c-9c63-4b6c-b9a3-2f6d4b0b7c11"}
    Delivery.objects.update(state=state, receipt={"external_id": "1"}, **lease)
    if state in allowed:
        verb(row, administrator)
        entry = ModelLogEntry.objects.filter(object_id=str(row.pk)).latest("timestamp")
        assert entry.user == administrator
    else:
        with pytest.raises(delivery.NotAllowed):
            verb(row, administrator)
        assert Delivery.objects.get().state == state


def test_each_verb_leaves_an_audit_entry(room: Channel) -> None:
    row = queue()
    deliver_due()
    entries = ModelLogEntry.objects.filter(object_id=str(row.pk)).order_by("timestamp", "pk")
    assert {entry.action for entry in entries} == {"channels.queued", "channels.delivered"}


def test_an_uncertain_delivery_is_resolved_by_asking_the_receiver(
    room: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find(self: MemoryAdapter, message: object) -> Receipt:
        return Receipt(external_id="found")

    monkeypatch.setattr(MemoryAdapter, "can_find", True)
    monkeypatch.setattr(MemoryAdapter, "find", find)
    row = queue()
    Delivery.objects.update(state=State.UNCERTAIN)
    asked = look_up()
    assert [found.pk for found, _ in asked] == [row.pk]
    receipt = asyncio.run(asked[0][1].find(factories.message()))
    delivery.found(asked[0][0], receipt)
    row.refresh_from_db()
    assert (row.state, row.receipt["external_id"]) == (State.DELIVERED, "found")


def test_what_the_receiver_does_not_know_is_sent_again(room: Channel) -> None:
    row = queue()
    Delivery.objects.update(state=State.UNCERTAIN)
    row.refresh_from_db()
    delivery.found(row, None)
    assert row.state == State.PENDING


def test_a_worker_that_is_stopped_finishes_what_is_in_flight(
    room: Channel, settings: LazySettings
) -> None:
    async def stop_while_sending() -> None:
        worker.stop()

    row = queue()
    queue()

    async def run() -> None:
        nonlocal worker
        worker = Worker(clock=lambda: None)
        await worker.run()

    worker: Worker
    MemoryAdapter.faults.append(stop_while_sending)
    async_to_sync(run)()
    row.refresh_from_db()
    assert row.state == State.DELIVERED
    assert len(MemoryAdapter.calls) == 1


def test_resolve_keeps_quiet_when_the_question_fails() -> None:
    class Mute(MemoryAdapter):
        async def find(self, message: object) -> Receipt | None:
            raise TemporaryError("no")

    row = Delivery(payload={**_payload(), "key": "k"})
    mute = Mute(Mute.Options(), "", http=None, files=None)  # type: ignore[arg-type]
    asyncio.run(resolve(row, mute))


def _payload() -> dict[str, Any]:
    return to_json(factories.message())
