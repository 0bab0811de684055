"""Correcting, taking back and publishing again: the screens, the refusals, what readers get."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision

from channels.models import Action, Delivery, Publication
from core.actor import acting
from organisations.models import User
from portal import gates, scheduler
from portal.corrections import last_of
from portal.corrections.forms import Choice
from portal.corrections.recording import ReasonNeededError
from portal.models import ArticlePage, Correction, CorrectionKind, CorrectionMode
from tests import factories, forms

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
NOTE = "Bản tin trước ghi 64 xã; đúng là 65 xã."
SILENT = {"reason": "Lỗi chính tả", "mode": "silent"}
NOTED = {"reason": "Nhầm số xã", "mode": "noted", "note": NOTE}


@pytest.fixture
def page(room: object, reporter: User) -> ArticlePage:
    """A public article on the portal, in a feed and in a push channel, changed by its reporter."""
    factories.channel("bao-chi", "feed", options={"full_text": True})
    page = factories.article(live=True, title="64 xã nhận hồ sơ", slug="xa")
    return changed(page, reporter)


def changed(page: ArticlePage, by: User, title: str = "65 xã nhận hồ sơ") -> ArticlePage:
    page.title = title
    page.save_revision(user=by)
    return ArticlePage.objects.get(pk=page.pk)


def screen(browser: Client, name: str, page: ArticlePage, **data: Any) -> Any:
    return browser.post(reverse(name, args=[page.pk]), data)


def correct(browser: Client, page: ArticlePage, **data: Any) -> Any:
    page.refresh_from_db()
    return screen(browser, "portal_correct", page, revision=page.latest_revision_id, **data)


def feed(client: Client, form: str) -> Any:
    return client.get(f"/feeds/bao-chi.{form}").content


def test_a_silent_correction_replaces_and_says_nothing(
    page: ArticlePage, as_person: Browser, client: Client
) -> None:
    answer = correct(as_person("approver"), page, **SILENT)
    assert answer["Location"] == reverse("portal_ripple", args=[page.pk])
    text = client.get("/tin-tuc/xa/").content.decode()
    assert "65 xã nhận hồ sơ" in text
    assert "Đính chính" not in text
    assert feedparser.parse(feed(client, "xml")).entries[0].title == "65 xã nhận hồ sơ"
    last = last_of(page)
    assert last is not None
    assert (last.kind, last.mode, last.reason) == ("correct", "silent", "Lỗi chính tả")
    assert (last.sequence, last.changes) == (2, ["title"])


def test_a_noted_one_is_told_on_the_page_and_in_every_feed(
    page: ArticlePage, as_person: Browser, client: Client
) -> None:
    before = feedparser.parse(feed(client, "xml")).entries[0].id
    correct(as_person("approver"), page, **NOTED)
    text = client.get("/tin-tuc/xa/").content.decode()
    assert NOTE in text
    assert f"{timezone.localdate():%d/%m/%Y}</time>" in text
    for form in ("xml", "atom"):
        [entry] = feedparser.parse(feed(client, form)).entries
        assert (entry.id, entry.title) == (before, "[Đính chính] 65 xã nhận hồ sơ")
        assert NOTE in entry.summary
    [item] = json.loads(feed(client, "json"))["items"]
    assert item["title"].startswith("[Đính chính]")
    assert NOTE in item["content_text"]
    message = Delivery.objects.get(channel__slug="phong", sequence=2)
    assert message.action in {Action.UPDATE, Action.PUBLISH}


def test_the_note_stays_through_a_later_silent_one(
    page: ArticlePage, as_person: Browser, reporter: User, client: Client
) -> None:
    correct(as_person("approver"), page, **NOTED)
    correct(as_person("approver"), changed(page, reporter, "Cả 65 xã"), **SILENT)
    assert NOTE in client.get("/tin-tuc/xa/").content.decode()
    assert Publication.objects.latest_of(page.story).content["correction"] == NOTE  # type: ignore[union-attr]


def test_the_screen_shows_what_changes(page: ArticlePage, as_person: Browser) -> None:
    text = as_person("approver").get(reverse("portal_correct", args=[page.pk])).content.decode()
    assert '<span class="deletion">64</span>' in text
    assert '<span class="addition">65</span>' in text


def test_the_button_of_the_editor_leads_to_the_screen_and_keeps_the_draft(
    page: ArticlePage, as_person: Browser
) -> None:
    form = forms.unchanged(page, **{"action-publish": "1"})
    answer = as_person("approver").post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert answer["Location"] == reverse("portal_correct", args=[page.pk])
    page.refresh_from_db()
    assert page.title == "64 xã nhận hồ sơ"
    assert page.get_latest_revision_as_object().title == "65 xã nhận hồ sơ"


def by_api(browser: Client, page: ArticlePage) -> None:
    browser.post(reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"]))


def in_bulk(browser: Client, page: ArticlePage) -> None:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    browser.post(f"{url}?id={page.pk}", {"include_descendants": ""})


@pytest.mark.parametrize("way", [by_api, in_bulk])
def test_other_ways_of_publishing_are_refused(
    way: Callable[[Client, ArticlePage], None], page: ArticlePage, as_person: Browser
) -> None:
    browser = as_person("approver")
    way(browser, page)
    page.refresh_from_db()
    assert page.title == "64 xã nhận hồ sơ"
    assert not Correction.objects.exists()


def test_without_visible_change_nothing_is_asked(page: ArticlePage, approver: User) -> None:
    live = Revision.objects.get(pk=page.live_revision_id)
    with acting(approver):
        live.publish(user=approver)
    assert not Correction.objects.exists()


def test_a_stale_screen_keeps_what_was_typed(
    page: ArticlePage, as_person: Browser, reporter: User
) -> None:
    old = page.latest_revision_id
    changed(page, reporter, "66 xã nhận hồ sơ")
    answer = screen(as_person("approver"), "portal_correct", page, revision=old, **NOTED)
    assert answer.status_code == 422
    assert "66" in answer.content.decode()
    assert NOTE in answer.content.decode()
    assert not Correction.objects.exists()


def test_ones_own_change_needs_somebody_else(
    page: ArticlePage, as_person: Browser, approver: User
) -> None:
    changed(page, approver, "67 xã nhận hồ sơ")
    answer = correct(as_person("approver"), page, **NOTED)
    assert answer.status_code == 422
    assert "override_reason" in answer.content.decode()
    page.refresh_from_db()
    assert page.title == "64 xã nhận hồ sơ"


def test_a_scheduled_correction_takes_effect_by_the_clock(
    page: ArticlePage, as_person: Browser, approver: User, client: Client
) -> None:
    version = page.get_latest_revision_as_object()
    version.go_live_at = timezone.now() + timedelta(hours=1)
    version.save_revision()
    correct(as_person("approver"), page, **NOTED)
    assert not Correction.objects.exists()
    assert NOTE not in client.get("/tin-tuc/xa/").content.decode()
    revision = Revision.objects.exclude(approved_go_live_at=None).get()
    revision.approved_go_live_at = timezone.now()
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    scheduler.run(timezone.now())
    last = last_of(page)
    assert last is not None
    assert (last.user, last.note, last.sequence) == (approver, NOTE, 2)


def test_scheduling_one_without_a_choice_is_refused(page: ArticlePage, approver: User) -> None:
    version = page.get_latest_revision_as_object()
    version.go_live_at = timezone.now() + timedelta(hours=1)
    revision = version.save_revision()
    with acting(approver), pytest.raises(ReasonNeededError):
        revision.publish(user=approver)


def test_a_withdrawn_item_says_so_and_stays_on_record(
    page: ArticlePage, as_person: Browser, client: Client, approver: User
) -> None:
    data = {"reason": "Sai đối tượng", "note": "Tin được gỡ để kiểm tra lại."}
    screen(as_person("approver"), "portal_withdraw", page, **data)
    answer = client.get("/tin-tuc/xa/")
    assert answer.status_code == 410
    assert data["note"] in answer.content.decode()
    assert data["reason"] not in answer.content.decode()
    assert "64 xã" not in answer.content.decode()
    assert "[ĐÃ GỠ]" in feed(client, "xml").decode()
    actions = Delivery.objects.filter(channel__slug="phong").values_list("action", "state")
    assert ("retract", "pending") in actions or ("publish", "cancelled") in actions
    last = last_of(page)
    assert last is not None
    assert (last.kind, last.user, last.reason) == ("withdraw", approver, data["reason"])
    assert Revision.objects.filter(pk=last.revision_id).exists()
    history = PageLogEntry.objects.get(page=page.pk, action="portal.withdraw")
    assert history.data["reason"] == data["reason"]


def delete(browser: Client, page: ArticlePage) -> None:
    browser.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))


def delete_by_api(browser: Client, page: ArticlePage) -> None:
    browser.post(reverse("wagtailadmin_api:pages:action", args=[page.pk, "delete"]))


def unpublish(browser: Client, page: ArticlePage) -> None:
    browser.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))


def unpublish_by_api(browser: Client, page: ArticlePage) -> None:
    browser.post(reverse("wagtailadmin_api:pages:action", args=[page.pk, "unpublish"]))


def unpublish_in_bulk(browser: Client, page: ArticlePage) -> None:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    browser.post(f"{url}?id={page.pk}", {"include_descendants": ""})


def unpublish_the_index(browser: Client, page: ArticlePage) -> None:
    parent = page.get_parent()
    url = reverse("wagtailadmin_pages:unpublish", args=[parent.pk])
    browser.post(url, {"include_descendants": "on"})


@pytest.mark.parametrize(
    "way",
    [delete, delete_by_api, unpublish, unpublish_by_api, unpublish_in_bulk, unpublish_the_index],
)
def test_nothing_public_vanishes_without_a_reason(
    way: Callable[[Client, ArticlePage], None], page: ArticlePage, as_person: Browser
) -> None:
    way(as_person("administrator"), page)
    page.refresh_from_db()
    assert page.live


def test_several_are_withdrawn_for_one_reason(page: ArticlePage, as_person: Browser) -> None:
    other = factories.article(live=True, title="Bài khác", slug="bai-khac")
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    ids = f"?id={page.pk}&id={other.pk}"
    as_person("approver").post(url + ids, {"reason": "Nguồn tin sai", "note": ""})
    assert not ArticlePage.objects.live().exists()
    assert set(Correction.objects.values_list("reason", flat=True)) == {"Nguồn tin sai"}


def test_what_was_withdrawn_is_kept(page: ArticlePage, as_person: Browser) -> None:
    browser = as_person("approver")
    screen(browser, "portal_withdraw", page, reason="Sai đối tượng")
    delete(browser, page)
    delete_by_api(browser, page)
    assert ArticlePage.objects.filter(pk=page.pk).exists()


def test_expiry_is_no_withdrawal(page: ArticlePage, client: Client) -> None:
    ArticlePage.objects.update(expire_at=timezone.now())
    scheduler.run(timezone.now() + timedelta(seconds=1))
    assert client.get("/tin-tuc/xa/").status_code == 404
    assert not Correction.objects.exists()


def test_publishing_again_asks_why(
    page: ArticlePage, as_person: Browser, approver: User, client: Client
) -> None:
    browser = as_person("approver")
    screen(browser, "portal_withdraw", page, reason="Sai đối tượng")
    page.refresh_from_db()
    with acting(approver), pytest.raises(ReasonNeededError):
        page.get_latest_revision().publish(user=approver)
    correct(browser, page, reason="Đã kiểm tra lại", mode="silent")
    assert client.get("/tin-tuc/xa/").status_code == 200
    kinds = Correction.objects.newest_first().values_list("kind", flat=True)
    assert list(kinds) == [CorrectionKind.RESTORE, CorrectionKind.WITHDRAW]


def test_a_record_is_never_edited(page: ArticlePage, approver: User) -> None:
    choice = Choice("Lỗi chính tả", CorrectionMode.SILENT)
    with acting(approver), gates.consenting(gates.Consent(correction=choice)):
        page.get_latest_revision().publish(user=approver)
    correction = Correction.objects.get()
    correction.reason = "Khác"
    with pytest.raises(TypeError):
        correction.save()
