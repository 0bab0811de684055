"""The board of deliveries: every item against every channel, and verbs on many at once."""

import csv
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from channels.feeds.models import StationKey, StationReport
from channels.models import Channel, Delivery, Publication, State
from channels.worker import deliver_due
from portal.board import bulk, matrix
from portal.models import ArticlePage
from tests import factories
from tests.planted_deliveries import plant, publication, row

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


def long_idle(since: datetime) -> None:
    """Let every channel have worked, and nothing have come of it, since then."""
    Channel.objects.update(last_success_at=since, last_failure_at=None, works_since=since)


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
    [row] = matrix.board(matrix.Wanted(), matrix.Place(), timezone.now()).rows
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
    long_idle(now - timedelta(hours=1))
    Delivery.objects.filter(pk=row.pk).update(state=State.PENDING, due_at=now - timedelta(hours=1))
    assert matrix.gauges(now) == {"problems": 1, "overdue": 0, "not_taken": 1}
    Delivery.objects.filter(pk=row.pk).update(state=State.AWAITING)
    assert matrix.gauges(now) == {"problems": 1, "overdue": 1, "not_taken": 0}


def test_the_gauges_count_no_trial_messages(page: ArticlePage) -> None:
    """Whoever followed them would find nothing: trials stand on no board."""
    fail(page)
    row = Delivery.objects.of_story(page.story).get(channel__slug="cong")
    now = timezone.now()
    long_idle(now - timedelta(hours=1))
    Delivery.objects.filter(pk=row.pk).update(due_at=now - timedelta(hours=1))
    Channel.objects.update(is_test=True)
    for state in (State.PENDING, State.AWAITING, State.UNCERTAIN):
        Delivery.objects.filter(pk=row.pk).update(state=state)
        assert matrix.gauges(now) == {"problems": 0, "overdue": 0, "not_taken": 0}


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


def test_what_stations_took_and_aired_is_shown(page: ArticlePage, as_person: Browser) -> None:
    row = Delivery.objects.get(channel__slug="phong")
    key, _token = StationKey.make(row.channel, "Đài tỉnh", None)
    at = timezone.make_aware(datetime(2026, 5, 12, 17, 5))
    StationReport.objects.create(key=key, delivery=row, kind="aired", at=at, programme="Thời sự")
    StationReport.objects.create(key=key, delivery=row, kind="received", at=at + timedelta(hours=1))
    wrong = StationReport.objects.create(
        key=key, delivery=row, kind="aired", at=at + timedelta(hours=2), programme="Nhầm",
        taken_back_at=at,
    )  # fmt: skip
    board = " ".join(re.sub(r"<[^>]+>", " ", shown(as_person("approver"))).split())
    assert "✓ Đài tỉnh: đã phát 17:05 12/05 – Thời sự" in board
    text = as_person("approver").get(reverse("portal_delivery", args=[row.pk])).content.decode()
    assert "Thời sự" in text
    assert "18:05 12/05/2026" in text
    assert wrong.programme not in text + board


def test_an_item_whose_page_is_gone_still_stands_there(
    page: ArticlePage, as_person: Browser
) -> None:
    Publication.objects.update(title="Đã xóa trang")
    ArticlePage.objects.filter(pk=page.pk).update(story=factories.story().key)
    row = Delivery.objects.filter(channel__slug="phong").get()
    assert "Đã xóa trang" in shown(as_person("approver"))
    answer = as_person("approver").get(reverse("portal_delivery", args=[row.pk]))
    assert answer.status_code == 200


def test_what_every_channel_said_is_asked_at_once(room: Channel) -> None:
    """The same questions for few and many, and no row of the second page is read."""
    now = timezone.now()
    counted = []
    for items in (3, 60):
        plant(items, 3) if items == 3 else more(items)
        with CaptureQueriesContext(connection) as asked:
            shown_board = matrix.board(matrix.Wanted(), matrix.Place(), now)
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 10
    assert len(shown_board.rows) == matrix.ROWS


