"""What counts as a correction, and what is said of it: rules without a database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels.adapters.feed import Feed
from channels.adapters.telegram import Telegram
from channels.contract import Message, Story
from channels.payload import story_from_json, to_json
from portal.corrections.comparing import pieces
from portal.corrections.deciding import differences
from portal.corrections.forms import NOTE_TEMPLATE, CorrectionForm
from portal.models import CorrectionMode
from tests import factories

NOTE = "Bản tin trước ghi 64 xã; đúng là 65 xã."
REASON = "Nhầm số xã"


def changed(before: Story, **values: object) -> list[str]:
    after = replace(before, **values)  # type: ignore[arg-type]
    return [change.field for change in differences(before, after, set(to_json(before)))]


def test_what_nobody_sees_is_no_correction() -> None:
    story = factories.story()
    later = datetime(2026, 6, 1, tzinfo=UTC)
    assert changed(story, updated=later, sequence=9, correction=NOTE, embargo=later) == []


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"title": "Khác", "spoken": "Khác"}, ["title"]),
        ({"text": "Khác", "html": "<p>Khác</p>", "spoken": "Khác"}, ["text"]),
        ({"html": "<p><b>Đậm</b></p>"}, ["html"]),
        ({"spoken": "Khác"}, ["spoken"]),
        ({"variants": {"telegram": {"text": "Khác"}}}, ["variants"]),
        ({"facts": {"documents": "Mẫu đơn: /documents/1/"}}, ["facts"]),
    ],
)
def test_what_any_receiver_sees_is_one(values: dict[str, object], fields: list[str]) -> None:
    assert changed(factories.story(), **values) == fields


def test_what_differs_is_marked_word_by_word() -> None:
    old, new = "Có 64 xã.\n\nKhông thu phí.", "Có 65 xã.\n\nKhông thu phí."
    assert list(pieces(old, new)) == [
        ("equal", "Có "),
        ("deletion", "64"),
        ("addition", "65"),
        ("equal", " xã."),
        ("equal", "\n"),
        ("equal", "…\n"),
    ]


def test_fields_that_came_with_a_later_version_are_no_change() -> None:
    stored = to_json(factories.story())
    del stored["variants"]
    before = story_from_json(stored)
    after = replace(before, variants={"radio": {"text": "Xin chào"}})
    assert list(differences(before, after, set(stored))) == []


def test_a_silent_correction_needs_no_note_and_drops_it() -> None:
    form = CorrectionForm({"reason": REASON, "mode": "silent", "note": NOTE})
    assert form.is_valid()
    assert (form.choice().mode, form.choice().note) == (CorrectionMode.SILENT, "")


@pytest.mark.parametrize("note", ["", "   ", NOTE_TEMPLATE])
def test_a_noted_correction_needs_its_note_filled_in(note: str) -> None:
    form = CorrectionForm({"reason": REASON, "mode": "noted", "note": note})
    assert set(form.errors) == {"note"}


@pytest.mark.parametrize("data", [{"mode": "silent"}, {"reason": "x", "mode": "silent"}])
def test_a_reason_is_a_reason(data: dict[str, str]) -> None:
    assert "reason" in CorrectionForm(data).errors


def composed(story: Story, **options: object) -> Message:
    chosen = Feed.Options.model_validate(options)
    return Feed(chosen, "", http=None, files=None).compose(story)  # type: ignore[arg-type]


CORRECTED = {
    "correction": NOTE,
    "correction_spoken": "Đúng là sáu mươi lăm xã.",
    "corrected": datetime(2026, 5, 5, 1, tzinfo=UTC),
}


def test_feeds_mark_the_headline_and_put_the_note_first() -> None:
    message = composed(factories.story(**CORRECTED), full_text=True)
    assert message.title == "[Đính chính] Khai trương Trung tâm Phục vụ hành chính công"
    assert message.text.startswith(f"Đính chính ngày 05/05/2026: {NOTE}\n\nNgười dân")
    assert message.html.startswith(f"<p>Đính chính ngày 05/05/2026: {NOTE}</p><p>Sáng")


def test_newsreaders_get_words_to_read_aloud() -> None:
    message = composed(factories.story(**CORRECTED), variant="spoken")
    assert message.text.startswith("Đính chính. Đúng là sáu mươi lăm xã.\n\n")


def test_a_group_reads_the_note_before_the_text() -> None:
    options = Telegram.Options.model_validate({"chat_id": -100123})
    adapter = Telegram(options, "1:x", http=None, files=None)  # type: ignore[arg-type]
    text = adapter.compose(factories.story(**CORRECTED)).text
    assert text.startswith("[Đính chính] Khai trương")
    assert text.index(NOTE) < text.index("Người dân nộp hồ sơ")
