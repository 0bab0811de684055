"""Each rule with texts it must find something in, and with texts it must leave alone."""

import importlib
import pkgutil
from datetime import date
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.spelling import tones
from editorial.checks import registry, rules
from editorial.checks.finding import Finding, Severity
from editorial.checks.item import DeadLink, Item, Passage, Shown
from editorial.checks.names import Agency, Names
from editorial.checks.registry import RULES, check
from editorial.checks.rules import agencies, documents, links, parts, personal, pictures, words

TODAY = date(2026, 11, 2)
CLOSED = date(2025, 2, 28)
SEEDS = Path(settings.BASE_DIR).parent / "shared" / "seeds"


def item(*texts: str, **values: Any) -> Item:
    """Return an item with these paragraphs."""
    passages = tuple(Passage("body.1", "Đoạn", text, plain=False) for text in texts)
    defaults: dict[str, Any] = {"title": "Khai trương trung tâm", "day": TODAY, "contact": "Sở"}
    return Item(**(defaults | {"passages": passages} | values))


def offers(found: Any) -> list[tuple[str, str | None]]:
    return [(finding.excerpt, finding.offer) for finding in found]


def shown(**values: Any) -> Shown:
    defaults = {"where": "body.1", "place": "Hình", "alt": "Quầy hồ sơ", "credit": "Nguyễn An"}
    return Shown(**(defaults | {"alt_field": "alt", "credit_field": "credit"} | values))


def test_every_rule_is_registered_once() -> None:
    found = set()
    for module in pkgutil.iter_modules(rules.__path__):
        loaded = importlib.import_module(f"{rules.__name__}.{module.name}")
        for value in vars(loaded).values():
            hints = get_type_hints(value) if callable(value) and not isinstance(value, type) else {}
            if getattr(value, "__module__", "") == loaded.__name__ and list(hints) == [
                "item",
                "return",
            ]:
                found.add(value)
    assert found == set(RULES)
    assert len(RULES) == len(set(RULES))


def test_errors_come_first_and_nothing_is_said_twice() -> None:
    found = check(item("Số 5/KH-UBND. Số 5/KH-UBND.", pictures=(shown(alt="", credit=""),)))
    assert [finding.severity for finding in found] == sorted(finding.severity for finding in found)
    assert [finding.code for finding in found].count("document.number") == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kế hoạch số 132-KH/UBND ngày 01/3/2026", [("132-KH/UBND", "132/KH-UBND")]),
        ("Quyết định 45/QĐ/UBND", [("45/QĐ/UBND", "45/QĐ-UBND")]),
        ("Kế hoạch 95-KH-UBND", [("95-KH-UBND", "95/KH-UBND")]),
        ("Kế hoạch 95/KH - UBND", [("95/KH - UBND", "95/KH-UBND")]),
        ("Kế hoạch 95/KH–UBND", [("95/KH–UBND", "95/KH-UBND")]),
        ("Kế hoạch 95/kh-ubnd", [("95/kh-ubnd", "95/KH-UBND")]),
        ("Kế hoạch số 5/KH-UBND", [("5/KH-UBND", "05/KH-UBND")]),
        ("Nghị định 30/2020/NĐ/CP", [("30/2020/NĐ/CP", "30/2020/NĐ-CP")]),
        ("Công văn, Tờ trình 7/TTr-SNV", [("7/TTr-SNV", "07/TTr-SNV")]),
        ("Kế hoạch số 95/KH-UBND ngày 21/4/2021 và 153/KH-UBND ngày 08/9/2020", []),
        ("Nghị quyết 57-NQ/TW, 18-NQ/TW, Quy định 373-QĐ/TW, Chỉ thị 12-CT/TU", []),
        ("Nghị định 30/2020/NĐ-CP, Thông tư 39/2020/TT-BTTTT, Luật 72/2025/QH15", []),
        ("Công văn 1273/BTTTT-TTCS, 2345/UBND-KSTTHC", []),
        ("xếp thứ 42/63 tỉnh, ngày 21/4/2021, tỷ lệ 3/4, trực 24/7, quý IV/2020", []),
        ("Kết luận 126-KL/TW; Kế hoạch 102-KH/BTGTU; Hướng dẫn 05-HD/ĐUK", []),
        ("giai đoạn 2011-2020, COVID-19, https://vi.du.vn/95-KH/UBND", []),
        ("01/KH-UBND", []),
    ],
)
def test_numbers_of_documents(text: str, found: list[tuple[str, str]]) -> None:
    assert offers(documents.numbers(item(text))) == found


