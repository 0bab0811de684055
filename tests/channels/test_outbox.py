"""What is written when something is published, changed and taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels import delivery, outbox
from channels.contract import Receipt, Story
from channels.history import History
from channels.models import Action, Channel, Delivery, Publication, State
from channels.payload import story_from_json
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from tests import factories

pytestmark = pytest.mark.django_db


def rows(channel: Channel) -> list[tuple[str, str]]:
    found = Delivery.objects.filter(channel=channel).order_by("pk")
    return [(row.action, row.state) for row in found]


def publish(story: Story, **values: object) -> Publication | None:
    with transaction.atomic():
        return outbox.publish(story, **values)  # type: ignore[arg-type]


def test_publishing_freezes_a_version_and_queues_it(room: Channel) -> None:
    story = factories.story()
    publication = publish(story)
    assert publication is not None
    assert story_from_json(publication.content) == replace(story, sequence=1)
    assert rows(room) == [("publish", "pending")]


def test_publishing_the_same_again_changes_nothing(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    publish(replace(story, updated=story.updated + timedelta(hours=1)))
    assert Publication.objects.count() == 1
    assert rows(room) == [("publish", "delivered")]


def test_an_update_replaces_an_unsent_original(room: Channel) -> None:
    story = factories.story()
    publish(story)
    publish(replace(story, title="Mới"))
    assert rows(room) == [("publish", "cancelled"), ("publish", "pending")]
    deliver_due()
    assert [message.title for _, message in MemoryAdapter.calls] == ["Mới"]


def test_an_update_changes_what_was_sent(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    publish(replace(story, title="Mới"))
    deliver_due()
    assert [verb for verb, _ in MemoryAdapter.calls] == ["send", "update"]
    assert [message.title for message in MemoryAdapter.shown.values()] == ["Mới"]


def test_a_retraction_reaches_the_receivers_of_record(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    with transaction.atomic():
        assert outbox.retract(story.key) == 1
    deliver_due()
    assert MemoryAdapter.shown == {}
    assert rows(room)[-1] == ("retract", "delivered")


def test_what_was_never_sent_needs_no_retraction(room: Channel) -> None:
    story = factories.story()
    publish(story)
    with transaction.atomic():
        outbox.retract(story.key)
    assert rows(room) == [("publish", "cancelled")]


def test_retracting_twice_is_one_retraction(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    for _ in range(2):
        with transaction.atomic():
            outbox.retract(story.key)
    assert rows(room) == [("publish", "delivered"), ("retract", "pending")]


def test_publishing_again_after_a_retraction_sends_anew(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    with transaction.atomic():
        outbox.retract(story.key)
    deliver_due()
    again = publish(story)
    assert again is not None
    assert again.sequence == 2
    deliver_due()
    assert [verb for verb, _ in MemoryAdapter.calls] == ["send", "retract", "send"]


def test_publishing_again_before_the_retraction_left_cancels_it(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    with transaction.atomic():
        outbox.retract(story.key)
    publish(story)
    deliver_due()
    assert len(MemoryAdapter.shown) == 1
    assert "retract" not in [verb for verb, _ in MemoryAdapter.calls]


def test_a_channel_taken_off_the_item_gets_nothing(room: Channel) -> None:
    publish(factories.story(), off=[room.slug])
    assert rows(room) == []


def test_a_channel_taken_off_later_is_told_to_take_it_down(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    publish(replace(story, title="Mới"), off=[room.slug])
    deliver_due()
    assert rows(room)[-1] == ("retract", "delivered")
    assert MemoryAdapter.shown == {}


def test_a_channel_gets_only_what_it_takes(room: Channel) -> None:
    Channel.objects.update(takes_sections=["thu-tuc"], takes_levels=["urgent"])
    publish(factories.story(section="thu-tuc", level="normal"))
    publish(factories.story(section="khac", level="urgent"))
    assert rows(room) == []
    publish(factories.story(section="thu-tuc", level="urgent"))
    assert rows(room) == [("publish", "pending")]


def test_a_correction_reaches_a_channel_that_would_not_take_the_item_today(room: Channel) -> None:
    story = factories.story(section="a")
    publish(story)
    deliver_due()
    Channel.objects.update(takes_sections=["b"])
    publish(replace(story, title="Mới"))
    assert rows(room)[-1] == ("update", "pending")


def test_a_channel_that_is_off_gets_nothing_new(room: Channel) -> None:
    Channel.objects.update(is_active=False)
    publish(factories.story())
    assert rows(room) == []


def test_pull_channels_are_settled_at_once(db: None) -> None:
    portal = factories.channel("cong", "portal")
    story = factories.story()
    publish(story)
    row = Delivery.objects.get()
    assert (row.state, row.channel) == (State.DELIVERED, portal)
    assert row.receipt["address"] == story.address
    with transaction.atomic():
        outbox.retract(story.key)
    assert rows(portal) == [("publish", "delivered"), ("retract", "delivered")]


def test_urgent_items_go_first(room: Channel) -> None:
    publish(factories.story(title="thường"))
    publish(factories.story(title="khẩn", level="urgent"))
    deliver_due()
    assert [message.title for _, message in MemoryAdapter.calls] == ["khẩn", "thường"]


def test_a_channel_that_cannot_compose_fails_alone(room: Channel) -> None:
    broken = factories.channel("hong", "memory", options={"room": 5})
    publish(factories.story())
    assert rows(broken) == [("publish", "failed")]
    assert rows(room) == [("publish", "pending")]
    assert "room" in Delivery.objects.get(channel=broken).reason


def test_expiry_is_silent_and_drops_what_is_unsent(room: Channel) -> None:
    portal = factories.channel("cong", "portal")
    story = factories.story()
    publish(story)
    with transaction.atomic():
        outbox.expire(story.key, timezone.now())
    assert rows(room) == [("publish", "cancelled")]
    assert rows(portal) == [("publish", "delivered")]
    assert not Publication.objects.shown(timezone.now()).exists()


def test_what_expired_and_is_published_again_shows_again(db: None) -> None:
    portal = factories.channel("cong", "portal")
    story = factories.story()
    publish(story)
    with transaction.atomic():
        outbox.expire(story.key, timezone.now())
    publish(story)
    assert len(rows(portal)) == 2
    assert Publication.objects.shown(timezone.now()).count() == 1


def test_it_refuses_to_work_outside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(outbox.OutsideTransactionError):
        outbox.publish(factories.story())


def test_a_rollback_leaves_nothing(room: Channel) -> None:
    with transaction.atomic():
        outbox.publish(factories.story())
        transaction.set_rollback(True)
    assert not Publication.objects.exists()
    assert not Delivery.objects.exists()


def test_an_update_behind_a_failure_becomes_a_publish(room: Channel) -> None:
    story = factories.story()
    publish(story)
    row = Delivery.objects.get()
    delivery.fail_at_once(row, "no")
    publish(replace(story, title="Mới"))
    deliver_due()
    assert [verb for verb, _ in MemoryAdapter.calls] == ["send"]


def test_a_retraction_behind_a_failure_has_nothing_to_do(room: Channel) -> None:
    story = factories.story()
    publish(story)
    delivery.fail_at_once(Delivery.objects.get(), "no")
    with transaction.atomic():
        assert outbox.retract(story.key) == 0


def test_a_move_while_in_flight_waits_and_becomes_an_update(room: Channel) -> None:
    story = factories.story()
    publish(story)
    first = delivery.claim(Delivery.objects.get().pk, timezone.now())
    assert first is not None
    publish(replace(story, address="http://127.0.0.1:8000/moi/"))
    assert not Delivery.objects.due(timezone.now()).exists()
    delivery.settle(first, delivery.Outcome(State.DELIVERED, receipt=Receipt(external_id="7")))
    deliver_due()
    assert rows(room) == [("publish", "delivered"), ("update", "delivered")]


def test_unknown_stories_are_no_error(db: None) -> None:
    with transaction.atomic():
        assert outbox.retract(uuid4()) == 0
        outbox.expire(uuid4(), timezone.now())


def test_action_names_are_stable() -> None:
    assert list(Action) == ["publish", "update", "retract", "end"]


def test_channels_that_say_the_same_get_rows_of_their_own(memory: None) -> None:
    rooms = [factories.channel(f"phong-{n}", "memory", options={"room": "chung"}) for n in range(3)]
    factories.channel("khac", "memory", options={"room": "khác"})
    publication = publish(factories.story(level="urgent"), urgent_reason="Lũ về đêm nay.")
    written = list(Delivery.objects.filter(channel__in=rooms).order_by("pk"))
    assert [row.channel for row in written] == rooms
    first = written[0]
    for row in written:
        same = {"id": first.pk, "channel_id": first.channel_id, "_state": first._state}
        assert vars(row) | same == vars(first) | same
        assert (row.publication, row.quiet_waiver) == (publication, "Lũ về đêm nay.")
    deliver_due()
    assert {row.state for row in Delivery.objects.all()} == {State.DELIVERED}


def test_a_thousand_channels_cost_no_more_statements_than_a_dozen(memory: None) -> None:
    """Published, corrected while it waits, withdrawn: in statements for all at once."""
    story = factories.story()
    corrected = replace(story, title="Đã đính chính")

    def costs(channels: int) -> list[int]:
        for number in range(Channel.objects.count(), channels):
            factories.channel(f"phong-{number}", "memory", options={"room": f"{number}"})
        counts = []
        for change in (
            lambda key: publish(replace(story, key=key)),
            lambda key: publish(replace(corrected, key=key)),
            outbox.retract,
            lambda key: publish(replace(story, key=key)),
            lambda key: outbox.expire(key, timezone.now()),
        ):
            with CaptureQueriesContext(connection) as asked, transaction.atomic():
                change(keys[channels])
            counts.append(len(asked))
        return counts

    keys = {12: str(uuid4()), 60: str(uuid4())}
    few, many = costs(12), costs(60)
    # SQLite takes so many values in one statement and no more.
    assert all(more - less <= 1 for less, more in zip(few, many, strict=True)), (few, many)
    assert Delivery.objects.filter(state=State.PENDING).count() == 0


def test_withdrawing_what_a_worker_claims_meanwhile_takes_it_down(
    room: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was queued when the history was read is in flight when it is dropped."""
    story = factories.story()
    publish(story)
    read = History.of

    def overtaken(*args: Any) -> History:
        found = read(*args)
        Delivery.objects.filter(state=State.PENDING).update(
            state=State.SENDING, lease_until=timezone.now(), lease_token=uuid4()
        )
        return found

    monkeypatch.setattr(History, "of", overtaken)
    with transaction.atomic():
        assert outbox.retract(story.key) == 1
    assert rows(room) == [("publish", "sending"), ("retract", "pending")]
