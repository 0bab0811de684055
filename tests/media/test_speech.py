"""Text as a newsreader says it."""

import sys
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from media.speech import Documents, speak
from media.speech.numbers import read_digits, read_integer, read_number
from media.speech.roman import value
from media.speech.tables import abbreviations

YEAR = {
    "2020": "hai nghìn không trăm hai mươi",
    "2021": "hai nghìn không trăm hai mươi mốt",
    "2025": "hai nghìn không trăm hai mươi lăm",
    "2030": "hai nghìn không trăm ba mươi",
}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Ngày 21/4/2021", f"Ngày hai mươi mốt tháng tư năm {YEAR['2021']}"),
        ("ngày 08/9/2020", f"ngày mùng tám tháng chín năm {YEAR['2020']}"),
        ("chiều 13/10/2020", f"chiều mười ba tháng mười năm {YEAR['2020']}"),
        ("15-07-2020", f"mười lăm tháng bảy năm {YEAR['2020']}"),
        ("13 giờ 54", "mười ba giờ năm mươi tư"),
        ("7h30", "bảy giờ ba mươi"),
        ("2021 -2030", f"{YEAR['2021']} đến {YEAR['2030']}"),
        ("nhiệm kỳ 2020 - 2025", f"nhiệm kỳ {YEAR['2020']} đến {YEAR['2025']}"),
        ("lần thứ I", "lần thứ nhất"),
        ("lần thứ IV", "lần thứ tư"),
        ("quý III năm 2020", f"quý ba năm {YEAR['2020']}"),
        ("quý IV/2020", f"quý bốn năm {YEAR['2020']}"),
        ("Kế hoạch số 95/KH-UBND", "Kế hoạch số chín mươi lăm của Ủy ban nhân dân"),
        (
            "Nghị định số 30/2020/NĐ-CP",
            f"Nghị định số ba mươi, năm {YEAR['2020']}, của Chính phủ",
        ),
        ("Quyết định số 06/QĐ-TTg", "Quyết định số không sáu của Thủ tướng Chính phủ"),
        ("Công văn số 383/BNV-CCHC", "Công văn số ba trăm tám mươi ba của Bộ Nội vụ"),
        ("Nghị quyết số 57-NQ/TW", "Nghị quyết số năm mươi bảy của Trung ương"),
        ("trên 80%", "trên tám mươi phần trăm"),
        ("87,76%", "tám mươi bảy phẩy bảy mươi sáu phần trăm"),
        ("343.399 hồ sơ", "ba trăm bốn mươi ba nghìn ba trăm chín mươi chín hồ sơ"),
        ("1.250.000 đồng", "một triệu hai trăm năm mươi nghìn đồng"),
        ("108,73 km2", "một trăm linh tám phẩy bảy mươi ba ki-lô-mét vuông"),
        ("mức độ 3, 4", "mức độ ba, bốn"),
        ("24/7", "hai mươi tư trên bảy"),
        ("Phòng CCHC-VTLT", "Phòng Cải cách hành chính - Văn thư, lưu trữ"),
        ("UBND huyện, thành phố", "Ủy ban nhân dân huyện, thành phố"),
        ("Đ/c", "đồng chí"),
        ("đ/c", "đồng chí"),
        ("V/v", "về việc"),
        ("Hotline 1900.1234", "Hotline một chín không không, một hai ba bốn"),
        ("www.langson.gov.vn", "lạng sơn chấm gov chấm vn"),
    ],
)
def test_the_examples_of_the_domain(written: str, said: str) -> None:
    assert speak(written) == said


