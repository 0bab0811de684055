"""Composing, counting and keeping variants: rules without a database."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.variants import stored
from portal.variants.composers import COMPOSERS, Master, compose, crawl
from portal.variants.counting import excesses, fits, seconds, size, syllables, units
from portal.variants.cutting import beginning, sentences, within
from portal.variants.kinds import KINDS, LOUDSPEAKER, NEWSREADER, Limits
from portal.variants.showing import changes

MASTER = Master(
    title="Khai trương Trung tâm Phục vụ hành chính công",
    summary="UBND tỉnh ban hành Kế hoạch số 95/KH-UBND ngày 21/4/2021.",
    text="Sáng 04/5/2026, TP. Lạng Sơn bắt đầu nhận hồ sơ.\n\nKhông thu phí.",
)
BITS = [
    "Một câu. ",
    "95% ",
    "UBND ",
    "\n\n",
    "😀",
    "ệ",
    "e\u0323\u0302",
    "TP. ",
    "\ud800",
    "…",
    "  ",
]
WILD = st.lists(st.sampled_from(BITS) | st.characters(), max_size=60).map("".join)
LONG = st.tuples(WILD, st.integers(1, 400)).map(lambda pair: pair[0] * pair[1])
ANY = WILD | LONG


def test_every_kind_has_a_composer_that_fills_its_fields() -> None:
    assert list(COMPOSERS) == list(KINDS)
    for key, kind in KINDS.items():
        assert tuple(compose(key, MASTER)) == kind.names
        assert all(compose(key, MASTER).values())


@settings(deadline=None, max_examples=60)
@given(title=WILD, summary=ANY, text=ANY, level=st.sampled_from(["normal", "priority", "urgent"]))
def test_what_is_composed_keeps_its_limits(title: str, summary: str, text: str, level: str) -> None:
    master = Master(title=title, summary=summary, text=text, level=level)
    for key, kind in KINDS.items():
        texts = compose(key, master)
        assert texts == compose(key, master)
        assert not [field for field in kind.fields if excesses(texts[field.name], field.limits)]
        assert master.digest == replace(master).digest


@settings(deadline=None, max_examples=60)
@given(text=ANY, characters=st.integers(0, 300), most=st.integers(0, 60))
def test_cutting_keeps_any_limit(text: str, characters: int, most: int) -> None:
    for limits in (Limits(characters=characters), Limits(units=characters), Limits(seconds=most)):
        assert fits(within(text.split("\n\n"), limits), limits) or not text
        assert fits(beginning(text, limits), limits) or beginning(text, limits) == ""


@settings(deadline=None, max_examples=60)
@given(one=WILD, other=WILD)
def test_sizes_of_texts_that_a_space_parts_add_up(one: str, other: str) -> None:
    assert size(f"{one} {other}") == size(one) + size(" ") + size(other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", 0),
        ("Ủy ban nhân dân tỉnh", 5),
        ("chín mươi lăm phần trăm", 5),
        ("95%", 5),
        ("2021", 7),
        ("343.399 hồ sơ", 12),
        ("UBND", 4),
        ("Đ/c", 2),
        ("ki-lô-mét vuông", 4),
        ("e\u0323\u0302", 1),
        ("— … !", 0),
    ],
)
def test_syllables_are_estimated(text: str, said: int) -> None:
    assert syllables(text) == said


def test_seconds_come_from_the_rate_and_are_rounded_up() -> None:
    minute = "tin " * NEWSREADER
    assert seconds(minute, NEWSREADER) == 60
    assert seconds(f"{minute}nữa", NEWSREADER) == 61
    assert seconds(minute, LOUDSPEAKER) > 60


def test_units_are_those_of_utf_16() -> None:
    assert units("ệ😀") == 3


def test_abbreviations_end_no_sentence() -> None:
    assert list(sentences("TP. Lạng Sơn nhận hồ sơ. Đã xong! “Vâng.” v.v. là hết.")) == [
        "TP. Lạng Sơn nhận hồ sơ.",
        "Đã xong!",
        "“Vâng.” v.v. là hết.",
    ]


def test_what_is_read_aloud_is_spelt_out_and_not_said_twice() -> None:
    text = compose("radio", MASTER)["text"]
    assert text.split("\n\n")[1:3] == [
        "Ủy ban nhân dân tỉnh ban hành Kế hoạch số chín mươi lăm của Ủy ban nhân dân ngày hai mươi "
        "mốt tháng tư năm hai nghìn không trăm hai mươi mốt.",
        "Sáng mùng bốn tháng năm năm hai nghìn không trăm hai mươi sáu, thành phố Lạng Sơn bắt đầu "
        "nhận hồ sơ.",
    ]
    repeating = replace(MASTER, summary="Sáng 04/5/2026, TP. Lạng Sơn bắt…")
    assert compose("radio", repeating)["text"].count("Lạng Sơn") == 1


def test_pressing_items_say_so_first() -> None:
    urgent = replace(MASTER, level="urgent")
    assert compose("loudspeaker", urgent)["text"].startswith("Tin khẩn.\n\nKhai trương")
    assert compose("zalo", urgent)["text"].startswith("[TIN KHẨN] Khai trương")


def test_a_crawl_is_a_whole_sentence_or_the_headline() -> None:
    limits = Limits(characters=60)
    assert crawl(MASTER, limits) == MASTER.summary
    assert crawl(replace(MASTER, summary="Dài " * 40), limits) == MASTER.title
    assert crawl(replace(MASTER, summary=""), limits) == MASTER.title


def test_a_long_item_is_its_summary_in_telegram() -> None:
    assert compose("telegram", MASTER)["text"] == f"{MASTER.summary}\n\n{MASTER.text}"
    long = replace(MASTER, text="Một câu. " * 200)
    assert compose("telegram", long)["text"] == MASTER.summary


# --- what is kept --------------------------------------------------------------------------------

WRITTEN: dict[str, Any] = {"tv": {"texts": {"crawl": "Chữ chạy"}, "based_on": MASTER.digest}}


def test_a_field_nobody_wrote_is_composed() -> None:
    texts = stored.effective(WRITTEN, "tv", MASTER)
    assert texts["crawl"] == "Chữ chạy"
    assert texts["script"] == compose("tv", MASTER)["script"]


def test_texts_are_stale_when_the_master_changed() -> None:
    later = replace(MASTER, title="Khác")
    assert not stored.is_stale(WRITTEN, "tv", MASTER.digest)
    assert stored.stale(WRITTEN, later.digest) == ["tv"]
    assert not stored.stale(stored.kept(WRITTEN, later.digest, "tv"), later.digest)
    assert stored.refreshed(WRITTEN, "tv") == {}
    assert not stored.is_stale({}, "tv", later.digest)  # composed ones follow


def test_only_a_changed_text_is_based_on_the_new_master() -> None:
    later = replace(MASTER, title="Khác").digest
    same = stored.changed(WRITTEN, "tv", {"crawl": "Chữ chạy", "script": ""}, later)
    assert same == WRITTEN
    new = stored.changed(WRITTEN, "tv", {"crawl": "Chữ khác"}, later)
    assert new == {"tv": {"texts": {"crawl": "Chữ khác"}, "based_on": later}}
    assert stored.changed(WRITTEN, "tv", {"crawl": " "}, later) == {}


def test_texts_from_before_variants_are_stale_from_the_next_change_on() -> None:
    old = {"radio": {"texts": {"text": "Đọc."}, "based_on": ""}}
    assert not stored.stale(old, MASTER.digest)
    known = stored.known_since(old, MASTER.digest)
    assert stored.stale(known, replace(MASTER, title="Khác").digest) == ["radio"]


def test_only_masters_that_texts_are_based_on_are_remembered() -> None:
    masters = stored.remembered({"cũ": {"title": "Cũ"}}, WRITTEN, MASTER)
    assert masters == {MASTER.digest: MASTER.words}


@pytest.mark.parametrize(
    "variants",
    [
        {"tv": None},
        {"tv": "x"},
        {"tv": {"texts": []}},
        {"tv": {"texts": {"crawl": None}}},
        {"x": 1},
    ],
)
def test_foreign_data_counts_as_nothing_written(variants: dict[str, Any]) -> None:
    assert stored.all_written(variants) == {}
    assert not stored.stale(variants, "x")
    assert not list(stored.over(variants))
    stored.kept(variants, "x", "tv")
    stored.remembered({}, variants)


def test_too_long_texts_are_named() -> None:
    variants = {"tv": {"texts": {"crawl": "ă" * 121}, "based_on": ""}}
    [(kind, field, excess)] = stored.over(variants)
    assert (kind.key, field.name, excess.count, excess.limit) == ("tv", "crawl", 121, 120)


def test_changes_are_told_sentence_by_sentence() -> None:
    before = {"title": "Cũ", "summary": "Như cũ.", "text": "Một câu. Hai câu.\n\nBa câu."}
    now = {"title": "Mới", "summary": "Như cũ.", "text": "Một câu. Câu hai.\n\nBa câu."}
    told = [[(line.mark, line.text) for line in change.lines] for change in changes(before, now)]
    assert told == [
        [("-", "Cũ"), ("+", "Mới")],
        [("-", "Hai câu."), ("+", "Câu hai.")],
    ]
    assert changes(None, now) == []
