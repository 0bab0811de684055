"""What the newsroom does ticks off slots: published, delivered, aired, taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import PageLogEntry

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity, Plan
from campaigns.slots import planning
from campaigns.slots.models import Slot
from channels import delivery
from channels.contract import Receipt
from channels.feeds.models import StationFetch, StationKey, StationReport
from channels.models import Delivery, State
from channels.outcomes import Outcome
from channels.signals import station_reported, tell
from organisations.models import Organisation
from portal.models import ArticlePage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def agencies() -> dict[str, Organisation]:
    return {
        code: Organisation.objects.create(code=code, name=name)
        for code, name in (("bao", "Báo Lạng Sơn"), ("dai", "Đài tỉnh"), ("ubnd", "UBND tỉnh"))
    }


@pytest.fixture
def activity(agencies: dict[str, Organisation]) -> Activity:
    """Eight items a month, all this year, by newspaper and station."""
    year = timezone.localdate().year
    plan = Plan.objects.create(
        title="Tuyên truyền", year=year, issuer=agencies["ubnd"], number="95/KH-UBND"
    )
    made = Activity.objects.create(
        plan=plan, content="Tin, bài", recurrence="continuous", target=8, per="month"
    )
    made.leads.set([agencies["bao"], agencies["dai"]])
    planning.generate_plan(plan)
    return made


def served() -> dict[str, int]:
    """Return how much each agency has this month."""
    today = timezone.localdate()
    rows = Slot.objects.with_progress().filter(opens_on__lte=today, due_on__gte=today)
    return {slot.organisation.code: slot.counted for slot in rows}


def kinds() -> list[str]:
    return sorted(Evidence.objects.standing().values_list("kind", flat=True))


def test_publishing_serves_the_agency_that_the_item_comes_from(activity: Activity):
    page = factories.article(live=True, activity=activity, unit="Báo Lạng Sơn")
    assert served() == {"bao": 1, "dai": 0}
    page.save_revision().publish()
    assert served() == {"bao": 1, "dai": 0}
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.url) == ("article", page.full_url)


def test_the_authors_agency_stands_in_for_the_unit(
    activity: Activity, agencies: dict[str, Organisation], reporter: Any
):
    reporter.organisations.add(agencies["dai"])
    factories.article(live=True, activity=activity, owner=reporter)
    assert served() == {"bao": 0, "dai": 1}


def test_a_slot_that_is_named_wins_and_names_its_activity(activity: Activity):
    slot = Slot.objects.filter(organisation__code="dai").latest("due_on")
    page = factories.article(slot=slot, unit="Báo Lạng Sơn")
    page.full_clean()
    assert page.activity == activity
    page.save_revision().publish()
    assert list(Fulfilment.objects.values_list("slot", flat=True)) == [slot.pk]


def test_an_item_without_an_activity_leaves_no_trace():
    factories.channel(kind="portal")
    factories.article(live=True)
    assert not Evidence.objects.exists()


def test_taking_the_item_back_takes_its_proofs_back(activity: Activity):
    page = factories.article(live=True, activity=activity, unit="Báo Lạng Sơn")
    UnpublishPageAction(page).execute(skip_permission_checks=True)
    assert served() == {"bao": 0, "dai": 0}
    assert Evidence.objects.count() == 1
    page = ArticlePage.objects.get(pk=page.pk)
    page.save_revision().publish()
    assert served() == {"bao": 1, "dai": 0}


def test_what_expired_was_published_all_the_same(activity: Activity):
    page = factories.article(live=True, activity=activity, unit="Báo Lạng Sơn")
    UnpublishPageAction(page, set_expired=True).execute(skip_permission_checks=True)
    assert served() == {"bao": 1, "dai": 0}


def test_an_item_moved_to_another_activity_counts_there(activity: Activity):
    page = factories.article(live=True, activity=activity, unit="Báo Lạng Sơn")
    page.activity = None
    page.save_revision().publish()
    assert served() == {"bao": 0, "dai": 0}


def test_receipts_count_for_the_owner_of_the_channel_and_once(
    activity: Activity, agencies: dict[str, Organisation], django_assert_max_num_queries: Any
):
    factories.channel("dai", "feed", owner=agencies["dai"])
    factories.channel("dai-2", "feed", owner=agencies["dai"])
    factories.channel("ai-do", "feed")
    factories.article(live=True, activity=activity, unit="Báo Lạng Sơn")
    assert served() == {"bao": 1, "dai": 1}
    assert kinds() == ["article", "delivery", "delivery", "delivery"]


def test_settling_many_deliveries_costs_a_fixed_number_of_statements(
    activity: Activity, agencies: dict[str, Organisation], django_assert_max_num_queries: Any
):
    for number in range(6):
        factories.channel(
            f"tep-{number}",
            "webhook",
            owner=agencies["dai"],
            options={"address": "https://a.example/"},
        )
    factories.article(live=True, activity=activity, unit="Báo Lạng Sơn")
    rows = list(Delivery.objects.filter(state=State.PENDING).select_related("channel"))
    taken = delivery.claim_batch([row.pk for row in rows], timezone.now() + timedelta(hours=12))
    results = [(one.row, Outcome(State.DELIVERED, receipt=Receipt())) for one in taken]
    assert len(results) == 6
    with django_assert_max_num_queries(45):
        delivery.settle_batch(results)
    assert served() == {"bao": 1, "dai": 1}
    assert kinds().count("delivery") == 6


def test_a_station_takes_and_airs(
    activity: Activity, agencies: dict[str, Organisation], person: Any
):
    channel = factories.channel("dai", "feed", owner=agencies["dai"])
    factories.article(live=True, activity=activity, unit="Báo Lạng Sơn")
    row = Delivery.objects.get(channel=channel)
    key, _token = StationKey.make(channel, "Đài tỉnh", person("editor"))
    for _again in range(2):
        StationFetch.objects.note(key, [row.pk], timezone.now())
    report = StationReport.objects.create(key=key, delivery=row, kind="aired", at=timezone.now())
    tell(station_reported, StationReport, report=report, stands=True)
    assert kinds() == ["aired", "article", "delivery", "pick-up"]
    tell(station_reported, StationReport, report=report, stands=False)
    assert kinds() == ["article", "delivery", "pick-up"]
    assert served() == {"bao": 1, "dai": 1}


def test_articles_published_before_there_were_slots_are_found(activity: Activity):
    Slot.objects.all().delete()
    factories.article(live=True, activity=activity, unit="Đài tỉnh")
    assert served() == {}
    planning.generate_plan(activity.plan)
    assert served() == {"bao": 0, "dai": 1}


def test_what_feeds_and_the_portal_show_stands_in_the_history_of_the_page() -> None:
    feed = factories.channel("ban-tin", "feed")
    page = factories.article(live=True)
    told = PageLogEntry.objects.filter(page=page, action="channels.delivered")
    assert feed.name in {entry.data["channel"] for entry in told}
