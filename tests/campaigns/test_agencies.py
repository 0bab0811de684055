from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.agencies import Directory, name_key
from organisations.models import Organisation

THEN, NOW = date(2021, 4, 21), date(2026, 1, 5)


def codes(directory: Directory, text: str) -> list[str]:
    return [agency.code for agency in directory.read(text).found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sở Nội vụ", ["so-noi-vu"]),
        ("SỞ NỘI VỤ", ["so-noi-vu"]),
        ("Sở Nội vụ, Văn phòng UBND tỉnh", ["so-noi-vu", "van-phong-ubnd-tinh"]),
        (
            "Các sở, ban, ngành; UBND huyện, thành phố",
            ["cac-so-ban-nganh", "ubnd-cac-huyen-thanh-pho"],
        ),
        ("Thủ trưởng các sở, ban, ngành", ["cac-so-ban-nganh"]),
        ("Sở VH,TT&DL", ["so-van-hoa-the-thao-va-du-lich"]),
        ("- Sở Nội vụ\n- Sở Tài chính", ["so-noi-vu", "so-tai-chinh"]),
        ("Văn phòng\nUBND tỉnh", ["van-phong-ubnd-tinh"]),
        ("Sở Nội vụ và Sở Tài chính.", ["so-noi-vu", "so-tai-chinh"]),
        ("Sở Nội vụ; Sở Nội vụ", ["so-noi-vu"]),
        ("", []),
    ],
)
def test_finds_the_agencies(province: int, text: str, expected: list[str]):
    reading = Directory.on(THEN).read(text)
    assert [agency.code for agency in reading.found] == expected
    assert reading.unknown == []


def test_unknown_stretches_stay_together(province: int):
    reading = Directory.on(THEN).read("Sở Nội vụ; Câu lạc bộ Thơ, ca và nhạc; Báo Lạng Sơn")
    assert [agency.code for agency in reading.found] == ["so-noi-vu", "bao-lang-son"]
    assert reading.unknown == ["Câu lạc bộ Thơ, ca và nhạc"]


def test_the_day_decides_between_namesakes(db: None):
    for code, first, last in (("cu", None, THEN), ("moi", date(2021, 4, 22), None)):
        Organisation.objects.create(code=code, name="Ban A", valid_from=first, valid_to=last)
    assert codes(Directory.on(THEN), "Ban A") == ["cu"]
    assert codes(Directory.on(NOW), "Ban A") == ["moi"]


def test_two_that_fit_are_none(db: None):
    for code in ("mot", "hai"):
        Organisation.objects.create(code=code, name="Ban A")
    assert Directory.on(THEN).read("Ban A").unknown == ["Ban A"]


def test_spellings_of_one_name():
    assert name_key("Ủy ban nhân dân các huyện") == name_key("UBND huyện")
    assert name_key("Uỷ ban MTTQ") == name_key("ủy ban mttq")


def test_loading_takes_two_queries(province: int, django_assert_num_queries):
    with django_assert_num_queries(2):
        Directory.on(THEN).read("Sở Nội vụ; Sở Tài chính")


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_pieces_cover_their_own_text(text: str):
    directory = Directory(THEN, [])
    for piece in directory.read(text).pieces:
        assert piece.text
        assert piece.start < piece.end