def test_a_list_of_indices_is_spelt_out() -> None:
    assert speak("các chỉ số (PAR INDEX, PAPI, PCI)") == (
        "các chỉ số gồm: Chỉ số cải cách hành chính, Chỉ số hiệu quả quản trị và hành chính công, "
        "Chỉ số năng lực cạnh tranh cấp tỉnh"
    )


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (Documents.NATURAL, "Kế hoạch số chín mươi lăm của Ủy ban nhân dân"),
        (
            Documents.VERBATIM,
            "Kế hoạch số chín mươi lăm, gạch chéo, kế hoạch, Ủy ban nhân dân",
        ),
    ],
)
def test_documents_have_more_than_one_reading(mode: Documents, said: str) -> None:
    assert speak("Kế hoạch số 95/KH-UBND", documents=mode) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        # The issuer is named later in the sentence: once is enough.
        (
            "Kế hoạch số 95/KH-UBND ngày 15/3 của UBND tỉnh",
            "Kế hoạch số chín mươi lăm ngày mười lăm tháng ba của Ủy ban nhân dân tỉnh",
        ),
        ("theo 12/TTr-SNV", "theo tờ trình số mười hai của Sở Nội vụ"),
        (
            "Luật số 72/2025/QH15",
            f"Luật số bảy mươi hai, năm {YEAR['2025']}, của Quốc hội khóa mười lăm",
        ),
        ("Nghị quyết số 01-NQ/TU", "Nghị quyết số không một của Tỉnh ủy"),
        ("từ 7h30 - 11h00", "từ bảy giờ ba mươi đến mười một giờ"),
        (
            "các ngày 13, 14 và 15/10/2020",
            f"các ngày mười ba, mười bốn và mười lăm tháng mười năm {YEAR['2020']}",
        ),
        ("ngày 10-12/10/2020", f"ngày mùng mười đến mười hai tháng mười năm {YEAR['2020']}"),
        ("từ ngày 1/3 đến 15/3", "từ ngày mùng một tháng ba đến mười lăm tháng ba"),
        ("20/10/2021 - 13:54", f"hai mươi tháng mười năm {YEAR['2021']} - mười ba giờ năm mươi tư"),
        ("tháng 10/2020", f"tháng mười năm {YEAR['2020']}"),
        ("xếp thứ 42/63 tỉnh", "xếp thứ bốn mươi hai trên sáu mươi ba tỉnh"),
        ("2/3 dân số", "hai phần ba dân số"),
        ("1/2 ha", "một phần hai héc-ta"),
        ("đạt 2/3 tiêu chí", "đạt hai trên ba tiêu chí"),
        ("giảm 5-10% phí", "giảm năm đến mười phần trăm phí"),
        ("3,5 triệu đồng/tháng", "ba phẩy năm triệu đồng một tháng"),
        ("5 tấn/ha", "năm tấn trên héc-ta"),
        ("500.000đ", "năm trăm nghìn đồng"),
        ("2,5 tr.đ", "hai phẩy năm triệu đồng"),
        ("nhiệt độ -5°C", "nhiệt độ âm năm độ xê"),
        ("Công nghiệp 4.0", "Công nghiệp bốn chấm không"),
        ("08 xã theo Đề án 06", "tám xã theo Đề án không sáu"),
        ("mạng 4G", "mạng bốn G"),
        ("ĐT: 0205.3812.345", "điện thoại: không hai không năm, ba tám một hai, ba bốn năm"),
        ("sonoivu@langson.gov.vn", "sonoivu a còng lạng sơn chấm gov chấm vn"),
        ("phòng, chống dịch COVID-19", "phòng, chống dịch cô-vít mười chín"),
        ("cải cách hành chính (CCHC) năm nay", "cải cách hành chính năm nay"),
        ("kinh tế - xã hội", "kinh tế - xã hội"),
        ("kinh tế – xã hội, KT-XH", "kinh tế - xã hội, kinh tế - xã hội"),
        ("khóa XV, quý I, II và III", "khóa mười lăm, quý một, hai và ba"),
        ("II. Kết quả", "hai. Kết quả"),
        ("trên địa bàn tỉnh./.", "trên địa bàn tỉnh."),
        ("tại TP. Lạng Sơn và TP.HCM", "tại thành phố Lạng Sơn và Thành phố Hồ Chí Minh"),
        ("CCHC là khâu đột phá", "Cải cách hành chính là khâu đột phá"),
        ("VP UBND tỉnh", "Văn phòng Ủy ban nhân dân tỉnh"),
        ("diện tích 30 m²", "diện tích ba mươi mét vuông"),
        ("vitamin C, khối A", "vitamin C, khối A"),
        ("Hội nghị ABCXY", "Hội nghị ABCXY"),
    ],
)  # fmt: skip
def test_the_rules_carry_over(written: str, said: str) -> None:
    assert speak(written) == said


