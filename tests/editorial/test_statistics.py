"""Statistics, counted by hand."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from channels.archive import moving
from channels.feeds.models import StationFetch, StationKey, StationReport
from channels.models import Action, Channel, Delivery
from editorial.statistics import counting
from editorial.statistics.periods import Period, month, months, usual
from portal.models import AnnouncementPage, ArticlePage, Author, Authorship
from tests import factories
from tests.channels import channel_fixtures as fixtures
from tests.channels.feed_fixtures import Deliver, deliver, radio  # noqa: F401 - fixtures


def test_periods() -> None:
    assert month(date(2024, 2, 10)) == Period(date(2024, 2, 1), date(2024, 2, 29))
    assert months(2026, 10, 3) == Period(date(2026, 10, 1), date(2026, 12, 31))
    named = {key: days for key, _label, days in usual(date(2026, 1, 15))}
    assert named["last_month"] == Period(date(2025, 12, 1), date(2025, 12, 31))
    assert named["quarter"] == Period(date(2026, 1, 1), date(2026, 3, 31))
    assert named["half"].last == date(2026, 6, 30)


@pytest.fixture
def year(db: None) -> Period:
    """Three articles and a notice: two at the borders of May in Hà Nội, not in London."""
    moments = {
        "Đầu tháng": datetime(2026, 4, 30, 17, 0, tzinfo=UTC),  # 0:00 on 1 May
        "Cuối tháng": datetime(2026, 5, 31, 16, 59, tzinfo=UTC),  # 23:59 on 31 May
        "Tháng sau": datetime(2026, 5, 31, 17, 0, tzinfo=UTC),
    }
    author = Author.objects.create(name="Lan")
    for title, moment in moments.items():
        page = factories.article(title=title, unit="Sở Nội vụ", byline="Cộng tác viên")
        if title != "Cuối tháng":
            Authorship.objects.create(page=page, author=author)
        ArticlePage.objects.filter(pk=page.pk).update(first_published_at=moment)
    notice = factories.announcement()
    AnnouncementPage.objects.filter(pk=notice.pk).update(
        first_published_at=moments["Đầu tháng"], unit="Văn phòng"
    )
    return months(2026, 5, 1)


def counted(period: Period) -> dict[str, dict[str, int]]:
    tables = counting.tables(counting.Wanted(period))
    return {table.key: {row.name: row.count for row in table.rows} for table in tables}


def test_every_breakdown_counts_by_the_clock_of_the_office(year: Period) -> None:
    found = counted(year)
    assert list(found["genre"].values()) == [2, 1]
    assert found["unit"] == {"Sở Nội vụ": 2, "Văn phòng": 1}
    assert found["author"] == {"Lan": 1, "Cộng tác viên": 1}
    assert found["section"] == {"Thủ tục hành chính": 2}
    assert sum(found["correction"].values()) == 0


@pytest.mark.usefixtures("room")
def test_channels_count_what_arrived(db: None) -> None:
    factories.channel("cong", "portal", name="Cổng")
    factories.article(live=True)
    today = month(date.today())  # noqa: DTZ011 - within a month of everywhere
    assert counted(today)["channel"] == {"Cổng": 1, "Phòng thử": 0}


def test_channels_count_what_was_archived_since(year: Period, room: Channel) -> None:
    """One item archived, one archived in part and published anew: two items, as before."""
    inside = datetime(2026, 5, 10, tzinfo=UTC)
    rows = [fixtures.deliver(room, settled_at=inside) for _number in range(2)]
    again = fixtures.deliver(room, settled_at=inside)
    Delivery.objects.filter(pk=again.pk).update(story=rows[1].story)
    before = counted(year)["channel"]
    for row in rows:
        moving.archived(row).save()
        row.delete()
    assert counted(year)["channel"] == before == {"Phòng thử": 2}


def test_trial_messages_are_no_items(year: Period, room: Channel) -> None:
    target = factories.channel("thu", "memory", name="Kênh thử", is_test=True)
    row = fixtures.deliver(target, settled_at=datetime(2026, 5, 10, tzinfo=UTC))
    assert counted(year)["channel"] == {"Phòng thử": 0}
    moving.archived(row).save()
    row.delete()
    assert counted(year)["channel"] == {"Phòng thử": 0}


def test_the_screen_and_its_workbook(year: Period, as_person: Callable[[str], Client]) -> None:
    url = reverse("editorial_statistics")
    assert as_person("reporter").get(url).status_code == 302
    days = {"period": "days", "first": "01/05/2026", "last": "31/05/2026"}
    browser = as_person("planner")
    assert "Sở Nội vụ" in browser.get(url, days).content.decode()
    assert browser.get(url, days | {"last": "01/04/2026"}).status_code == 200
    book = load_workbook(BytesIO(browser.get(url, days | {"export": "xlsx"}).content))
    assert len(book.worksheets) == 7
    page = book.worksheets[2]
    assert [cell.value for cell in page[4]] == [1, "Sở Nội vụ", 2]
    assert page.freeze_panes == "A4"


def test_stations_count_items_not_versions(
    year: Period,
    radio: Channel,  # noqa: F811
    deliver: Deliver,  # noqa: F811
) -> None:
    key, _token = StationKey.make(radio, "Đài tỉnh", None)
    first = deliver()
    second = deliver(first.story, Action.UPDATE, sequence=2)
    at = year.start + timedelta(days=10)
    for row in (first, second):
        StationFetch.objects.create(key=key, delivery=row, first_at=at)
        StationReport.objects.create(key=key, delivery=row, kind="received", at=at)
    StationReport.objects.create(key=key, delivery=second, kind="aired", at=at, taken_back_at=at)
    table = counting.by_station(counting.Wanted(year))
    assert {row.name: row.count for row in table.rows} == {
        "Đài tỉnh: đã lấy": 1,
        "Đài tỉnh: đã nhận": 1,
    }
