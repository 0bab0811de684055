"""Every way a page can go live, change or vanish: with all its deliveries or not at all."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState, Workflow

from channels import outbox
from channels.models import Channel, Delivery, Publication
from channels.worker import deliver_due
from organisations.models import User
from portal import scheduler, tree
from portal.models import ArticlePage
from tests import factories, forms

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


class Broken(Exception):
    """Raised in the middle of publishing."""


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the outbox fail after it has written everything."""

    def after(function: Callable[..., Any]) -> Callable[..., Any]:
        def fail(*args: Any, **kwargs: Any) -> Any:
            function(*args, **kwargs)
            raise Broken

        return fail

    for name in ("publish", "retract", "expire"):
        monkeypatch.setattr(outbox, name, after(getattr(outbox, name)))


@pytest.fixture(autouse=True)
def channels(db: None, memory: object) -> None:
    factories.channel("cong", "portal")
    factories.channel("phong", "memory")


def at_the_board(author: User) -> ArticlePage:
    """Return an article of this person's that waits for approval."""
    page = factories.article(owner=author)
    Workflow.objects.get(workflow_pages__isnull=False).start(page, author)
    page.current_workflow_task_state.approve()
    return ArticlePage.objects.get(pk=page.pk)


def counts() -> tuple[int, int]:
    return Publication.objects.count(), Delivery.objects.count()


def actions() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("action", flat=True))


# The paths. Each takes a browser of an approver and acts on the page; it may raise.


def press_publish(browser: Client, page: ArticlePage) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    browser.post(url, forms.unchanged(page, **{"action-publish": "1"}))


def bulk_publish(browser: Client, page: ArticlePage) -> None:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    browser.post(f"{url}?id={page.pk}", {"include_descendants": ""})


def approve_in_workflow(browser: Client, page: ArticlePage) -> None:
    state = ArticlePage.objects.get(pk=page.pk).current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    browser.post(url, {"comment": ""})


def publish_by_admin_api(browser: Client, page: ArticlePage) -> None:
    url = reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"])
    browser.post(url, {}, content_type="application/json")


def schedule(browser: Client, page: ArticlePage) -> None:
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=timezone.now())
    scheduler.run(timezone.now() + timedelta(seconds=1))


def withdraw(browser: Client, page: ArticlePage) -> None:
    browser.post(reverse("portal_withdraw", args=[page.pk]), {"reason": "Sai đối tượng"})


def bulk_withdraw(browser: Client, page: ArticlePage) -> None:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    browser.post(f"{url}?id={page.pk}", {"reason": "Sai đối tượng"})


def delete_by_command(browser: Client, page: ArticlePage) -> None:
    with contextlib.suppress(Broken), transaction.atomic():
        page.delete()


def expire(browser: Client, page: ArticlePage) -> None:
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now())
    scheduler.run(timezone.now() + timedelta(seconds=1))


def rename_parent(browser: Client, page: ArticlePage) -> None:
    parent = page.get_parent().specific
    url = reverse("wagtailadmin_pages:edit", args=[parent.pk])
    data = {"title": parent.title, "slug": "tin-moi", "action-publish": "1"}
    browser.post(url, forms.article() | data)


def move_parent(browser: Client, page: ArticlePage) -> None:
    """Move the whole news page. The page rules forbid it in the admin, so it is done beneath."""
    with transaction.atomic():
        page.get_parent().move(tree.plant("x").sections, pos="last-child")


GOING_LIVE = [press_publish, bulk_publish, publish_by_admin_api, schedule]
TAKING_BACK = [withdraw, bulk_withdraw, delete_by_command]


@pytest.mark.parametrize("path", GOING_LIVE)
def test_going_live_queues_every_channel(path: Any, as_person: Browser) -> None:
    page = factories.article()
    path(as_person("approver"), page)
    assert counts() == (1, 2)
    assert ArticlePage.objects.live().count() == 1


@pytest.mark.parametrize("path", GOING_LIVE)
def test_a_failure_while_going_live_leaves_nothing(
    path: Any, as_person: Browser, broken: None
) -> None:
    page = factories.article()
    browser = as_person("approver")
    browser.raise_request_exception = False
    path(browser, page)
    assert counts() == (0, 0)
    assert not ArticlePage.objects.live().exists()
    assert Page.objects.get(pk=page.pk).live_revision_id is None


def test_approval_in_the_workflow_publishes(as_person: Browser, reporter: User) -> None:
    page = at_the_board(reporter)
    approve_in_workflow(as_person("approver"), page)
    assert counts() == (1, 2)


