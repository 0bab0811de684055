"""The published rules of every format, asked of a feed that holds all that a feed can hold."""

import json
import re
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test import Client
from lxml import etree
from pydantic import ValidationError

from channels.adapters.feed_options import Options
from channels.contract import Document
from channels.feeds.entries import podcast_guid
from channels.feeds.models import StationKey
from channels.feeds.samples import samples
from channels.models import Action, Channel, Delivery, State
from tests.channels.feed_fixtures import (
    ATOM,
    FORMS,
    MEDIA,
    PICTURE,
    SITE,
    START,
    TOMBSTONE,
    Deliver,
    fetch,
    parsed,
)

pytestmark = pytest.mark.one_database

STANDARDS = Path(__file__).parents[3] / "shared" / "standards"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
AVAILABLE = "{http://purl.org/dc/terms/}available"
RFC_822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0700"
)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00")
SOUND = Document(
    url="https://tinh.test/âm thanh/ban-tin.mp3", file="b.mp3", title="Bản tin",
    mime="audio/mpeg", size=1_234_567, seconds=61.2,
)  # fmt: skip
OPTIONS = {
    "variant": "spoken",
    "limit": 20,
    "rights": "Ghi rõ nguồn khi sử dụng lại",
    "hubs": ["https://hub.example.vn/"],
    "podcast": True,
    "podcast_cover": "https://tinh.test/bia.png",
    "podcast_email": "bientap@tinh.test",
    "podcast_category": "News/Daily News",
}


@pytest.fixture
def full(radio: Channel, deliver: Deliver) -> Channel:
    """A podcast with an episode, a corrected item, one without anything, and a tombstone."""
    Channel.objects.filter(pk=radio.pk).update(options=OPTIONS)
    other = {"url": "https://tinh.test/nho.jpg", "file": "n.jpg", "mime": "image/jpeg",
             "size": 9, "width": 1600, "height": 900}  # fmt: skip
    deliver(documents=(SOUND,), images=(PICTURE,), details={"other_picture": other})
    story = deliver(documents=(SOUND,)).story
    later = START + timedelta(hours=1)
    marks = {"corrected": later.isoformat()}
    deliver(story, Action.UPDATE, sequence=2, updated=later, documents=(SOUND,), details=marks)
    deliver(author="", section="", image=None, html="", text="Chỉ có chữ & <dấu>.")
    deliver(deliver().story, Action.RETRACT)
    return radio


def texts(root: ElementTree.Element, *path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind("/".join(path))]


def addresses_in(root: ElementTree.Element) -> list[str]:
    found = [element.attrib[name] for element in root.iter() for name in ("url", "href")
             if name in element.attrib]  # fmt: skip
    return found + [
        text for tag in ("link", "url", "comments") for text in texts(root, f".//{tag}")
    ]


def test_rss_keeps_its_rules(client: Client, full: Channel) -> None:
    root = parsed(fetch(client, "xml").content)
    [channel] = root
    for required in ("title", "link", "description"):
        assert len(texts(channel, required)) == 1
    [built] = texts(channel, "lastBuildDate")
    assert RFC_822.fullmatch(built)
    [image] = channel.findall("image")  # its title and link are those of the channel
    assert image.findtext("title") == channel.findtext("title")
    assert image.findtext("link") == channel.findtext("link")
    items = channel.findall("item")
    assert len(items) == 4
    for item in items:
        assert item.find("title") is not None or item.find("description") is not None
        assert all(RFC_822.fullmatch(text) for text in texts(item, "pubDate"))
        [guid] = item.findall("guid")
        assert guid.attrib == {"isPermaLink": "false"}
        uuid.UUID((guid.text or "").removeprefix("urn:uuid:"))
        assert len(item.findall("enclosure")) <= 1
        for enclosure in item.findall("enclosure"):
            assert enclosure.attrib.keys() == {"url", "length", "type"}
            assert enclosure.attrib["length"].isdecimal()
    assert len(set(texts(channel, "item", "guid"))) == 4


@pytest.mark.parametrize("form", ["xml", "atom"])
def test_every_address_is_absolute_and_ascii(client: Client, full: Channel, form: str) -> None:
    found = addresses_in(parsed(fetch(client, form).content))
    assert len(found) > 10
    assert all(re.fullmatch(r"https?://[!-~]+", address) for address in found if address)


def test_atom_keeps_the_rules_of_rfc_4287(client: Client, full: Channel) -> None:
    root = parsed(fetch(client, "atom").content)
    for parent in (root, *root.findall(f"{ATOM}entry")):
        for once in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{once}")) == 1
        for at_most_once in ("rights", "summary", "content", "published", "logo", "subtitle"):
            assert len(parent.findall(f"{ATOM}{at_most_once}")) <= 1
        moments = texts(parent, f"{ATOM}updated") + texts(parent, f"{ATOM}published")
        assert all(RFC_3339.fullmatch(moment) for moment in moments)
        alternates = [
            (link.get("type"), link.get("hreflang"))
            for link in parent.findall(f"{ATOM}link")
            if link.get("rel") == "alternate"
        ]
        assert len(alternates) == len(set(alternates)) == 1
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    enclosures = [
        link for link in root.findall(f"{ATOM}entry/{ATOM}link") if link.get("rel") == "enclosure"
    ]
    assert {link.get("type") for link in enclosures} == {"audio/mpeg", "image/jpeg"}
    [stone] = root.findall(TOMBSTONE)
    assert stone.attrib.keys() == {"ref", "when"}  # RFC 6721, section 3
    assert RFC_3339.fullmatch(stone.attrib["when"])


