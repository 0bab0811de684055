"""The clock after hours of silence, and what never succeeds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision

from channels import heartbeat, outbox
from channels.models import Delivery
from portal import scheduler
from portal.missed import advice, missed
from portal.models import ArticlePage, Bundle, BundleItem, BundleState
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def channel(db: None) -> None:
    factories.channel("cong", "portal")


def scheduled(number: int, at: datetime, **values: Any) -> ArticlePage:
    page = factories.article(title=f"Bài {number}", slug=f"bai-{number}", **values)
    page.get_latest_revision().publish()
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=at)
    return page


def test_what_is_late_goes_out_at_once_and_in_order() -> None:
    """Items, a bundle and an expiry, all of which fell into hours without a clock."""
    start = timezone.now()
    gone = factories.article(title="Hết hạn", slug="het-han", live=True)
    later = start + timedelta(days=1)
    for number, hour in ((1, 3), (2, 1)):
        scheduled(number, start + timedelta(hours=hour), go_live_at=later)
    bundle = Bundle.objects.create(
        name="Gói", state=BundleState.SCHEDULED, release_at=start + timedelta(hours=2)
    )
    page = factories.article(title="Bài 3", slug="bai-3")
    BundleItem.objects.create(bundle=bundle, page_id=page.pk)
    page.get_latest_revision().publish()
    Page.objects.filter(pk=gone.pk).update(expire_at=start + timedelta(hours=1, minutes=1))
    # The content keeps tomorrow as its time, as if the clock had been wrong: put it back.
    for revision in Revision.objects.exclude(approved_go_live_at=None):
        revision.content["go_live_at"] = None
        revision.save(update_fields=["content"])
    back = start + timedelta(hours=9)
    assert [each.kind for each in missed(back)] == ["publish", "expire", "bundle", "publish"]
    assert scheduler.run(back) == 4
    newest = Delivery.objects.exclude(story=gone.story).order_by("pk")
    assert [row.publication.title for row in newest] == ["Bài 2", "Bài 3", "Bài 1"]
    assert missed(back) == []
    assert scheduler.run(back) == 0


def test_a_page_that_fails_every_time_stays_an_alarm_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = timezone.now() - timedelta(hours=1)
    bad, _good = scheduled(1, at), scheduled(2, at)
    publish = outbox.publish

    def fail_one(story: Any, **values: Any) -> Any:
        if story.key == str(bad.story):
            raise RuntimeError("bug")
        return publish(story, **values)

    Page.objects.update(live=False)
    Revision.objects.filter(object_id=str(bad.pk)).update(approved_go_live_at=at)
    monkeypatch.setattr(outbox, "publish", fail_one)
    for _ in range(3):
        scheduler.run(timezone.now())
    assert [each.title for each in missed(timezone.now())] == ["Bài 1"]
    assert list(ArticlePage.objects.live().values_list("title", flat=True)) == ["Bài 2"]


def test_what_expired_meanwhile_is_not_shown_for_a_moment() -> None:
    now = timezone.now()
    page = factories.article(
        go_live_at=now + timedelta(hours=1), expire_at=now + timedelta(hours=2)
    )
    page.get_latest_revision().publish()
    assert scheduler.run(now + timedelta(hours=3)) == 1
    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)
    assert not Delivery.objects.exists()
    assert missed(now + timedelta(hours=4)) == []


def test_the_advice_depends_on_whether_a_worker_is_seen() -> None:
    now = timezone.now()
    never = advice(now)
    heartbeat.beat(now)
    assert heartbeat.beat(now + timedelta(seconds=3)) == 0  # not every few seconds
    running, away = advice(now), advice(now + timedelta(hours=1))
    assert len({never, running, away}) == 3
    assert f"{timezone.localtime(now):%H:%M}" in away


def test_the_alarm_says_what_and_leads_there(as_person: Callable[[str], Client]) -> None:
    page = scheduled(1, timezone.now() - timedelta(minutes=5), go_live_at=None)
    Page.objects.filter(pk=page.pk).update(live=False)
    text = as_person("approver").get("/admin/").content.decode()
    assert 'data-missed="publish"' in text
    assert f"/admin/pages/{page.pk}/edit/" in text
