"""The report of deliveries."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from channels.models import Channel, State
from tests import factories
from tests.channels.channel_fixtures import deliver, text_of

pytestmark = pytest.mark.usefixtures("box")


def test_the_report_lists_deliveries(admin: Client, channel: Channel) -> None:
    deliver(channel, title="Tin một", attempt_count=3)
    deliver(channel, State.FAILED, title="Tin hai", reason="Mất quyền")
    page = text_of(admin.get(reverse("channels_deliveries")))
    for words in ("Tin một", "Tin hai", "Hộp CCHC", "Mất quyền", "77 · https://t.me/c/1/77"):
        assert words in page


def test_the_report_filters_by_channel_and_state(admin: Client, channel: Channel) -> None:
    deliver(channel, title="Của hộp")
    deliver(channel, State.FAILED, title="Hỏng")
    deliver(factories.channel("khac", "box"), title="Của kênh khác")
    address = reverse("channels_deliveries_results")
    page = text_of(admin.get(address, {"channel": channel.pk, "state": ["delivered"]}))
    assert "Của hộp" in page
    assert "Hỏng" not in page
    assert "Của kênh khác" not in page
    assert "Của kênh khác" in text_of(admin.get(address, {"q": "kênh"}))


def test_the_report_costs_the_same_however_long(admin: Client, channel: Channel) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            admin.get(reverse("channels_deliveries"))
        return len(found)

    deliver(channel)
    queries()
    few = queries()
    for _ in range(20):
        deliver(channel)
    assert queries() == few


def test_the_report_can_be_taken_away(admin: Client, channel: Channel) -> None:
    row = deliver(channel, title="Tin một", settled_at=timezone.now())
    local = timezone.localtime(row.settled_at)
    address = reverse("channels_deliveries")
    csv = b"".join(admin.get(address, {"export": "csv"})).decode()
    assert "Tin một,Hộp CCHC" in csv
    assert f"{local:%H:%M}" in csv
    book = load_workbook(BytesIO(b"".join(admin.get(address, {"export": "xlsx"}))))
    heading, line = book.active.iter_rows(values_only=True)
    assert heading[0] == "Tin bài"
    assert line[:2] == ("Tin một", "Hộp CCHC")
    assert line[6] == "77 · https://t.me/c/1/77"
    assert f"{line[8]:%H:%M}" == f"{local:%H:%M}"


@pytest.mark.parametrize(
    ("permission", "may"),
    [("", False), ("add_channel", False), ("view_delivery", True), ("view_channel", True)],
)
def test_the_report_asks_for_its_permission(
    browser: Callable[..., Client], permission: str, may: bool
) -> None:
    for name in ("channels_deliveries", "channels_deliveries_results"):
        response = browser(*filter(None, [permission])).get(reverse(name))
        assert (response.status_code == 200) == may
