"""A new version goes only to the channels that say something else of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from channels import delivery, outbox
from channels.contract import Story
from channels.feeds.listing import listing, options_of
from channels.models import Channel, Delivery, Publication
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from tests import factories

pytestmark = pytest.mark.django_db


def publish(story: Story, **values: object) -> Publication | None:
    with transaction.atomic():
        return outbox.publish(story, **values)  # type: ignore[arg-type]


def states(channel: Channel) -> list[str]:
    found = Delivery.objects.filter(channel=channel).order_by("pk")
    return [f"{row.action} {row.state}" for row in found]


@pytest.fixture
def radio(db: None) -> Channel:
    return factories.channel("phat-thanh", "feed", options={"variant": "spoken"})


def with_radio(story: Story, text: str) -> Story:
    return replace(story, variants={"radio": {"text": text}})


def test_a_new_radio_text_goes_to_the_radio_only(room: Channel, radio: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    last = publish(with_radio(story, "Bản tin mới."))
    deliver_due()
    assert last is not None
    assert last.sequence == 2
    assert states(room) == ["publish delivered"]
    assert states(radio) == ["publish delivered", "update delivered"]
    assert [verb for verb, _ in MemoryAdapter.calls] == ["send"]


def test_what_was_skipped_is_updated_by_the_next_change_and_taken_back(room: Channel) -> None:
    story = factories.story()
    for version in (story, with_radio(story, "Mới."), replace(story, title="Đầu đề khác")):
        publish(version)
        deliver_due()
    with transaction.atomic():
        outbox.retract(story.key)
    deliver_due()
    assert [verb for verb, _ in MemoryAdapter.calls] == ["send", "update", "retract"]
    rows = Delivery.objects.filter(channel=room).order_by("pk")
    assert [row.sequence for row in rows] == [1, 3, 3]


def test_an_older_version_that_is_queued_or_failed_is_replaced_all_the_same(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    publish(replace(story, title="Sai"))
    publish(with_radio(story, "Mới."))  # back to the words of the first version
    assert states(room)[-2:] == ["update cancelled", "update pending"]
    deliver_due()
    publish(replace(story, title="Sai lần nữa"))
    broken = Delivery.objects.get(channel=room, state="pending")
    delivery.fail_at_once(broken, "hỏng")
    publish(with_radio(story, "Mới nữa."))
    assert states(room)[-2:] == ["update failed", "update pending"]


def test_doubt_is_not_taken_for_arrival(room: Channel) -> None:
    story = factories.story()
    publish(story)
    Delivery.objects.filter(channel=room).update(state="uncertain")
    publish(with_radio(story, "Mới."))
    assert states(room) == ["publish uncertain", "update pending"]


def test_a_channel_that_took_it_down_gets_it_again(room: Channel) -> None:
    story = factories.story()
    publish(story)
    deliver_due()
    with transaction.atomic():
        outbox.retract(story.key)
    deliver_due()
    publish(with_radio(story, "Mới."))
    assert states(room)[-1] == "publish pending"


def test_expiry_holds_for_channels_that_show_an_older_version(radio: Channel) -> None:
    public = factories.channel("bao-chi", "feed", options={})
    story, now = factories.story(), timezone.now()
    publish(story)
    publish(with_radio(story, "Mới."), expires_at=now + timedelta(hours=1))
    assert states(public) == ["publish delivered"]
    for feed in (public, radio):
        options = options_of(feed)
        assert options is not None
        assert len(listing(feed, options, now).entries) == 1
        assert listing(feed, options, now + timedelta(hours=2)).entries == ()


def test_what_expired_comes_back_in_feeds_whose_words_did_not_change(radio: Channel) -> None:
    public = factories.channel("bao-chi", "feed", options={})
    story, now = factories.story(), timezone.now()
    publish(story)
    with transaction.atomic():
        outbox.expire(story.key, now)
    publish(with_radio(story, "Mới."))
    for feed in (public, radio):
        options = options_of(feed)
        assert options is not None
        assert len(listing(feed, options, timezone.now()).entries) == 1
