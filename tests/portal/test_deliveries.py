"""The delivery panel of the page editor, and its verbs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from channels import outbox
from channels.contract import UncertainError
from channels.models import Channel, Delivery, State
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from portal.models import ArticlePage
from portal.panels import deliveries_of
from portal.stories import story_of
from tests import factories

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


@pytest.fixture
def page(room: Channel) -> ArticlePage:
    return factories.article(live=True)


def list_of(browser: Client, page: ArticlePage) -> Any:
    return browser.get(reverse("portal_deliveries", args=[page.pk]))


def verb(browser: Client, page: ArticlePage, row: Delivery, name: str) -> Any:
    url = reverse("portal_delivery_act", args=[page.pk, row.pk, name])
    return browser.post(url, headers={"X-Requested-With": "fetch"})


def test_the_panel_shows_state_time_and_receipt(page: ArticlePage, as_person: Browser) -> None:
    deliver_due()
    text = list_of(as_person("approver"), page).content.decode()
    assert "Phòng thử" in text
    assert "room-1" in text
    assert 'data-state="delivered"' in text
    assert "data-moving" not in text


def test_the_editor_carries_the_panel(page: ArticlePage, as_person: Browser) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    text = as_person("approver").get(url).content.decode()
    assert 'data-channel="phong"' in text
    assert "data-moving" in text


def test_an_item_that_was_never_published_says_so(room: Channel, as_person: Browser) -> None:
    draft = factories.article()
    assert deliveries_of(draft) == []
    text = list_of(as_person("approver"), draft).content.decode()
    assert "nc-deliveries__empty" in text


def test_a_person_settles_what_is_uncertain(page: ArticlePage, as_person: Browser) -> None:
    MemoryAdapter.faults.append(UncertainError("?"))
    deliver_due()
    row = Delivery.objects.get()
    assert verb(as_person("approver"), page, row, "confirm").status_code == 200
    row.refresh_from_db()
    assert row.state == State.DELIVERED
    entry = PageLogEntry.objects.filter(page_id=page.pk, action="channels.confirmed").get()
    assert entry.user.username == "approver"


def test_a_verb_that_no_longer_fits_is_explained(page: ArticlePage, as_person: Browser) -> None:
    deliver_due()
    response = verb(as_person("approver"), page, Delivery.objects.get(), "cancel")
    assert "nc-deliveries__problem" in response.content.decode()


def test_what_waits_behind_doubt_offers_to_be_forced(page: ArticlePage, as_person: Browser) -> None:
    MemoryAdapter.faults.append(UncertainError("?"))
    deliver_due()
    with transaction.atomic():
        outbox.publish(replace(story_of(page), title="Mới"))
    verbs = {line.row.state: line.verbs for line in deliveries_of(page)}
    assert verbs == {"pending": ["force", "cancel"], "uncertain": ["confirm", "cancel"]}


@pytest.mark.parametrize(
    ("role", "sees", "acts"),
    [
        ("approver", 200, 200),
        ("administrator", 200, 200),
        ("editor", 200, 302),
        ("reporter", 302, 302),
        ("planner", 302, 302),
        ("officer", 302, 302),
    ],
)
def test_who_may_see_and_act(
    page: ArticlePage, as_person: Browser, role: str, sees: int, acts: int
) -> None:
    browser = as_person(role)
    assert list_of(browser, page).status_code == sees
    assert verb(browser, page, Delivery.objects.get(), "cancel").status_code == acts
    cancelled = Delivery.objects.get().state == State.CANCELLED
    assert cancelled is (acts == 200)


def test_a_delivery_of_another_item_is_out_of_reach(page: ArticlePage, as_person: Browser) -> None:
    other = factories.article(slug="khac", live=True)
    row = Delivery.objects.get(story=other.story)
    assert verb(as_person("approver"), page, row, "cancel").status_code == 404


def test_every_channel_has_its_preview(page: ArticlePage, as_person: Browser) -> None:
    url = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    assert [name for name, _ in page.preview_modes] == ["", "channel-phong"]
    response = as_person("approver").get(url + "?mode=channel-phong")
    text = response.content.decode()
    assert story_of(page).text.split("\n")[0] in text


def test_the_preview_names_what_is_wrong(page: ArticlePage, as_person: Browser) -> None:
    Channel.objects.update(options={"room": 7})
    url = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    text = as_person("approver").get(url + "?mode=channel-phong").content.decode()
    assert "Cấu hình của kênh chưa hợp lệ: room" in text
