"""Feeds as documents: valid RSS 2.0, Atom and JSON Feed, whatever the texts hold."""

import json
import re
import uuid
from email.utils import parsedate_to_datetime

import feedparser
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from channels.feeds import documents
from channels.feeds.entries import Entry, Listing, legal
from channels.models import Action, Channel
from tests.channels.feed_fixtures import (
    ATOM,
    CONTENT,
    CREATOR,
    FORMS,
    HEADLINE,
    MEDIA,
    SITE,
    START,
    Deliver,
    fetch,
    message,
    parsed,
)


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
    assert (channel.findtext("lastBuildDate") or "").endswith(" +0700")
    own = channel.find(f"{ATOM}link")
    assert own is not None
    assert own.attrib == {"rel": "self", "href": f"{SITE}feeds/phat-thanh.xml"}
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
    assert links["self"] == f"{SITE}feeds/phat-thanh.atom"


def test_json_has_what_json_feed_demands(client: Client, deliver: Deliver) -> None:
    story = deliver().story
    response = fetch(client, "json")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{SITE}feeds/phat-thanh.json"
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
            "_nhipcau": {"credit": "Hoàng Lan"},
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
