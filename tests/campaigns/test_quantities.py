import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.quantities import Quantity, parse_quantity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Quantity()),
        ("4 bài", Quantity(4, "bài", total=4)),
        ("20.000 tờ", Quantity(20000, "tờ", total=20000)),
        ("4 báo cáo/năm", Quantity(4, "báo cáo", "year", total=4)),
        ("1 kế hoạch/cơ quan", Quantity(1, "kế hoạch", per_agency=True)),
        ("Ít nhất 10 tin, phóng sự/tháng", Quantity(10, "tin, phóng sự", "month")),
        ("Ít nhất 2 tin, bài/tháng/cơ quan", Quantity(2, "tin, bài", "month", per_agency=True)),
        ("2 kỳ mỗi tháng", Quantity(2, "kỳ", "month")),
        (
            "2 kỳ/tháng (16 kỳ từ tháng 5 đến tháng 12)",
            Quantity(2, "kỳ", "month", total=16, within="từ tháng 5 đến tháng 12"),
        ),
        (
            "2 kỳ/tháng/huyện (11 đơn vị)",
            Quantity(2, "kỳ", "month", per_agency=True, unclear=("11 đơn vị",)),
        ),
        ("22 pano (2/huyện, thành phố)", Quantity(2, "pano", per_agency=True, total=22)),
        ("22 pano (2/tháng)", Quantity(22, "pano", total=22, unclear=("2/tháng",))),
        ("Mỗi quý 01 lần", Quantity(1, "lần", "quarter")),
        ("Mỗi tháng ít nhất hai tin, bài", Quantity(2, "tin, bài", "month")),
        ("Hai kỳ/tháng", Quantity(2, "kỳ", "month")),
        ("Trên 150 đại biểu", Quantity(150, "đại biểu", total=150)),
        ("Một số tin, bài", Quantity(unclear=("Một số tin, bài",))),
        ("Năm học mới", Quantity(unclear=("Năm học mới",))),
        ("2 - 3 tin/tháng", Quantity(unclear=("2 - 3 tin/tháng",))),
        ("0 bài", Quantity(unclear=("0 bài",))),
        ("Khoảng 100 lượt", Quantity(unclear=("Khoảng 100 lượt",))),
        ("Theo hướng dẫn riêng", Quantity(unclear=("Theo hướng dẫn riêng",))),
        ("1 lớp, 120 học viên", Quantity(unclear=("1 lớp, 120 học viên",))),
        (
            "2 chuyên trang/tháng; ít nhất 4 tin, bài/tháng",
            Quantity(unclear=("2 chuyên trang/tháng; ít nhất 4 tin, bài/tháng",)),
        ),
        ("2 lần/tuần/tháng", Quantity(unclear=("2 lần/tuần/tháng",))),
    ],
)
def test_reads_what_plans_write(text: str, expected: Quantity):
    assert parse_quantity(text) == expected


@given(st.text(alphabet="0123456789./();, aítnhấkỳ", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_handed_back(text: str):
    quantity = parse_quantity(text)
    assert quantity.target is None or quantity.target >= 0
    assert quantity.target is not None or quantity.unclear or not text.strip(" .")