def test_a_failure_in_the_workflow_leaves_it_where_it_was(
    as_person: Browser, reporter: User, broken: None
) -> None:
    page = at_the_board(reporter)
    browser = as_person("approver")
    browser.raise_request_exception = False
    approve_in_workflow(browser, page)
    assert counts() == (0, 0)
    assert page.current_workflow_task_state.status == TaskState.STATUS_IN_PROGRESS
    assert TaskState.objects.count() == page.get_workflow().tasks.count()


@pytest.mark.parametrize("path", TAKING_BACK)
def test_taking_back_queues_retractions(path: Any, as_person: Browser) -> None:
    page = factories.article(live=True)
    deliver_due()
    path(as_person("approver"), page)
    assert actions() == ["publish", "publish", "retract", "retract"]


@pytest.mark.parametrize("path", TAKING_BACK)
def test_a_failure_while_taking_back_leaves_the_page_live(
    path: Any, as_person: Browser, monkeypatch: pytest.MonkeyPatch, request: Any
) -> None:
    page = factories.article(live=True)
    deliver_due()
    request.getfixturevalue("broken")
    browser = as_person("approver")
    browser.raise_request_exception = False
    path(browser, page)
    assert actions() == ["publish", "publish"]
    assert Page.objects.get(pk=page.pk).live


def test_expiry_takes_it_off_silently(as_person: Browser) -> None:
    page = factories.article(live=True)
    deliver_due()
    expire(as_person("approver"), page)
    assert actions() == ["publish", "publish"]
    assert not Publication.objects.shown(timezone.now()).exists()
    assert Page.objects.get(pk=page.pk).expired


def test_a_failed_expiry_is_tried_again(as_person: Browser, request: Any) -> None:
    page = factories.article(live=True)
    request.getfixturevalue("broken")
    expire(as_person("approver"), page)
    assert Page.objects.get(pk=page.pk).live
    assert Publication.objects.shown(timezone.now()).exists()


@pytest.mark.parametrize("fault", [Broken, IntegrityError, OperationalError])
def test_one_page_that_fails_does_not_hold_up_the_schedule(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: type[Exception]
) -> None:
    bad, good = factories.article(slug="hong"), factories.article(slug="tot")
    whole = outbox.publish

    def fail_one(story: Any, **values: Any) -> Any:
        if story.key == str(bad.story):
            raise fault
        return whole(story, **values)

    monkeypatch.setattr(outbox, "publish", fail_one)
    Revision.objects.update(approved_go_live_at=timezone.now())
    for _ in range(3):
        scheduler.run(timezone.now() + timedelta(seconds=1))
    assert [record.message for record in caplog.records if record.name == "portal.scheduler"] == [
        f"Scheduled go_live of {bad.latest_revision_id} failed"
    ]
    assert not Page.objects.get(pk=bad.pk).live
    assert Page.objects.get(pk=good.pk).live
    assert Revision.objects.get(pk=bad.latest_revision_id).approved_go_live_at is not None


def test_scheduling_for_later_delivers_nothing_yet(as_person: Browser) -> None:
    page = factories.article()
    later = timezone.localtime() + timedelta(days=1)
    data = forms.unchanged(
        page, go_live_at=later.strftime("%d/%m/%Y %H:%M"), **{"action-publish": "1"}
    )
    as_person("approver").post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert counts() == (0, 0)


@pytest.mark.parametrize("path", [rename_parent, move_parent])
def test_a_new_address_reaches_the_receivers(path: Any, as_person: Browser) -> None:
    page = factories.article(live=True)
    deliver_due()
    path(as_person("administrator"), page)
    deliver_due()
    assert actions() == ["publish", "publish", "update", "update"]
    address = Delivery.objects.latest("pk").payload["address"]
    assert address == ArticlePage.objects.get().full_url
    assert "tin-moi" in address or "chuyen-muc" in address


@pytest.mark.parametrize("path", [rename_parent, move_parent])
def test_a_failed_move_leaves_the_old_address(path: Any, as_person: Browser, request: Any) -> None:
    page = factories.article(live=True)
    before = page.url_path
    deliver_due()
    request.getfixturevalue("broken")
    browser = as_person("administrator")
    browser.raise_request_exception = False
    try:
        path(browser, page)
    except Broken:
        assert path is move_parent
    assert Page.objects.get(pk=page.pk).url_path == before
    assert actions() == ["publish", "publish"]