def test_json_feed_keeps_its_rules(client: Client, full: Channel) -> None:
    feed = json.loads(fetch(client, "json").content)
    assert feed.keys() >= {"version", "title", "items"}
    assert {key for key in feed if key.startswith("_")} == {"_nhipcau"}
    assert feed["_nhipcau"]["about"] == f"{SITE}feeds/"
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example.vn/"}]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert "content_text" in item or "content_html" in item
        for moment in (item["date_published"], item["date_modified"]):
            assert RFC_3339.fullmatch(moment)
        for attachment in item.get("attachments", []):
            assert attachment.keys() >= {"url", "mime_type"}
            assert re.fullmatch(r"https?://[!-~]+", attachment["url"])
    assert feed["items"][-1]["attachments"][0]["mime_type"] == "audio/mpeg"


# The content models of Media RSS 1.5 (rssboard.org/media-rss), as far as we use it.
CONTENT = {"url", "fileSize", "type", "medium", "isDefault", "expression", "bitrate", "framerate",
           "samplingrate", "channels", "duration", "height", "width", "lang"}  # fmt: skip
OPTIONAL = {"rating", "title", "description", "keywords", "thumbnail", "category", "hash", "player",
            "credit", "copyright", "text", "restriction", "rights", "license"}  # fmt: skip


@pytest.mark.parametrize("form", ["xml", "atom"])
def test_media_rss_keeps_its_rules(client: Client, full: Channel, form: str) -> None:
    root = parsed(fetch(client, form).content)
    contents = list(root.iter(f"{MEDIA}content"))
    assert {content.get("medium") for content in contents} == {"image", "audio"}
    for content in contents:
        assert content.attrib.keys() <= CONTENT
        assert content.get("url")
        assert content.get("isDefault", "true") in {"true", "false"}
        assert {child.tag.removeprefix(MEDIA) for child in content} <= OPTIONAL
    [group] = root.iter(f"{MEDIA}group")  # the same picture in two sizes
    assert [content.get("isDefault") for content in group] == ["true", "false"]
    for credit in root.iter(f"{MEDIA}credit"):
        assert (credit.get("role"), credit.get("scheme")) == ("photographer", "urn:ebu")
    for plain in (*root.iter(f"{MEDIA}title"), *root.iter(f"{MEDIA}description")):
        assert plain.get("type") in {"plain", "html"}
    assert all(thumbnail.get("url") for thumbnail in root.iter(f"{MEDIA}thumbnail"))
    assert {rights.get("status") for rights in root.iter(f"{MEDIA}rights")} == {"official"}
    assert [one.text for one in root.iter(f"{MEDIA}copyright")] == [OPTIONS["rights"]]
    assert "Một cửa" in [one.text for one in root.iter(f"{MEDIA}keywords")]


def test_a_podcast_has_what_directories_ask_for(client: Client, full: Channel) -> None:
    [channel] = parsed(fetch(client, "xml").content)
    for required in ("author", "explicit", "type"):
        assert len(texts(channel, f"{ITUNES}{required}")) == 1
    assert channel.findtext(f"{ITUNES}explicit") in {"true", "false"}
    assert channel.findtext(f"{ITUNES}owner/{ITUNES}email") == "bientap@tinh.test"
    category = channel.find(f"{ITUNES}category")
    assert category is not None
    assert [category.get("text"), category[0].get("text")] == ["News", "Daily News"]
    cover = channel.find(f"{ITUNES}image")
    assert cover is not None
    assert cover.get("href") == "https://tinh.test/bia.png"
    episodes = [item for item in channel.findall("item") if item.find(f"{ITUNES}title") is not None]
    assert len(episodes) == 2
    for episode in episodes:
        enclosure = episode.find("enclosure")
        assert enclosure is not None
        assert enclosure.attrib == {
            "url": "https://tinh.test/%C3%A2m%20thanh/ban-tin.mp3",
            "length": "1234567",
            "type": "audio/mpeg",
        }
        assert episode.findtext(f"{ITUNES}episodeType") == "full"


def test_the_length_of_a_recording_is_told_in_whole_seconds(
    client: Client, full: Channel, deliver: Deliver
) -> None:
    """Apple's rules and Media RSS 1.5 take seconds, JSON Feed 1.1 a number of them."""
    deliver(documents=(replace(SOUND, seconds=0),))  # nobody knows
    root = parsed(fetch(client, "xml").content)
    assert texts(root, f".//{ITUNES}duration") == ["62", "62"]
    sounds = [one for one in root.iter(f"{MEDIA}content") if one.get("medium") == "audio"]
    assert [one.get("duration") for one in sounds] == [None, "62", "62"]
    items = json.loads(fetch(client, "json").content)["items"]
    told = [one.get("duration_in_seconds") for item in items for one in item.get("attachments", [])
            if one["mime_type"] == "audio/mpeg"]  # fmt: skip
    assert told == [None, 62, 62]


