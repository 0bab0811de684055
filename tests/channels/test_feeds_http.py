"""Feeds as receivers fetch them: what is listed, in valid documents, cheaply."""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from channels import audience, outbox
from channels.adapters.feed import Options
from channels.contract import Message, Picture
from channels.feeds import documents
from channels.feeds.listing import Entry, Listing, legal, listing
from channels.models import Action, Channel, Delivery, Publication, State
from channels.payload import to_json
from tests import factories

FORMS = ["xml", "atom", "json"]
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
MEDIA = "{http://search.yahoo.com/mrss/}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HEADLINE = "Xã Hữu Lũng trả kết quả trong ngày"
PICTURE = Picture(
    url="https://tinh.test/anh/mot cua.jpg",
    file="w.jpg",
    mime="image/jpeg",
    size=54_321,
    width=1920,
    height=1080,
    caption="Bộ phận Một cửa xã Hữu Lũng",
    credit="Hoàng Lan",
)

Deliver = Callable[..., Delivery]


@pytest.fixture
def radio(db: None) -> Channel:
    return Channel.objects.create(
        name="Phát thanh", slug="phat-thanh", kind="feed", is_active=True, options={"limit": 20}
    )


def message(story: uuid.UUID, **values: Any) -> Message:
    published = values.pop("published", START)
    return Message(
        **{
            "key": f"{story}:1",
            "story": str(story),
            "title": HEADLINE,
            "text": "Người dân nhận kết quả <b>ngay</b> buổi chiều.",
            "html": '<p>Từ 1/3, ai cũng được <a href="https://tinh.test/x?a=1&amp;b=2">hẹn</a>.</p>',
            "address": "https://tinh.test/tin-tuc/xã-hữu-lũng/",
            "image": PICTURE,
            "section": "Một cửa",
            "author": "Hoàng Lan",
            "published": published,
            "updated": published + timedelta(minutes=5),
            **values,
        }
    )


@pytest.fixture
def deliver(radio: Channel) -> Deliver:
    """Write one settled delivery; each call settles a second later than the one before."""
    clock = iter(START + timedelta(seconds=tick) for tick in range(10_000))

    def settled(
        story: uuid.UUID | None = None,
        action: Action = Action.PUBLISH,
        *,
        sequence: int = 1,
        state: State = State.DELIVERED,
        expires_at: datetime | None = None,
        channel: Channel | None = None,
        **values: Any,
    ) -> Delivery:
        story = story or uuid.uuid4()
        publication, _created = Publication.objects.get_or_create(
            story=story,
            sequence=sequence,
            defaults={"content": {}, "title": HEADLINE, "expires_at": expires_at},
        )
        return Delivery.objects.create(
            publication=publication,
            channel=channel or radio,
            story=story,
            sequence=sequence,
            action=action,
            payload=to_json(message(story, **values)),
            state=state,
            receipt={"external_id": str(story)},
            settled_at=next(clock),
        )

    return settled


def fetch(client: Client, form: str = "xml", **headers: str) -> Any:
    return client.get(f"/feeds/phat-thanh.{form}", headers=headers)