def copy(browser: Client, page: ArticlePage, **values: str) -> None:
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    data = {"new_title": "Bản sao", "new_slug": "ban-sao", "new_parent_page": page.get_parent().pk}
    browser.post(url, data | values)


def copy_live(page: ArticlePage) -> ArticlePage:
    """Copy a public page as a public one, which nobody may do in the admin."""
    made: ArticlePage = page.copy(
        update_attrs={"title": "Bản sao", "slug": "ban-sao"}, keep_live=True
    )
    return ArticlePage.objects.get(pk=made.pk)


def alias(page: ArticlePage) -> None:
    page.create_alias(update_slug="ban-sao")


@pytest.mark.parametrize("values", [{"publish_copies": "on"}, {"alias": "on"}])
def test_nobody_makes_a_copy_public_in_the_same_breath(
    values: dict[str, str], as_person: Browser
) -> None:
    copy(as_person("approver"), factories.article(live=True), **values)
    assert ArticlePage.objects.count() == 1


def test_a_copy_made_in_the_admin_is_a_draft(as_person: Browser) -> None:
    page = factories.article(live=True)
    copy(as_person("approver"), page)
    assert not ArticlePage.objects.exclude(pk=page.pk).get().live


@pytest.mark.parametrize("multiply", [copy_live, alias])
def test_copies_and_aliases_never_deliver(multiply: Any) -> None:
    page = factories.article(live=True)
    multiply(page)
    assert ArticlePage.objects.live().count() == 2
    assert counts() == (1, 2)
    assert len(set(ArticlePage.objects.values_list("story", flat=True))) == 2


@pytest.mark.parametrize("path", [rename_parent, move_parent])
def test_a_new_address_of_a_copy_nobody_published_delivers_nothing(
    path: Any, as_person: Browser
) -> None:
    page = factories.article(live=True)
    copy_live(page)
    path(as_person("administrator"), page)
    assert set(Delivery.objects.values_list("story", flat=True)) == {page.story}


def test_publishing_the_original_does_not_deliver_its_alias(as_person: Browser) -> None:
    page = factories.article(live=True)
    browser = as_person("approver")
    alias(page)
    press_publish(browser, ArticlePage.objects.get(pk=page.pk))
    assert set(Delivery.objects.values_list("story", flat=True)) == {page.story}
    withdraw(browser, page)
    assert not ArticlePage.objects.live().exists()


def test_a_published_copy_delivers_once_somebody_publishes_it(as_person: Browser) -> None:
    page = factories.article(live=True)
    browser = as_person("approver")
    other = copy_live(page)
    press_publish(browser, other)
    assert Delivery.objects.filter(story=other.story).count() == 2


def test_a_failed_copy_leaves_no_page(as_person: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    page = factories.article(live=True)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise Broken

    monkeypatch.setattr("wagtail.admin.views.pages.copy.messages.success", fail)
    browser = as_person("approver")
    browser.raise_request_exception = False
    copy(browser, page)
    assert ArticlePage.objects.count() == 1


def test_a_failed_publication_keeps_the_form_and_says_so(as_person: Browser, broken: None) -> None:
    page = factories.article()
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = forms.unchanged(page, slug="vua-go-dia-chi", **{"action-publish": "1"})
    response = as_person("approver").post(url, data)
    assert response.status_code == 200
    text = response.content.decode()
    assert "vua-go-dia-chi" in text
    assert "Chưa đăng được tin bài" in text


def test_a_picture_that_cannot_be_read_is_named(as_person: Browser) -> None:
    picture = factories.picture()
    page = factories.article(picture=picture)
    picture.file.delete(save=False)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = forms.unchanged(page, picture=picture.pk, picture_alt="Quầy", **{"action-publish": "1"})
    response = as_person("approver").post(url, data)
    assert picture.title in response.content.decode()
    assert counts() == (0, 0)


def test_a_live_page_taken_off_a_channel(as_person: Browser) -> None:
    page = factories.article(live=True)
    deliver_due()
    data = forms.unchanged(page, **{"action-publish": "1"}) | {"channels_off": ["phong"]}
    as_person("approver").post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    room = Channel.objects.get(slug="phong")
    assert list(room.deliveries.order_by("pk").values_list("action", flat=True)) == [
        "publish",
        "retract",
    ]


def test_announcements_are_delivered_too(as_person: Browser) -> None:
    factories.announcement(live=True, level="urgent")
    assert {row.priority for row in Delivery.objects.filter(channel__kind="memory")} == {20}
