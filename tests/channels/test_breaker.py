"""The circuit breaker: opens on a dead receiver, asks it, closes, and costs nobody a try."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from channels import breaker, outbox, registry, worker
from channels.claiming import claim_due
from channels.contract import PermanentError, TemporaryError, UncertainError
from channels.models import Channel, Delivery, State
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from tests import factories

pytestmark = pytest.mark.django_db


class Answering(MemoryAdapter):
    """A receiver that can be asked whether it is there."""

    kind = "answering"
    can_probe = True
    there: ClassVar[Exception | None] = None
    asked: ClassVar[int] = 0

    async def check(self) -> str:
        type(self).asked += 1
        if self.there:
            raise self.there
        return "Phòng"


@pytest.fixture
def lane(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    MemoryAdapter.reset()
    monkeypatch.setattr(Answering, "there", TemporaryError("tắt máy"))
    monkeypatch.setattr(Answering, "asked", 0)
    monkeypatch.setitem(registry.ADAPTERS, "answering", Answering)
    yield factories.channel("duong", "answering", open_after=3)
    MemoryAdapter.reset()


def publish(number: int = 1) -> list[Delivery]:
    with transaction.atomic():
        for _ in range(number):
            outbox.publish(factories.story())
    return list(Delivery.objects.order_by("pk"))


def break_it(channel: Channel, error: Exception | None = None) -> None:
    """Let deliveries fail until the breaker opens."""
    publish(channel.open_after + 2)
    MemoryAdapter.faults[:] = [error or TemporaryError("tắt máy")] * channel.open_after
    deliver_due()
    channel.refresh_from_db()
    assert channel.is_broken


def pass_by(channel: Channel) -> None:
    """Let the time come at which the receiver is asked again."""
    Channel.objects.filter(pk=channel.pk).update(probe_at=timezone.now())


def ask(channel: Channel) -> None:
    for found in worker.to_probe():
        async_to_sync(worker.probe)(*found)
    channel.refresh_from_db()


def verbs() -> list[str]:
    entries = ModelLogEntry.objects.filter(content_type__model="channel").order_by("pk")
    return list(entries.values_list("action", flat=True))


@pytest.mark.parametrize("error", [TemporaryError("tắt máy"), TimeoutError(), UncertainError("?")])
def test_a_dead_receiver_is_left_alone(lane: Channel, error: Exception) -> None:
    break_it(lane, error)
    assert len(MemoryAdapter.calls) == 3  # the others were not even tried
    waiting = Delivery.objects.filter(attempt_count=0, state=State.PENDING)
    assert waiting.count() == 2
    assert verbs() == ["channels.break"]
    assert claim_due(9, timezone.now() + timedelta(days=1)) == ([], [])


def test_it_is_asked_at_growing_intervals_and_used_when_it_answers(lane: Channel) -> None:
    break_it(lane)
    pauses = []
    for _ in range(4):
        pass_by(lane)
        before = timezone.now()
        ask(lane)
        assert lane.is_broken
        assert lane.probe_at is not None
        pauses.append(round((lane.probe_at - before).total_seconds()))
    assert pauses == [60, 120, 300, 600]
    assert Answering.asked == 4
    Answering.there = None
    pass_by(lane)
    deliver_due()  # a pass without a worker asks as well
    lane.refresh_from_db()
    assert (lane.is_broken, lane.failures, lane.probes) == (False, 0, 0)
    assert verbs() == ["channels.break", "channels.mend"]
    deliver_due()
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 2


def test_only_one_worker_asks(lane: Channel) -> None:
    break_it(lane)
    pass_by(lane)
    seen_by_both = list(Channel.objects.to_probe(timezone.now()))
    assert breaker.reserve(timezone.now()) == [lane]
    assert breaker.reserve(timezone.now()) == []
    assert not breaker._put_off(lane, seen_by_both[0].probes, timezone.now())


def test_a_refusal_for_good_stops_the_channel_instead(lane: Channel) -> None:
    break_it(lane)
    Answering.there = PermanentError("mã bị thu hồi", stops_channel=True)
    pass_by(lane)
    ask(lane)
    assert (lane.is_stopped, lane.stopped_reason) == (True, "mã bị thu hồi")
    assert Channel.objects.to_probe(timezone.now() + timedelta(days=1)).count() == 0


def test_a_success_between_failures_starts_the_count_again(lane: Channel) -> None:
    publish(6)
    down = TemporaryError("tắt máy")
    MemoryAdapter.faults[:] = [down, down, None, down, down, None]
    deliver_due()
    lane.refresh_from_db()
    assert (lane.is_broken, lane.failures) == (False, 0)


def test_a_receiver_that_names_a_time_is_not_dead(lane: Channel) -> None:
    publish()
    MemoryAdapter.faults.append(TemporaryError("chờ", retry_after=timedelta(seconds=9)))
    deliver_due()
    lane.refresh_from_db()
    assert (lane.failures, lane.hold_until is not None) == (0, True)


def test_a_receiver_that_cannot_be_asked_gets_one_item(room: Channel) -> None:
    break_it(room)
    tried = len(MemoryAdapter.calls)
    pass_by(room)
    MemoryAdapter.faults[:] = [TemporaryError("vẫn tắt")]
    deliver_due()
    room.refresh_from_db()
    assert (len(MemoryAdapter.calls) - tried, room.probes) == (1, 1)
    assert room.probe_at is not None
    assert room.probe_at > timezone.now() + timedelta(seconds=50)
    pass_by(room)
    deliver_due()
    room.refresh_from_db()
    assert not room.is_broken
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 1


def test_the_open_state_is_in_the_database_for_every_worker(lane: Channel) -> None:
    break_it(lane)

    async def another() -> None:
        await worker.Worker(clock=lambda: None).run(until_empty=True)

    async_to_sync(another)()
    assert len(MemoryAdapter.calls) == 3
