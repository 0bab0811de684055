"""Campaigns of review: who is asked, who handed in and when, nominations, products."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns.events import reviewing
from campaigns.events.models import AgencyReview, Event, Nomination, ReviewCampaign
from campaigns.events.reviewing import Standing
from campaigns.models import Plan
from organisations.models import Organisation, User

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def campaign(public_plan: Plan, host: Organisation, communes: Organisation) -> ReviewCampaign:
    """A final review, due in ten days, that both communes are asked for."""
    today = timezone.localdate()
    made = ReviewCampaign.objects.create(
        plan=public_plan, title="Tổng kết 10 năm", lead=host,
        period_start=date(today.year - 10, 1, 1), period_end=today,
    )  # fmt: skip
    made.stages.create(kind="agencies", name="Báo cáo", due_on=today + timedelta(days=10))
    made.stages.create(kind="province", name="Báo cáo tỉnh", due_on=today + timedelta(days=40))
    reviewing.ask(made, [communes], today)
    return made


@pytest.fixture
def mine(campaign: ReviewCampaign, commune: Organisation) -> AgencyReview:
    return campaign.reviews.get(organisation=commune)


def own_form(client: Client, review: AgencyReview, **values: Any) -> Any:
    url = reverse("campaigns_review_own", args=[review.pk])
    form = client.get(url).context["form"]
    seen = form["seen"].value() if form else ""
    return client.post(url, {"summary": "Đã làm tốt", "seen": seen} | values)


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("bao-cao.txt", b"Bao cao")


def test_groups_are_asked_by_their_members_and_nobody_twice(
    campaign: ReviewCampaign, communes: Organisation
) -> None:
    assert campaign.reviews.count() == 2
    assert reviewing.ask(campaign, [communes], timezone.localdate()) == 0


def test_an_officer_writes_submits_and_corrects_what_is_returned(
    mine: AgencyReview, officer: User, planner: User, browser: Browser
) -> None:
    client = browser(officer)
    text = own_form(client, mine, submit="1").content.decode()
    assert "Hãy thêm tệp báo cáo trước" in text
    mine.refresh_from_db()
    assert (mine.state, mine.summary) == ("asked", "Đã làm tốt")
    assert own_form(client, mine, submit="1", file=file()).status_code == 302
    mine.refresh_from_db()
    assert (mine.state, mine.submitted_by) == ("submitted", officer)
    first = mine.first_submitted_at
    judge = reverse("campaigns_review_judge", args=[mine.pk, "return"])
    browser(planner).post(judge, {"reason": ""})
    mine.refresh_from_db()
    assert mine.state == "submitted"
    browser(planner).post(judge, {"reason": "Thiếu số liệu"})
    url = reverse("campaigns_review_own", args=[mine.pk])
    assert "Thiếu số liệu" in client.get(url).content.decode()
    own_form(client, mine, summary="Đã bổ sung", submit="1")
    mine.refresh_from_db()
    assert (mine.state, mine.first_submitted_at) == ("submitted", first)
    browser(planner).post(reverse("campaigns_review_judge", args=[mine.pk, "accept"]))
    mine.refresh_from_db()
    assert mine.state == "accepted"


def test_what_was_submitted_meanwhile_is_not_changed(
    mine: AgencyReview, officer: User, browser: Browser
) -> None:
    client = browser(officer)
    url = reverse("campaigns_review_own", args=[mine.pk])
    seen = client.get(url).context["form"]["seen"].value()
    AgencyReview.objects.filter(pk=mine.pk).update(state="submitted")
    text = client.post(url, {"summary": "Muộn rồi", "seen": seen}).content.decode()
    assert "đã được nộp" in text
    assert "Muộn rồi" in text
    mine.refresh_from_db()
    assert mine.summary == ""


def test_an_officer_sees_the_own_agency_only(
    campaign: ReviewCampaign, officer: User, other_commune: Organisation, browser: Browser
) -> None:
    Nomination.objects.create(
        campaign=campaign, organisation=other_commune, kind="person", name="Vi Thị Ba",
        achievement="Tốt", award="letter",
    )  # fmt: skip
    url = reverse("campaigns_review", args=[campaign.pk])
    text = browser(officer).get(url).content.decode()
    assert "UBND xã Một" in text
    assert "UBND xã Hai" not in text
    assert "Vi Thị Ba" not in text


DUE = date(2026, 8, 15)


@given(
    came=st.none() | st.dates(date(2026, 8, 1), date(2026, 8, 31)),
    today=st.dates(date(2026, 8, 1), date(2026, 8, 31)),
    due=st.none() | st.just(DUE),
)
def test_everybody_stands_somewhere(came: date | None, today: date, due: date | None) -> None:
    moment = timezone.make_aware(timezone.datetime(came.year, came.month, came.day, 23, 59)) if (
        came
    ) else None  # fmt: skip
    found = reviewing.standing_of(AgencyReview(first_submitted_at=moment), due, today)
    if came is not None:
        assert found == (Standing.LATE if due and came > due else Standing.ON_TIME)
    else:
        assert found == (Standing.MISSING if due and today > due else Standing.WAITED)


def test_the_table_and_its_workbook_say_the_same(
    campaign: ReviewCampaign, mine: AgencyReview, planner: User, browser: Browser
) -> None:
    today = timezone.localdate()
    stage = campaign.stages.get(kind="agencies")
    stage.due_on = today - timedelta(days=2)
    stage.save()
    moment = timezone.now() - timedelta(days=1)
    AgencyReview.objects.filter(pk=mine.pk).update(state="accepted", first_submitted_at=moment)
    client = browser(planner)
    answer = client.get(reverse("campaigns_review", args=[campaign.pk]))
    assert answer.context["figures"] == {"waited": 0, "missing": 1, "on_time": 0, "late": 1}
    export = client.get(reverse("campaigns_review_export", args=[campaign.pk]))
    data = io.BytesIO(b"".join(export.streaming_content))  # type: ignore[attr-defined]
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(data).worksheets[0]]
    assert [row[:2] for row in rows[1:]] == [
        ["UBND xã Hai", "chưa nộp, quá hạn"],
        ["UBND xã Một", "nộp muộn"],
    ]


def test_stages_are_done_when_the_system_knows_it(
    campaign: ReviewCampaign, event: Event, host: Organisation
) -> None:
    today = timezone.localdate()
    campaign.stages.create(kind="conference", name="Hội nghị", due_on=today, event=event)
    product = campaign.products.create(
        kind="report", title="Dự thảo", organisation=host, due_on=today
    )

    def done() -> list[bool]:
        lines = reviewing.table(campaign, None, today)
        stages = list(campaign.stages.select_related("event").order_by("kind"))
        steps = reviewing.steps(stages, lines, list(campaign.products.all()), today)
        return [one.is_done for one in steps]

    assert done() == [False, False, False]
    campaign.reviews.update(state="submitted")
    Event.objects.update(held_at=timezone.now())
    product.state = "issued"
    product.save()
    assert done() == [True, True, True]


def nominate(client: Client, campaign: ReviewCampaign, agency: Organisation) -> Any:
    url = reverse("campaigns_review_part_add", args=[campaign.pk, "nominations"])
    data = {"organisation": agency.pk, "kind": "person", "name": "Lý Văn An", "award": "letter",
            "achievement": "Sáng kiến", "file": file()}  # fmt: skip
    return client.post(url, data)


def test_a_nomination_is_decided_on_and_then_stays(
    campaign: ReviewCampaign, commune: Organisation, officer: User, planner: User, browser: Browser
) -> None:
    client = browser(officer)
    nominate(client, campaign, commune)
    one = Nomination.objects.get()
    assert one.document is not None
    url = reverse("campaigns_review_decide", args=[one.pk])
    text = browser(planner).post(url, {"state": "refused"}).content.decode()
    assert "Lý do" in text
    one.refresh_from_db()
    assert one.state == "proposed"
    browser(planner).post(url, {"state": "refused", "reason": "Chưa đủ thời gian công tác"})
    page = client.get(reverse("campaigns_review", args=[campaign.pk])).content.decode()
    assert "Chưa đủ thời gian công tác" in page
    edit = reverse("campaigns_review_part", args=["nominations", one.pk])
    assert client.get(edit)["Location"] == reverse("wagtailadmin_home")
    browser(planner).post(url, {"state": "approved", "reason": "bỏ"})
    one.refresh_from_db()
    assert (one.state, one.reason) == ("approved", "")


def test_a_campaign_with_answers_is_kept(
    campaign: ReviewCampaign, mine: AgencyReview, planner: User, browser: Browser
) -> None:
    AgencyReview.objects.filter(pk=mine.pk).update(first_submitted_at=timezone.now())
    client = browser(planner)
    client.post(reverse("campaigns_review_delete", args=[campaign.pk]))
    client.post(reverse("campaigns_review_unask", args=[mine.pk]))
    assert ReviewCampaign.objects.exists()
    assert campaign.reviews.count() == 2


def test_a_period_must_end_after_it_begins(
    public_plan: Plan, host: Organisation, planner: User, browser: Browser
) -> None:
    url = f"{reverse('campaigns_review_add')}?plan={public_plan.pk}"
    data = {"kind": "final", "title": "Tổng kết", "lead": host.pk,
            "period_start": "01/01/2026", "period_end": "31/12/2016"}  # fmt: skip
    text = browser(planner).post(url, data).content.decode()
    assert "Ngày cuối" in text
    assert not ReviewCampaign.objects.exists()
