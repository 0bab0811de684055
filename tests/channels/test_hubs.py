"""WebSub: hubs are told of every change of a public feed, seldom, surely, and of nothing else."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels import outbox
from channels.contract import Story
from channels.feeds import announcing, hubs
from channels.feeds.models import FeedChange, HubNotice, StationKey
from channels.models import Channel
from channels.retry import DEFAULT
from channels.worker import deliver_due
from tests import factories
from tests.channels.feed_fixtures import ATOM, FORMS, SITE, fetch, parsed
from tests.channels.hub_server import HANG_UP, Hub, hub_server

TOPICS = [f"{SITE}feeds/phat-thanh.{form}" for form in FORMS]


@pytest.fixture
def hub() -> Iterator[Hub]:
    with hub_server() as running:
        yield running
        assert running.complaints == []


@pytest.fixture
def feed(radio: Channel, hub: Hub) -> Channel:
    radio.options = {"limit": 20, "hubs": [hub.address]}
    radio.save()
    return radio


def publish(story: Story | None = None) -> Story:
    story = story or factories.story()
    with transaction.atomic():
        outbox.publish(story)
    return story


def notice() -> HubNotice:
    return HubNotice.objects.get()


def later(**moments: timedelta) -> None:
    """Let time pass for the notice."""
    HubNotice.objects.update(due_at=timezone.now() - timedelta(seconds=1), **moments)


def test_each_address_is_told_when_something_is_published(feed: Channel, hub: Hub) -> None:
    publish()
    deliver_due()
    assert hub.told == TOPICS
    assert not notice().is_waiting
    assert not FeedChange.objects.exists()
    deliver_due()
    assert hub.told == TOPICS


def test_what_is_told_is_what_the_documents_call_themselves(
    feed: Channel, hub: Hub, client: Client
) -> None:
    rss, atom = parsed(fetch(client, "xml").content), parsed(fetch(client, "atom").content)
    for links in (rss.findall(f"channel/{ATOM}link"), atom.findall(f"{ATOM}link")):
        found = {link.get("rel"): link.get("href") for link in links}
        assert found["hub"] == hub.address
        assert found["self"] in TOPICS
    document = json.loads(fetch(client, "json").content)
    assert document["hubs"] == [{"type": "WebSub", "url": hub.address}]
    assert document["feed_url"] == TOPICS[2]
    for form, topic in zip(FORMS, TOPICS, strict=True):
        wanted = f'<{hub.address}>; rel="hub", <{topic}>; rel="self"'
        assert fetch(client, form)["Link"] == wanted
        assert client.head(f"/feeds/phat-thanh.{form}")["Link"] == wanted


def test_corrections_and_withdrawals_are_told_too(feed: Channel, hub: Hub) -> None:
    story = publish()
    deliver_due()
    publish(replace(story, title="Tin đã sửa"))
    later()
    deliver_due()
    with transaction.atomic():
        outbox.retract(story.key)
    later()
    deliver_due()
    assert hub.told == TOPICS * 3


def test_ten_items_make_one_notice_and_the_next_waits_a_little(feed: Channel, hub: Hub) -> None:
    for _ in range(10):
        publish()
    deliver_due()
    assert hub.told == TOPICS
    assert notice().told == 10
    publish()
    deliver_due()
    assert hub.told == TOPICS  # within the gap
    assert notice().is_waiting
    later()
    deliver_due()
    assert hub.told == TOPICS * 2


def test_nothing_is_told_of_what_was_not_published_after_all(feed: Channel, hub: Hub) -> None:
    with transaction.atomic():
        outbox.publish(factories.story())
        transaction.set_rollback(True)
    deliver_due()
    assert hub.told == []


def test_nobody_learns_of_embargoes_or_of_stations(feed: Channel, hub: Hub, client: Client) -> None:
    _key, token = StationKey.make(feed, "Đài tỉnh", None)
    story = factories.story(embargo=timezone.now() + timedelta(hours=1))
    with transaction.atomic():
        outbox.publish_early(story, to=[feed.slug])
    with transaction.atomic():
        outbox.retract_early(story.key)
    deliver_due()
    assert hub.told == []
    for form in FORMS:
        own = client.get(f"/feeds/phat-thanh/{token}.{form}")
        assert hub.address not in own.content.decode()
        assert "Link" not in own


@pytest.mark.parametrize(
    ("answers", "words"),
    [([(503, {})], "503"), ([(429, {"Retry-After": "7"})], "429"), ([(HANG_UP, {})], "")],
)
def test_a_hub_that_cannot_is_told_later(
    answers: list[tuple[int, dict[str, str]]], words: str, feed: Channel, hub: Hub
) -> None:
    hub.answers = answers
    publish()
    deliver_due()
    waiting = notice()
    assert waiting.is_waiting
    assert waiting.attempts == 1
    assert waiting.due_at is not None
    assert timedelta(0) < waiting.due_at - timezone.now() < timedelta(seconds=8)
    assert words in waiting.failure
    assert waiting.failure
    later()
    deliver_due()
    assert hub.told == TOPICS
    assert (notice().failure, notice().attempts) == ("", 0)


@pytest.mark.parametrize(("status", "words"), [(404, "404"), (301, "đã chuyển địa chỉ")])
def test_a_hub_that_refuses_is_asked_again_at_the_next_change(
    status: int, words: str, feed: Channel, hub: Hub
) -> None:
    hub.answers = [(status, {"Location": "http://127.0.0.1:1/"})]
    publish()
    deliver_due()
    assert notice().due_at is None
    assert words in notice().failure
    publish()
    deliver_due()
    assert hub.told == TOPICS


def test_a_dead_hub_is_given_up_after_the_usual_number_of_tries(feed: Channel, hub: Hub) -> None:
    hub.answers = [(500, {})] * 20
    publish()
    for _ in range(DEFAULT.tries - 1):
        deliver_due()
        assert notice().due_at is not None
        later()
    deliver_due()
    assert notice().due_at is None
    assert "Đã thử" in notice().failure or "lần" in notice().failure
    deliver_due()
    assert len(hub.answers) == 20 - DEFAULT.tries


def test_a_private_hub_needs_the_operators_leave(
    feed: Channel, hub: Hub, settings: LazySettings
) -> None:
    settings.OUTBOUND_ALLOW = []
    publish()
    deliver_due()
    assert hub.told == []
    assert notice().due_at is None
    assert notice().failure


def test_one_worker_at_a_time_and_another_when_it_vanished(feed: Channel) -> None:
    publish()
    [mine] = announcing.due()
    assert announcing.due() == []
    HubNotice.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    [theirs] = announcing.due()
    assert not hubs.settle(mine, None)  # too late: the other one will say
    assert hubs.settle(theirs, None)
    assert not notice().is_waiting


def test_a_change_meanwhile_is_not_forgotten(feed: Channel, hub: Hub) -> None:
    publish()
    [claimed] = announcing.due()
    publish()
    hubs.gather(timezone.now())
    hubs.settle(claimed, None)
    assert notice().is_waiting
    later()
    deliver_due()
    assert hub.told == TOPICS


@pytest.mark.parametrize("change", [{"is_active": False}, {"options": {"limit": 20}}])
def test_a_hub_no_longer_named_is_not_told(
    change: dict[str, object], feed: Channel, hub: Hub
) -> None:
    publish()
    hubs.gather(timezone.now())
    Channel.objects.filter(pk=feed.pk).update(**change)
    deliver_due()
    assert hub.told == []
    assert not HubNotice.objects.exists()


def test_the_page_of_the_channel_shows_it_and_can_repeat_it(
    feed: Channel, hub: Hub, as_person: Callable[[str], Client]
) -> None:
    hub.answers = [(404, {})]
    publish()
    deliver_due()
    administrator = as_person("administrator")
    page = reverse("channels:edit", args=[feed.pk])
    shown = administrator.get(page).content.decode()
    assert hub.address in shown
    assert "đã thôi báo lúc" in shown
    administrator.post(reverse("channels:announce", args=[feed.pk]))
    deliver_due()
    assert hub.told == TOPICS
    assert "đã biết thay đổi mới nhất" in administrator.get(page).content.decode()


def test_feeds_without_hubs_leave_no_trace(radio: Channel, client: Client) -> None:
    publish()
    assert not FeedChange.objects.exists()
    assert "Link" not in fetch(client)
