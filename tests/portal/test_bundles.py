"""Release bundles: everything at one instant, or nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from channels import outbox
from channels.models import Delivery, Publication
from core.actor import acting
from core.errors import RefusedError
from organisations.models import User
from portal import gates, scheduler, timing
from portal.bundles import actions, readiness
from portal.bundles.release import NotReleased, release
from portal.missed import missed
from portal.models import ArticlePage, Bundle, BundleItem, BundleState
from portal.stories import PictureUnreadableError
from tests import factories

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
DAY = timedelta(days=1)


@pytest.fixture
def board() -> User:
    """Somebody who may do everything with bundles and pages."""
    return User.objects.create_user("ban-bien-tap", is_superuser=True)


@pytest.fixture(autouse=True)
def channel(db: None, memory: object) -> None:
    factories.channel("cong", "portal")


def item(number: int, bundle: Bundle, *, approve: bool = True, **values: Any) -> ArticlePage:
    """Return an article that waits in the bundle, approved unless said otherwise."""
    page = factories.article(title=f"Bài {number}", slug=f"bai-{number}", **values)
    BundleItem.objects.create(bundle=bundle, page_id=page.pk)
    if approve:
        page.get_latest_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


@pytest.fixture
def bundle() -> Bundle:
    return Bundle.objects.create(name="Bộ chỉ số 2026")


def live() -> list[str]:
    return list(ArticlePage.objects.live().order_by("title").values_list("title", flat=True))


def open_items() -> int:
    return BundleItem.objects.open().count()


def test_approval_waits_for_the_bundle(bundle: Bundle) -> None:
    page = item(1, bundle, go_live_at=timezone.now() + DAY)
    assert not page.live
    assert page.scheduled_revision.approved_go_live_at == timing.FAR
    assert scheduler.run(timezone.now() + 2 * DAY) == 0
    assert bundle.name in page.get_lock().get_message(None)
    assert "2999" not in page.get_lock().get_message(None)


def test_all_go_out_at_one_instant(bundle: Bundle, board: User) -> None:
    item(1, bundle)
    item(2, bundle, go_live_at=timezone.now() + DAY)  # the bundle's time wins
    now = timezone.now()
    assert release(bundle.pk, now, board)
    assert live() == ["Bài 1", "Bài 2"]
    moments = ArticlePage.objects.values_list("first_published_at", "last_published_at")
    assert set(moments) == {(now, now)}
    assert not Revision.objects.exclude(approved_go_live_at=None).exists()
    assert (Delivery.objects.count(), Publication.objects.count()) == (2, 2)
    bundle.refresh_from_db()
    assert (bundle.state, bundle.released_at, bundle.released_by) == ("released", now, board)
    assert not open_items()
    assert not release(bundle.pk, now, board)


def test_nobody_is_asked_again_at_the_release(bundle: Bundle, board: User) -> None:
    def closed(attempt: gates.Attempt) -> None:
        raise RefusedError("Không được.")

    item(1, bundle)
    with pytest.MonkeyPatch.context() as patched, acting(board):
        patched.setattr(gates, "_GATES", [closed])
        assert release(bundle.pk, timezone.now(), board)


def test_a_new_version_of_a_public_item_waits_too(bundle: Bundle) -> None:
    page = factories.article(title="Cũ", live=True)
    BundleItem.objects.create(bundle=bundle, page_id=page.pk)
    page.title = "Mới"
    page.save_revision().publish()
    assert live() == ["Cũ"]
    Bundle.objects.update(state=BundleState.SCHEDULED, release_at=timezone.now())
    assert release(bundle.pk, timezone.now())
    assert live() == ["Mới"]


FAULTS = [
    PictureUnreadableError("Ảnh chính hỏng."),
    RuntimeError("lỗi"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=["refusal", "bug"])
def test_a_failure_of_one_leaves_all_where_they_were(
    bundle: Bundle, board: User, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    for number in (1, 2, 3):
        item(number, bundle)
    good = outbox.publish

    def bad(story: Any, **values: Any) -> Any:
        if story.title == "Bài 2":
            raise fault
        return good(story, **values)

    monkeypatch.setattr(outbox, "publish", bad)
    with pytest.raises(NotReleased, match="Bài 2"):
        release(bundle.pk, timezone.now(), board)
    assert live() == []
    assert not Publication.objects.exists()
    assert open_items() == 3
    monkeypatch.setattr(outbox, "publish", good)
    assert release(bundle.pk, timezone.now(), board)


def test_a_database_that_does_not_answer_is_nobody_s_fault(
    bundle: Bundle, board: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: Any, **values: Any) -> Any:
        raise OperationalError("gone")

    item(1, bundle)
    monkeypatch.setattr(outbox, "publish", gone)
    with pytest.raises(OperationalError):
        release(bundle.pk, timezone.now(), board)
    assert live() == []


def test_the_clock_says_what_is_in_the_way_until_it_is_not(bundle: Bundle, board: User) -> None:
    item(1, bundle)
    late = item(2, bundle, approve=False)
    at = timezone.now() + DAY
    actions.schedule(bundle.pk, at, board)
    assert scheduler.run(at) == 0
    bundle.refresh_from_db()
    assert "Bài 2" in bundle.problem
    [alarm] = missed(at + timedelta(minutes=5))
    assert (alarm.kind, alarm.problem) == ("bundle", bundle.problem)
    late.get_latest_revision().publish()
    assert scheduler.run(at + timedelta(hours=3)) == 1
    assert live() == ["Bài 1", "Bài 2"]
    assert missed(at + timedelta(hours=4)) == []


def test_a_bundle_that_fails_every_time_holds_up_nobody(bundle: Bundle, board: User) -> None:
    item(1, bundle, approve=False)
    good = Bundle.objects.create(name="Gói tốt")
    item(2, good)
    at = timezone.now() + DAY
    for each in (bundle, good):
        actions.schedule(each.pk, at, board)
    assert scheduler.run(at) == 1
    assert scheduler.run(at) == 0
    assert live() == ["Bài 2"]
    assert [each.title for each in missed(at + DAY)] == [bundle.name]


@pytest.mark.parametrize("field", ["embargo_until", "expire_at"])
def test_what_contradicts_the_release_is_in_the_way(
    bundle: Bundle, board: User, field: str
) -> None:
    distance = DAY if field == "embargo_until" else timedelta(hours=1)
    item(1, bundle, **{field: timezone.now() + distance})
    at = timezone.now() + timedelta(hours=2)
    Bundle.objects.update(state=BundleState.SCHEDULED, release_at=at)
    bundle.refresh_from_db()
    [line] = readiness.lines(bundle, timezone.now())
    assert len(line.problems) == 1
    with pytest.raises(NotReleased):
        release(bundle.pk, at)
    assert live() == []


def test_an_expired_item_of_the_bundle_is_taken_off_as_any_other(
    bundle: Bundle, board: User
) -> None:
    item(1, bundle, expire_at=timezone.now() + DAY)
    release(bundle.pk, timezone.now(), board)
    assert scheduler.run(timezone.now() + 2 * DAY) == 1
    assert live() == []


def test_an_embargoed_item_is_with_the_stations_while_its_bundle_waits(
    bundle: Bundle, board: User
) -> None:
    factories.channel("phat-thanh", "feed")
    until = timezone.now().replace(microsecond=0) + DAY
    page = item(1, bundle, embargo_until=until, early_channels=["phat-thanh"])
    [row] = Delivery.objects.all()
    assert row.publication.embargo_until == until
    actions.cancel(bundle.pk, board)
    page = ArticlePage.objects.get(pk=page.pk)
    assert page.scheduled_revision.approved_go_live_at == until  # it goes on waiting by itself


def test_leaving_a_bundle_never_makes_an_item_public(bundle: Bundle, board: User) -> None:
    plain, timed = item(1, bundle), item(2, bundle)
    at = timezone.now().replace(microsecond=0) + DAY
    revision = timed.scheduled_revision
    revision.content["go_live_at"] = at.isoformat()
    revision.save(update_fields=["content"])
    for row in bundle.items.all():
        actions.remove(bundle.pk, row.pk, board)
    assert live() == []
    times = Revision.objects.exclude(approved_go_live_at=None).values_list(
        "object_id", "approved_go_live_at"
    )
    assert list(times) == [(str(timed.pk), at)]
    assert Page.objects.get(pk=plain.pk).go_live_at is None
    assert not Bundle.objects.get(pk=bundle.pk).items.exists()


def test_a_page_waits_in_one_bundle_at_a_time(bundle: Bundle, board: User) -> None:
    page = item(1, bundle)
    other = Bundle.objects.create(name="Gói khác")
    with pytest.raises(RefusedError):
        actions.add(other.pk, page, board)
    actions.cancel(bundle.pk, board)
    actions.add(other.pk, page, board)
    with pytest.raises(RefusedError):
        actions.add(bundle.pk, page, board)


def test_a_deleted_item_leaves_the_bundle(bundle: Bundle, board: User) -> None:
    item(1, bundle)
    item(2, bundle).delete()
    assert release(bundle.pk, timezone.now(), board)
    assert live() == ["Bài 1"]


def test_an_approval_that_comes_too_late_is_refused(bundle: Bundle, board: User) -> None:
    page = item(1, bundle)
    revision = page.get_latest_revision()
    release(bundle.pk, timezone.now(), board)
    revision.approved_go_live_at = timing.FAR
    with pytest.raises(RefusedError):
        revision.save(update_fields=["approved_go_live_at"])


def test_what_is_approved_is_moved_by_those_who_may_release(bundle: Bundle) -> None:
    editor = User.objects.create_user("bien-tap")
    editor.user_permissions.set(Permission.objects.filter(codename="change_bundle"))
    page = factories.article()
    with pytest.raises(PermissionDenied):
        actions.add(bundle.pk, page, editor)
    approved = item(1, bundle)
    with pytest.raises(RefusedError):
        actions.remove(bundle.pk, bundle.items.get(page=approved.pk).pk, editor)


def test_an_empty_bundle_and_the_past_are_refused(bundle: Bundle, board: User) -> None:
    with pytest.raises(NotReleased):
        release(bundle.pk, timezone.now(), board)
    with pytest.raises(RefusedError):
        actions.schedule(bundle.pk, timezone.now(), board)


# Over HTTP


def post(browser: Client, verb: str, bundle: Bundle, **data: Any) -> str:
    url = reverse(f"portal_bundles:{verb}", args=[bundle.pk])
    return browser.post(url, data, follow=True).content.decode()


def test_the_way_of_a_bundle_through_the_admin(as_person: Browser) -> None:
    editor, approver = as_person("editor"), as_person("approver")
    editor.post(reverse("portal_bundles:add"), {"name": "Gói quý IV", "note": ""})
    bundle = Bundle.objects.get()
    page = factories.article(title="Bài của phóng viên")
    choose = reverse("portal_bundle_for", args=[page.pk])
    assert "Gói quý IV" in editor.get(choose).content.decode()
    editor.post(choose, {"bundle": bundle.pk})
    other = factories.article(title="Bài thứ hai", slug="hai")
    assert "Bài thứ hai" in post(editor, "add_item", bundle, page=other.pk)
    assert "Bài của phóng viên" in post(approver, "release", bundle)  # names what is not approved
    assert live() == []
    for each in (page, other):
        each.get_latest_revision().publish()
    edit = approver.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Gói quý IV" in edit
    assert "2999" not in edit
    assert post(editor, "release", bundle)
    assert live() == []
    post(approver, "release", bundle)
    assert live() == ["Bài của phóng viên", "Bài thứ hai"]


def test_bad_input_gets_words_and_changes_nothing(as_person: Browser, bundle: Bundle) -> None:
    approver = as_person("approver")
    for verb, data in (
        ("schedule", {"moment": "mai"}),
        ("add_item", {"page": "x"}),
        ("remove_item", {"item": "x"}),
    ):
        assert "messages" in post(approver, verb, bundle, **data)
    bundle.refresh_from_db()
    assert (bundle.state, bundle.items.count()) == ("draft", 0)
    home = factories.site_tree().home
    post(approver, "add_item", bundle, page=home.pk)
    assert not bundle.items.exists()
