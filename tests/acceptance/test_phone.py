"""The board decides on a phone: send back with a comment, approve, withdraw with a reason."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import PASSWORD, Login, Site

pytestmark = pytest.mark.browser
WIDTH = 360
TITLE = "Một cửa lưu động"
# What a finger has to hit, CSS pixels.
FINGER = 44
SMALL = """size =>
  [...document.querySelectorAll("main button[type=submit], main .nc-review__links a")]
  .filter(each => each.checkVisibility() && !each.closest("form[role=search]"))
  .filter(each => each.getBoundingClientRect().height < size)
  .map(each => each.innerText)"""


@pytest.fixture
def phone(site: Site, browser: Browser) -> Iterator[Page]:
    """A phone on which a member of the board is logged in."""
    context = browser.new_context(
        base_url=site.url, locale="vi-VN", viewport={"width": WIDTH, "height": 740},
        has_touch=True, is_mobile=True,
    )  # fmt: skip
    page = context.new_page()
    page.goto("/admin/login/")
    page.fill("input[name=username]", "duyet")
    page.fill("input[name=password]", PASSWORD)
    page.tap("button[type=submit]")
    page.wait_for_url(re.compile(r"/admin/$"))
    yield page
    context.close()


def fits(page: Page) -> None:
    """Nothing lies beside the screen, and every button can be hit."""
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert page.evaluate(SMALL, FINGER) == []


def open_waiting(page: Page) -> str:
    """Open the item that waits for the board; return its number."""
    page.goto("/admin/review/")
    fits(page)
    page.get_by_role("link", name=re.compile(TITLE)).first.tap()
    page.wait_for_url(re.compile(r"/review/\d+/"))
    fits(page)
    return page.url.rstrip("/").rpartition("/")[2]


def approve(page: Page) -> None:
    """Press the button that hands on or approves; warnings were read."""
    accept = page.locator(".nc-review__decide input[name=accept_warnings]")
    if accept.count():
        accept.check()
    page.locator("button[value=approve]").tap()
    page.wait_for_url(re.compile(r"/review/$"))


def submit(page: Page) -> None:
    """Submit the item from its editor."""
    page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    with page.expect_navigation():
        page.locator("footer [name=action-submit]").first.click()


def test_the_board_decides_on_a_phone(phone: Page, log_in: Login) -> None:
    item = open_waiting(phone)
    # The buttons stay in reach while the text is read.
    expect(phone.locator("button[value=reject]")).to_be_in_viewport()
    phone.locator("textarea[name=comment]").fill("Bổ sung thời gian phục vụ tại từng thôn.")
    phone.locator("button[value=reject]").tap()
    expect(phone.get_by_role("link", name=re.compile(TITLE))).to_have_count(0)

    editor = log_in("bientap")
    editor.goto(f"/admin/pages/{item}/edit/")
    submit(editor)
    warned = editor.locator("input[name=accept_warnings]")
    if warned.count():
        warned.check()
        # The editor saves by itself first; sent meanwhile, the form would be older than that.
        expect(editor.get_by_text("Đã lưu").first).to_be_visible(timeout=15_000)
        submit(editor)

    # It returns to the step that sent it back, editing; the board may do both.
    for _step in ("editing", "approval"):
        assert open_waiting(phone) == item
        approve(phone)
    expect(phone.get_by_role("link", name=re.compile(TITLE))).to_have_count(0)

    phone.goto(f"/admin/pages/{item}/board/")
    fits(phone)
    phone.goto(f"/admin/pages/{item}/withdraw/")
    fits(phone)
    phone.fill("#id_reason", "Đăng nhầm lịch của tháng trước.")
    with phone.expect_navigation():
        phone.locator("main form button[type=submit]").tap()
    phone.goto(f"/admin/review/{item}/")
    expect(phone.get_by_text("đã gỡ").first).to_be_visible()
