"""Days: public holidays, the days of plans, weeks and months. No database."""

from datetime import date

import pytest

from campaigns.models import Activity, Plan
from core import holiday
from core.gaps import unfilled_gaps
from editorial.desk import due, grid

# As announced: Tết 2026 from 16/2 to 20/2, Hùng kings on a Sunday, National Day with 31/8.
OFF_2026 = (
    "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-26 04-27 04-30 05-01 08-31 09-01 09-02 11-24"
)
# 6/2/2027 is the first day of Đinh Mùi; the tenth day of the third month is 16/4.
OFF_2027 = (
    "01-01 02-04 02-05 02-06 02-07 02-08 02-09 02-10 04-16 04-30 05-01 05-03 09-02 09-03 11-24"
)


@pytest.mark.parametrize(("year", "expected"), [(2026, OFF_2026), (2027, OFF_2027)])
def test_the_public_holidays_of_a_year(year: int, expected: str) -> None:
    days = (
        date.fromordinal(number)
        for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    )
    assert [f"{day:%m-%d}" for day in days if holiday.name_of(day)] == expected.split()


def test_a_saturday_worked_for_a_day_off_is_no_free_day() -> None:
    assert holiday.is_made_up(date(2026, 8, 22))
    assert not holiday.is_free(date(2026, 8, 22))
    assert holiday.is_free(date(2026, 8, 29))
    assert holiday.is_free(date(2026, 8, 31))
    assert not holiday.is_free(date(2026, 8, 28))


def activity(recurrence: str = "", start: date | None = None, end: date | None = None) -> Activity:
    return Activity(plan=Plan(year=2026), recurrence=recurrence, start=start, end=end)


YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (activity(end=date(2026, 5, 14)), ["05-14"]),
        (activity(), []),
        (activity("continuous", date(2026, 3, 1), date(2026, 10, 31)), ["10-31"]),
        (activity("quarterly"), ["03-31", "06-30", "09-30", "12-31"]),
        (activity("half-yearly"), ["06-30", "12-31"]),
        (activity("yearly"), ["12-31"]),
        (activity("reporting"), ["03-20", "06-20", "09-20", "12-20"]),
        (activity("monthly", date(2026, 9, 10)), ["09-30", "10-31", "11-30", "12-31"]),
        (activity("monthly", date(2026, 1, 1), date(2026, 3, 15)), ["01-31", "02-28", "03-15"]),
        (activity("weekly", date(2026, 2, 2), date(2026, 2, 15)), ["02-06", "02-13", "02-15"]),
        (activity("quarterly", date(2025, 12, 1), date(2026, 2, 1)), ["02-01"]),
    ],
)
def test_the_days_an_activity_is_due(given: Activity, expected: list[str]) -> None:
    assert [f"{day:%m-%d}" for day in due.days_of(given, *YEAR)] == expected


def test_only_the_days_asked_for() -> None:
    found = due.days_of(activity("monthly"), date(2026, 2, 1), date(2026, 3, 1))
    assert found == [date(2026, 2, 28)]


@pytest.mark.parametrize(
    ("view", "day", "first", "last"),
    [
        ("month", "2026-05-15", date(2026, 4, 27), date(2026, 5, 31)),
        ("week", "2026-05-15", date(2026, 5, 11), date(2026, 5, 17)),
        ("", "gì đó", date(2026, 11, 30), date(2027, 1, 3)),
        ("month", "0001-01-01", date(1999, 12, 27), date(2000, 2, 6)),
        ("month", "9999-12-31", date(2100, 11, 29), date(2101, 1, 2)),
    ],
)
def test_the_days_a_view_shows(view: str, day: str, first: date, last: date) -> None:
    span = grid.span_of(view, day, date(2026, 12, 24))
    assert (span.first, span.last) == (first, last)
    assert span.first.weekday() == 0


def test_the_neighbours_of_a_view() -> None:
    month = grid.Span("month", date(2026, 1, 31))
    assert (month.previous, month.next) == (date(2025, 12, 1), date(2026, 2, 1))
    week = grid.Span("week", date(2026, 1, 1))
    assert (week.previous, week.next) == (date(2025, 12, 25), date(2026, 1, 8))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ngày [ngày], tại [địa điểm], [ngày]", ["[ngày]", "[địa điểm]"]),
        ("[Ảnh] Ba Bể; theo [1], [2] và […]", []),
        ("[xem thêm](https://lang.vn)", []),
        ("không có gì", []),
        ("[" * 10_000, []),
    ],
)
def test_gaps_that_a_writer_left(text: str, expected: list[str]) -> None:
    assert unfilled_gaps(text) == expected
