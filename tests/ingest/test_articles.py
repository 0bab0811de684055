"""What is what in the copy of an article: each defect of real copies, in texts of our own."""

from pathlib import Path

import pytest
from django.conf import settings

from core.spelling.syllables import is_syllable, parts_of_glued
from ingest.articles import ImportedArticle, read_article
from ingest.articles.dates import read_date_line
from ingest.articles.plain import blocks_of_text
from ingest.articles.proofreading import slips
from ingest.articles.signatures import Signature, read_signature, split_credit
from ingest.articles.widgets import is_banner, is_section, is_widget

HEADLINE = "Tỉnh ra mắt tổng đài giải đáp thủ tục hành chính cho người dân vùng cao"
FIRST = (
    "Nhằm giúp người dân ở xa trung tâm không phải đi lại nhiều lần, từ tháng 6 tỉnh mở tổng đài "
    "giải đáp thủ tục hành chính bằng tiếng Việt, tiếng Tày, tiếng Nùng và tiếng Mông, trực cả "
    "ngày nghỉ. Tổng đài do Trung tâm Phục vụ hành chính công vận hành. Kinh phí do ngân sách tỉnh "
    "bảo đảm. Người gọi không phải trả cước."
)
SECOND = (
    "Mỗi cuộc gọi được ghi nhận, phân loại và chuyển đến cơ quan có thẩm quyền; câu trả lời được "
    "gửi bằng tin nhắn trong hai ngày làm việc và được kiểm tra ngẫu nhiên hằng tuần."
)
THIRD = (
    "Theo kế hoạch, đến hết năm tổng đài phục vụ tất cả các xã biên giới, sau đó nhân rộng ra toàn "
    "tỉnh, kết hợp với tổ công nghệ số cộng đồng tại từng thôn, bản trên địa bàn./."
)


def parsed(*lines: str) -> ImportedArticle:
    return read_article("\n\n".join(lines).encode(), "bai.txt")


def test_what_is_not_there_is_not_guessed() -> None:
    article = parsed(HEADLINE, FIRST, SECOND, "Ngày 12/5/2026, tổng đài nhận cuộc gọi đầu tiên./.")
    assert article.date is None
    assert article.sapo is None
    assert article.author is None
    assert article.unit is None
    assert article.captions == article.credits == ()
    assert len(article.body) == 3


def test_buttons_and_banners_are_dropped() -> None:
    article = parsed(
        "Skip to main content",
        "Nhiệt liệt chào mừng kỷ niệm 80 năm Ngày truyền thống ngành Tổ chức nhà nước",
        "Trang chủ › Tin tức - Sự kiện",
        "Đọc nội dung Xuất PDF In trang Chế độ ban đêm",
        "-A A +A",
        HEADLINE,
        FIRST,
        SECOND,
        THIRD,
        "Chia sẻ Facebook Zalo",
        "Đánh giá",
        "Các tin khác",
        "Một tin khác không thuộc bài này",
    )
    assert article.headline == HEADLINE
    assert article.body == (FIRST, SECOND, THIRD)
    assert article.warnings == ()


def test_a_headline_that_reads_like_a_banner_is_kept_when_it_is_the_only_one() -> None:
    headline = "Chào mừng Đại hội đại biểu Đảng bộ tỉnh bằng các công trình dân sinh"
    assert parsed(headline, FIRST, SECOND).headline == headline


def test_what_stands_above_the_headline_of_a_page_is_not_body() -> None:
    document = f"<p>Góc nhìn cơ sở</p><h1>{HEADLINE}</h1><p>{FIRST}</p><p>{SECOND}</p>"
    article = read_article(f"<html><body>{document}</body></html>".encode(), "trang.html")
    assert article.headline == HEADLINE
    assert "Góc nhìn cơ sở" not in article.body


def test_a_second_line_of_the_head_is_not_lost() -> None:
    article = parsed("Chuyện hay ở vùng cao", "12/05/2026 08:00", HEADLINE, FIRST, SECOND)
    assert article.headline == "Chuyện hay ở vùng cao"
    assert article.sapo == HEADLINE
    assert any("Sapo" in warning for warning in article.warnings)


@pytest.mark.parametrize("after", [True, False])
def test_the_date_line_stands_above_or_below_the_headline(after: bool) -> None:
    head = [HEADLINE, "Thứ Ba, ngày 12 tháng 5 năm 2026 - 13:54"]
    article = parsed(*(head if after else reversed(head)), FIRST, SECOND)
    assert article.headline == HEADLINE
    assert article.date is not None
    assert article.date.isoformat() == "2026-05-12T13:54:00+07:00"
    assert article.body == (FIRST, SECOND)