def parsed(body: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(body)  # noqa: S314 - our own document


def titles(client: Client) -> list[str]:
    return [item["title"] for item in json.loads(fetch(client, "json").content)["items"]]


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


# The documents


def test_rss_follows_the_rules_for_our_own_feeds(client: Client, deliver: Deliver) -> None:
    story = deliver().story
    response = fetch(client, "xml")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = parsed(response.content)
    channel = root.find("channel")
    assert root.tag == "rss"
    assert root.get("version") == "2.0"
    assert channel is not None
    assert channel.findtext("language") == "vi"
    own = channel.find(f"{ATOM}link")
    assert own is not None
    assert own.attrib == {"rel": "self", "href": "http://testserver/feeds/phat-thanh.xml"}
    item = channel.find("item")
    assert item is not None
    assert item.findtext("title") == HEADLINE
    assert item.findtext("link") == "https://tinh.test/tin-tuc/x%C3%A3-h%E1%BB%AFu-l%C5%A9ng/"
    assert item.findtext("description") == (
        "<p>Người dân nhận kết quả &lt;b&gt;ngay&lt;/b&gt; buổi chiều.</p>"
    )
    assert item.findtext(CONTENT) == message(story).html
    assert item.findtext("pubDate") == "Mon, 02 Mar 2026 08:30:00 +0700"
    assert item.findtext(CREATOR) == "Hoàng Lan"
    assert item.findtext("category") == "Một cửa"
    guid = item.find("guid")
    assert guid is not None
    assert (guid.text, guid.attrib) == (f"urn:uuid:{story}", {"isPermaLink": "false"})
    enclosure = item.find("enclosure")
    assert enclosure is not None
    url = "https://tinh.test/anh/mot%20cua.jpg"
    assert enclosure.attrib == {"url": url, "length": "54321", "type": "image/jpeg"}
    media = item.find(f"{MEDIA}content")
    assert media is not None
    assert (media.get("width"), media.get("height")) == ("1920", "1080")
    assert media.findtext(f"{MEDIA}credit") == "Hoàng Lan"


def test_atom_has_what_rfc_4287_demands(client: Client, deliver: Deliver) -> None:
    story = deliver(author="", image=None).story
    response = fetch(client, "atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = parsed(response.content)
    for required in ("id", "title", "updated", "author/{http://www.w3.org/2005/Atom}name"):
        assert root.findtext(f"{ATOM}{required}")
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{story}"
    assert entry.findtext(f"{ATOM}published") == "2026-03-02T08:30:00+07:00"
    assert entry.findtext(f"{ATOM}updated") == "2026-03-02T08:35:00+07:00"
    assert entry.findtext(f"{ATOM}content") == message(story).html
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == "http://testserver/feeds/phat-thanh.atom"


def test_json_has_what_json_feed_demands(client: Client, deliver: Deliver) -> None:
    story = deliver().story
    response = fetch(client, "json")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://testserver/feeds/phat-thanh.json"
    assert feed["language"] == "vi"
    [item] = feed["items"]
    assert item["id"] == f"urn:uuid:{story}"
    assert item["date_published"] == "2026-03-02T08:30:00+07:00"
    assert item["content_html"] == message(story).html
    assert item["authors"] == [{"name": "Hoàng Lan"}]
    assert item["attachments"] == [
        {
            "url": "https://tinh.test/anh/mot%20cua.jpg",
            "mime_type": "image/jpeg",
            "size_in_bytes": 54_321,
            "title": "Bộ phận Một cửa xã Hữu Lũng",
        }
    ]


@pytest.mark.parametrize("form", ["xml", "atom"])
def test_a_feed_reader_finds_nothing_to_complain_about(
    client: Client, deliver: Deliver, form: str
) -> None:
    story = deliver().story
    deliver(deliver().story, Action.RETRACT)
    feed = feedparser.parse(
        fetch(client, form).content, response_headers={"content-type": "application/xml"}
    )
    assert feed.bozo == 0
    assert feed.feed.language == "vi"
    entry = next(entry for entry in feed.entries if entry.id == f"urn:uuid:{story}")
    assert entry.title == HEADLINE
    assert entry.content[-1].value == message(story).html
    assert entry.enclosures[0]["length"] == "54321"
    assert parsedate_to_datetime(feed.entries[0].published) if form == "xml" else True


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_feed_is_valid_and_stays_the_same(
    client: Client, radio: Channel, form: str
) -> None:
    first, second = fetch(client, form), fetch(client, form)
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    if form != "json":
        content_type = {"content-type": "application/xml"}
        assert feedparser.parse(first.content, response_headers=content_type).bozo == 0


WILD = st.text(st.characters(exclude_categories=[]), max_size=40)  # surrogates and controls too


@given(title=WILD, text=WILD, html=WILD, address=WILD, withdrawn=st.booleans())
def test_no_text_can_break_a_document(
    title: str, text: str, html: str, address: str, withdrawn: bool
) -> None:
    entry = Entry(
        id=f"urn:uuid:{uuid.UUID(int=7)}",
        published=START,
        updated=START,
        withdrawn=withdrawn,
        title=legal(title),
        text=legal(text),
        html=legal(html),
        address=legal(address),
        author=legal(title),
        section=legal(text),
    )
    listed = Listing(
        slug="x",
        title=legal(title),
        description=legal(text),
        language="vi",
        variant="text",
        entries=(entry,),
        changed=START,
    )
    addresses = {"site": "http://testserver/", "own": "http://testserver/feeds/x"}
    assert parsed(documents.rss(listed, **addresses)).tag == "rss"
    assert parsed(documents.atom(listed, **addresses)).tag == f"{ATOM}feed"
    assert json.loads(documents.json_feed(listed, **addresses))["items"][0]["id"] == entry.id


@pytest.mark.parametrize("form", FORMS)
def test_control_characters_in_the_outbox_are_left_out(
    client: Client, radio: Channel, deliver: Deliver, form: str
) -> None:
    Channel.objects.filter(pk=radio.pk).update(options={"title": "Đài\x0b tỉnh"})
    dirty = "Dòng\x0b một\ufffe\x1b"
    deliver(title=dirty, text=dirty, html=f"<p>{dirty}</p>", author=dirty, section=dirty)
    text = fetch(client, form).content.decode()
    assert "Dòng một" in text
    assert "Đài tỉnh" in text
    assert not re.search("[\x0b\x1b\ufffe]", text)


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
        "http://testserver/feeds/phat-thanh.xml",
        "http://testserver/feeds/phat-thanh.atom",
        "http://testserver/feeds/phat-thanh.json",
    ):
        assert text in page
    assert "Đang tắt" not in page


def test_the_page_without_feeds_says_so(client: Client, db: None) -> None:
    assert "Hiện chưa có nguồn tin nào" in client.get("/feeds/").content.decode()