NAMES = Names(
    [
        ("Sở Thông tin và Truyền thông", Agency("Sở TT&TT", CLOSED, ("Sở KH&CN", "Sở VHTTDL"))),
        ("Sở TT&TT", Agency("Sở TT&TT", CLOSED, ("Sở KH&CN", "Sở VHTTDL"))),
        ("Sở Tài nguyên và Môi trường", Agency("Sở TN&MT", CLOSED, ("Sở NN&MT",))),
        ("UBND huyện Cao Lộc", Agency("UBND huyện Cao Lộc", date(2025, 6, 30), ())),
        ("Báo Lạng Sơn", Agency("Báo Lạng Sơn", date(2025, 6, 30), ("Báo và Đài",))),
        ("Báo Lạng Sơn cuối tuần", None),
        ("Sở Khoa học và Công nghệ", None),
        ("Ban mới", Agency("Ban mới", date(2027, 12, 31))),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sở Thông tin và Truyền thông tổ chức tập huấn.", ["Sở Thông tin và Truyền thông"]),
        ("Theo Sở TT-TT, sở đã", ["Sở TT-TT"]),
        ("Ủy ban nhân dân huyện Cao Lộc họp", ["Ủy ban nhân dân huyện Cao Lộc"]),
        ("Uỷ ban Nhân dân huyện Cao Lộc họp", ["Uỷ ban Nhân dân huyện Cao Lộc"]),
        ("UBND huyện Cao Lộc họp", ["UBND huyện Cao Lộc"]),
        (
            "Chương trình giai đoạn năm 2021 - 2030: Sở TT&TT chủ trì",
            ["Sở TT&TT"],
        ),
        ("Ngày hôm nay, Sở Khoa học và Công nghệ họp", []),
        ("sở thông tin và truyền thông của nước bạn", []),
        ("Báo Lạng Sơn cuối tuần đăng", []),
        ("Năm 2021, Sở TT&TT đã làm.", []),
        ("Tháng 10/2020, UBND huyện Cao Lộc nhận cờ.", []),
        ("Sở TT&TT (nay là Sở Khoa học và Công nghệ)", []),
        ("cuốn “Sở Thông tin và Truyền thông: 10 năm” ra mắt", []),
        ("So Thong tin va Truyen thong", []),
        ("Ban mới họp", ["Ban mới"]),
    ],
)
def test_agencies_that_are_gone(text: str, found: list[str]) -> None:
    result = list(agencies.gone(item(text, agencies=NAMES)))
    assert [finding.excerpt for finding in result] == found


def test_the_one_successor_is_offered_and_several_are_named() -> None:
    one, several = agencies.gone(item("Sở Tài nguyên và Môi trường.", "Sở TT&TT.", agencies=NAMES))
    assert one.offer == "Sở NN&MT"
    assert several.offer is None
    assert "Sở KH&CN; Sở VHTTDL" in several.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nhằm đánh giá đánh giá toàn diện", [("đánh giá đánh giá", "đánh giá")]),
        ("Điểm cầu các các sở", [("các các", "các")]),
        ("cải cách hành chính chính gắn với", [("chính chính", "chính")]),
        ("xa xa, từ từ, ngày ngày, người người, thường thường, luôn luôn", []),
        ("cải cách hành chính chính là cải cách", []),
        ("chị Thủy Thủy, Bảo Bảo", []),
    ],
)
def test_doubled_words(text: str, found: list[tuple[str, str]]) -> None:
    assert offers(words.doubled(item(text))) == found


def test_words_typed_together() -> None:
    assert offers(words.together(item("cải cách hànhchính, radio, Internet, COVID"))) == [
        ("hànhchính", "hành chính")
    ]