def test_a_date_line_below_the_text_counts_and_one_inside_does_not() -> None:
    assert parsed(HEADLINE, FIRST, SECOND, "Ngày cập nhật 28/11/2020").date is not None
    inside = parsed(HEADLINE, FIRST, "12/05/2026", SECOND)
    assert inside.date is None


def test_a_null_date_is_reported() -> None:
    article = parsed("1/1/0001", HEADLINE, FIRST, SECOND)
    assert article.date is None
    assert any("1/1/0001" in warning for warning in article.warnings)


SHORT = "Từ tháng 6, người dân gọi một số điện thoại là được giải đáp mọi thủ tục hành chính."


@pytest.mark.parametrize(
    "lines",
    [
        (SHORT, SECOND, THIRD),  # short before longer paragraphs
        (SHORT, SECOND, SHORT),  # said again in the text
        (SECOND, "Ảnh minh họa. Nguồn: Internet", FIRST, THIRD),  # parted by a picture
        (SECOND, "        " + FIRST, "        " + THIRD),  # at the margin, the body set in
    ],
)
def test_a_lead_that_is_set_apart_is_the_sapo(lines: tuple[str, ...]) -> None:
    article = parsed(HEADLINE, *lines)
    assert article.sapo == lines[0]
    assert lines[0] not in article.body[:1]


@pytest.mark.parametrize(
    "lines",
    [
        (FIRST, SECOND, THIRD),  # as long as the others
        ("        " + SECOND, "        " + FIRST, "        " + THIRD),  # set in like the others
        (SHORT,),  # nothing to lead into
    ],
)
def test_a_first_paragraph_like_the_others_is_body(lines: tuple[str, ...]) -> None:
    article = parsed(HEADLINE, *lines)
    assert article.sapo is None
    assert len(article.body) == len(lines)


def test_a_paragraph_that_repeats_the_sapo_is_reported_and_kept() -> None:
    again = SHORT.replace("thủ tục hành chính", "TTHC")
    article = parsed(HEADLINE, SHORT, SECOND, THIRD, again)
    assert article.body[-1] == again
    assert "Đoạn 3 lặp lại sapo." in article.warnings


def test_captions_are_parted_from_the_body_and_from_their_credits() -> None:
    article = parsed(
        HEADLINE,
        FIRST,
        "Quang cảnh lễ ra mắt. Ảnh: Minh Đức",
        SECOND,
        "Đồng chí Phó Chủ tịch UBND tỉnh phát biểu tại buổi lễ",
        THIRD,
        "Hoàng Lan",
    )
    assert article.captions == (
        "Quang cảnh lễ ra mắt",
        "Đồng chí Phó Chủ tịch UBND tỉnh phát biểu tại buổi lễ",
    )
    assert article.credits == ("Minh Đức",)
    assert article.body == ((SECOND, THIRD) if article.sapo else (FIRST, SECOND, THIRD))


def test_headings_stay_in_the_body_and_doubtful_lines_are_reported() -> None:
    article = parsed(HEADLINE, FIRST, "1. Kết quả bước đầu", SECOND, "Bản làng vào hội", THIRD)
    assert "1. Kết quả bước đầu" in article.body
    assert "Bản làng vào hội" in article.captions
    assert any("Bản làng vào hội" in warning for warning in article.warnings)


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("Ảnh minh họa. Nguồn: Internet", ("Ảnh minh họa", "Internet")),
        ("Ảnh minh hoạ: Internet", ("Ảnh minh hoạ", "Internet")),
        ("Quang cảnh hội nghị (Ảnh: Thu Hà)", ("Quang cảnh hội nghị", "Thu Hà")),
        ("Quang cảnh hội nghị - Ảnh: TTXVN", ("Quang cảnh hội nghị", "TTXVN")),
        ("Ảnh: Thu Hà", (None, "Thu Hà")),
        ("Quang cảnh hội nghị", ("Quang cảnh hội nghị", None)),
    ],
)
def test_captions_and_credits(text: str, halves: tuple[str | None, str | None]) -> None:
    assert split_credit(text) == halves


