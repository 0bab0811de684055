"""The demo's events: complete, marked as examples, repeatable, within their queries."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.events import demo
from campaigns.events.models import AgencyReview, Event, Guest, ReviewCampaign, Site
from campaigns.evidence.models import Evidence
from campaigns.models import Plan
from organisations.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
MOST = 30


@pytest.fixture
def officer(person: Callable[[str], User], province: int) -> User:
    made = person("officer")
    made.organisations.add(Organisation.objects.get(code="ubnd-phuong-tam-thanh"))
    return made


@pytest.fixture
def planner(person: Callable[[str], User]) -> User:
    return person("planner")


@pytest.fixture
def loaded(plan: Plan, officer: User, planner: User) -> list[Event]:
    return demo.load(plan, officer, planner)


def test_the_demo_shows_every_part_and_is_repeatable(
    loaded: list[Event], plan: Plan, officer: User, planner: User
) -> None:
    training, conference = loaded
    assert Evidence.objects.filter(source_key=training.key).exists()
    assert conference.guests.count() > 30
    assert conference.agenda.count() == 8
    assert conference.sites.count() > 10
    assert all(one.is_illustrative for one in loaded)
    assert ReviewCampaign.objects.get().is_illustrative
    assert AgencyReview.objects.submitted().count() == 1
    assert demo.load(plan, officer, planner) == []


def test_pages_cost_a_fixed_number_of_queries(
    loaded: list[Event], planner: User, browser: Callable[[User], Client]
) -> None:
    conference, campaign = loaded[1], ReviewCampaign.objects.get()
    client = browser(planner)
    urls = [
        reverse("campaigns_events"),
        reverse("campaigns_event", args=[conference.pk]),
        reverse("campaigns_event_guests", args=[conference.pk]),
        reverse("campaigns_event_door", args=[conference.pk]),
        reverse("campaigns_review", args=[campaign.pk]),
        reverse("campaigns_event_part", args=["sites", Site.objects.first().pk]),  # type: ignore[union-attr]
        reverse("campaigns_event_guest", args=[Guest.objects.first().pk]),  # type: ignore[union-attr]
    ]
    for url in urls:
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        assert len(queries) <= MOST, (url, len(queries))