@pytest.mark.parametrize(
    ("text", "style", "found"),
    [
        ("hòa bình, thuỷ lợi", tones.OLD, [("thuỷ", "thủy")]),
        ("hòa bình, thuỷ lợi", tones.NEW, [("hòa", "hoà")]),
        ("Uỷ ban nhân dân họp, việc hòa giải", tones.OLD, [("Uỷ", "Ủy")]),
        ("Tỉnh Khánh Hoà có nhiều việc hòa giải", tones.OLD, []),
        ("tỉnh Khánh Hoà và tỉnh Khánh Hòa", tones.OLD, [("Hoà", "Hòa")]),
        ("hòa bình, thủy lợi, khỏe", tones.OLD, []),
        ("hoà bình, thuỷ lợi", tones.OLD, []),  # one style throughout
        ("quý, quỳ, hoàn thành, xoáy, hòa", tones.OLD, []),
    ],
)
def test_mixed_tone_placement(text: str, style: str, found: list[tuple[str, str]]) -> None:
    assert offers(words.mixed_tones(item(text, tone_style=style))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hồ sơ , giấy tờ", [("hồ sơ , ", "")]),
        ("giải  pháp", [("giải  pháp", "giải pháp")]),
        ("hồ sơ,giấy tờ", [("sơ,giấy", "sơ, giấy")]),
        ("Số 1.234,5 và 10:30; v.v... Đúng! (có) “được”. A, b: c", []),
        ("https://vi.du.vn/a?b=c", []),
    ],
)
def test_spaces(text: str, found: list[tuple[str, str]]) -> None:
    result = list(words.spaces(item(text)))
    assert len(result) == len(found)
    for finding in result:
        assert finding.excerpt in text
        assert finding.offer != finding.excerpt
        assert not list(words.spaces(item(finding.offer or "")))


def test_the_closing_of_documents_and_stops_after_headlines() -> None:
    assert offers(words.closing(item("trên địa bàn tỉnh./.", "Xong. Hết."))) == [("./.", ".")]
    assert [f.offer for f in words.headline_stop(item(title="Khai trương."))] == ["Khai trương"]
    assert not list(words.headline_stop(item(title="Khai trương...")))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("số CCCD 001099012345", {("personal.identity", Severity.ERROR)}),
        ("Căn cước công dân: 001 099 012 345", {("personal.identity", Severity.ERROR)}),
        ("CMND số 080123456", {("personal.identity", Severity.ERROR)}),
        ("mã 001099012345 của ông", {("personal.identity", Severity.WARNING)}),
        ("gọi anh Nam 0912.345.678", {("personal.phone", Severity.WARNING)}),
        ("gọi +84 912 345 678", {("personal.phone", Severity.WARNING)}),
        ("chuyển vào tài khoản 0021000123456", {("personal.account", Severity.WARNING)}),
        ("Đường dây nóng 0912345678, tổng đài 18001096, 1900 1234", set()),
        ("liên hệ 0205 3812 345", set()),
        ("liên hệ 0988 111 222", set()),
        ("kinh phí 123456789 đồng, 1.234.567.890 đồng, năm 2020-2025, 21/4/2021", set()),
        ("mã hồ sơ H37.24.11-240101-0001", set()),
    ],
)
def test_personal_numbers(text: str, codes: set[tuple[str, Severity]]) -> None:
    found = personal.numbers(item(text, public_phones=frozenset({"0988111222"})))
    assert {(finding.code, finding.severity) for finding in found} == codes


def test_private_e_mail() -> None:
    found = personal.e_mail(item("thư về lan.nguyen@gmail.com hoặc vp@langson.gov.vn"))
    assert [finding.excerpt for finding in found] == ["lan.nguyen@gmail.com"]


@pytest.mark.parametrize(
    ("credit", "found"),
    [
        ("", 1),
        ("Nguồn: Internet", 1),
        ("Ảnh: Sưu tầm", 1),
        ("internet", 1),
        ("Ảnh: Nguyễn Văn Mạng", 0),
        ("Cổng thông tin điện tử tỉnh", 0),
        ("TTXVN", 0),
    ],
)
def test_credit(credit: str, found: int) -> None:
    assert len(list(pictures.credit(item(pictures=(shown(credit=credit),))))) == found


def test_pictures_say_what_they_show_and_may_be_used() -> None:
    bare, fine = shown(alt=" "), shown(problem="Hết hạn sử dụng ảnh.")
    (finding,) = pictures.alternative_text(item(pictures=(bare, fine)))
    assert (finding.where, finding.is_error) == ("body.1.alt", True)
    assert [found.message for found in pictures.rights(item(pictures=(bare, fine)))] == [
        "Hết hạn sử dụng ảnh."
    ]


