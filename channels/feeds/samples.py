"""Samples of items in every format, written by the same code that writes the feeds.

So they cannot differ from what newsrooms get. Nothing in them was ever published.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from xml.dom import minidom
from zoneinfo import ZoneInfo

from channels.adapters.feed import Feed
from channels.adapters.feed_options import Options
from channels.contract import Document, Message, Picture, Story
from channels.feeds import documents
from channels.feeds.entries import Entry, Listing, Podcast, entry_from, podcast_guid, tombstone

MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TAGS = {"xml": ("item", "item"), "atom": ("entry", "at:deleted-entry")}


@dataclass(frozen=True, slots=True)
class Sample:
    """One state of an item in one format."""

    form: str  # ending of the addresses in this format
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class State:
    """How an item looks in every format, at one point of its life."""

    name: str  # new, corrected, embargoed, withdrawn, episode
    samples: list[Sample]


@lru_cache(maxsize=4)
def samples(site: str) -> list[State]:
    """Return the samples as feeds at this absolute address would have them."""
    story = _story(site)
    new = _said(story)
    noted = "Sửa thời gian tiếp nhận: từ 7 giờ 30, không phải từ 7 giờ."
    corrected = replace(
        _said(replace(story, correction=noted, corrected=MOMENT + timedelta(hours=2))),
        updated=MOMENT + timedelta(hours=2),
    )
    embargoed = _said(replace(story, embargo=MOMENT + timedelta(hours=9)))
    spoken = _said(story, variant="spoken")
    return [
        _state("new", entry_from(new), site),
        _state("corrected", entry_from(corrected), site),
        _state("embargoed", entry_from(embargoed), site),
        _state("withdrawn", tombstone(new, MOMENT + timedelta(days=1)), site),
        _state("episode", entry_from(spoken), site, podcast=_podcast(site)),
    ]


def _story(site: str) -> Story:
    paragraphs = [
        "Từ ngày 20/11/2026, Trung tâm Phục vụ hành chính công xã tiếp nhận hồ sơ từ 7 giờ 30 và "
        "trả kết quả trong ngày đối với 12 thủ tục.",
        "Người dân có thể nộp hồ sơ trực tuyến trước khi đến.",
    ]
    return Story(
        key="7d0c3f0e-0d3a-4f0e-9a55-3c1b6a3f5b10",
        sequence=1,
        title="Xã trả kết quả 12 thủ tục hành chính trong ngày",
        summary="Người dân nộp hồ sơ buổi sáng, nhận kết quả buổi chiều.",
        text="\n\n".join(paragraphs),
        html="".join(f"<p>{paragraph}</p>" for paragraph in paragraphs),
        spoken="Từ ngày hai mươi tháng mười một, xã trả kết quả mười hai thủ tục trong ngày.",
        address=f"{site}tin-tuc/xa-tra-ket-qua-12-thu-tuc-hanh-chinh-trong-ngay/",
        section="cai-cach-hanh-chinh",
        section_name="Cải cách hành chính",
        author="Nguyễn Văn Mẫu",
        published=MOMENT,
        updated=MOMENT,
        picture=Picture(
            url=f"{site}uploads/images/mot-cua.jpg",
            file="mot-cua.jpg",
            mime="image/jpeg",
            size=183_402,
            width=1600,
            height=1067,
            caption="Người dân tại Bộ phận Một cửa",
            credit="Trần Thị Mẫu",
        ),
        documents=(
            Document(
                url=f"{site}uploads/documents/ban-tin.mp3",
                file="ban-tin.mp3",
                title="Bản tin phát thanh",
                mime="audio/mpeg",
                size=1_448_960,
            ),
        ),
    )


def _said(story: Story, variant: str = "text") -> Message:
    options = Options.model_validate({"variant": variant})
    # It composes, and so needs no way out.
    return Feed(options, "", http=None, files=None).compose(story)  # type: ignore[arg-type]


def _podcast(site: str) -> Podcast:
    return Podcast(
        guid=podcast_guid(f"{site}feeds/phat-thanh.xml"),
        author="Bản tin mẫu",
        owner="Bản tin mẫu",
        email="bientap@example.vn",
        cover=f"{site}uploads/images/bia.jpg",
        category="Government",
        order="episodic",
        medium="podcast",
        explicit=False,
        locked=True,
    )


def _state(name: str, entry: Entry, site: str, *, podcast: Podcast | None = None) -> State:
    listing = Listing(
        slug="mau",
        title="Mẫu",
        description="Mẫu",
        language="vi",
        variant="spoken" if podcast else "text",
        entries=(entry,),
        changed=MOMENT,
        podcast=podcast,
    )
    where: dict[str, Any] = {"site": site, "own": f"{site}feeds/mau"}
    found = [
        Sample("xml", "RSS 2.0", _element(documents.rss(listing, **where), "xml", entry)),
        Sample("atom", "Atom", _element(documents.atom(listing, **where), "atom", entry)),
        Sample("json", "JSON Feed", _object(documents.json_feed(listing, **where))),
    ]
    return State(name, found[:1] if podcast else found)


def _element(document: bytes, form: str, entry: Entry) -> str:
    """Return the entry's element with its parts on lines of their own."""
    parsed = minidom.parseString(document)  # noqa: S318 - our own document
    tag = TAGS[form][entry.withdrawn]
    written: str = parsed.getElementsByTagName(tag)[0].toprettyxml(indent="  ")
    return written.strip()


def _object(document: bytes) -> str:
    return json.dumps(json.loads(document)["items"][0], ensure_ascii=False, indent=2)
