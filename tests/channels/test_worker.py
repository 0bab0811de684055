"""The loop: nothing that one channel or one row does may stop it, or the others."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import LazySettings
from django.db import OperationalError, transaction
from django.utils import timezone

from channels import claiming, delivery, outbox, worker
from channels.claiming import claim_due, next_due
from channels.contract import Message, Receipt, Story, TemporaryError, UncertainError
from channels.models import Attempt, Channel, Delivery, Publication, State
from channels.signals import deliveries_changed
from channels.testing import MemoryAdapter
from channels.worker import Worker, deliver_due, look_up
from tests import factories

pytestmark = pytest.mark.django_db


def queue(story: Story | None = None) -> Delivery:
    with transaction.atomic():
        outbox.publish(story or factories.story())
    return Delivery.objects.latest("pk")


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("channel__slug", "state"))


def break_options() -> None:
    Channel.objects.filter(slug="hong").update(options={"room": 5})


def break_kind() -> None:
    Channel.objects.filter(slug="hong").update(kind="fax")


def break_secret() -> None:
    Channel.objects.filter(slug="hong").update(secret="gAAAAnonsense")


def break_payload() -> None:
    Delivery.objects.filter(channel__slug="hong").update(payload={"nonsense": 1})


@pytest.mark.parametrize("harm", [break_options, break_kind, break_secret, break_payload])
def test_what_cannot_be_sent_fails_alone(room: Channel, harm: Any) -> None:
    factories.channel("hong", "memory", name="A đứng đầu")
    queue()
    harm()
    deliver_due()
    assert states() == {"hong": State.FAILED, "phong": State.DELIVERED}
    assert Delivery.objects.get(channel__slug="hong").reason
    stopped = Channel.objects.get(slug="hong").is_stopped
    assert stopped is (harm is not break_payload)


def test_a_process_that_stood_still_sends_nothing_it_may_have_lost(
    room: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others took its lease for lost, and may be sending the same by now."""
    late = iter([True])
    monkeypatch.setattr(claiming.Claim, "came_too_late", property(lambda _: next(late, False)))
    row = queue()
    deliver_due()
    assert [verb for verb, _ in MemoryAdapter.calls] == ["send"]
    row.refresh_from_db()
    assert (row.state, row.attempt_count) == (State.DELIVERED, 1)


