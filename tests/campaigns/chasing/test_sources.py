"""What is due besides slots: reports, agencies' own plans, reviews, tasks and papers of events."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from campaigns.chasing import dues, gathering
from campaigns.chasing.dues import Due
from campaigns.chasing.models import ChasingSettings, Told
from campaigns.events.models import (
    AgencyReview,
    Event,
    EventTask,
    Paper,
    ReviewCampaign,
    ReviewProduct,
    ReviewStage,
)
from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity, Plan
from campaigns.ownplans.models import OwnPlan
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.slots import deciding
from campaigns.slots.models import Slot
from organisations.models import Organisation, Succession, User
from tests.campaigns.chasing.conftest import at

pytestmark = [pytest.mark.django_db]
MakeSlot = Callable[..., Slot]
DAY = timedelta(days=1)


def found(today: date, kind: str, agencies: Any = None) -> list[Due]:
    """Return what is due a week around today under keys of that kind."""
    rows = dues.between(today - 7 * DAY, today + 7 * DAY, agencies)
    return [due for due in rows if due.key.partition(":")[0] == kind]


def owners(rows: list[Due]) -> list[str]:
    return [Organisation.objects.get(pk=due.agency).code for due in rows]


@pytest.fixture
def period(today: date) -> ReportingPeriod:
    """A period that ended the day before yesterday, whose reports were due yesterday."""
    return ReportingPeriod.objects.create(
        year=2026, code="q1", first=date(2025, 12, 15), last=today - 2 * DAY,
        internal_due=today - DAY, external_due=today + 5 * DAY,
    )  # fmt: skip


def test_reports_nobody_began_are_due_from_the_agencies_that_were_bound(
    period: ReportingPeriod, slot: MakeSlot, today: date
):
    slot(-10, month=1), slot(-20, month=2), slot(-10, code="so-b")
    slot(3, code="so-c")  # due after the window
    rows = found(today, "report")
    assert owners(rows) == ["so-a", "so-b"]
    assert {due.day for due in rows} == {period.internal_due}
    agency = Organisation.objects.get(code="so-b")
    assert owners(found(today, "report", [agency.pk])) == ["so-b"]


def test_a_report_is_one_thing_before_and_after_it_was_begun(
    chosen: ChasingSettings, period: ReportingPeriod, officer: User, slot: MakeSlot, today: date
):
    agency = slot(-10).organisation
    gathering.run_round(at(today))
    assert Told.objects.filter(key__startswith="report:").count() == 1
    Report.objects.create(organisation=agency, period=period)
    [due] = found(today, "report")
    gathering.run_round(at(today + DAY))
    assert Told.objects.filter(key=due.key).count() == 1
    Report.objects.update(state=Report.State.SUBMITTED)
    assert not found(today, "report")


def test_nobody_reports_of_what_was_given_up_or_of_plans_that_are_not_in_force(
    period: ReportingPeriod, officer: User, slot: MakeSlot, today: date
):
    deciding.drop(slot(-10), "Không có kinh phí", officer)
    assert not found(today, "report")
    slot(-10, code="so-b")
    assert owners(found(today, "report")) == ["so-b"]
    Plan.objects.update(live=False)
    assert not found(today, "report")


def test_a_closed_agency_s_report_is_due_from_who_carries_its_work_on(
    period: ReportingPeriod, slot: MakeSlot, today: date
):
    closed, heir = slot(-10).organisation, slot(-10, code="so-b").organisation
    closed.valid_to = today - 5 * DAY
    closed.save()
    Succession.objects.create(old=closed, new=heir, date=today - 4 * DAY, kind="merger")
    assert owners(found(today, "report")) == ["so-b"]
    Report.objects.create(organisation=heir, period=period, state=Report.State.SUBMITTED)
    assert not found(today, "report")


@pytest.fixture
def asked(slot: MakeSlot, activity: Activity) -> Slot:
    """The slot of the line that asks agencies for plans of their own."""
    Activity.objects.filter(pk=activity.pk).update(asks_for_plan=True)
    return slot(-1)


def answer(slot: Slot, state: str = OwnPlan.State.DRAFT) -> OwnPlan:
    parent, agency = slot.activity.plan, slot.organisation
    plan = Plan.objects.create(title="Kế hoạch của sở", year=2026, issuer=agency, parent=parent)
    return OwnPlan.objects.create(parent=parent, organisation=agency, plan=plan, state=state)


def test_an_own_plan_is_due_once_until_it_is_handed_in(asked: Slot, today: date):
    [due] = found(today, "slot")
    assert due.agency == asked.organisation_id
    assert due.url.endswith(f"/own-plans/of/{asked.activity.plan_id}/{due.agency}/")
    own = answer(asked)
    [due] = found(today, "slot")
    assert due.url.endswith(f"/own-plans/{own.pk}/")
    OwnPlan.objects.update(state=OwnPlan.State.SUBMITTED)
    assert not found(today, "slot")
    OwnPlan.objects.update(state=OwnPlan.State.RETURNED, returned_reason="Thiếu kinh phí")
    assert len(found(today, "slot")) == 1


def test_an_own_plan_is_not_asked_of_who_proved_it_otherwise(
    asked: Slot, slot: MakeSlot, today: date
):
    other = slot(-1, code="so-b")
    evidence = Evidence.objects.create(kind="link", url="https://a.vn/b", title="KH", dated=today)
    Fulfilment.objects.create(slot=asked, evidence=evidence)
    assert [due.agency for due in found(today, "slot")] == [other.organisation_id]


def test_a_second_slot_of_the_asking_line_stays_a_slot(asked: Slot, slot: MakeSlot, today: date):
    answer(asked, OwnPlan.State.SUBMITTED)
    second = slot(2, month=2)
    [due] = found(today, "slot")
    assert due.key == f"slot:{second.pk}"
    assert "own-plans" not in due.url


@pytest.fixture
def campaign(activity: Activity, slot: MakeSlot) -> ReviewCampaign:
    agency = slot(-1, month=6).organisation
    return ReviewCampaign.objects.create(
        plan=activity.plan, title="Tổng kết 5 năm", lead=agency,
        period_start=date(2021, 1, 1), period_end=date(2025, 12, 31),
    )  # fmt: skip


def stage(campaign: ReviewCampaign, day: date, kind: str, **more: Any) -> ReviewStage:
    return ReviewStage.objects.create(
        campaign=campaign, kind=kind, name=f"Bước {kind}", due_on=day, **more
    )


def test_reviews_of_agencies_are_due_on_the_last_day_of_their_stages(
    campaign: ReviewCampaign, today: date
):
    agency = campaign.lead
    review = AgencyReview.objects.create(campaign=campaign, organisation=agency)
    assert not found(today, "review")  # nobody said until when
    stage(campaign, today - DAY, "agencies")
    stage(campaign, today + DAY, "agencies")
    stage(campaign, today + 3 * DAY, "province")
    [due] = found(today, "review")
    assert (due.agency, due.day, due.plan) == (agency.pk, today + DAY, campaign.plan_id)
    assert due.url.endswith(f"/reviews/own/{review.pk}/")
    AgencyReview.objects.update(state=AgencyReview.State.SUBMITTED)
    assert not found(today, "review")
    AgencyReview.objects.update(state=AgencyReview.State.RETURNED)
    assert len(found(today, "review", [agency.pk])) == 1
    assert not found(today, "review", [campaign.plan.issuer_id])
    Plan.objects.update(withdrawn_on=today)
    assert not found(today, "review")


def test_stages_and_products_are_due_from_their_agency_until_they_are_done(
    campaign: ReviewCampaign, event: Event, today: date
):
    agency = campaign.lead
    plain = stage(campaign, today, "other", organisation=agency)
    stage(campaign, today, "other")  # of nobody
    stage(campaign, today, "conference", organisation=agency, event=event)
    ReviewProduct.objects.create(
        campaign=campaign, kind="report", title="Báo cáo", organisation=agency, due_on=today
    )
    assert owners(found(today, "review-stage")) == ["so-a", "so-a"]
    assert owners(found(today, "review-product")) == ["so-a"]
    ReviewStage.objects.filter(pk=plain.pk).update(done_at=at(today))
    Event.objects.update(held_at=at(today))
    ReviewProduct.objects.update(state=ReviewProduct.State.DRAFTED)
    assert not found(today, "review-stage")
    assert not found(today, "review-product")


@pytest.fixture
def event(activity: Activity, slot: MakeSlot, today: date) -> Event:
    """A conference in three days."""
    moment: datetime = at(today + 3 * DAY)
    return Event.objects.create(
        plan=activity.plan, name="Hội nghị", host=slot(-1, month=5).organisation,
        starts_at=moment, ends_at=moment + timedelta(hours=3),
    )  # fmt: skip


@pytest.fixture
def prepared(event: Event, slot: MakeSlot, today: date) -> Organisation:
    """The agency that has a task and a paper of the event, and one of each without a last day."""
    agency = slot(-1, code="so-b").organisation
    for day in (today - DAY, None):
        EventTask.objects.create(event=event, content="Thuê máy", organisation=agency, due_on=day)
        Paper.objects.create(event=event, title="Tham luận", organisation=agency, due_on=day)
    return agency


def test_tasks_and_papers_are_due_from_who_prepares_them(
    prepared: Organisation, event: Event, today: date
):
    [task], [paper] = found(today, "event-task"), found(today, "event-paper", [prepared.pk])
    assert task.agency == paper.agency == prepared.pk
    assert task.url == paper.url
    assert task.url.endswith(f"/events/{event.pk}/")
    assert not found(today, "event-task", [event.host_id])


def test_what_is_done_handed_in_or_called_off_is_not_due(
    prepared: Organisation, event: Event, today: date
):
    EventTask.objects.update(done_at=at(today))
    Paper.objects.update(accepted_at=at(today))
    assert not found(today, "event-task") + found(today, "event-paper")
    EventTask.objects.update(done_at=None)
    Paper.objects.update(accepted_at=None)
    Event.objects.update(held_at=at(today))
    assert [len(found(today, kind)) for kind in ("event-task", "event-paper")] == [1, 0]
    Event.objects.update(held_at=None, cancelled_at=at(today))
    assert not found(today, "event-task") + found(today, "event-paper")


@pytest.mark.parametrize("count", [1, 20])
def test_everything_that_is_due_costs_a_fixed_number_of_queries(
    period: ReportingPeriod, campaign: ReviewCampaign, event: Event, asked: Slot,
    slot: MakeSlot, today: date, count: int, django_assert_num_queries: Any,
):  # fmt: skip
    stage(campaign, today, "agencies")
    for number in range(count):
        agency = slot(-10, code=f"so-{chr(98 + number)}").organisation
        AgencyReview.objects.create(campaign=campaign, organisation=agency)
        EventTask.objects.create(event=event, content="Việc", organisation=agency, due_on=today)
        Paper.objects.create(event=event, title="Bài", organisation=agency, due_on=today)
    with django_assert_num_queries(19):
        assert len(dues.between(today - 30 * DAY, today + 30 * DAY)) == 5 * count + 3
