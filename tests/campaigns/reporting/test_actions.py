"""The life of a report: written, submitted, returned, accepted, rolled up."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from campaigns.evidence import recording
from campaigns.evidence.models import Evidence
from campaigns.models import Activity
from campaigns.reporting import actions, lines
from campaigns.reporting.actions import ConflictError
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.reporting.rollup import standing_of, table
from core.errors import RefusedError
from organisations.history import History
from organisations.models import Organisation, OrganisationName, Succession, User
from tests.campaigns.reporting.conftest import proof, slot

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TEXTS = {"results": "Đã đăng 12 tin, bài.", "proposals": "Bổ sung kinh phí."}
IN_TIME, LATE = date(2026, 3, 16), date(2026, 3, 18)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Give a function that sets the day; it is the last one in time at first."""

    def set_to(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(IN_TIME)
    return set_to


@pytest.fixture
def officer(person: Callable[[str], User], agencies: list[Organisation]) -> User:
    made = person("officer")
    made.organisations.add(agencies[1])
    return made


@pytest.fixture
def planner(person: Callable[[str], User], agencies: list[Organisation]) -> User:
    made = person("planner")
    made.organisations.add(agencies[0])
    return made


@pytest.fixture
def evidence(activities: list[Activity], agencies: list[Organisation]) -> Evidence:
    """One item of the second agency, in time; another slot of it stays empty."""
    filled = slot(activities[0], agencies[1], date(2026, 2, 28), ordinal=1)
    slot(activities[0], agencies[1], date(2026, 3, 10), ordinal=2)
    return proof(date(2026, 2, 20), filled)


@pytest.fixture
def report(
    quarter: ReportingPeriod,
    agencies: list[Organisation],
    officer: User,
    evidence: Evidence,
    today: Any,
) -> Report:
    made = actions.begin(quarter, agencies[1], officer)
    return actions.write(made, TEXTS, made.revision, officer)


def again(report: Report) -> Report:
    return Report.objects.select_related("organisation", "period").get(pk=report.pk)


def test_beginning_twice_is_one_report(report: Report, officer: User) -> None:
    assert actions.begin(report.period, report.organisation, officer) == report


def test_submitting_keeps_the_figures_and_holds_the_evidence(
    report: Report, officer: User, planner: User, evidence: Evidence
) -> None:
    actions.submit(report, officer)
    done = again(report)
    assert done.state == "submitted"
    assert done.was_on_time
    assert done.submitted_by == officer
    assert evidence.locks.get().holder == done.holder
    with pytest.raises(RefusedError, match="Sở Tài chính"):
        recording.withdraw(evidence, "nhầm", planner)
    recording.withdraw_story  # noqa: B018 - what the newsroom takes back goes its own way
    Evidence.objects.update(withdrawn_at=timezone.now())
    kept = actions.figures_of(done, IN_TIME)
    assert (kept.whole.done, kept.whole.overdue, kept.whole.outputs) == (1, 1, 1)
    now = actions.figures_now(done, IN_TIME)
    changes = {name: (each.then, each.now) for _pk, name, each in lines.differences(kept, now)}
    assert changes == {
        "done": (1, 0),
        "on-time": (1, 0),
        "overdue": (1, 2),
        "outputs": (1, 0),
    }


def test_what_was_submitted_is_locked(report: Report, officer: User) -> None:
    actions.submit(report, officer)
    for verb in (
        lambda: actions.write(again(report), TEXTS, again(report).revision, officer),
        lambda: actions.submit(report, officer),
    ):
        with pytest.raises(RefusedError, match="khóa"):
            verb()


def test_returning_needs_a_reason_and_lets_go(
    report: Report, officer: User, planner: User, evidence: Evidence
) -> None:
    with pytest.raises(RefusedError):
        actions.send_back(report, "Thiếu", planner)
    actions.submit(report, officer)
    with pytest.raises(RefusedError):
        actions.send_back(report, "  ", planner)
    actions.send_back(report, "Thiếu số liệu tờ gấp.", planner)
    back = again(report)
    assert (back.state, back.returned_reason) == ("returned", "Thiếu số liệu tờ gấp.")
    assert back.figures is None
    assert not evidence.locks.exists()
    assert back.was_on_time  # of the first submission


def test_submitted_late_is_on_record_whatever_the_period_says_later(
    report: Report, officer: User, planner: User, today: Callable[[date], None]
) -> None:
    today(LATE)
    actions.submit(report, officer)
    assert again(report).was_on_time is False
    ReportingPeriod.objects.update(internal_due=date(2026, 3, 19))
    assert again(report).was_on_time is False
    actions.send_back(report, "Sửa", planner)
    assert standing_of(again(report), report.period, LATE) == "returned"


def test_who_submits_does_not_accept(report: Report, officer: User, planner: User) -> None:
    with pytest.raises(RefusedError):
        actions.accept(report, planner)
    actions.submit(report, officer)
    with pytest.raises(RefusedError, match="Người gửi"):
        actions.accept(report, officer)
    actions.accept(report, planner)
    assert again(report).state == "accepted"
    with pytest.raises(RefusedError):
        actions.send_back(report, "Sửa", planner)


def test_a_report_without_results_or_before_its_period_is_refused(
    report: Report, officer: User, today: Callable[[date], None]
) -> None:
    actions.write(report, {"results": " "}, again(report).revision, officer)
    with pytest.raises(RefusedError, match="Kết quả"):
        actions.submit(report, officer)
    actions.write(report, TEXTS, again(report).revision, officer)
    today(date(2025, 12, 14))
    with pytest.raises(RefusedError):
        actions.submit(report, officer)


def test_the_second_of_two_writers_is_told(report: Report, officer: User, planner: User) -> None:
    seen = report.revision
    actions.write(report, {"causes": "Một"}, seen, officer)
    with pytest.raises(ConflictError) as caught:
        actions.write(report, {"causes": "Hai"}, seen, planner)
    assert caught.value.report.causes == "Một"


def test_the_province_gathers_texts_below_names(
    report: Report,
    officer: User,
    planner: User,
    quarter: ReportingPeriod,
    agencies: list[Organisation],
) -> None:
    actions.submit(report, officer)
    rolled = actions.roll_up(quarter, agencies[0], planner)
    assert rolled.results == "Sở Tài chính: Đã đăng 12 tin, bài."
    assert rolled.proposals == "Sở Tài chính: Bổ sung kinh phí."
    other = actions.begin(quarter, agencies[2], planner)
    actions.write(other, {"results": "Một.\nHai."}, other.revision, planner)
    actions.submit(other, planner)
    mine = actions.write(rolled, {"results": "Toàn tỉnh."}, rolled.revision, planner)
    assert actions.gather(mine, planner) == 1
    assert again(rolled).results == "Toàn tỉnh.\nSở Y tế:\nMột.\nHai."
    assert actions.gather(mine, planner) == 0
    assert actions.roll_up(quarter, agencies[0], planner) == rolled
    assert actions.figures_of(again(rolled), IN_TIME).whole.expected == 2


def test_money_is_the_agencys_own_and_the_provinces_the_sum(
    report: Report,
    officer: User,
    planner: User,
    quarter: ReportingPeriod,
    agencies: list[Organisation],
    activities: list[Activity],
) -> None:
    slot(activities[1], agencies[1], date(2026, 3, 1))
    spending = {str(activities[1].pk): 12_000_000}
    actions.write(report, {"spending": spending}, again(report).revision, officer)
    figures = actions.figures_of(again(report), IN_TIME)
    row = lines.rows_of(again(report), figures)[1]
    assert (row.planned, row.spent) == (60_000_000, 12_000_000)
    slot(activities[1], agencies[2], date(2026, 3, 1))
    row = lines.rows_of(again(report), figures)[1]
    assert row.planned is None  # of two agencies; whose share it is nobody wrote
    actions.submit(report, officer)
    rolled = actions.roll_up(quarter, agencies[0], planner)
    row = lines.rows_of(rolled, actions.figures_of(rolled, IN_TIME))[1]
    assert (row.planned, row.spent) == (60_000_000, 12_000_000)


def test_changes_against_other_periods(report: Report, officer: User) -> None:
    later = ReportingPeriod.objects.get(code="h1")
    actions.submit(report, officer)
    Evidence.objects.update(withdrawn_at=timezone.now())
    half = actions.begin(later, report.organisation, officer)
    figures = actions.figures_of(half, IN_TIME)
    history = History.load()
    compared = lines.Compared(half, figures, IN_TIME, history)
    done = {name: (before, year) for name, before, year in compared.totals()}["done"]
    assert (done[0].now, done[0].then, done[0].signed) == (0, 1, "-1")  # as it was submitted
    assert done[1].then is None


def test_agencies_as_then_and_as_now(
    activities: list[Activity],
    agencies: list[Organisation],
    quarter: ReportingPeriod,
    officer: User,
    planner: User,
    today: Callable[[date], None],
) -> None:
    """Sở Y tế was merged into Sở Tài chính, which took another name, after the period."""
    _home, finance, health = agencies
    slot(activities[0], health, date(2026, 2, 1), ordinal=1)
    slot(activities[0], finance, date(2026, 2, 1), ordinal=1)
    merged = date(2026, 4, 1)
    health.valid_to = date(2026, 3, 31)
    health.save()
    Succession.objects.create(old=health, new=finance, date=merged)
    OrganisationName.objects.create(
        organisation=finance, name="Sở Tài chính", valid_to=date(2026, 3, 31), official=True
    )
    finance.name = "Sở Tài chính - Y tế"
    finance.save()
    today(date(2026, 5, 1))
    now = table(quarter, date(2026, 5, 1), "now")
    assert [(row.row.name, row.whole.expected) for row in now.rows] == [("Sở Tài chính - Y tế", 2)]
    then = table(quarter, date(2026, 5, 1), "then")
    assert [(row.row.name, row.whole.expected) for row in then.rows] == [
        ("Sở Tài chính", 1),
        ("Sở Y tế", 1),
    ]
    made = actions.begin(quarter, finance, officer)
    assert actions.figures_of(made, date(2026, 5, 1)).whole.expected == 2
    made.agencies = "then"
    assert actions.figures_of(made, date(2026, 5, 1)).whole.expected == 1
