"""A station's desk confirms in a browser what it received and aired; an officer acknowledges."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from editorial.demo import afterwards, field
from tests.acceptance.conftest import Login, barriers

pytestmark = pytest.mark.browser


def test_a_station_confirms_and_takes_back(log_in: Login) -> None:
    page = log_in("")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(afterwards.PAGE)
    assert barriers(page) == []
    # Not the first one of all: that may have been withdrawn meanwhile.
    name = page.locator("section.feed:has(.feed__aired)").first.get_attribute("id") or ""
    item = page.locator(f"#{name}")
    item.get_by_role("button", name="Đã nhận").click()
    expect(item.get_by_role("status")).to_be_visible()
    item.get_by_role("button", name="Đã phát").click()  # without a time: said what is missing
    expect(page.get_by_role("alert")).to_be_visible()
    moment = timezone.localtime() + timedelta(minutes=1)  # clocks may differ a little
    item.locator("[name=at]").fill(f"{moment:%Y-%m-%dT%H:%M}")
    item.locator("[name=programme]").fill("Thời sự trưa")
    item.get_by_role("button", name="Đã phát").click()
    expect(item).to_contain_text("Thời sự trưa")
    for _report in range(2):  # leave the demo as it was
        item.get_by_role("button", name="Rút lại").first.click()
        page.wait_for_load_state()
    expect(item.get_by_role("button", name="Rút lại")).to_have_count(0)


def test_an_officer_acknowledges_on_a_phone(log_in: Login) -> None:
    page = log_in("")
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"/sandbox/telegram/{field.OFFICERS[1][-1]}/")
    link = page.get_by_role("link", name=re.compile("^Xem chi tiết")).last
    page.goto(link.get_attribute("href") or "", timeout=30_000)
    button = page.get_by_role("button", name="Tôi đã nhận được thông báo")
    expect(button).to_be_in_viewport()
    assert barriers(page) == []
    button.click()
    expect(page.get_by_role("status")).to_contain_text("đã xác nhận")
