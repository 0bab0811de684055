"""Quiet hours in the office: what the panel and the board say, and letting one item go."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from channels.models import Channel, Delivery, State
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from portal.models import ArticlePage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
Browser = Callable[[str], Client]
Waiting = tuple[ArticlePage, Delivery]
REASON = "Chủ tịch yêu cầu gửi ngay trong đêm"


@pytest.fixture
def waiting(room: Channel) -> Waiting:
    """A live item that a channel gets only when its quiet hours end."""
    local = timezone.localtime()
    room.quiet_from = (local - timedelta(hours=1)).time()
    room.quiet_until = (local + timedelta(hours=2)).time().replace(second=0, microsecond=0)
    room.save()
    page = factories.article(live=True)
    deliver_due()
    assert MemoryAdapter.calls == []
    return page, Delivery.objects.of_story(page.story).get(channel=room)


def test_people_see_until_when_it_waits(waiting: Waiting, as_person: Browser) -> None:
    page, row = waiting
    end = row.waits_until(timezone.now())
    assert end is not None
    at = f"{timezone.localtime(end):%H:%M}"
    client = as_person("approver")
    panel = client.get(reverse("portal_deliveries", args=[page.pk])).content.decode()
    board = client.get(reverse("portal_delivery_board")).content.decode()
    one = client.get(reverse("portal_delivery", args=[row.pk])).content.decode()
    for shown in (panel, one):
        assert f"Chờ hết giờ yên tĩnh, gửi lúc {at}" in shown
    assert f"chờ hết giờ yên tĩnh, gửi lúc {at}" in board


def test_a_person_lets_it_go_with_a_reason(waiting: Waiting, as_person: Browser) -> None:
    page, row = waiting
    client, url = as_person("approver"), reverse("portal_delivery_waive", args=[page.pk, row.pk])
    assert "Chờ hết giờ" not in client.get(url).content.decode()
    refused = client.post(url, {"reason": "gấp"})
    assert refused.status_code == 422
    assert "gấp</textarea>" in refused.content.decode()
    assert client.post(url, {"reason": REASON}).status_code == 302
    deliver_due()
    row.refresh_from_db()
    assert row.state == State.DELIVERED
    entry = PageLogEntry.objects.for_instance(page).get(action="channels.quiet_waived")
    assert entry.data["reason"] == REASON
    assert entry.user is not None
    assert client.post(url, {"reason": REASON}).status_code == 422


def test_who_may_not_publish_may_not_let_it_go(waiting: Waiting, as_person: Browser) -> None:
    page, row = waiting
    url = reverse("portal_delivery_waive", args=[page.pk, row.pk])
    response = as_person("editor").post(url, {"reason": REASON})
    assert response.status_code in {302, 403}
    row.refresh_from_db()
    assert row.quiet_waiver == ""
