"""An item that waits is moved in the calendar, by mouse and by keyboard."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Login

pytestmark = pytest.mark.browser
WAITING = "[data-move]"


def day_of_item(page: Page) -> date:
    """Open the week in which the demo's item waits; return its day."""
    page.goto("/admin/calendar/")
    if not page.locator(WAITING).count():
        page.get_by_role("link", name="Sau", exact=True).click()
    cell = page.locator("[data-day]").filter(has=page.locator(WAITING)).first
    day = date.fromisoformat(cell.get_attribute("data-day") or "")
    page.goto(f"/admin/calendar/?view=week&day={day}")
    return day


def test_an_item_is_dragged_to_another_day(log_in: Login) -> None:
    page = log_in("duyet")
    day = day_of_item(page)
    monday = day - timedelta(days=day.weekday())
    other = next(each for n in range(6, -1, -1) if (each := monday + timedelta(days=n)) != day)
    entry = page.locator(WAITING).first.bounding_box()
    cell = page.locator(f"[data-day='{other}']").bounding_box()
    assert entry
    assert cell
    page.mouse.move(entry["x"] + 20, entry["y"] + 8)
    page.mouse.down()
    page.mouse.move(cell["x"] + 30, cell["y"] + 30, steps=6)
    page.mouse.up()
    page.wait_for_url(re.compile(rf"/calendar/item/\d+/\?day={other}"))
    expect(page.locator("[name=day]")).to_have_value(f"{other:%d/%m/%Y}")


def test_the_keyboard_does_the_same(log_in: Login) -> None:
    page = log_in("duyet")
    day = day_of_item(page)
    page.get_by_role("link", name=re.compile("^Dời")).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/calendar/item/\d+/"))
    later = day + timedelta(days=1)
    page.locator("[name=day]").fill(f"{later:%d/%m/%Y}")
    page.get_by_role("button", name="Dời sang thời điểm này").press("Enter")
    page.wait_for_url(re.compile(r"/admin/calendar/(\?.*)?$"))
    assert day_of_item(page) == later