@pytest.mark.parametrize("name", ["__init__", "paces", "send"])
def test_a_faulty_adapter_fails_alone(
    room: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    class Faulty(MemoryAdapter):
        kind = "faulty"

    def fail(*args: Any, **kwargs: Any) -> None:
        raise KeyError("".join(["token", "-in-an-error"]))

    monkeypatch.setitem(worker.registry.ADAPTERS, "faulty", Faulty)
    factories.channel("hong", "faulty", name="A đứng đầu")
    queue()
    monkeypatch.setattr(Faulty, name, fail)
    deliver_due()
    expected = State.UNCERTAIN if name == "send" else State.FAILED
    assert states() == {"hong": expected, "phong": State.DELIVERED}
    assert "token-in-an-error" not in caplog.text


def test_an_item_is_published_although_one_channel_cannot_say_it(
    room: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Speechless(MemoryAdapter):
        kind = "speechless"

        def compose(self, story: Story) -> Message:
            raise IndexError

    monkeypatch.setitem(worker.registry.ADAPTERS, "speechless", Speechless)
    factories.channel("hong", "speechless")
    queue()
    assert states() == {"hong": State.FAILED, "phong": State.PENDING}
    assert not Channel.objects.get(slug="hong").is_stopped


def test_a_listener_that_fails_does_not_undo_what_was_settled(
    room: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    def listen(sender: Any, deliveries: Any, **kwargs: Any) -> None:
        Attempt.objects.create()  # the database refuses it
        raise AssertionError

    queue()
    deliveries_changed.connect(listen)
    try:
        deliver_due()
    finally:
        deliveries_changed.disconnect(listen)
    assert states() == {"phong": State.DELIVERED}
    assert "A listener failed" in caplog.text


def test_the_loop_outlives_its_own_faults(
    room: Channel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    queue()
    faults: list[Exception] = [OperationalError("server closed"), ValueError("bug")]
    monkeypatch.setattr(worker, "FAULT_PAUSE", 0)

    def clock() -> None:
        runner.next_tick = 0  # at every step
        if faults:
            raise faults.pop()

    def stop(sender: Any, verb: str, **kwargs: Any) -> None:
        if verb == State.DELIVERED:
            runner.stop()

    async def run() -> None:
        nonlocal runner
        runner = Worker(clock=clock)
        await runner.run()

    runner: Worker
    deliveries_changed.connect(stop)
    try:
        async_to_sync(run)()
    finally:
        deliveries_changed.disconnect(stop)
    assert states() == {"phong": State.DELIVERED}
    assert len([row for row in caplog.records if row.levelno == logging.ERROR]) == 2


def test_one_pass_says_what_went_wrong(room: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(claiming, "next_due", fail)
    with pytest.raises(OperationalError):
        deliver_due()


def test_no_claim_stands_without_its_job(room: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise OperationalError

    queue()
    monkeypatch.setattr(claiming, "job_for", fail)
    with pytest.raises(OperationalError):
        claim_due(10)
    assert states() == {"phong": State.PENDING}


@pytest.mark.parametrize(
    "values",
    [
        {"is_active": False},
        {"stopped_at": timezone.now()},
        {"hold_until": timezone.now() + timedelta(days=1)},
    ],
)
def test_a_channel_stopped_in_between_is_not_sent_to(room: Channel, values: Any) -> None:
    queue()
    (row,) = next_due(timezone.now())
    Channel.objects.update(**values)
    assert delivery.claim(row.pk, timezone.now()) is None
    assert next_due(timezone.now()) == []


def test_the_most_pressing_channel_is_served_first(room: Channel) -> None:
    factories.channel("khan", "memory", name="Z cuối", takes_levels=["urgent"])
    queue()
    queue(factories.story(level="urgent"))
    assert [row.priority for row in next_due(timezone.now())] == [20, 20]
    Delivery.objects.filter(channel=room, priority=20).delete()
    assert [row.channel.slug for row in next_due(timezone.now())] == ["khan", "phong"]


@pytest.fixture
def asked(room: Channel, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    """An uncertain delivery on a channel that can be asked."""
    monkeypatch.setattr(MemoryAdapter, "can_find", True)
    row = queue()
    Delivery.objects.update(state=State.UNCERTAIN, attempt_count=1)
    row.refresh_from_db()
    return row


def test_a_receiver_is_not_asked_all_the_time(asked: Delivery) -> None:
    now = timezone.now()
    assert len(look_up(now=now)) == 1
    assert look_up(now=now) == []
    assert len(look_up(now=now + delivery.ASK_PAUSE)) == 1


def test_a_channel_that_cannot_be_built_is_not_asked(asked: Delivery) -> None:
    Channel.objects.update(options={"room": 5})
    assert look_up() == []


@pytest.mark.parametrize("error", [KeyError("x"), TemporaryError("x"), UncertainError("x")])
def test_a_question_that_fails_leaves_it_uncertain(
    asked: Delivery, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def find(self: MemoryAdapter, message: Message) -> Receipt | None:
        raise error

    monkeypatch.setattr(MemoryAdapter, "find", find)
    deliver_due()
    asked.refresh_from_db()
    assert asked.state == State.UNCERTAIN


def test_a_slow_answer_to_a_question_delays_no_delivery(
    asked: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = asyncio.Event()

    async def find(self: MemoryAdapter, message: Message) -> Receipt | None:
        await sent.wait()
        return Receipt(external_id="7")

    async def arrived() -> None:
        sent.set()

    monkeypatch.setattr(MemoryAdapter, "find", find)
    other = queue()
    MemoryAdapter.faults.append(arrived)
    deliver_due()
    for row in (asked, other):
        row.refresh_from_db()
        assert row.state == State.DELIVERED


def test_a_try_that_ends_after_others_were_settled_is_settled_too(room: Channel) -> None:
    factories.channel("cham", "memory")
    settled = asyncio.Event()
    MemoryAdapter.faults[:] = [settled.wait, None]  # the first one waits for the other

    class Watched(Worker):
        async def settle(self) -> set[int]:
            freed = await super().settle()
            if freed:
                settled.set()
            return freed

    queue()
    async_to_sync(Watched(clock=lambda: None).run)(until_empty=True)
    assert states() == {"cham": State.DELIVERED, "phong": State.DELIVERED}


def test_looking_up_in_vain_comes_to_an_end(asked: Delivery) -> None:
    Delivery.objects.update(attempt_count=99)
    asked.refresh_from_db()
    delivery.found(asked, None)
    assert asked.state == State.FAILED


def test_a_message_that_brings_its_worker_down_stops_doing_so(
    room: Channel, settings: LazySettings
) -> None:
    Channel.objects.update(resend_urgent=True)
    row = queue(factories.story(level="urgent"))
    now, tries = timezone.now(), 0
    while row.state == State.PENDING:
        assert delivery.claim(row.pk, now) is not None
        now += timedelta(seconds=settings.DELIVERY_LEASE_SECONDS + 1)
        delivery.sweep(now)
        row.refresh_from_db()
        tries += 1
    assert row.state == State.UNCERTAIN
    assert 1 < tries < 20
    assert row.attempts.count() == tries


def test_a_settlement_that_is_repeated_is_one_attempt(room: Channel) -> None:
    claimed = delivery.claim(queue().pk, timezone.now())
    assert claimed is not None
    outcome = delivery.Outcome(State.DELIVERED, receipt=Receipt(external_id="1"))
    assert delivery.settle(claimed, outcome)
    claimed.state = State.SENDING
    assert not delivery.settle(claimed, outcome)
    assert Attempt.objects.count() == 1


def test_a_receiver_cannot_stop_a_channel_for_years(room: Channel) -> None:
    queue()
    MemoryAdapter.faults.append(TemporaryError("x", retry_after=timedelta.max))
    deliver_due()
    room.refresh_from_db()
    assert room.hold_until is not None
    assert room.hold_until < timezone.now() + timedelta(days=8)
    assert Publication.objects.count() == 1
