"""Composed letters, folding and slugs."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold, nfc, nfc_deep, opening, slugify


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Đẩy mạnh cải cách", "day-manh-cai-cach"),
        ("Kế hoạch số 95/KH-UBND", "ke-hoach-so-95kh-ubnd"),
        (unicodedata.normalize("NFD", "Ưu tiên hỗ trợ"), "uu-tien-ho-tro"),
        ("  --  ", ""),
        ("Điều 3, khoản 2", "dieu-3-khoan-2"),
    ],
)
def test_slugs_are_ascii(typed, slug):
    assert slugify(typed) == slug


def test_a_long_slug_is_cut_at_a_word():
    assert slugify("cải cách hành chính", limit=10) == "cai-cach"
    assert slugify("nghiêng" * 5, limit=10) == "nghiengngh"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kế hoạch số 95/KH-UBND", "ke hoach so 95 kh ubnd"),
        ("hòa", "hoà"),
        ("ĐẨY MẠNH", "day manh"),
        (unicodedata.normalize("NFD", "thủ tục"), "thủ tục"),
    ],
)
def test_what_reads_alike_folds_alike(one, other):
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_and_slugs_hold_for_any_text(text):
    assert re.fullmatch(r"([a-z0-9]+( [a-z0-9]+)*)?", fold(text))
    assert fold(fold(text)) == fold(text)
    assert re.fullmatch(r"[a-z0-9_-]*", slugify(text))
    assert len(slugify(text, limit=20)) <= 20
    assert nfc(nfc(text)) == nfc(text)


def test_every_text_inside_json_is_composed():
    raw = unicodedata.normalize("NFD", "Đổi mới")
    assert nfc_deep([{"a": raw, "n": 1}, (raw, None)]) == [
        {"a": "Đổi mới", "n": 1},
        ["Đổi mới", None],
    ]


def test_an_opening_is_the_first_paragraph_cut_at_a_word():
    assert opening("Một câu.\n\nCâu hai.", limit=200) == "Một câu."
    assert opening("nâng cấp hệ thống, tạm dừng", limit=19) == "nâng cấp hệ thống…"
    assert opening("nghiêng" * 5, limit=10) == "nghiêngng…"
    assert opening("", limit=5) == ""


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_an_opening_is_what_the_text_begins_with(text, limit):
    first = opening(text, limit=limit)
    assert text.strip().startswith(first.removesuffix("…"))
    assert len(first) <= limit
