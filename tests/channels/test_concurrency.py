"""People and workers at the same moment, over connections of their own, on PostgreSQL.

SQLite runs transactions that write one by one; its workers are tested in ``tests/faults``.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from channels import delivery, outbox
from channels.claiming import next_due
from channels.contract import Receipt, Story
from channels.models import Channel, Delivery, Publication, State
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from tests import factories

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent transactions"),
]

STORY = factories.story()


def publish(story: Story = STORY) -> None:
    with transaction.atomic():
        outbox.publish(story)


def retract() -> None:
    with transaction.atomic():
        outbox.retract(STORY.key)


@pytest.fixture
def elsewhere() -> Iterator[Callable[..., Future[Any]]]:
    """Run a function in a thread with a database connection of its own."""

    def closing(function: Callable[..., Any], *args: Any) -> Any:
        try:
            return function(*args)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        yield lambda function, *args: pool.submit(closing, function, *args)


def claimed() -> Delivery:
    row = delivery.claim(Delivery.objects.latest("pk").pk, timezone.now())
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("outcome", "calls"),
    [
        (delivery.Outcome(State.DELIVERED, receipt=Receipt(external_id="1")), ["retract"]),
        (delivery.Outcome(State.PENDING, "later"), []),
    ],
)
def test_a_settlement_in_the_middle_of_a_withdrawal(
    room: Channel, elsewhere: Any, outcome: delivery.Outcome, calls: list[str]
) -> None:
    publish()
    row = claimed()
    with transaction.atomic():
        outbox.retract(STORY.key)
        settling = elsewhere(delivery.settle_batch, [(row, outcome)])
        with pytest.raises(TimeoutError):  # it waits for the withdrawal to be written
            settling.result(timeout=0.2)
    assert settling.result(timeout=10)
    assert [found.action for found in next_due(timezone.now())] == ["retract"]
    deliver_due()
    assert MemoryAdapter.shown == {}
    assert not Delivery.objects.filter(state=State.PENDING).exists()
    assert [verb for verb, _ in MemoryAdapter.calls] == calls


def test_a_withdrawal_in_the_middle_of_a_settlement(room: Channel, elsewhere: Any) -> None:
    publish()
    row = claimed()
    with transaction.atomic():
        outcome = delivery.Outcome(State.DELIVERED, receipt=Receipt(external_id="1"))
        delivery.settle_batch([(row, outcome)])
        withdrawing = elsewhere(retract)
        with pytest.raises(TimeoutError):
            withdrawing.result(timeout=0.2)
    withdrawing.result(timeout=10)
    assert list(Delivery.objects.order_by("pk").values_list("action", "state")) == [
        ("publish", "delivered"),
        ("retract", "pending"),
    ]


def test_what_arrived_is_settled_while_another_worker_settles_the_story(
    memory: Any, elsewhere: Any
) -> None:
    for number in range(2):
        factories.channel(f"phong-{number}", "memory", options={"room": f"{number}"})
    publish()
    rows = [delivery.claim(row.pk, timezone.now()) for row in Delivery.objects.order_by("pk")]
    arrived = delivery.Outcome(State.DELIVERED, receipt=Receipt(external_id="1"))
    with transaction.atomic():
        assert delivery.settle_batch([(rows[0], arrived)])
        assert elsewhere(delivery.settle_batch, [(rows[1], arrived)]).result(timeout=10)
        withdrawing = elsewhere(retract)
        with pytest.raises(TimeoutError):  # as it does for any settlement
            withdrawing.result(timeout=0.2)
    withdrawing.result(timeout=10)
    assert Delivery.objects.filter(action="retract", state=State.PENDING).count() == 2


def test_two_people_publish_at_once(room: Channel, elsewhere: Any) -> None:
    publish()
    versions = [replace(STORY, title=f"Bản {number}") for number in range(6)]
    for done in [elsewhere(publish, version) for version in versions]:
        done.result(timeout=30)
    sequences = Publication.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, 8))
    assert Delivery.objects.filter(state=State.PENDING).count() == 1


def test_the_newest_text_stands_last_whatever_the_workers_do(room: Channel, elsewhere: Any) -> None:
    """One story changed 30 times, withdrawn in between, while three workers deliver it."""
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            deliver_due()

    workers = [elsewhere(work) for _ in range(3)]
    for number in range(1, 31):
        elsewhere(publish, replace(STORY, title=f"Bản {number}")).result(timeout=30)
        if number % 7 == 0:
            elsewhere(retract).result(timeout=30)
    done.set()
    for worker in workers:
        worker.result(timeout=30)
    deliver_due()
    assert [message.title for message in MemoryAdapter.shown.values()] == ["Bản 30"]
    said = [int(message.key.partition(":")[2]) for _verb, message in MemoryAdapter.calls]
    assert said == sorted(said)
    assert not Delivery.objects.unsettled().exists()
    assert not Delivery.objects.filter(state__in=[State.UNCERTAIN, State.FAILED]).exists()


def test_several_workers_take_each_delivery_once(memory: Any, elsewhere: Any) -> None:
    for number in range(4):
        factories.channel(f"phong-{number}", "memory", options={"room": f"{number}"})
    for number in range(5):
        publish(factories.story(title=f"Tin {number}"))

    def work() -> None:
        while Delivery.objects.unsettled().exists():
            deliver_due()

    for worker in [elsewhere(work) for _ in range(4)]:
        worker.result(timeout=60)
    assert len(MemoryAdapter.calls) == 20
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 20


def test_two_sweeps_at_once_ask_once(room: Channel, elsewhere: Any) -> None:
    publish()
    claimed()
    later = timezone.now() + timedelta(hours=1)
    swept = [elsewhere(delivery.sweep, later) for _ in range(4)]
    assert sum(result.result(timeout=30) for result in swept) == 1


def test_two_people_decide_at_once(room: Channel, elsewhere: Any) -> None:
    publish()
    row = Delivery.objects.get()
    Delivery.objects.update(state=State.FAILED)

    def decide(verb: Callable[..., None]) -> int:
        with suppress(delivery.NotAllowed):
            verb(Delivery.objects.get(pk=row.pk), None)
            return 1
        return 0

    verbs = [delivery.confirm, delivery.send_again, delivery.confirm, delivery.send_again]
    results = [elsewhere(decide, verb) for verb in verbs]
    assert sum(result.result(timeout=30) for result in results) == 1
