"""The feed adapter: what each variant carries."""

import asyncio
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels import payload
from channels.adapters.feed import Feed
from channels.adapters.feed_contents import CONTENTS, paragraphs
from channels.adapters.feed_options import Options
from channels.contract import Files, HttpClient, Picture, Story

SMALL = Picture(
    url="https://tinh.test/a.jpg",
    file="a.jpg",
    mime="image/jpeg",
    size=4_321,
    width=1600,
    height=900,
)
WIDE = replace(SMALL, url="https://tinh.test/w.jpg", file="w.jpg", width=1920, height=1080)
STORY = Story(
    key="0a7e4f0e-5b1c-4c9e-9c33-f8f1d6a2a001",
    sequence=3,
    title="Xã Hữu Lũng trả kết quả trong ngày",
    summary="Người dân nhận kết quả ngay buổi chiều.",
    text="Đoạn một.\n\nĐoạn hai.",
    html="<p>Đoạn một.</p><p>Đoạn hai.</p>",
    spoken="Thưa bà con, đây là bản tin cải cách hành chính.\n\nTừ hôm nay & mai <sau>.",
    address="https://tinh.test/tin-tuc/tra-ket-qua/",
    section="mot-cua",
    section_name="Một cửa",
    author="Hoàng Lan",
    published=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    updated=datetime(2026, 3, 2, 2, 0, tzinfo=UTC),
    picture=SMALL,
    wide_picture=WIDE,
)


def feed(**options: Any) -> Feed:
    unused = cast(HttpClient, None), cast(Files, None)
    return Feed(Options(**options), "", http=unused[0], files=unused[1])


def test_the_general_feed_carries_summary_full_text_and_the_picture_as_uploaded() -> None:
    message = feed().compose(STORY)
    assert (message.text, message.html, message.image) == (STORY.summary, STORY.html, SMALL)
    assert (message.section, message.author) == ("Một cửa", "Hoàng Lan")
    assert (message.published, message.updated) == (STORY.published, STORY.updated)


def test_the_radio_feed_carries_what_a_newsreader_says_and_no_picture() -> None:
    message = feed(variant="spoken").compose(STORY)
    assert message.text == STORY.spoken
    assert message.html == (
        "<p>Thưa bà con, đây là bản tin cải cách hành chính.</p>"
        "<p>Từ hôm nay &amp; mai &lt;sau&gt;.</p>"
    )
    assert message.image is None


def test_the_television_feed_carries_the_wide_picture() -> None:
    assert feed(variant="picture").compose(STORY).image == WIDE
    assert feed(variant="picture").compose(replace(STORY, wide_picture=None)).image is None


def test_without_full_text_a_feed_carries_the_beginning_only() -> None:
    brief = feed(full_text=False).compose(STORY)
    assert (brief.text, brief.html) == (STORY.summary, "")
    spoken = feed(full_text=False, variant="spoken").compose(STORY)
    assert (spoken.text, spoken.html) == (paragraphs(STORY.spoken)[0], "")


def test_a_section_without_a_name_is_listed_by_its_slug() -> None:
    assert feed().compose(replace(STORY, section_name="")).section == "mot-cua"


WRITTEN = replace(
    STORY,
    variants={
        "radio": {"text": "Tin ngắn.\n\nHết tin."},
        "loudspeaker": {"text": "Bà con chú ý."},
        "tv": {"headline": "Đầu đề hình", "crawl": "Chữ <chạy>", "script": "Lời một.\n\nLời hai."},
        "press": {"headline": "Đầu đề báo", "lead": "Sa pô báo"},
    },
)


def test_radio_and_loudspeakers_read_their_own_texts() -> None:
    assert feed(variant="spoken").compose(WRITTEN).text == "Tin ngắn.\n\nHết tin."
    aloud = feed(variant="loudspeaker").compose(WRITTEN)
    assert (aloud.text, aloud.html, aloud.image) == (
        "Bà con chú ý.",
        "<p>Bà con chú ý.</p>",
        None,
    )
    assert feed(variant="loudspeaker").compose(STORY).text == STORY.spoken  # frozen before variants


def test_television_gets_headline_script_and_crawl_before_the_whole_item() -> None:
    message = feed(variant="picture").compose(WRITTEN)
    assert message.title == "Đầu đề hình"
    assert message.text == "Lời một.\n\nLời hai.\n\nChữ chạy: Chữ <chạy>"
    assert message.html.startswith("<p>Lời một.</p><p>Lời hai.</p><p><strong>Chữ chạy:</strong> ")
    assert "Chữ &lt;chạy&gt;" in message.html
    assert message.html.endswith(STORY.html)
    brief = feed(variant="picture", full_text=False).compose(WRITTEN)
    assert (brief.text, brief.html) == ("Chữ <chạy>", "")


def test_newspapers_get_the_item_with_what_was_written_for_them() -> None:
    message = feed(variant="press").compose(WRITTEN)
    assert (message.title, message.text) == ("Đầu đề báo", "Sa pô báo")
    assert (message.html, message.image) == (STORY.html, STORY.picture)
    text = {"press": {"text": "Một.\n\nHai & ba."}}
    plain = feed(variant="press").compose(replace(STORY, variants=text))
    assert (plain.title, plain.text) == (STORY.title, STORY.summary)
    assert plain.html == "<p>Một.</p><p>Hai &amp; ba.</p>"


@given(spoken=st.text(), variant=st.sampled_from(sorted(CONTENTS)))
def test_composing_is_pure_and_survives_the_outbox(spoken: str, variant: str) -> None:
    story = replace(STORY, spoken=spoken)
    first, second = (feed(variant=variant).compose(story) for _ in range(2))
    assert first == second == payload.message_from_json(payload.to_json(first))
    with pytest.raises(FrozenInstanceError):
        first.title = "khác"  # type: ignore[misc]


def test_every_verb_gives_the_stable_id_of_the_item_as_proof() -> None:
    adapter = feed()
    message = adapter.compose(STORY)
    sent = asyncio.run(adapter.send(message))
    assert sent.external_id == f"urn:uuid:{STORY.key}"
    assert sent.address == STORY.address
    assert asyncio.run(adapter.update(message, sent)) == sent
    withdrawn = asyncio.run(adapter.retract(message, sent))
    assert (withdrawn.external_id, withdrawn.address) == (sent.external_id, "")


@pytest.mark.parametrize(
    "options",
    [{"limit": 19}, {"limit": 201}, {"variant": "video"}, {"title": "a" * 201}, {"unknown": 1}],
)
def test_settings_outside_their_bounds_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options(**options)
