"""What was for an item's time only comes to an end with it: the pin of an urgent message."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from django.utils import timezone

from channels import delivery, outbox, registry, standing
from channels.contract import Message, PermanentError, Receipt, Story, TemporaryError
from channels.models import Action, Channel, Delivery, State
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from tests import factories

pytestmark = pytest.mark.django_db


class Pinning(MemoryAdapter):
    """A receiver that puts urgent messages on top until it is told that their time is over."""

    kind = "pinning"
    can_end = True
    on_top: ClassVar[set[str]] = set()

    async def send(self, message: Message) -> Receipt:
        receipt = await super().send(message)
        if message.level == "urgent":
            self.on_top.add(receipt.external_id)
        return replace(receipt, details={"pinned": message.level == "urgent"})

    def must_end(self, message: Message, receipt: Receipt | None) -> bool:
        return bool(receipt.details["pinned"]) if receipt else message.level == "urgent"

    async def end(self, message: Message, receipt: Receipt) -> Receipt:
        await self.call("end", message)
        self.on_top.discard(receipt.external_id)
        return replace(receipt, details={"pinned": False})


@pytest.fixture
def board(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    MemoryAdapter.reset()
    Pinning.on_top.clear()
    monkeypatch.setitem(registry.ADAPTERS, "pinning", Pinning)
    yield factories.channel("bang", "pinning")
    MemoryAdapter.reset()


def publish(level: str = "urgent", *, deliver: bool = True) -> Story:
    story = factories.story(level=level)
    change(story)
    if deliver:
        deliver_due()
    return story


def change(story: Story) -> None:
    with transaction.atomic():
        outbox.publish(story)


def expire(story: Story) -> None:
    with transaction.atomic():
        outbox.expire(story.key, timezone.now())


def end(story: Story) -> None:
    with transaction.atomic():
        outbox.end(story.key)


def rows() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("action", "state"))


def verbs() -> list[str]:
    return [verb for verb, _message in MemoryAdapter.calls]


def test_what_expires_comes_off_the_top_and_stays(board: Channel) -> None:
    story = publish()
    assert Pinning.on_top
    expire(story)
    expire(story)
    deliver_due()
    assert not Pinning.on_top
    assert [message.story for message in MemoryAdapter.shown.values()] == [story.key]
    assert rows() == [("publish", "delivered"), ("end", "delivered")]
    expire(story)
    assert len(rows()) == 2


def test_ending_alone_leaves_the_item_public(board: Channel) -> None:
    story = publish()
    for count in (1, 0):
        with transaction.atomic():
            assert outbox.end(story.key) == count
    deliver_due()
    assert verbs() == ["send", "end"]
    assert Delivery.objects.latest("pk").publication.expires_at is None


@pytest.mark.parametrize("level", ["normal", "priority"])
def test_what_was_never_on_top_is_left_alone(board: Channel, level: str) -> None:
    expire(publish(level))
    assert rows() == [("publish", "delivered")]


def test_what_never_left_has_no_end(board: Channel) -> None:
    expire(publish(deliver=False))
    deliver_due()
    assert rows() == [("publish", "cancelled")]


@pytest.mark.parametrize(
    ("state", "left"), [(State.DELIVERED, "delivered"), (State.FAILED, "cancelled")]
)
def test_what_is_in_flight_when_its_time_is_over(board: Channel, state: State, left: str) -> None:
    story = publish(deliver=False)
    row = delivery.claim(Delivery.objects.get().pk, timezone.now())
    assert row is not None
    expire(story)
    deliver_due()  # nothing overtakes it
    assert rows() == [("publish", "sending"), ("end", "pending")]
    receipt = Receipt(external_id="1", details={"pinned": True})
    delivery.settle(row, delivery.Outcome(state, "", receipt if left == "delivered" else None))
    deliver_due()
    assert rows()[1] == ("end", left)


def test_it_does_not_wait_for_quiet_hours(board: Channel) -> None:
    story = publish()
    local = timezone.localtime()
    Channel.objects.update(
        quiet_from=(local - timedelta(hours=1)).time(),
        quiet_until=(local + timedelta(hours=1)).time(),
    )
    expire(story)
    assert Delivery.objects.latest("pk").waits_until(timezone.now()) is None
    deliver_due()
    assert verbs() == ["send", "end"]


def test_a_try_that_fails_is_made_again(board: Channel) -> None:
    story = publish()
    MemoryAdapter.faults[:] = [TemporaryError("bận")]
    expire(story)
    deliver_due()
    assert rows()[1] == ("end", "pending")
    Delivery.objects.update(due_at=timezone.now())
    Channel.objects.update(hold_until=None)
    deliver_due()
    assert rows()[1] == ("end", "delivered")


def test_one_that_failed_is_a_persons_and_not_queued_again(board: Channel) -> None:
    story = publish()
    MemoryAdapter.faults[:] = [PermanentError("không cho")]
    expire(story)
    deliver_due()
    expire(story)
    assert rows()[1:] == [("end", "failed")]
    assert Delivery.objects.needing_a_person(timezone.now()).get().action == Action.END


def test_a_withdrawal_takes_its_place(board: Channel) -> None:
    story = publish()
    expire(story)
    with transaction.atomic():
        outbox.retract(story.key)
    deliver_due()
    assert rows()[1:] == [("end", "cancelled"), ("retract", "delivered")]
    assert MemoryAdapter.shown == {}


def test_a_correction_that_takes_its_place_is_ended_in_turn(board: Channel) -> None:
    story = publish()
    end(story)
    change(replace(story, title="Đã sửa"))
    assert rows()[1:] == [("end", "cancelled"), ("update", "pending")]
    end(story)  # nothing of it has left yet
    deliver_due()
    assert Pinning.on_top
    end(story)
    deliver_due()
    assert verbs() == ["send", "update", "end"]
    assert not Pinning.on_top


def test_an_end_that_a_person_cancelled_stays_cancelled(board: Channel) -> None:
    story = publish()
    end(story)
    delivery.cancel(Delivery.objects.latest("pk"))
    end(story)
    deliver_due()
    assert rows()[1:] == [("end", "cancelled")]


def test_a_correction_afterwards_knows_the_message(board: Channel) -> None:
    story = publish()
    expire(story)
    deliver_due()
    held = outbox.standings(story.key)[board.pk]
    assert held == standing.Standing(up=True, receipt=held.receipt, sequence=1)
    change(replace(story, title="Đã sửa"))
    deliver_due()
    assert verbs() == ["send", "end", "update"]
    assert [message.title for message in MemoryAdapter.shown.values()] == ["Đã sửa"]