def test_days_without_mung() -> None:
    assert speak("ngày 08/9", mung=False) == "ngày tám tháng chín"


def test_an_articles_own_readings_win() -> None:
    assert speak("ABCXY và CCHC", overrides={"ABCXY": r"a \b", "CCHC": "cải cách"}) == (
        "a b và cải cách"
    )


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "không"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (44, "bốn mươi tư"),
        (101, "một trăm linh một"),
        (1005, "một nghìn không trăm linh năm"),
        (2004, "hai nghìn không trăm linh bốn"),
        (1_000_001, "một triệu không trăm linh một"),
        (10_000_000_000_000, "mười nghìn tỷ"),
    ],
)
def test_integers(number: int, said: str) -> None:
    assert read_integer(number) == said


def _back(words: str) -> int:
    """Read number words back, by other rules than they were made: one scale at a time."""
    values = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5,
              "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}  # fmt: skip
    total = group = digit = 0
    for word in words.split():
        if word in values:
            digit = values[word]
        elif word == "mười":
            group += 10
        elif word in {"mươi", "trăm"}:
            group += digit * (10 if word == "mươi" else 100)
            digit = 0
        elif word != "linh":
            scale = {"nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9}[word]
            total = (
                (total + group + digit) * scale
                if scale == 10**9
                else total + (group + digit) * scale
            )
            group = digit = 0
    return total + group + digit


@given(st.integers(min_value=0, max_value=10**15))
def test_integers_read_back(number: int) -> None:
    assert _back(read_integer(number)) == number


def test_written_numbers() -> None:
    assert read_number("0,05") == "không phẩy không năm"
    assert read_number("1.000,5") == "một nghìn phẩy năm"
    assert read_number("007") == "không không bảy"
    assert read_digits("0988") == "không chín tám tám"


@pytest.mark.parametrize(
    ("numeral", "number"), [("XVII", 17), ("IV", 4), ("XL", 40), ("IIX", 0), ("", 0)]
)
def test_roman_numerals(numeral: str, number: int) -> None:
    assert value(numeral) == number


def test_every_abbreviation_that_stands_alone_is_read() -> None:
    only_in_place = {"TT", "VP", "SNV", "BNV", "QH15"}
    for row in abbreviations():
        if row.mode in {"expand", "spell", "word"} and row.written not in only_in_place:
            assert row.said.casefold() in speak(f"về {row.written} tại").casefold(), row


signs = st.text(
    alphabet=st.sampled_from(" 0123456789/-.,:%()hđ²①XIVUBNDQĐKHngàyquýthứ\n"), max_size=40
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), signs))
def test_no_digit_is_left_and_no_line_is_lost(text: str) -> None:
    said = speak(text)
    assert not any(char.isdigit() for char in said)
    assert said.count("\n") == text.count("\n")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "cán",
                "bộ",
                "công",
                "chức,",
                "viên",
                "chức",
                "phục",
                "vụ",
                "nhân",
                "dân.",
                "Hội",
                "nghị;",
                "tỉnh",
            ]
        )
    )
)
def test_words_stay_as_they_are(words: list[str]) -> None:
    text = " ".join(words)
    assert speak(text) == text.rstrip(",")
    assert speak(speak(text)) == speak(text)


def test_the_command_gives_a_line_for_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Ngày 21/4/2021\r\n\r\nKế hoạch số 95/KH-UBND\n"
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text.encode())))
    out = StringIO()
    call_command("speech_text", "--documents", "verbatim", stdout=out)
    lines = out.getvalue().split("\n")
    assert len(lines) == 4
    assert lines[1] == ""
    assert "gạch chéo" in lines[2]


@pytest.mark.parametrize("piece", ["1", "1.", "1,", "1-", "1/", "a.", "AB-", "(AB,", "a@", "I, "])
def test_long_runs_come_back(piece: str) -> None:
    # A rule that tries every start of a run to its end would not come back from these.
    assert speak(piece * 50_000).count("\n") == 0
