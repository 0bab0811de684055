"""A station's own address of a feed: who gets in, what is shown, what is kept of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import OperationalError, close_old_connections, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from channels.adapters.feed import Feed
from channels.adapters.feed_options import Options
from channels.feeds import views
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


# Pick-ups do not slow the fetch


@pytest.fixture
def connected() -> Iterator[None]:
    """Keep the test's connection when a request ends, as Django's own test client does."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


@pytest.mark.usefixtures("connected")
def test_the_pick_up_is_written_when_the_answer_is_out(
    rf: RequestFactory, deliver: Deliver, key: tuple[StationKey, str]
) -> None:
    deliver()
    response = views.of_station(rf.get("/"), slug="phat-thanh", token=key[1], form="xml")
    assert HEADLINE in response.content.decode()
    assert not StationFetch.objects.exists()
    response.close()  # as servers do once the client has it all
    assert StationFetch.objects.exists()


def test_a_fetch_succeeds_though_its_pick_up_cannot_be_written(
    client: Client,
    deliver: Deliver,
    key: tuple[StationKey, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    deliver()

    def locked(*_args: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(StationFetch.objects, "note", locked)
    assert get(client, key[1]).status_code == 200
    assert "could not be noted" in caplog.text
    assert key[1] not in caplog.text
    monkeypatch.undo()
    get(client, key[1])
    assert StationFetch.objects.exists()


@pytest.mark.parametrize("form", ["xml", "atom", "json"])
def test_what_the_station_has_already_counts_and_costs_one_write(
    client: Client, deliver: Deliver, key: tuple[StationKey, str], form: str
) -> None:
    deliver()
    address = f"/feeds/phat-thanh/{key[1]}.{form}"
    first = client.get(address)
    seen = StationKey.objects.get().last_fetched_at
    with CaptureQueriesContext(connection) as asked:
        again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-store"
    assert again["Referrer-Policy"] == "no-referrer"
    now = StationKey.objects.get().last_fetched_at
    assert seen is not None
    assert now is not None
    assert now > seen
    writes = [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]
    assert len([sql for sql in writes if sql.startswith(("INSERT", "UPDATE"))]) == 1
    assert len(asked) <= 6


@pytest.mark.parametrize("action", [Action.UPDATE, Action.RETRACT])
def test_a_change_ends_the_304_of_a_station(
    client: Client, deliver: Deliver, key: tuple[StationKey, str], action: Action
) -> None:
    story = deliver().story
    first = get(client, key[1])
    deliver(story, action, sequence=2, title="Tin đã sửa")
    address = f"/feeds/phat-thanh/{key[1]}.xml"
    for validators in (
        {"if-none-match": first["ETag"]},
        {"if-modified-since": first["Last-Modified"]},
    ):
        assert client.get(address, headers=validators).status_code == 200


def test_a_renewed_address_ends_the_old_one_and_keeps_the_receipts(
    client: Client,
    radio: Channel,
    as_person: Browser,
    deliver: Deliver,
    key: tuple[StationKey, str],
) -> None:
    deliver()
    get(client, key[1])
    renew = reverse("channels:station_renew", args=[radio.pk, key[0].pk])
    page = as_person("editor").post(renew)
    assert "no-store" in page["Cache-Control"]
    token = page.content.decode().partition("/feeds/phat-thanh/")[2].partition(".xml")[0]
    assert get(client, key[1]).status_code == 404
    assert get(client, token).status_code == 200
    assert StationFetch.objects.get().key_id == key[0].pk
    StationKey.objects.update(revoked_at=timezone.now())
    assert as_person("editor").post(renew, follow=True).status_code == 200
    assert get(client, token).status_code == 404