def more(items: int) -> None:
    """Publish to the channels that are there."""
    for number in range(items):
        made = publication(number)
        made.save()
        channels = Channel.objects.filter(slug__startswith="kenh-")
        Delivery.objects.bulk_create([row(made, channel, 9, 4) for channel in channels])


def test_one_goes_back_and_forth_by_what_was_seen(room: Channel) -> None:
    plant(60, 1)
    seen: list[str] = []
    place, now = matrix.Place(), timezone.now()
    pages = []
    while True:
        part = matrix.board(matrix.Wanted(), place, now)
        pages.append([each.title for each in part.rows])
        seen += pages[-1]
        if part.older is None:
            break
        place = matrix.Place(before=part.older)
    assert len(seen) == len(set(seen)) == 60
    assert seen[0].endswith("59")
    back = matrix.board(matrix.Wanted(), matrix.Place(after=part.newer), now)
    assert [each.title for each in back.rows] == pages[-2]
    assert matrix.board(matrix.Wanted(), matrix.Place(after=back.newer), now).newer is None


def test_a_thousand_channels_stand_twelve_at_a_time(as_person: Browser) -> None:
    plant(2, 30)
    browser = as_person("approver")
    text = shown(browser)
    assert text.count("nc-matrix__cell--") == 2 * matrix.COLUMNS
    assert "30 kênh" in text
    assert "Đã nhận: 26" in text  # over all of them
    assert "columns=12" in text
    rest = shown(browser, columns="24")
    assert rest.count("nc-matrix__cell--") == 2 * 6
    assert "columns=12" in rest


def exported(browser: Client, **query: str) -> list[tuple[Any, ...]]:
    answer = browser.get(reverse("portal_delivery_board_export"), query)
    assert answer.streaming
    content = b"".join(answer)
    if query.get("format") == "csv":
        return [tuple(line) for line in csv.reader(StringIO(content.decode("utf-8-sig")))]
    return list(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_the_export_holds_what_the_filter_finds(as_person: Browser) -> None:
    plant(30, 4)
    browser = as_person("approver")
    head, *lines = exported(browser, format="xlsx")
    assert (head[0], len(lines)) == ("Tin bài", 120)
    assert isinstance(lines[0][9], datetime)
    few = exported(browser, format="csv", state="failed", channel="kenh-1")
    assert len(few) == 3
    assert few[1][2] == "Kênh 1"
    assert exported(browser, format="csv", q="khong co")[1:] == []


def test_everything_that_the_filter_finds_is_done_in_portions(
    as_person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)
    plant(150, 2, open_per_100=1)
    data = {"scope": "all", "filters": "state=failed", "verb": "cancel"}
    answer = as_person("approver").post(reverse("portal_delivery_board_act"), data, follow=True)
    assert Delivery.objects.filter(state=State.CANCELLED).count() == 2
    assert "Còn 1 lượt phát hành" in answer.content.decode()


def test_each_row_that_could_not_be_changed_is_named(as_person: Browser) -> None:
    plant(20, 1)
    Delivery.objects.update(state=State.PENDING)  # nothing to send again
    keys = list(Delivery.objects.values_list("pk", flat=True))
    data = {"delivery": keys, "verb": "send_again"}
    answer = as_person("approver").post(reverse("portal_delivery_board_act"), data, follow=True)
    assert len(re.findall(r"<li>[^<]+ → Kênh 0: ", answer.content.decode())) == 20


def test_gauges_lead_to_their_rows(page: ArticlePage, as_person: Browser) -> None:
    row, now = fail(page), timezone.now()
    old = now - timedelta(hours=1)
    Delivery.objects.filter(pk=row.pk).update(state=State.PENDING, due_at=old)
    long_idle(old)
    browser = as_person("approver")
    assert "Một cửa lưu động" in shown(browser, state="untaken")
    assert "Một cửa lưu động" not in shown(browser, state="overdue")
    Channel.objects.update(last_success_at=now)  # slow, but served all the time
    assert "Một cửa lưu động" not in shown(browser, state="untaken")
