"""A station's own address of a feed: who gets in, what is shown, what is kept of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from channels.adapters.feed import Feed
from channels.adapters.feed_options import Options
from channels.feeds.models import StationFetch, StationKey
from channels.models import Action, Channel, Publication
from tests import factories
from tests.channels.feed_fixtures import HEADLINE, Deliver, fetch, titles

Browser = Callable[[str], Client]


@pytest.fixture
def key(radio: Channel) -> tuple[StationKey, str]:
    return StationKey.make(radio, "Đài tỉnh", None)


def get(client: Client, token: str, slug: str = "phat-thanh") -> Any:
    return client.get(f"/feeds/{slug}/{token}.xml")


def embargo(publication: Publication) -> None:
    Publication.objects.filter(pk=publication.pk).update(embargo_until=timezone.now())


def test_it_shows_what_is_under_embargo_and_the_public_feed_does_not(
    client: Client, deliver: Deliver, key: tuple[StationKey, str]
) -> None:
    embargo(deliver().publication)
    deliver(title="Cho mọi người")
    assert titles(client) == ["Cho mọi người"]
    own = get(client, key[1])
    assert own.status_code == 200
    assert HEADLINE in own.content.decode()
    assert own["Cache-Control"] == "private, no-store"
    assert "noindex" in own["X-Robots-Tag"]


@pytest.mark.parametrize("form", ["xml", "atom", "json"])
def test_not_even_a_tombstone_or_a_changed_tag_tells_of_it(
    client: Client, deliver: Deliver, form: str
) -> None:
    deliver(title="Cho mọi người")
    before = fetch(client, form)
    hidden = deliver()
    embargo(hidden.publication)
    deliver(hidden.story, Action.RETRACT)
    after = fetch(client, form)
    assert (before["ETag"], before["Last-Modified"]) == (after["ETag"], after["Last-Modified"])


def test_nobody_else_gets_in(client: Client, radio: Channel, key: tuple[StationKey, str]) -> None:
    made, token = key
    other = factories.channel("bao-chi", "feed")
    assert get(client, token, other.slug).status_code == 404
    assert get(client, token[:-1]).status_code == 404
    assert get(client, made.token_hash).status_code == 404
    Channel.objects.filter(pk=radio.pk).update(is_active=False)
    assert get(client, token).status_code == 404
    Channel.objects.filter(pk=radio.pk).update(is_active=True)
    StationKey.objects.filter(pk=made.pk).update(revoked_at=timezone.now())
    assert get(client, token).status_code == 404


def test_each_fetch_is_a_receipt(
    client: Client, deliver: Deliver, key: tuple[StationKey, str]
) -> None:
    first = deliver()
    get(client, key[1])
    taken = StationFetch.objects.get()
    assert (taken.delivery_id, taken.key_id) == (first.pk, key[0].pk)
    second = deliver()
    get(client, key[1])
    assert StationFetch.objects.get(delivery=second).first_at > taken.first_at
    assert StationFetch.objects.get(delivery=first).first_at == taken.first_at
    last = StationKey.objects.get().last_fetched_at
    assert last is not None
    client.head(f"/feeds/phat-thanh/{key[1]}.xml")
    assert StationKey.objects.get().last_fetched_at == last


def test_it_costs_few_queries(
    client: Client, deliver: Deliver, key: tuple[StationKey, str]
) -> None:
    for _ in range(5):
        deliver()
    get(client, key[1])
    with CaptureQueriesContext(connection) as asked:
        get(client, key[1])
    assert len(asked) <= 6


@pytest.mark.parametrize("variant", ["text", "spoken", "picture"])
def test_the_mark_is_where_nobody_misses_it(variant: str) -> None:
    feed = Feed(Options(variant=variant), "", http=None, files=None)  # type: ignore[arg-type]
    marked = feed.compose(factories.story(embargo=factories.MOMENT))
    mark = "CHƯA ĐƯỢC PHÁT TRƯỚC 10:02 ngày 04/05/2026"
    assert marked.title.startswith(f"[{mark}] ")
    assert marked.text.startswith(mark)
    assert not marked.html or marked.html.startswith(f"<p>{mark}.</p>")
    assert mark not in feed.compose(factories.story()).title


# In the admin


def test_an_address_is_shown_once_and_can_be_revoked(
    client: Client, radio: Channel, as_person: Browser, deliver: Deliver
) -> None:
    deliver()
    editor = as_person("editor")
    page = reverse("channels:stations", args=[radio.pk])
    shown = editor.post(page, {"name": "Đài huyện"}).content.decode()
    token = shown.partition("/feeds/phat-thanh/")[2].partition(".xml")[0]
    assert get(client, token).status_code == 200
    later = editor.get(page).content.decode()
    assert "Đài huyện" in later
    assert token not in later
    assert "Đài huyện" in editor.post(page, {"name": "Đài huyện"}).content.decode()
    assert StationKey.objects.count() == 1  # one open address each
    key = StationKey.objects.get()
    editor.post(reverse("channels:station_revoke", args=[radio.pk, key.pk]))
    assert get(client, token).status_code == 404
    assert StationFetch.objects.exists()


def test_a_channel_that_sends_has_no_addresses(as_person: Browser, room: Channel) -> None:
    page = reverse("channels:stations", args=[room.pk])
    assert as_person("administrator").get(page).status_code == 404
