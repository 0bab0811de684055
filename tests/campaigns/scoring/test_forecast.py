"""What is still to be won, and where a criterion will stand at the year's end."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.scoring.forecast import Verdict, forecast
from campaigns.scoring.gains import gain, needed
from campaigns.scoring.points import score
from campaigns.scoring.rules import Proportional, Rule
from campaigns.scoring.values import DoneOn, Lateness, Number, Ratio, Ticked, Value
from tests.campaigns.scoring import strategies
from tests.campaigns.scoring.test_points import FORMS, ISSUED, PLAN, REPORTS, STEPS, SURVEY

pytestmark = pytest.mark.one_database
JULY = date(2026, 7, 1)


def ratio(done: int, planned: int) -> Ratio:
    return Ratio(done=Decimal(done), planned=Decimal(planned))


@pytest.mark.parametrize(
    ("rule", "value", "today", "points", "lost", "words"),
    [
        (PLAN, ratio(10, 20), JULY, "1", "0", "Làm thêm 10, để đạt 20 trên 20"),
        (PLAN, ratio(10, 20), JULY, "1", "0", "Dưới 18 (90 %)"),
        (PLAN, ratio(19, 20), JULY, "0.05", "0", "Làm thêm 1"),
        (PLAN, ratio(20, 20), JULY, "0", "0", "Đã đạt điểm tối đa"),
        (PLAN, None, JULY, "1", "0", "từ 100 %"),
        (FORMS, Ticked(codes=("bang",)), JULY, "0.75", "0", "Hội nghị, tờ gấp (+0,5); Mạng"),
        (STEPS, Number(number=Decimal(30)), JULY, "2", "0", "từ 50 đến dưới 80"),
        (ISSUED, None, date(2026, 1, 31), "1", "0", "trước hoặc trong ngày 31/01/2026"),
        (ISSUED, DoneOn(day=None), date(2026, 2, 5), "0.5", "0.5", "hôm nay được 0,5 điểm"),
        (ISSUED, None, JULY, "0", "1", "Đã quá muộn"),
        (ISSUED, DoneOn(day=date(2026, 2, 5)), JULY, "0", "0.5", "không thể lấy lại"),
        (REPORTS, Lateness(late=1, missing=1), JULY, "0.25", "0.5", "báo cáo còn thiếu"),
        (SURVEY, None, JULY, "1.5", "0", "hướng dẫn"),
    ],
)
def test_what_would_raise_it(
    rule: Rule, value: Value | None, today: date, points: str, lost: str, words: str
) -> None:
    result = gain(rule, value, today)
    assert (result.points, result.lost) == (Decimal(points), Decimal(lost))
    assert words in result.advice


@given(strategies.pairs, strategies.days)
def test_what_is_there_won_and_lost_comes_to_the_maximum(
    pair: tuple[Rule, Value], today: date
) -> None:
    rule, value = pair
    result = gain(rule, value, today)
    assert result.points >= 0
    assert result.lost >= 0
    assert score(rule, value).points + result.points + result.lost == rule.maximum


@given(strategies.proportionals(), st.integers(0, 400), st.integers(1, 400))
def test_doing_what_is_advised_gives_all(rule: Proportional, done: int, planned: int) -> None:
    most = needed(rule, Decimal(planned), rule.full)
    assert score(rule, Ratio(done=most, planned=Decimal(planned))).points == rule.maximum


def test_a_pace_runs_on_to_the_end_of_the_year() -> None:
    readings = {date(2026, 3, 20): ratio(4, 20), date(2026, 6, 30): ratio(9, 20)}
    result = forecast(PLAN, readings, 2026, JULY)
    assert [quarter.is_expected for quarter in result.quarters] == [False, False, True, True]
    assert [quarter.points for quarter in result.quarters[:2]] == [0, 0]
    assert result.quarters[2].points == 0
    assert result.at_end.points == Decimal("0.90")  # 9 in 182 days come to 18.05 in 365
    assert result.verdict == Verdict.PARTLY
    assert "Làm thêm 11" in result.advice


def test_what_the_agency_expects_beats_the_pace() -> None:
    readings = {date(2026, 6, 30): ratio(9, 20)}
    result = forecast(PLAN, readings, 2026, JULY, expected=ratio(20, 20))
    assert result.at_end.points == 1
    assert result.verdict == Verdict.FULL
    assert "cơ quan dự kiến" in result.basis


def test_past_quarters_show_what_was_on_record_then() -> None:
    readings: dict[date, Value] = {
        date(2026, 3, 1): Ticked(codes=("bang",)),
        date(2026, 5, 1): Ticked(codes=("bang", "mang")),
        date(2027, 2, 1): Ticked(codes=("bang", "mang", "hoi-nghi")),
    }
    result = forecast(FORMS, readings, 2026, date(2027, 1, 15))
    assert [str(quarter.points) for quarter in result.quarters] == ["0.25", "0.50", "0.50", "0.50"]
    assert not any(quarter.is_expected for quarter in result.quarters)
    assert result.verdict == Verdict.PARTLY


def test_a_deadline_to_come_is_expected_in_time_and_a_past_one_is_not() -> None:
    before = forecast(ISSUED, {}, 2026, date(2026, 1, 10))
    assert (before.at_end.points, before.verdict) == (1, Verdict.FULL)
    after = forecast(ISSUED, {}, 2026, JULY)
    assert (after.at_end.points, after.verdict) == (0, Verdict.NOTHING)


@given(strategies.pairs, strategies.days)
def test_a_forecast_lies_between_nothing_and_the_maximum(
    pair: tuple[Rule, Value], today: date
) -> None:
    rule, value = pair
    result = forecast(rule, {today: value}, today.year, today)
    for points in (result.now.points, result.at_end.points, *(q.points for q in result.quarters)):
        assert 0 <= points <= rule.maximum
    assert result.advice
    assert result.basis