@pytest.mark.parametrize(
    ("line", "signature"),
    [
        ("Ngọc Khánh", Signature(author="Ngọc Khánh")),
        ("N.V", Signature(author="N.V")),
        ("T. Hà", Signature(author="T. Hà")),
        ("Thu Hà - Minh Anh", Signature(author="Thu Hà - Minh Anh")),
        ("Tin, ảnh: Nguyễn Văn An", Signature(author="Nguyễn Văn An")),
        ("Tác giả: Nguyễn Văn An", Signature(author="Nguyễn Văn An")),
        ("Phòng CCHC-VTLT", Signature(unit="Phòng CCHC-VTLT")),
        ("Trung tâm CNTT và Truyền thông", Signature(unit="Trung tâm CNTT và Truyền thông")),
        ("BBT", Signature(unit="BBT")),
        ("Thu Hà (Sở Nội vụ)", Signature(author="Thu Hà", unit="Sở Nội vụ")),
        ("Thu Hà - Phòng Cải cách hành chính", Signature("Thu Hà", "Phòng Cải cách hành chính")),
        ("Đoàn Văn Hậu", Signature(author="Đoàn Văn Hậu")),
        ("Ban Mai", Signature(author="Ban Mai")),
        ("Quang cảnh hội nghị", None),
        ("Hội nghị đã thành công tốt đẹp.", None),
    ],
)
def test_signatures(line: str, signature: Signature | None) -> None:
    assert read_signature(line) == signature


def test_author_and_unit_on_two_lines_in_either_order() -> None:
    for signed in (("Hoàng Lan", "Phòng Nội vụ"), ("Phòng Nội vụ", "Hoàng Lan")):
        article = parsed(HEADLINE, FIRST, SECOND, *signed, "Đánh giá")
        assert (article.author, article.unit) == ("Hoàng Lan", "Phòng Nội vụ")
        assert article.body == (FIRST, SECOND)


def test_a_name_behind_the_end_mark_is_the_author() -> None:
    article = parsed(HEADLINE, FIRST, f"{THIRD} Hoàng Lan")
    assert article.author == "Hoàng Lan"
    assert article.body[-1] == THIRD


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("11:04, 26/04/2020", "2020-04-26T11:04:00+07:00"),
        ("Thứ Tư, ngày 20 tháng 10 năm 2021 - 13:54", "2021-10-20T13:54:00+07:00"),
        ("(21:01 | 17/03/2021)", "2021-03-17T21:01:00+07:00"),
        ("10:8, Thứ Tư, 3-4-2024", "2024-04-03T10:08:00+07:00"),
        ("12/05/2016 04:00:00 PM", "2016-05-12T16:00:00+07:00"),
        ("03/06/2024 09:02:23 AM", "2024-06-03T09:02:23+07:00"),
        ("| 15-07-2020 | 19:23:55", "2020-07-15T19:23:55+07:00"),
        ("Thứ năm, 18/04/2024 05:40 (GMT+7)", "2024-04-18T05:40:00+07:00"),
        ("Ngày cập nhật 28/11/2020", "2020-11-28T00:00:00+07:00"),
        ("( Cập nhật lúc: 15/10/2021  )", "2021-10-15T00:00:00+07:00"),
        ("Cập nhật, 05:09, Thứ Ba, 29/01/2019 (GMT+7)", "2019-01-29T05:09:00+07:00"),
        ("09/12/2019 | 07:45 GMT+7", "2019-12-09T07:45:00+07:00"),
        ("05:05 29/03/2024", "2024-03-29T05:05:00+07:00"),
        ("2021-10-20T06:54:00Z", "2021-10-20T13:54:00+07:00"),
        ("13h54 ngày 20/10/2021", "2021-10-20T13:54:00+07:00"),
        ("20/10/2021 08:00 SA | Lượt xem: 1.234", "2021-10-20T08:00:00+07:00"),
        ("Ngày đăng: 20/10/2021 - Cập nhật: 21/10/2021 08:00", "2021-10-20T00:00:00+07:00"),
    ],
)
def test_date_lines_in_the_wild(line: str, moment: str) -> None:
    read = read_date_line(line)
    assert read is not None
    assert read.moment is not None
    assert read.moment.isoformat() == moment
    assert read.warnings == ()


@pytest.mark.parametrize("line", ["1/1/0001", "31/02/2021", "0/13/2020", "29/02/2023 08:00"])
def test_dates_that_are_none_give_a_warning(line: str) -> None:
    read = read_date_line(line)
    assert read is not None
    assert read.moment is None
    assert len(read.warnings) == 1


@pytest.mark.parametrize("line", ["Thứ Hai, 20/10/2021", "25:70 20/10/2021"])
def test_contradictions_in_a_date_line_are_reported(line: str) -> None:
    read = read_date_line(line)
    assert read is not None
    assert read.moment is not None
    assert len(read.warnings) == 1


@pytest.mark.parametrize(
    "line", ["Ngày 21/4/2021, UBND tỉnh họp", "Lạng Sơn, ngày 21 tháng 4 năm 2021", "Quý III", ""]
)
def test_sentences_with_dates_are_no_date_lines(line: str) -> None:
    assert read_date_line(line) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nhằm đánh giá đánh giá toàn diện", "đánh giá đánh giá"),
        ("Điểm cầu các các sở", "các các"),
        ("cải cách hành chính chính gắn với", "chính chính"),
        ("cải cách hànhchính nhà nước", "hànhchính"),
        ("các sở,ngành", "sở,ngành"),
    ],
)
def test_slips_are_reported_with_their_place(text: str, found: str) -> None:
    (warning,) = slips("Đoạn 2", text)
    assert warning.startswith("Đoạn 2")
    assert found in warning


