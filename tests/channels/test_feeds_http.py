"""Feeds as receivers fetch them: what is listed, cheaply, and only when it changed."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels import audience, outbox
from channels.adapters.feed_options import Options
from channels.feeds.listing import listing
from channels.models import Action, Channel, Publication, State
from tests import factories
from tests.channels.feed_fixtures import (
    ATOM,
    FORMS,
    HEADLINE,
    SITE,
    START,
    TOMBSTONE,
    Deliver,
    fetch,
    parsed,
    titles,
)

# What is listed


def test_a_correction_replaces_the_item_and_keeps_its_id(client: Client, deliver: Deliver) -> None:
    story = deliver().story
    deliver(story, Action.UPDATE, sequence=2, title="Tin đã sửa")
    [item] = json.loads(fetch(client, "json").content)["items"]
    assert (item["id"], item["title"]) == (f"urn:uuid:{story}", "Tin đã sửa")


def test_only_what_was_delivered_counts(client: Client, deliver: Deliver) -> None:
    story = deliver().story
    for sequence, state in enumerate([State.PENDING, State.FAILED, State.CANCELLED], start=2):
        deliver(story, Action.UPDATE, sequence=sequence, state=state, title="Chưa gửi")
    assert titles(client) == [HEADLINE]


def test_a_withdrawn_item_leaves_nothing_but_its_id(client: Client, deliver: Deliver) -> None:
    story = deliver().story
    deliver(story, Action.RETRACT)
    rss = parsed(fetch(client, "xml").content).find("channel/item")
    assert rss is not None
    assert {part.tag: part.text for part in rss} == {
        "title": "[ĐÃ GỠ]",
        "pubDate": "Mon, 02 Mar 2026 08:30:00 +0700",
        "guid": f"urn:uuid:{story}",
        TOMBSTONE: None,
    }
    atom = parsed(fetch(client, "atom").content)
    [stone] = atom.findall(TOMBSTONE)
    assert stone.attrib == {"ref": f"urn:uuid:{story}", "when": "2026-03-02T08:30:01+07:00"}
    assert atom.findall(f"{ATOM}entry") == []
    [item] = json.loads(fetch(client, "json").content)["items"]
    assert item["title"] == "[ĐÃ GỠ]"
    assert item["content_text"] == ""
    assert not {"content_html", "url", "image", "attachments", "authors"} & item.keys()
    for form in FORMS:
        text = fetch(client, form).content.decode()
        assert HEADLINE not in text
        assert "h%E1%BB%AFu" not in text


def test_an_item_published_again_after_withdrawal_is_back(client: Client, deliver: Deliver) -> None:
    story = deliver().story
    deliver(story, Action.RETRACT)
    deliver(story, sequence=2, title="Đăng lại")
    assert titles(client) == ["Đăng lại"]


def test_an_expired_item_vanishes_without_a_tombstone(client: Client, deliver: Deliver) -> None:
    past = timezone.now() - timedelta(seconds=1)
    story = deliver(expires_at=past).story
    deliver(title="Còn hạn", expires_at=timezone.now() + timedelta(hours=1))
    withdrawn = deliver(expires_at=past).story
    deliver(withdrawn, Action.RETRACT)
    assert titles(client) == ["Còn hạn"]
    assert str(story) not in fetch(client, "atom").content.decode()


def test_an_expired_correction_does_not_bring_the_first_version_back(
    client: Client, deliver: Deliver
) -> None:
    story = deliver().story
    deliver(story, Action.UPDATE, sequence=2, expires_at=timezone.now())
    assert titles(client) == []


def test_items_stand_newest_first_up_to_the_limit(client: Client, deliver: Deliver) -> None:
    for hour in (3, 1, 2, *range(4, 25)):
        deliver(title=f"Tin {hour}", published=START - timedelta(hours=hour))
    assert titles(client) == [f"Tin {hour}" for hour in range(1, 21)]


def test_times_compare_as_moments_whatever_their_offset(client: Client, deliver: Deliver) -> None:
    deliver(title="Sau", published=datetime.fromisoformat("2026-03-02T01:00:00+00:00"))
    deliver(title="Trước", published=datetime.fromisoformat("2026-03-02T07:30:00+07:00"))
    assert titles(client) == ["Sau", "Trước"]


def test_feeds_do_not_mix(client: Client, deliver: Deliver) -> None:
    other = Channel.objects.create(name="Báo", slug="bao-chi", kind="feed", is_active=True)
    deliver(title="Cho báo", channel=other)
    deliver(title="Cho đài")
    assert titles(client) == ["Cho đài"]


@pytest.mark.parametrize("form", FORMS)
def test_closed_foreign_and_unknown_feeds_are_not_found(
    client: Client, radio: Channel, form: str
) -> None:
    Channel.objects.create(name="Tắt", slug="tat", kind="feed")
    Channel.objects.create(name="Nhóm", slug="nhom", kind="telegram", is_active=True)
    Channel.objects.create(
        name="Hỏng", slug="hong", kind="feed", is_active=True, options={"limit": "nhiều"}
    )
    for slug in ("tat", "nhom", "hong", "khong-co"):
        assert client.get(f"/feeds/{slug}.{form}").status_code == 404
    assert client.get("/feeds/phat-thanh.doc").status_code == 404
    assert client.post(f"/feeds/phat-thanh.{form}").status_code == 405


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [0, 1, 60])
def test_the_number_of_queries_does_not_grow(
    client: Client, radio: Channel, deliver: Deliver, form: str, count: int
) -> None:
    Channel.objects.filter(pk=radio.pk).update(options={"limit": 200})
    for _ in range(count):
        deliver()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = fetch(client, form)
    assert response.status_code == 200
    assert len(queries) <= 3


def test_a_published_item_is_in_the_feed_at_once(client: Client, radio: Channel) -> None:
    Channel.objects.filter(pk=radio.pk).update(options={"variant": "spoken"})
    story = factories.story()
    with transaction.atomic():
        outbox.publish(story)
    [item] = json.loads(fetch(client, "json").content)["items"]
    assert (item["id"], item["content_text"]) == (f"urn:uuid:{story.key}", story.spoken)
    with transaction.atomic():
        outbox.publish(replace(story, title="Tin đã sửa"))
    assert titles(client) == ["Tin đã sửa"]
    with transaction.atomic():
        assert outbox.retract(story.key) == 1
    assert titles(client) == ["[ĐÃ GỠ]"]
    with transaction.atomic():
        outbox.publish(replace(story, title="Đăng lại"))
    assert titles(client) == ["Đăng lại"]
    with transaction.atomic():
        outbox.expire(story.key, timezone.now())
    assert titles(client) == []


# Conditional requests


@pytest.mark.parametrize("form", FORMS)
def test_a_client_that_has_it_gets_304(client: Client, deliver: Deliver, form: str) -> None:
    deliver()
    first = fetch(client, form)
    etag, modified = first["ETag"], first["Last-Modified"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
    assert parsedate_to_datetime(modified) == START
    assert first["Cache-Control"] == "public, no-cache"
    for validator in (etag, f"W/{etag}", f'"khac", W/"la", {etag}', "*"):
        again = fetch(client, form, if_none_match=validator)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == etag
        assert again["Cache-Control"] == "public, no-cache"
    assert fetch(client, form, if_modified_since=modified).status_code == 304
    assert fetch(client, form, if_none_match='"khac"').status_code == 200
    # RFC 9110, 13.1.3: the tag decides when both are given.
    both = fetch(client, form, if_none_match='"khac"', if_modified_since=modified)
    assert both.status_code == 200


@pytest.mark.parametrize("action", [Action.UPDATE, Action.RETRACT])
def test_a_change_ends_the_304(client: Client, deliver: Deliver, action: Action) -> None:
    story = deliver().story
    first = fetch(client)
    deliver(story, action, sequence=2, title="Tin đã sửa")
    assert fetch(client, if_none_match=first["ETag"]).status_code == 200
    assert fetch(client, if_modified_since=first["Last-Modified"]).status_code == 200


def test_an_expiry_ends_the_304(client: Client, deliver: Deliver) -> None:
    publication = deliver().publication
    first = fetch(client)
    Publication.objects.filter(pk=publication.pk).update(expires_at=timezone.now())
    assert fetch(client, if_none_match=first["ETag"]).status_code == 200
    assert fetch(client, if_modified_since=first["Last-Modified"]).status_code == 200


def test_head_gives_the_head_alone(client: Client, deliver: Deliver) -> None:
    deliver()
    head = client.head("/feeds/phat-thanh.xml")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == fetch(client)["ETag"]
    match = client.head("/feeds/phat-thanh.xml", headers={"if-none-match": head["ETag"]})
    assert match.status_code == 304


def test_no_cookie_makes_a_feed_private(client: Client, deliver: Deliver) -> None:
    deliver()
    response = fetch(client)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_ten_years_of_items_are_not_read_for_one_page(radio: Channel, deliver: Deliver) -> None:
    for _ in range(5):
        deliver()
    with CaptureQueriesContext(connection) as queries:
        listing(radio, Options(), timezone.now())
    assert len(queries) == 2
    assert all("LIMIT 200" in query["sql"] or " IN (" in query["sql"] for query in queries)


# The page for people


def test_the_page_says_what_each_feed_carries(
    client: Client, radio: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "_providers", [lambda: [("mot-cua", "Một cửa")]])
    Channel.objects.filter(pk=radio.pk).update(
        options={"variant": "spoken", "description": "Bản tin cho đài <tỉnh>."},
        takes_sections=["mot-cua", "chuyen-muc-cu"],
        takes_levels=["urgent"],
    )
    Channel.objects.create(name="Đang tắt", slug="tat", kind="feed")
    page = client.get("/feeds/").content.decode()
    for text in (
        "Phát thanh",
        "Bản tin cho đài &lt;tỉnh&gt;.",
        "Một cửa, chuyen-muc-cu",
        "Khẩn cấp",
        f"{SITE}feeds/phat-thanh.xml",
        f"{SITE}feeds/phat-thanh.atom",
        f"{SITE}feeds/phat-thanh.json",
    ):
        assert text in page
    assert "Đang tắt" not in page


def test_the_page_without_feeds_says_so(client: Client, db: None) -> None:
    assert "Hiện chưa có nguồn tin nào" in client.get("/feeds/").content.decode()
