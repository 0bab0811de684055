"""The pages of reports, as officers and planners use them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Activity
from campaigns.reporting import actions
from campaigns.reporting.models import Report, ReportingPeriod
from organisations.models import Organisation, User
from tests.campaigns.reporting.conftest import proof, slot

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


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
def report(
    quarter: ReportingPeriod,
    agencies: list[Organisation],
    activities: list[Activity],
    officer: User,
) -> Report:
    filled = slot(activities[0], agencies[1], date(2026, 2, 28))
    proof(date(2026, 2, 20), filled, title="Bài về Một cửa")
    return actions.begin(quarter, agencies[1], officer)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, name: str, *args: Any, **query: Any) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def test_an_officer_begins_writes_and_submits(
    quarter: ReportingPeriod, activities: list[Activity], officer: User
) -> None:
    client = browser(officer)
    assert "Lập báo cáo" in text_of(client, "campaigns_reporting")
    own = officer.organisations.get()
    begun = client.post(
        reverse("campaigns_reporting_begin", args=[quarter.pk]), {"organisation": own.pk}
    )
    report = Report.objects.get()
    assert begun["Location"] == reverse("campaigns_report", args=[report.pk])
    url = reverse("campaigns_report_edit", args=[report.pk])
    data = {"results": "Tốt.", "seen": report.revision, "agencies": "now"}
    assert client.post(url, data)["Location"] == reverse("campaigns_report", args=[report.pk])
    client.post(reverse("campaigns_report_submit", args=[report.pk]))
    report.refresh_from_db()
    assert (report.state, report.results) == ("submitted", "Tốt.")
    refused = client.post(url, {**data, "results": "Khác", "seen": report.revision})
    assert "Báo cáo đã gửi và bị khóa" in refused.content.decode()
    assert "Khác" in refused.content.decode()  # what was typed is still there


def test_each_figure_leads_to_what_it_was_counted_from(report: Report, officer: User) -> None:
    client = browser(officer)
    page = text_of(client, "campaigns_report", report.pk)
    assert f"{reverse('campaigns_report_trace', args=[report.pk])}?figure=on-time" in page
    activity = Activity.objects.get(serial="1").pk
    for query in ({"kind": "link"}, {"line": activity, "figure": "outputs"}):
        assert "Bài về Một cửa" in text_of(client, "campaigns_report_trace", report.pk, **query)
    for figure in ("expected", "done", "on-time"):
        assert "Tin, bài trên cổng" in text_of(
            client, "campaigns_report_trace", report.pk, figure=figure
        )
    assert "Không có mục nào" in text_of(
        client, "campaigns_report_trace", report.pk, figure="overdue"
    )


@pytest.mark.parametrize("query", [{"line": "x"}, {"line": "99999999"}, {"figure": "x"}])
def test_addresses_of_no_figure_are_not_found(
    report: Report, officer: User, query: dict[str, str]
) -> None:
    url = reverse("campaigns_report_trace", args=[report.pk])
    assert browser(officer).get(url, query).status_code == 404


def test_two_writers_are_shown_both_texts(report: Report, officer: User) -> None:
    client, url = browser(officer), reverse("campaigns_report_edit", args=[report.pk])
    seen = report.revision
    client.post(url, {"results": "Của Mai", "seen": seen, "agencies": "now"})
    answer = client.post(url, {"results": "Của Lan", "seen": seen, "agencies": "now"})
    page = answer.content.decode()
    assert "Của Mai" in page
    assert "Của Lan" in page
    report.refresh_from_db()
    assert report.results == "Của Mai"
    client.post(url, {"results": "Của Lan", "seen": report.revision, "agencies": "now"})
    report.refresh_from_db()
    assert report.results == "Của Lan"


def test_a_planner_returns_accepts_and_rolls_up(
    report: Report, officer: User, planner: User, agencies: list[Organisation]
) -> None:
    actions.write(report, {"results": "Tốt."}, report.revision, officer)
    actions.submit(report, officer)
    client = browser(planner)
    url = reverse("campaigns_report_return", args=[report.pk])
    client.post(url, {"reason": "Thiếu ảnh"})
    assert "Thiếu ảnh" in text_of(browser(officer), "campaigns_report", report.pk)
    actions.submit(report, officer)
    client.post(reverse("campaigns_report_accept", args=[report.pk]))
    table = text_of(client, "campaigns_reporting_table", report.period_id)
    assert "được chấp nhận" in table
    made = client.post(
        reverse("campaigns_reporting_roll_up", args=[report.period_id]),
        {"organisation": agencies[0].pk},
    )
    rolled = Report.objects.get(kind="roll-up")
    assert made["Location"] == reverse("campaigns_report", args=[rolled.pk])
    assert "Sở Tài chính: Tốt." in text_of(client, "campaigns_report", rolled.pk)
    exported = client.get(
        reverse("campaigns_reporting_table", args=[report.period_id]), {"export": "xlsx"}
    )
    assert exported.content.startswith(b"PK")


def test_a_planner_makes_a_year_and_changes_its_days(planner: User) -> None:
    client = browser(planner)
    client.post(reverse("campaigns_reporting_year"), {"year": "2027"})
    assert ReportingPeriod.objects.filter(year=2027).count() == 4
    quarter = ReportingPeriod.objects.get(year=2027, code="q1")
    url = reverse("campaigns_reporting_period_edit", args=[quarter.pk])
    data = {
        "year": 2027,
        "code": "q1",
        "first": "15/12/2026",
        "last": "14/03/2027",
        "internal_due": "16/03/2027",
        "external_due": "15/03/2027",
    }
    refused = client.post(url, data).content.decode()
    assert "Hạn của tỉnh phải sau hạn của các cơ quan" in refused
    assert 'value="16/03/2027"' in refused
    client.post(url, {**data, "external_due": "20/03/2027"})
    quarter.refresh_from_db()
    assert quarter.internal_due == date(2027, 3, 16)
    client.post(reverse("campaigns_reporting_period_delete", args=[quarter.pk]))
    assert not ReportingPeriod.objects.filter(pk=quarter.pk).exists()


def test_a_period_with_reports_stays(report: Report, planner: User) -> None:
    url = reverse("campaigns_reporting_period_delete", args=[report.period_id])
    browser(planner).post(url)
    assert ReportingPeriod.objects.filter(pk=report.period_id).exists()


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_pages_cost_the_same_for_ninety_agencies(
    report: Report,
    officer: User,
    planner: User,
    activities: list[Activity],
    agencies: list[Organisation],
) -> None:
    actions.write(report, {"results": "Tốt."}, report.revision, officer)
    actions.submit(report, officer)
    rolled = actions.roll_up(report.period, agencies[0], planner)
    client = browser(planner)
    urls = [
        reverse("campaigns_report", args=[report.pk]),
        reverse("campaigns_report", args=[rolled.pk]),
        reverse("campaigns_reporting_table", args=[report.period_id]),
        reverse("campaigns_report_trace", args=[rolled.pk]),
    ]
    few = [queries(client, url) for url in urls]
    for number in range(90):
        agency = Organisation.objects.create(code=f"xa-{number}", name=f"UBND xã {number}")
        for activity in activities:
            proof(date(2026, 2, 1), slot(activity, agency, date(2026, 2, 20)))
        Report.objects.create(
            organisation=agency,
            period=report.period,
            state="submitted",
            first_submitted_at=timezone.now() - timedelta(days=1),
            was_on_time=True,
            spending={str(activities[1].pk): 1000},
        )
    many = [queries(client, url) for url in urls]
    assert max(many) <= 30
    assert all(now <= before + 1 for now, before in zip(many, few, strict=True)), (few, many)
