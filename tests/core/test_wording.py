"""Who changed the words last, decided from versions alone."""

import json
from typing import Any

import pytest

from core.wording import last_editor, readable_fields, words_of
from portal.models import AnnouncementPage, ArticlePage

LAN, BINH, DUY = 1, 2, 3


@pytest.mark.parametrize(
    ("newest_first", "expected"),
    [
        ([], None),
        ([(LAN, "a")], LAN),
        ([(BINH, "b"), (LAN, "a")], BINH),
        ([(DUY, "b"), (BINH, "b"), (LAN, "a")], BINH),  # Duy only pressed a button
        ([(DUY, "a"), (BINH, "a"), (LAN, "a")], LAN),
        ([(LAN, "a"), (BINH, "b"), (LAN, "a")], LAN),  # put back as it was: an edit as well
        ([(DUY, "b"), (None, "b"), (LAN, "a")], None),  # changed by a program
    ],
)
def test_the_last_editor_is_who_changed_the_words(
    newest_first: list[tuple[int | None, str]], expected: int | None
) -> None:
    assert last_editor(newest_first) == expected


def stream(text: str, block: str = "1") -> str:
    return json.dumps([{"type": "paragraph", "value": text, "id": block}])


BEFORE = {"title": "Tin", "summary": "Tóm tắt", "body": stream("<p>Nội dung</p>")}


@pytest.mark.parametrize(
    "change",
    [
        {"go_live_at": "2026-05-04T00:00:00Z"},
        {"expire_at": "2026-05-04T00:00:00Z", "slug": "khac", "owner": 5, "locked": True},
        {"section": 7, "level": "urgent", "genre": "feature", "is_pinned": True},
        {"body": stream('<p data-block-key="x1y2z">Nội  dung</p>', block="2")},
        {"body": stream("<p><b>Nội dung</b></p>")},
        {"wagtail_admin_comments": [{"text": "Xem lại"}]},
        {"variants": {"radio": {"based_on": "d41d8"}}, "byline": None},
        {"related_documents": []},
    ],
    ids=lambda change: next(iter(change)),
)
def test_schedule_filing_and_markup_are_not_words(change: dict[str, Any]) -> None:
    before = BEFORE | {"variants": {"radio": {}}}
    assert words_of(before | change, ArticlePage) == words_of(before, ArticlePage)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Tin khác"},
        {"summary": "Tóm tắt."},
        {"body": stream("<p>Nội dung mới</p>")},
        {"body": stream('<p><a href="https://khac.example/">Nội dung</a></p>')},
        {"picture": 5},
        {"picture_caption": "Quầy số 1"},
        {"byline": "Lan"},
        {"related_documents": [{"pk": None, "document": 3, "title": ""}]},
        {"variants": {"radio": {"texts": {"text": "Đọc khác"}}}},
        {"search_description": "Mô tả"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_everything_read_is_words(change: dict[str, Any]) -> None:
    if "variants" in change and "variants" not in readable_fields(ArticlePage):
        pytest.skip("the item has no variants")
    assert words_of(BEFORE | change, ArticlePage) != words_of(BEFORE, ArticlePage)


def test_saving_a_row_again_changes_no_words() -> None:
    new = {"related_documents": [{"pk": None, "page": None, "document": 3, "title": "Tệp"}]}
    saved = {
        "related_documents": [
            {"pk": 4, "page": 9, "sort_order": 0, "document": 3, "title": "Tệp"},
        ]
    }
    assert words_of(new, ArticlePage) == words_of(saved, ArticlePage)


def test_texts_that_look_like_data_or_markup_are_compared_as_they_are() -> None:
    for text in ("[{không phải dữ liệu", "Điểm < 5 & tỷ lệ > 3", "[]"):
        assert words_of({"title": text}, AnnouncementPage)["title"] in (text, "")