@pytest.mark.parametrize(
    "text",
    [
        "xanh xanh, luôn luôn, thường thường, ngày ngày, dần dần, người người, nhà nhà",
        "cải cách hành chính chính là khâu đột phá",
        "nhanh, nhanh hơn",
        "Internet, online, radio, Facebook, Đắk Lắk, Krông Pa, 10 10",
        "đại biểu biểu quyết thông qua",
    ],
)
def test_good_vietnamese_is_not_reported(text: str) -> None:
    assert list(slips("Đoạn 1", text)) == []


def test_slips_are_never_corrected() -> None:
    article = parsed(HEADLINE, FIRST.replace("tổng đài", "tổngđài tổng đài tổng đài", 1), SECOND)
    assert "tổngđài tổng đài tổng đài" in article.body[0]
    assert len(article.warnings) == 2


@pytest.mark.parametrize("word", ["nghiêng", "quyết", "gì", "giếng", "Ủy", "uỷ", "yêu", "khuỷu"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["hànhchính", "cac", "préfet", "ngh", "ắă", "Facebook", ""])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_glued_words_are_parted_by_syllables() -> None:
    assert parts_of_glued("hànhchính") == ("hành", "chính")
    assert parts_of_glued("côngtácđảng") == ("công", "tác", "đảng")
    assert parts_of_glued("radio") == ()


@pytest.mark.parametrize(
    "line",
    ["Skip to main content", "-A A +A", "Chế độ ban đêm In trang Xuất PDF Đọc nội dung", "Đánh giá",
     "Lượt xem: 12", "In bài viết", "Trang chủ"],
)  # fmt: skip
def test_widgets(line: str) -> None:
    assert is_widget(line)


@pytest.mark.parametrize("line", ["Đánh giá chất lượng phục vụ", "11:04, 26/04/2020", HEADLINE])
def test_lines_that_only_begin_like_widgets(line: str) -> None:
    assert not is_widget(line)


def test_banners_and_paths() -> None:
    assert is_banner("Quyết tâm thực hiện thắng lợi Nghị quyết Đại hội Đảng bộ tỉnh lần thứ XVIII.")
    assert not is_banner(HEADLINE)
    assert is_section("Trang chủ › Tin tức › Cải cách hành chính")
    assert not is_section(HEADLINE)


def test_lines_broken_for_width_are_joined() -> None:
    wrapped = (
        "Mỗi cuộc gọi được ghi nhận, phân loại và chuyển đến cơ quan có\n"
        "thẩm quyền; câu trả lời được gửi bằng tin nhắn trong hai ngày\n"
        "làm việc.\n\nĐoạn sau."
    )
    assert [block.text for block in blocks_of_text(wrapped).blocks] == [
        wrapped.split("\n\n", maxsplit=1)[0].replace("\n", " "),
        "Đoạn sau.",
    ]


SEEDS = Path(settings.BASE_DIR).parent / "shared" / "seeds"
EXPECTED = {
    "000": ("Kế hoạch tổ chức Hội nghị tổng kết", None, True, 2, "Ngọc Khánh", None),
    "001": ("Tháng 9, tổ chức hội nghị", "2020-04-26T11:04:00+07:00", True, 4, "N.V", None),
    "002": (
        "Kế hoạch tuyên truyền cải cách",
        None,
        False,
        4,
        "Nguyễn Như Trang",
        "Trung tâm CNTT và Truyền thông",
    ),
    "003": ("Hội nghị triển khai một số", None, True, 3, "Khánh Ly", None),
    "004": (
        "Ủy ban nhân dân tỉnh Tuyên Quang",
        "2021-10-20T13:54:00+07:00",
        True,
        3,
        None,
        "Phòng CCHC-VTLT",
    ),
}


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the sample articles are not at {SEEDS}")
@pytest.mark.parametrize("number", sorted(EXPECTED))
def test_the_sample_articles(number: str) -> None:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    article = read_article(path.read_bytes(), path.name)
    headline, date, has_sapo, paragraphs, author, unit = EXPECTED[number]
    assert article.headline is not None
    assert article.headline.startswith(headline)
    assert (article.date.isoformat() if article.date else None) == date
    assert (article.sapo is not None) == has_sapo
    assert len(article.body) == paragraphs
    assert (article.author, article.unit) == (author, unit)
    everything = " ".join([*article.body, *article.captions, article.headline])
    assert "Skip to" not in everything
    assert "Xuất PDF" not in everything
