from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.deadlines import ImpossibleDateError, Timing, parse_timing

Q2_Q3 = Timing(date(2021, 4, 1), date(2021, 9, 30))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Timing()),
        ("Trước 15/5/2021", Timing(end=date(2021, 5, 14))),
        ("Trước ngày 30/6", Timing(end=date(2021, 6, 29))),
        ("Trước tháng 6/2021", Timing(end=date(2021, 5, 31))),
        ("Chậm nhất ngày 15 tháng 5 năm 2021", Timing(end=date(2021, 5, 15))),
        ("Hoàn thành trong tháng 6/2021", Timing(end=date(2021, 6, 30))),
        ("Đến hết năm 2021", Timing(end=date(2021, 12, 31))),
        ("Từ 01/5/2021", Timing(start=date(2021, 5, 1))),
        ("Thường xuyên", Timing(recurrence="continuous")),
        ("Hằng tháng", Timing(recurrence="monthly")),
        ("Hàng tuần", Timing(recurrence="weekly")),
        ("Định kỳ", Timing(recurrence="periodic")),
        ("Định kỳ hằng quý", Timing(recurrence="quarterly")),
        ("Quý I, 6 tháng, quý III, năm", Timing(recurrence="reporting")),
        ("Quý II - Quý III/2021", Q2_Q3),
        ("quý ii – iii", Q2_Q3),
        ("Quý 2 đến quý 3 năm 2021", Q2_Q3),
        ("Tháng 6 - 8/2021", Timing(date(2021, 6, 1), date(2021, 8, 31))),
        ("Tháng 2/2020", Timing(date(2020, 2, 1), date(2020, 2, 29))),
        ("Trong tháng 6", Timing(date(2021, 6, 1), date(2021, 6, 30))),
        ("Tháng 11 - tháng 2/2022", Timing(date(2021, 11, 1), date(2022, 2, 28))),
        ("15/5/2021 - 20/6/2021", Timing(date(2021, 5, 15), date(2021, 6, 20))),
        ("6 tháng cuối năm", Timing(date(2021, 7, 1), date(2021, 12, 31))),
        ("Năm 2021", Timing(date(2021, 1, 1), date(2021, 12, 31))),
        (
            "Hằng tháng, từ tháng 5 đến hết tháng 12",
            Timing(date(2021, 5, 1), date(2021, 12, 31), "monthly"),
        ),
        (
            "Tháng 4 - 5/2021 (trọng tâm trước 23/5/2021)",
            Timing(date(2021, 4, 1), date(2021, 5, 31), "", ("trọng tâm trước 23/5/2021",)),
        ),
        ("Theo hướng dẫn riêng", Timing(unclear=("Theo hướng dẫn riêng",))),
        ("Tháng 4, 5/2021", Timing(date(2021, 4, 1), date(2021, 5, 31))),
        ("Thường xuyên 24/24", Timing(unclear=("Thường xuyên 24/24",))),
        ("Tháng 9 - 3/2021", Timing(date(2020, 9, 1), date(2021, 3, 31))),
    ],
)
def test_reads_what_plans_write(text: str, expected: Timing):
    assert parse_timing(text, 2021) == expected


def test_second_period_is_for_a_person():
    timing = parse_timing("Quý I/2021; quý III/2021", 2021)
    assert timing.start == date(2021, 1, 1)
    assert timing.unclear == ("quý III/2021",)


@pytest.mark.parametrize(
    "text",
    ["Trước 30/2/2021", "31/4", "Tháng 13/2021", "Trước 1/1/0001", "Xong (trước 29/2/2021)", "0/5"],
)
def test_refuses_dates_that_do_not_exist(text: str):
    with pytest.raises(ImpossibleDateError):
        parse_timing(text, 2021)


def test_leap_day_needs_its_year():
    assert parse_timing("29/2/2024", 2024).start == date(2024, 2, 29)
    with pytest.raises(ImpossibleDateError):
        parse_timing("29/2", 2021)


FRAGMENTS = st.sampled_from(
    ["tháng", "quý", "trước", "từ", "đến", "-", "/", "ngày", "năm", "hằng", "II", "5", "2021", "(",
     ")", ";", ",", "31", "0", "9999", "6 tháng đầu năm"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(FRAGMENTS, max_size=9).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str):
    try:
        timing = parse_timing(text, 2021)
    except ImpossibleDateError:
        return
    assert timing.start is None or timing.end is None or timing.start <= timing.end
