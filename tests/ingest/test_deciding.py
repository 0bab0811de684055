"""Which entries are new, which tell of the same, and which are ours: pure rules."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ingest.feeds.deciding import Kind, Ours, Stored, decide, digest_of, without_scheme
from ingest.feeds.likeness import Neighbourhood, likeness, print_of
from ingest.feeds.parsed import ParsedEntry

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TEXT = (
    "Sáng 20/11, Ủy ban nhân dân tỉnh khai trương Trung tâm Phục vụ hành chính công tại phường "
    "Kỳ Lừa. Trung tâm nhận hồ sơ của 18 sở, ngành, mở cửa cả sáng thứ Bảy, không thu thêm phí."
)
OTHER = (
    "Giá vàng trong nước sáng nay tăng nhẹ theo thế giới, mỗi lượng cao hơn hôm qua hai trăm nghìn "
    "đồng. Các cửa hàng cho biết lượng khách mua không nhiều."
)


def same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return likeness(print_of(*one), print_of(*other)) > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Khai trương Trung tâm Phục vụ hành chính công", TEXT),
         ("Khai trương Trung tâm Phục vụ hành chính công", "")),
        (("Khai trương Trung tâm Phục vụ hành chính công", TEXT),
         ("Lạng Sơn khai trương Trung tâm Phục vụ hành chính công", TEXT[:130])),
        (("Lạng Sơn có nơi nhận hồ sơ của 18 sở, ngành", f"{TEXT} {OTHER}"),
         ("Người dân nộp hồ sơ 18 sở, ngành tại một nơi", TEXT)),
        (("HOÀ BÌNH: ĐẨY MẠNH CẢI CÁCH HÀNH CHÍNH NĂM 2026", ""),
         ("Hòa Bình: đẩy mạnh cải cách hành chính năm 2026", "")),
    ],
)  # fmt: skip
def test_the_same_news(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Dự báo thời tiết ngày 21/11", OTHER), ("Dự báo thời tiết ngày 22/12", OTHER)),
        (("Khai trương Trung tâm Phục vụ hành chính công", TEXT), ("Giá vàng hôm nay", OTHER)),
        (("Thông báo tuyển dụng công chức của Sở Nội vụ", ""),
         ("Thông báo tuyển dụng viên chức của Sở Y tế", "")),
        (("Hội nghị triển khai kế hoạch cải cách hành chính", TEXT),
         ("Hội nghị triển khai kế hoạch phòng, chống bão", OTHER)),
        (("", ""), ("", "")),
        (("Tin", ""), ("Tin vắn", "")),
    ],
)  # fmt: skip
def test_different_news(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not same(one, other)


def entry(title: str, **values: object) -> ParsedEntry:
    defaults = {"key": title, "summary_html": "", "published": NOW - timedelta(hours=1)}
    return ParsedEntry(title=title, **(defaults | values))  # type: ignore[arg-type]


def verdicts(*entries: ParsedEntry, **values: object) -> list:
    defaults = {"source": 1, "stored": {}, "near": Neighbourhood(), "ours": Ours(), "now": NOW}
    return decide(entries, **(defaults | values))  # type: ignore[arg-type]


def test_known_entries_are_the_same_or_changed() -> None:
    known = entry("Họp giao ban")
    stored = {known.key: Stored(7, digest_of(known))}
    (same_one,) = verdicts(known, stored=stored)
    (changed,) = verdicts(entry("Họp giao ban", summary_html="<p>Chiều.</p>"), stored=stored)
    assert (same_one.kind, same_one.stored) == (Kind.SAME, 7)
    assert (changed.kind, changed.stored) == (Kind.CHANGED, 7)


def test_old_entries_are_no_news_and_undated_ones_are() -> None:
    old = entry("Tin cũ", published=NOW - timedelta(days=31))
    undated = entry("Không ngày", published=None)
    assert [found.kind for found in verdicts(old, undated)] == [Kind.TOO_OLD, Kind.NEW]


def test_what_several_tell_is_one_group_across_sources() -> None:
    near: Neighbourhood[UUID] = Neighbourhood()
    title = "Khai trương Trung tâm Phục vụ hành chính công"
    first, apart = verdicts(entry(title), entry("Giá vàng hôm nay tăng nhẹ"), near=near)
    (second,) = verdicts(entry(f"Lạng Sơn: {title}"), near=near, source=2)
    assert second.group == first.group != apart.group


def test_muted_words_silence_whole_words_only() -> None:
    found = verdicts(
        entry("Giá vàng hôm nay"), entry("Đánh giá vàng mã"), entry("Bão số 5"), muted=["gia vang"]
    )
    assert [verdict.muted for verdict in found] == [True, True, False]
    (inside,) = verdicts(entry("Gia vangf"), muted=["gia vang"])
    assert not inside.muted


def test_what_links_to_us_is_ours_and_what_says_the_same_is_likely_ours() -> None:
    ours = Ours(by_address={without_scheme("https://cong.vn/tin-tuc/khai-truong/"): 5})
    ours.items.add(6, print_of("Khai trương Trung tâm Phục vụ hành chính công", TEXT))
    link = '<p><a href="http://www.cong.vn/tin-tuc/khai-truong?utm_source=x">Theo Cổng</a></p>'
    linking, alike, apart = verdicts(
        entry("Tin khác", summary_html=link),
        entry("Lạng Sơn có nơi nhận hồ sơ", summary_html=f"<p>{TEXT}</p>"),
        entry("Giá vàng hôm nay", summary_html=f"<p>{OTHER}</p>"),
        ours=ours,
    )
    assert (linking.carried.page, linking.carried.likeness) == (5, 1.0)
    assert alike.carried.page == 6
    assert alike.carried.likeness < 1
    assert apart.carried is None


def test_a_neighbourhood_forgets() -> None:
    near: Neighbourhood[int] = Neighbourhood()
    shown = print_of("Khai trương Trung tâm Phục vụ hành chính công", TEXT)
    near.add(1, shown)
    near.add(1, shown)
    assert len(near) == 1
    near.discard(1)
    assert near.nearest(shown) is None
