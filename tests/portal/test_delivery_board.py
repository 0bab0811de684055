"""The board of deliveries: every item against every channel, and verbs on many at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels.models import Channel, Delivery, Publication, State
from channels.worker import deliver_due
from portal.board import matrix
from portal.models import ArticlePage
from tests import factories

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
BOARD = "portal_delivery_board"


@pytest.fixture
def page(room: Channel) -> ArticlePage:
    factories.channel("cong", "portal", name="Cổng thông tin")
    page = factories.article(live=True, title="Một cửa lưu động")
    deliver_due()
    return page


def shown(browser: Client, **query: str) -> str:
    return browser.get(reverse(BOARD), query).content.decode()


def fail(page: ArticlePage) -> Delivery:
    row = Delivery.objects.of_story(page.story).get(channel__slug="phong")
    Delivery.objects.filter(pk=row.pk).update(state=State.FAILED, reason="Nhóm đã xóa bot.")
    return row


def test_items_stand_against_channels(page: ArticlePage, as_person: Browser) -> None:
    text = shown(as_person("approver"))
    assert "Một cửa lưu động" in text
    assert text.count("nc-matrix__cell--delivered") == 2
    assert "Cổng thông tin" in text


def test_the_last_word_of_a_channel_is_shown(page: ArticlePage) -> None:
    page.title = "Một cửa lưu động về thôn"
    page.save_revision().publish()
    [row] = matrix.board(matrix.Wanted(), 1, timezone.now()).rows
    assert row.title == "Một cửa lưu động về thôn"
    assert {cell.action for cell in row.cells if cell} == {"update"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "mot cua"}, True),
        ({"q": "khác"}, False),
        ({"state": "problem"}, True),
        ({"state": "delivered", "channel": "phong"}, False),
        ({"channel": "phong"}, True),
        ({"since": "01/01/2020"}, True),
        ({"since": "01/01/2099"}, False),
        ({"state": "nonsense", "p": "x", "since": "30/2/2026"}, True),
    ],
)
def test_filters(query: dict[str, str], found: bool, page: ArticlePage, as_person: Browser) -> None:
    fail(page)
    assert ("Một cửa lưu động" in shown(as_person("approver"), **query)) == found


def test_the_gauges_count_what_nobody_sees_by_itself(page: ArticlePage) -> None:
    fail(page)
    row = Delivery.objects.of_story(page.story).get(channel__slug="cong")
    now = timezone.now()
    Delivery.objects.filter(pk=row.pk).update(state=State.PENDING, due_at=now - timedelta(hours=1))
    assert matrix.gauges(now) == {"problems": 1, "overdue": 0, "not_taken": 1}
    Delivery.objects.filter(pk=row.pk).update(state=State.AWAITING)
    assert matrix.gauges(now) == {"problems": 1, "overdue": 1, "not_taken": 0}


def test_many_are_sent_again_at_once(page: ArticlePage, as_person: Browser) -> None:
    row = fail(page)
    delivered = Delivery.objects.of_story(page.story).get(channel__slug="cong")
    answer = as_person("approver").post(
        reverse("portal_delivery_board_act"),
        {"delivery": [row.pk, delivered.pk], "verb": "send_again", "next": reverse(BOARD)},
        follow=True,
    )
    row.refresh_from_db()
    assert row.state == State.PENDING
    text = answer.content.decode()
    assert "Đã cập nhật 1 lượt phát hành." in text
    assert "Một cửa lưu động → Cổng thông tin" in text  # what was not possible is named


@pytest.mark.parametrize("role", ["reporter", "editor", "planner", "officer"])
def test_who_does_not_publish_changes_nothing(
    role: str, page: ArticlePage, as_person: Browser
) -> None:
    row = fail(page)
    data = {"delivery": [row.pk], "verb": "cancel"}
    assert as_person(role).post(reverse("portal_delivery_board_act"), data).status_code != 200
    row.refresh_from_db()
    assert row.state == State.FAILED


def test_a_foreign_address_is_not_followed(page: ArticlePage, as_person: Browser) -> None:
    data = {"verb": "cancel", "next": "https://elsewhere.example/"}
    answer = as_person("approver").post(reverse("portal_delivery_board_act"), data)
    assert answer["Location"] == reverse(BOARD)


def test_one_delivery_shows_its_attempts_and_what_was_said(
    page: ArticlePage, as_person: Browser
) -> None:
    row = fail(page)
    text = as_person("approver").get(reverse("portal_delivery", args=[row.pk])).content.decode()
    assert "Nhóm đã xóa bot." in text
    assert "Gửi lại" in text
    assert "Các lần gửi" in text


def test_an_item_whose_page_is_gone_still_stands_there(
    page: ArticlePage, as_person: Browser
) -> None:
    Publication.objects.update(title="Đã xóa trang")
    ArticlePage.objects.filter(pk=page.pk).update(story=factories.story().key)
    row = Delivery.objects.filter(channel__slug="phong").get()
    assert "Đã xóa trang" in shown(as_person("approver"))
    answer = as_person("approver").get(reverse("portal_delivery", args=[row.pk]))
    assert answer.status_code == 200


def test_the_board_asks_the_same_number_of_questions_for_few_and_many(
    page: ArticlePage, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(12):
        factories.article(live=True, title=f"Tin {number}")
    with django_assert_max_num_queries(11):  # type: ignore[attr-defined]
        shown_board = matrix.board(matrix.Wanted(), 1, timezone.now())
    assert len(shown_board.rows) == 13