def codes(found: Any) -> list[str]:
    return [finding.code for finding in found]


def test_parts() -> None:
    assert codes(parts.headline_length(item(title="a" * 151))) == ["headline.length"]
    assert codes(parts.headline_capitals(item(title="KHAI TRƯƠNG TRUNG TÂM"))) == [
        "headline.capitals"
    ]
    assert not codes(parts.headline_capitals(item(title="UBND TP")))
    assert codes(parts.sapo(item(summary=" "))) == ["sapo.missing"]
    assert codes(parts.sapo(item(summary="a" * 351))) == ["sapo.length"]
    assert not codes(parts.sapo(item(summary=None)))
    assert codes(parts.body(item(has_body=False))) == ["body.empty"]
    assert codes(parts.section(item(needs_section=True))) == ["section.missing"]
    too_long = {"tv": {"texts": {"crawl": "a" * 121}, "based_on": ""}}
    (finding,) = parts.variants(item(variants=too_long))
    assert (finding.where, finding.is_error) == ("[name=variant_texts-tv-crawl]", True)


def test_a_text_for_a_channel_older_than_the_item_is_asked_about() -> None:
    (finding,) = parts.stale(item(stale=("radio",)))
    assert finding.where.startswith("[name=variant_texts-radio-")
    assert not finding.is_error
    assert not list(parts.stale(item()))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"level": "urgent", "contact": ""}, 1),
        ({"level": "normal", "contact": "", "for_stations": True}, 1),
        ({"level": "normal", "contact": ""}, 0),
        ({"level": "urgent", "contact": "Sở Nội vụ"}, 0),
    ],
)
def test_stations_know_whom_to_call(values: dict[str, Any], found: int) -> None:
    assert len(list(parts.stations(item(**values)))) == found


def test_dead_links() -> None:
    gone = DeadLink("body.1", "Đoạn", "xem", "trang", gone=True)
    waiting = DeadLink("body.1", "Đoạn", "xem", "“Tin”", gone=False)
    found = links.dead(item(dead_links=(gone, waiting)))
    assert [finding.severity for finding in found] == [Severity.ERROR, Severity.WARNING]


def test_an_accepted_warning_is_known_by_its_text_wherever_the_block_moves() -> None:
    def finding(**values: Any) -> Finding:
        defaults = {"severity": Severity.WARNING, "code": "a", "message": "m", "where": "body.1"}
        return Finding(**(defaults | values))

    assert finding().key == finding(where="body.2").key
    assert finding().key != finding(excerpt="x").key
    assert finding().key != finding(where="title").key


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=4), st.text(max_size=80))
def test_no_text_makes_a_rule_raise(texts: list[str], title: str) -> None:
    check(item(*texts, title=title, summary=title, agencies=NAMES))


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.text(alphabet='0123456789-/. KHUBNDQĐ“”",;@gmailoàòTT&', max_size=300))
def test_no_heap_of_marks_makes_a_rule_raise(text: str) -> None:
    check(item(text, agencies=NAMES))


@pytest.mark.skipif(not SEEDS.is_dir(), reason="The articles are outside the project.")
def test_the_five_articles() -> None:
    """What real articles of 2020 and 2021 hold: every finding is one an editor would want."""
    expected = {
        "000": {"word.doubled", "word.glued", "mark.closing"},
        "001": {"tone.mixed"},
        "002": {"word.doubled"},
        "003": {"mark.space", "mark.closing"},
        "004": {"word.doubled"},
    }
    with translation.override("vi"):
        for path in sorted(SEEDS.glob("*.txt")):
            text = path.read_text(encoding="utf-8")
            paragraphs = [line for line in text.splitlines() if line.strip()]
            found = check(item(*paragraphs, day=date(2021, 6, 1)))
            assert {finding.code for finding in found} == expected[path.name[:3]], path.name


def test_the_registry_names_what_it_offers() -> None:
    assert all(rule.__doc__ for rule in registry.RULES)


def test_gaps_of_a_template_are_errors() -> None:
    found = [
        finding for finding in check(item("Sáng [ngày], tại Lạng Sơn [ảnh].")) if finding.is_error
    ]
    assert ("text.gap", "[ngày]") in [(finding.code, finding.excerpt) for finding in found]
    assert "[ảnh]" not in [finding.excerpt for finding in found]
