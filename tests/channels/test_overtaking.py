"""What one delivery does to the others of its story: newer versions, withdrawal, expiry, doubt."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation

from channels import delivery, outbox
from channels.contract import PermanentError, Receipt, Story, TemporaryError, UncertainError
from channels.models import Action, Channel, Delivery, Publication, State
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from organisations.models import User
from tests import factories

pytestmark = pytest.mark.django_db

STORY = factories.story()
NEWER = replace(STORY, title="Mới")


def publish(story: Story = STORY, **values: Any) -> Delivery:
    with transaction.atomic():
        outbox.publish(story, **values)
    return Delivery.objects.latest("pk")


def retract() -> int:
    with transaction.atomic():
        return outbox.retract(STORY.key)


def rows(channel: Channel) -> list[tuple[str, str]]:
    return list(channel.deliveries.order_by("pk").values_list("action", "state"))


def in_flight() -> Delivery:
    row = delivery.claim(Delivery.objects.latest("pk").pk, timezone.now())
    assert row is not None
    return row


def settle(row: Delivery, state: State, **values: Any) -> None:
    assert delivery.settle(row, delivery.Outcome(state, "x", **values))


def run_out() -> None:
    Delivery.objects.filter(state=State.PENDING).update(due_at=timezone.now())
    Channel.objects.update(hold_until=None)
    deliver_due()


def shown() -> list[str]:
    return [message.title for message in MemoryAdapter.shown.values()]


def test_a_try_that_failed_is_not_repeated_once_a_correction_waits(room: Channel) -> None:
    publish()
    first = in_flight()
    publish(NEWER)
    settle(first, State.PENDING, wait=timedelta(hours=1))
    deliver_due()
    assert rows(room) == [("publish", "cancelled"), ("publish", "delivered")]
    assert [message.title for _, message in MemoryAdapter.calls] == ["Mới"]


def test_a_try_that_failed_is_not_repeated_once_the_item_is_withdrawn(room: Channel) -> None:
    publish()
    first = in_flight()
    assert retract() == 1
    settle(first, State.PENDING, wait=timedelta(0))
    run_out()
    assert rows(room) == [("publish", "cancelled"), ("retract", "cancelled")]
    assert MemoryAdapter.calls == []


def test_a_withdrawal_that_failed_gives_way_to_a_new_publication(room: Channel) -> None:
    publish()
    deliver_due()
    retract()
    taking_down = in_flight()
    publish(NEWER)
    settle(taking_down, State.PENDING, wait=timedelta(0))
    run_out()
    assert rows(room)[1:] == [("retract", "cancelled"), ("update", "delivered")]
    assert shown() == ["Mới"]


@pytest.fixture
def doubtful(room: Channel) -> Delivery:
    """An urgent item: the first try arrived without an answer, another will be made."""
    Channel.objects.update(resend_urgent=True)
    publish(replace(STORY, level="urgent"))
    row = in_flight()
    settle(row, State.PENDING, unsure=True, wait=timedelta(hours=1))
    return row


@pytest.mark.parametrize("change", [retract, lambda: publish(replace(NEWER, level="urgent"))])
def test_what_may_have_arrived_is_not_forgotten(
    room: Channel, doubtful: Delivery, change: Any
) -> None:
    change()
    doubtful.refresh_from_db()
    assert doubtful.state == State.UNCERTAIN
    assert Delivery.objects.latest("pk").state == State.PENDING
    run_out()
    assert MemoryAdapter.calls == []  # it waits for a person


def test_no_resend_once_a_withdrawal_waits(room: Channel) -> None:
    Channel.objects.update(resend_urgent=True)
    publish(replace(STORY, level="urgent"))
    first = in_flight()
    retract()
    settle(first, State.PENDING, unsure=True, wait=timedelta(0))
    assert rows(room) == [("publish", "uncertain"), ("retract", "pending")]


def test_a_worker_that_comes_late_spares_an_urgent_item_its_second_sending(room: Channel) -> None:
    Channel.objects.update(resend_urgent=True)
    publish(replace(STORY, level="urgent"))
    first = in_flight()
    delivery.sweep(timezone.now() + timedelta(hours=1))
    settle(first, State.DELIVERED, receipt=Receipt(external_id="1"))
    deliver_due()
    assert rows(room) == [("publish", "delivered")]
    assert MemoryAdapter.calls == []


def test_a_sweep_does_not_touch_what_was_claimed_anew(room: Channel) -> None:
    publish()
    stale = in_flight()
    settle(stale, State.PENDING, wait=timedelta(0))
    Delivery.objects.update(due_at=timezone.now())
    assert in_flight().lease_token != stale.lease_token
    stale.state = State.SENDING  # as the sweep read it before
    assert not delivery._strand(stale, timezone.now())
    assert rows(room) == [("publish", "sending")]


def test_what_failed_is_not_sent_again_once_withdrawn(room: Channel, approver: User) -> None:
    row = publish()
    MemoryAdapter.faults.append(PermanentError("không"))
    deliver_due()
    assert retract() == 0
    with pytest.raises(delivery.NotAllowed):
        delivery.send_again(row, approver)
    publish()
    deliver_due()
    assert shown() == [STORY.title]


def test_nothing_is_sent_after_the_item_expired(room: Channel, approver: User) -> None:
    row = publish()
    MemoryAdapter.faults.append(PermanentError("không"))
    deliver_due()
    with transaction.atomic():
        outbox.expire(STORY.key, timezone.now())
    delivery.send_again(row, approver)
    deliver_due()
    assert rows(room) == [("publish", "cancelled")]
    assert len(MemoryAdapter.calls) == 1


def test_what_expired_in_flight_is_not_tried_again(room: Channel) -> None:
    publish()
    row = in_flight()
    with transaction.atomic():
        outbox.expire(STORY.key, timezone.now())
    settle(row, State.PENDING, wait=timedelta(0))
    run_out()
    assert rows(room) == [("publish", "cancelled")]


def test_an_expiry_put_off_counts_for_what_is_unsent(room: Channel) -> None:
    publish(expires_at=timezone.now() - timedelta(seconds=1))
    Channel.objects.update(is_active=False)
    publish(expires_at=timezone.now() + timedelta(days=1))
    Channel.objects.update(is_active=True)
    deliver_due()
    assert shown() == [STORY.title]


def test_reasons_say_why(room: Channel) -> None:
    first = publish()
    retract()
    first.refresh_from_db()
    second = publish(NEWER)
    with transaction.atomic():
        outbox.expire(STORY.key, timezone.now())
    second.refresh_from_db()
    with translation.override("vi"):
        assert first.reason == str(delivery.WITHDRAWN)
        assert second.reason == str(delivery.EXPIRED)


def test_reasons_are_in_the_language_of_the_house(room: Channel, approver: User) -> None:
    with translation.override("en"):
        first = publish()
        publish(NEWER)
        delivery.cancel(Delivery.objects.latest("pk"), approver)
        broken = factories.channel("hong", "memory", options={"room": 5})
        publish(factories.story())
    first.refresh_from_db()
    reasons = [first.reason, Delivery.objects.filter(channel=room)[1].reason]
    reasons.append(Delivery.objects.get(channel=broken).reason)
    with translation.override("vi"):
        assert reasons[:2] == [str(delivery.REPLACED), translation.gettext("Cancelled.")]
    assert "Cấu hình" in reasons[2]


def test_it_arrived_keeps_the_record_of_what_is_corrected(room: Channel, approver: User) -> None:
    publish()
    deliver_due()
    correction = publish(NEWER)
    MemoryAdapter.faults.append(UncertainError("?"))
    deliver_due()
    delivery.confirm(correction, approver)
    retract()
    deliver_due()
    assert rows(room)[-1] == ("retract", "delivered")
    assert MemoryAdapter.shown == {}


def test_a_correction_by_hand_keeps_the_record(
    room: Channel, monkeypatch: pytest.MonkeyPatch, approver: User
) -> None:
    publish()
    deliver_due()
    monkeypatch.setattr(MemoryAdapter, "can_update", False)
    by_hand = publish(NEWER)
    deliver_due()
    delivery.confirm(by_hand, approver)
    retract()
    deliver_due()
    assert MemoryAdapter.shown == {}


def test_a_repaired_channel_says_the_whole_item(room: Channel, approver: User) -> None:
    Channel.objects.update(options={"room": 5})
    row = publish()
    room.refresh_from_db()
    assert room.is_stopped
    assert room.last_failure
    with pytest.raises(delivery.NotAllowed):
        delivery.send_again(row, approver)
    Channel.objects.update(options={}, stopped_at=None)
    row = Delivery.objects.get()
    delivery.send_again(row, approver)
    deliver_due()
    (_verb, message), *_rest = MemoryAdapter.calls
    assert message.key == f"{STORY.key}:1"
    assert rows(room) == [("publish", "delivered")]


def test_a_person_who_comes_too_late_is_told(room: Channel, approver: User) -> None:
    row = publish()
    MemoryAdapter.faults.append(TemporaryError("x"))
    deliver_due()
    seen = Delivery.objects.get(pk=row.pk)
    delivery.cancel(row, approver)
    with pytest.raises(delivery.NotAllowed):
        delivery.force(seen, approver)


def test_a_withdrawal_of_a_warning_is_as_pressing_as_the_warning(room: Channel) -> None:
    publish(replace(STORY, level="urgent"))
    deliver_due()
    retract()
    assert Delivery.objects.get(action=Action.RETRACT).priority == 20


def test_versions_written_by_a_newer_release_can_be_read(room: Channel) -> None:
    picture = {"url": "u", "file": "f", "mime": "m", "size": 1, "width": 1, "height": 1, "hue": 3}
    row = publish()
    Delivery.objects.update(payload={**row.payload, "image": picture, "mood": "good"})
    deliver_due()
    assert rows(room) == [("publish", "delivered")]
    assert Publication.objects.count() == 1
