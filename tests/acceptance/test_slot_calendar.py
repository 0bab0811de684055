"""A slot is put off in the calendar, by mouse and keyboard; its evidence reads on a phone."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Login, barriers

pytestmark = pytest.mark.browser
ENTRY = "[data-move]"


def open_month(page: Page) -> date:
    """Open a month in which something can be moved; return the day of its first entry.

    Each month is opened by its address: a link that is followed leaves the old page in place for a
    moment, and its entries would be counted for the new one.
    """
    month = timezone.localdate().replace(day=15)
    for _month in range(13):
        page.goto(f"/admin/progress/calendar/?view=month&day={month}")
        if page.locator(ENTRY).count():
            break
        month = (month - timedelta(days=30)).replace(day=15)
    cell = page.locator("[data-day]").filter(has=page.locator(ENTRY)).first
    return date.fromisoformat(cell.get_attribute("data-day") or "")


def test_slots_are_dragged_to_a_later_day(log_in: Login) -> None:
    page = log_in("kehoach")
    day = open_month(page)
    page.goto(f"/admin/progress/calendar/?view=week&day={day}")
    monday = day - timedelta(days=day.weekday())
    entry = page.locator(f"[data-day='{day}'] {ENTRY}").first
    other = monday + timedelta(days=6) if day.weekday() < 6 else monday
    top = {"x": 30, "y": 12}  # of the column, whose middle may lie below the window
    entry.drag_to(page.locator(f"[data-day='{other}']"), target_position=top)
    page.wait_for_url(re.compile(rf"/progress/move/\d+/{day}/\?day={other}"))
    expect(page.locator("[name=until]")).to_have_value(f"{other:%d/%m/%Y}")


def test_the_keyboard_does_the_same_and_it_is_undone(log_in: Login) -> None:
    page = log_in("kehoach")
    open_month(page)
    page.get_by_role("link", name=re.compile("^Dời hạn")).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/progress/move/\d+/"))
    day = date.fromisoformat(re.findall(r"/move/\d+/([\d-]+)/", page.url)[0])
    later = day + timedelta(days=2)
    page.locator("[name=until]").fill(f"{later:%d/%m/%Y}")
    page.locator("[name=reason]").fill("Chờ số liệu của các xã")
    page.get_by_role("button", name="Lùi").press("Enter")
    page.wait_for_url(re.compile(r"/progress/calendar/"))
    page.get_by_role("link", name="Hoàn tác").click()
    page.get_by_role("button", name="Hoàn tác việc dời hạn").click()
    page.wait_for_url(re.compile(rf"/progress/calendar/\?day={day}"))
    expect(page.get_by_text("trở lại hạn trước đây")).to_be_visible()


def test_the_evidence_of_a_slot_reads_on_a_phone(log_in: Login) -> None:
    page = log_in("kehoach")
    page.goto("/admin/progress/")
    agencies = page.locator("[name=agency] option").evaluate_all("all => all.map(one => one.value)")
    links = page.locator("a[href*='/slots/']")
    for agency in filter(None, agencies):
        page.goto(f"/admin/progress/?agency={agency}&status=done-on-time")
        if links.count():
            break
    links.first.click()
    page.set_viewport_size({"width": 360, "height": 740})
    table = page.locator(".slot-proofs")
    expect(table).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    cells = [cell.bounding_box() for cell in table.locator("tbody tr:first-child td").all()]
    sides = {round(box["x"]) for box in cells if box}
    assert len(sides) == 1  # below each other
    assert all(box["width"] > 250 for box in cells if box)
    assert barriers(page) == []