def test_the_podcast_namespace_keeps_its_schema(client: Client, full: Channel) -> None:
    if not STANDARDS.exists():
        pytest.skip("The published schemas do not lie beside the checkout")
    schema = etree.XMLSchema(etree.parse(STANDARDS / "podcast-wrapper.xsd"))
    root = etree.fromstring(fetch(client, "xml").content)
    known = {f"{PODCAST}locked", f"{PODCAST}person"}
    wrapper = etree.Element(f"{PODCAST}test-wrapper")
    used = [one for one in root.iter() if str(one.tag).startswith(PODCAST)]
    assert {one.tag for one in used} == known | {f"{PODCAST}guid", f"{PODCAST}medium"}
    wrapper.extend([one for one in used if one.tag in known])  # the schema lacks the other two
    assert len(wrapper) == 3
    schema.assertValid(wrapper)


def test_the_identity_of_a_podcast(client: Client, full: Channel) -> None:
    # The example of the namespace's own documentation.
    assert podcast_guid("https://mp3s.nashownotes.com/pc20rss.xml") == (
        "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    )
    [channel] = parsed(fetch(client, "xml").content)
    found = channel.findtext(f"{PODCAST}guid")
    assert found == podcast_guid(f"{SITE}feeds/phat-thanh.xml")
    assert uuid.UUID(found).version == 5
    moved = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"
    Channel.objects.filter(pk=full.pk).update(options=OPTIONS | {"podcast_guid": moved})
    [channel] = parsed(fetch(client, "xml").content)
    assert channel.findtext(f"{PODCAST}guid") == moved


def test_readers_find_the_episode_in_every_format(client: Client, full: Channel) -> None:
    for form in ("xml", "atom"):
        read = feedparser.parse(
            fetch(client, form).content, response_headers={"content-type": "application/xml"}
        )
        assert read.bozo == 0
        kinds = {one["type"] for entry in read.entries for one in entry.get("enclosures", [])}
        assert "audio/mpeg" in kinds


@pytest.mark.parametrize("form", FORMS)
def test_an_embargo_is_marked_for_programs_too(
    client: Client, radio: Channel, deliver: Deliver, form: str
) -> None:
    _key, token = StationKey.make(radio, "Đài tỉnh", None)
    deliver(details={"embargo": (START + timedelta(hours=2)).isoformat()})
    body = client.get(f"/feeds/phat-thanh/{token}.{form}").content
    if form == "json":
        found = json.loads(body)["items"][0]["_nhipcau"]["embargo"]
    else:
        [found] = [one.text for one in parsed(body).iter(AVAILABLE)]
    assert datetime.fromisoformat(found) == START + timedelta(hours=2)


def test_samples_of_the_page_are_what_feeds_hold(client: Client, radio: Channel) -> None:
    page = client.get("/feeds/")
    for state in samples(SITE):
        for sample in state.samples:
            assert sample.text in [one.text for s in page.context["states"] for one in s.samples]
            if sample.form == "json":
                assert json.loads(sample.text)["id"].startswith("urn:uuid:")
            else:
                assert "7d0c3f0e" in sample.text
    shown = page.content.decode()
    for words in ("CHƯA ĐƯỢC PHÁT TRƯỚC", "[Đính chính]", "[ĐÃ GỠ]", "at:deleted-entry", "itunes:"):
        assert words in shown


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"podcast": True, "podcast_email": "a@b.vn"}, "podcast_cover"),
        ({"podcast": True, "podcast_cover": "https://tinh.test/bia.gif"}, "podcast_cover"),
        ({"podcast": True, "podcast_cover": "https://tinh.test/bia.png"}, "podcast_email"),
        ({"podcast_guid": "khong-phai"}, "podcast_guid"),
        ({"podcast_category": "Chuyện nhà"}, "podcast_category"),
        ({"hubs": ["hub.example.vn"]}, "hubs"),
        ({"hubs": ['https://hub.example.vn/">']}, "hubs"),
        ({"hubs": ["https://hub.example.vn/"] * 6}, "hubs"),
    ],
)
def test_settings_that_would_break_the_rules_are_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Options.model_validate(wrong)
    assert field in {error["loc"][0] for error in caught.value.errors()}


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="Plans of small tables say nothing on PostgreSQL"
)
def test_the_listing_walks_the_index(radio: Channel, deliver: Deliver) -> None:
    """However many rows a channel has, the newest ones are found in order."""
    deliver()
    newest = Delivery.objects.for_channel(radio).filter(state=State.DELIVERED)
    plan = newest.order_by("-settled_at", "-pk").values("pk")[:200].explain()
    assert "delivery_delivered" in plan
