"""Where a correction has got to: channels, copies on paper, and the tasks they become."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels.feeds.models import StationFetch, StationKey
from channels.models import Action, Delivery, State
from channels.worker import deliver_due
from core.actor import acting
from media.models import Picture
from organisations.models import Organisation, User
from portal import gates
from portal.corrections import recalls, ripple, withdrawing
from portal.corrections.forms import Choice
from portal.models import ArticlePage, Correction, CorrectionMode, PhysicalCopy, RecallTask
from tests import factories

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
WHY = Choice("Sai đối tượng")
NOTED = Choice("Nhầm số xã", CorrectionMode.NOTED, "Đúng là 65 xã.")


@pytest.fixture
def page(room: object) -> ArticlePage:
    page = factories.article(live=True, title="64 xã nhận hồ sơ")
    deliver_due()
    return page


@pytest.fixture
def agency(db: None) -> Organisation:
    return Organisation.objects.create(code="xa-mot", name="UBND xã Một", level="commune")


@pytest.fixture
def officer(person: Callable[[str], User], agency: Organisation) -> User:
    user = person("officer")
    user.organisations.add(agency)
    return user


@pytest.fixture
def poster(page: ArticlePage, agency: Organisation, approver: User) -> PhysicalCopy:
    copy = PhysicalCopy(kind="poster", place="Nhà văn hóa thôn Hạ", quantity=3, organisation=agency)
    return recalls.record_copy(copy, page, approver)


def withdraw(page: ArticlePage, user: User) -> Correction:
    with acting(user):
        withdrawing.withdraw(page, user, WHY)
    return Correction.objects.newest_first()[0]


def correct(page: ArticlePage, user: User, choice: Choice = NOTED) -> Correction:
    page = ArticlePage.objects.get(pk=page.pk)
    page.title = f"{page.title}!"
    revision = page.save_revision()
    with acting(user), gates.consenting(gates.Consent(correction=choice)):
        revision.publish(user=user)
    return Correction.objects.newest_first()[0]


def test_what_is_open_comes_first_and_is_counted(
    page: ArticlePage, poster: PhysicalCopy, as_person: Browser, approver: User
) -> None:
    factories.channel("cong", "portal")
    correct(page, approver)
    text = as_person("approver").get(reverse("portal_ripple", args=[page.pk])).content.decode()
    assert 'data-waiting="2"' in text  # the room has not got it, the posters hang
    assert 'data-settled="1"' in text
    assert text.rindex("data-open") < text.index("nc-delivery--delivered")
    deliver_due()
    fresh = as_person("approver").get(reverse("portal_ripple_list", args=[page.pk]))
    assert 'data-waiting="1"' in fresh.content.decode()


def test_an_earlier_correction_shows_its_own_deliveries(page: ArticlePage, approver: User) -> None:
    first = correct(page, approver)
    deliver_due()
    second = withdraw(ArticlePage.objects.get(pk=page.pk), approver)
    [of_first], [of_second] = (list(ripple.channels(page, row)) for row in (first, second))
    assert not of_first.is_open
    assert of_second.is_open
    assert Delivery.objects.order_by("pk").last().action == Action.RETRACT  # type: ignore[union-attr]
    assert list(ripple.not_arrived()) == [second]


def test_a_failed_delivery_is_settled_from_the_screen(
    page: ArticlePage, as_person: Browser, approver: User
) -> None:
    correct(page, approver)
    row = Delivery.objects.latest("pk")
    Delivery.objects.filter(pk=row.pk).update(state=State.FAILED)
    browser = as_person("approver")
    text = browser.get(reverse("portal_ripple_list", args=[page.pk])).content.decode()
    url = reverse("portal_delivery_act", args=[page.pk, row.pk, "send_again"]) + "?of=ripple"
    assert url in text
    answer = browser.post(url, headers={"X-Requested-With": "fetch"}, follow=True)
    assert "data-moving" in answer.content.decode()


def test_a_station_that_has_the_old_text_is_open_until_it_comes_again(
    page: ArticlePage, approver: User
) -> None:
    feed = factories.channel("phat-thanh", "feed")
    key, _token = StationKey.make(feed, "Đài Bình Sơn", approver)

    def come() -> None:
        [row] = Delivery.objects.filter(channel=feed).order_by("-pk")[:1]
        StationFetch.objects.note(key, [row.pk], timezone.now())

    correct(page, approver)
    come()
    last = correct(page, approver)
    [before] = ripple.stations(page, last)
    come()
    [after] = ripple.stations(page, last)
    assert (before.is_open, after.is_open) == (True, False)


def test_other_packages_add_places(
    page: ArticlePage, monkeypatch: pytest.MonkeyPatch, as_person: Browser
) -> None:
    def carried(page: Any, correction: Any) -> Iterable[ripple.Place]:
        where, state = "Báo Bình Sơn", "đã đăng lại"
        yield ripple.Place(
            what="Báo", where=where, state=state, tone=ripple.Tone.WAITING, is_open=True
        )

    monkeypatch.setattr(ripple, "_SOURCES", list(ripple._SOURCES))
    ripple.register(carried)
    text = as_person("editor").get(reverse("portal_ripple", args=[page.pk])).content.decode()
    assert "Báo Bình Sơn" in text


@pytest.mark.parametrize(
    ("kind", "act", "todo"),
    [
        ("poster", correct, "replace"),
        ("poster", withdraw, "take_down"),
        ("newspaper", correct, "announce"),
        ("broadcast", withdraw, "announce"),
    ],
)
def test_copies_become_tasks(
    kind: str, act: Callable[..., Correction], todo: str, poster: PhysicalCopy, approver: User
) -> None:
    PhysicalCopy.objects.update(kind=kind)
    correction = act(ArticlePage.objects.get(), approver)
    task = RecallTask.objects.get()
    days = 1 if act is withdraw else 2
    assert (task.todo, task.due_at) == (todo, correction.at + timedelta(days=days))


def test_a_silent_correction_leaves_copies_alone(poster: PhysicalCopy, approver: User) -> None:
    correct(ArticlePage.objects.get(), approver, Choice("Lỗi chính tả"))
    assert not RecallTask.objects.exists()


def test_a_newer_task_takes_the_place_of_an_open_one(poster: PhysicalCopy, approver: User) -> None:
    correct(ArticlePage.objects.get(), approver)
    withdraw(ArticlePage.objects.get(), approver)
    [task] = RecallTask.objects.open()
    assert task.todo == "take_down"


def test_a_copy_found_after_the_withdrawal_is_a_task_at_once(
    page: ArticlePage, as_person: Browser, approver: User, agency: Organisation
) -> None:
    withdraw(page, approver)
    form = {"kind": "leaflet", "place": "Chợ", "quantity": 50, "organisation": agency.pk}
    as_person("approver").post(reverse("portal_ripple", args=[page.pk]), form)
    assert RecallTask.objects.get().copy.place == "Chợ"


def test_a_copy_needs_somebody_who_looks_after_it(page: ArticlePage, as_person: Browser) -> None:
    form = {"kind": "leaflet", "place": "Chợ", "quantity": 50}
    answer = as_person("approver").post(reverse("portal_ripple", args=[page.pk]), form)
    assert answer.status_code == 422
    assert not PhysicalCopy.objects.exists()


def test_the_officer_of_the_agency_takes_it_down_and_shows_a_photo(
    poster: PhysicalCopy, approver: User, officer: User, as_person: Browser
) -> None:
    withdraw(ArticlePage.objects.get(), approver)
    task, browser = RecallTask.objects.get(), as_person("officer")
    assert "Nhà văn hóa thôn Hạ" in browser.get(reverse("portal_recalls")).content.decode()
    url = reverse("portal_recall", args=[task.pk])
    assert browser.get(url).status_code == 200
    browser.post(url, {"note": "Đã gỡ cả ba tờ", "photo": factories.image_file()})
    task.refresh_from_db()
    poster.refresh_from_db()
    assert (task.done_by, task.note, task.photo) == (
        officer,
        "Đã gỡ cả ba tờ",
        Picture.objects.get(),
    )
    assert poster.gone_at is not None
    again = browser.post(url, {"note": "Lần nữa"})
    assert again.status_code == 422
    correct_again = Correction.objects.newest_first()[0]
    assert recalls.give_out(correct_again) == []  # it hangs no more


def test_overdue_tasks_and_slow_channels_alarm_on_the_dashboard(
    poster: PhysicalCopy, approver: User, officer: User, as_person: Browser
) -> None:
    withdraw(ArticlePage.objects.get(), approver)
    RecallTask.objects.update(due_at=timezone.now() - timedelta(hours=1))
    home = reverse("wagtailadmin_home")
    for role in ("approver", "officer"):
        text = as_person(role).get(home).content.decode()
        assert "nc-attention__line" in text
        assert reverse("portal_recall", args=[RecallTask.objects.get().pk]) in text
    page = ArticlePage.objects.get()
    assert (
        reverse("portal_ripple", args=[page.pk]) in as_person("approver").get(home).content.decode()
    )
