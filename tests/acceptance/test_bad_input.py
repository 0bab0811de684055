"""Bad input at the desk: the form says in Vietnamese what is wrong and keeps what was typed."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.acceptance.conftest import Login, barriers
from tests.ingest.word import MARKED, word

pytestmark = pytest.mark.browser

LONG = "Cải cách hành chính " * 250
PASTE = """
  const dropped = new DataTransfer();
  dropped.setData("text/html", `<p onclick="steal()">Một <b>đậm</b>
    <img src="x" onerror="window.stolen = true"><a href="javascript:steal()">xấu</a></p>`);
  field.dispatchEvent(new ClipboardEvent("paste",
    {clipboardData: dropped, bubbles: true, cancelable: true}));
"""


@pytest.fixture(params=[360, 1280])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def fits(page: Page) -> bool:
    """Tell whether every field and message ends within the screen; what sticks out is cut off."""
    ends = page.evaluate(
        "[...document.querySelectorAll('main :is(input, select, textarea, p)')]"
        ".filter(each => each.offsetParent && each.type !== 'hidden')"
        ".map(each => each.getBoundingClientRect().right)"
    )
    return bool(ends) and max(ends) <= page.viewport_size["width"]  # type: ignore[index]


def test_a_title_of_5000_characters(log_in: Login, width: int) -> None:
    page = log_in("phongvien")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/admin/articles/choose_parent/")
    page.fill("#id_title", LONG)
    page.fill("#id_summary", "Sapo đã gõ")
    page.locator("footer button[type=submit]").first.click()
    expect(page.get_by_text("Chưa tạo được trang")).to_be_visible()
    expect(page.get_by_text("Quá dài: tối đa 255 ký tự").first).to_be_visible()
    expect(page.locator("#id_title")).to_have_value(LONG)
    expect(page.locator("#id_summary")).to_have_value("Sapo đã gõ")
    assert fits(page)
    # The message fades in; half seen it has half its contrast.
    expect(page.locator(".messages > ul")).to_have_css("opacity", "1")
    assert barriers(page) == []


def test_a_date_that_does_not_exist_is_not_turned_into_another(log_in: Login, width: int) -> None:
    page = log_in("kehoach")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/admin/plans/import/")
    field = page.locator("[name=issued_on]")
    field.click()
    field.fill("30/2/2026")
    page.keyboard.press("Tab")
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text("Nhập ngày hợp lệ.").first).to_be_visible()
    expect(field).to_have_value("30/2/2026")
    assert fits(page)


def test_a_channel_with_a_wrong_group_keeps_its_form(log_in: Login, width: int) -> None:
    page = log_in("quantri")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/admin/channels/")
    page.get_by_role("link", name="Nhóm Telegram CCHC").first.click()
    page.fill("[name=name]", "Nhóm mới đặt tên")
    page.fill("[name=options-chat_id]", "nhóm của tôi")
    page.locator("footer button[type=submit]").first.click()
    expect(page.get_by_text("Hãy nhập mã số của nhóm").first).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Nhóm mới đặt tên")
    expect(page.locator("[name=options-chat_id]")).to_have_value("nhóm của tôi")
    assert fits(page)


def test_a_document_from_word_becomes_blocks(log_in: Login) -> None:
    """What stood in the block stays first; its paragraph follows, the rest is blocks of its own."""
    page = log_in("phongvien")
    page.goto("/admin/articles/choose_parent/")
    page.fill("#id_title", "Chép từ Word")
    page.locator("#body-root button").first.click()
    page.get_by_role("option", name="Đoạn văn bản").click()
    editor = page.locator("#body-root [contenteditable=true]").first
    editor.click()
    page.keyboard.type("Mở đầu. ")
    paste(editor, word("<p>Đã <del>trả</del>nhận.<o:p></o:p></p>"))
    expect(editor).to_have_text("Mở đầu. Đã nhận.")
    paste(editor, MARKED)
    body = page.locator("#body-root")
    expect(body.locator("input[name='body-7-type']")).to_have_value("paragraph")
    assert body.evaluate("root => root.rootBlock.children.map(child => child.type)") == [
        "paragraph", "heading", "paragraph", "heading", "paragraph", "table", "quote", "paragraph",
    ]  # fmt: skip
    expect(page.locator("[name='body-1-value']")).to_have_value("Đổi mới “một cửa” – vì dân")
    expect(body.locator(".public-DraftStyleDefault-depth1").first).to_be_visible()
    expect(page.get_by_text("Có 1 ảnh chưa được đưa vào")).to_be_visible()
    page.locator("footer button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/pages/\d+/edit/"))
    expect(page.locator("[name='body-3-value']")).to_have_value("I. KẾT QUẢ")
    expect(page.locator("[name='body-6-value-text']")).to_have_value("“Không để dân chờ”")


def paste(editor: Locator, html: str) -> None:
    """Paste as a browser does with what Word left on the clipboard."""
    editor.evaluate(
        """(field, html) => {
          const dropped = new DataTransfer();
          dropped.setData("text/html", html);
          dropped.setData("text/plain", "chữ trơn");
          field.dispatchEvent(new ClipboardEvent("paste",
            {clipboardData: dropped, bubbles: true, cancelable: true}));
        }""",
        html,
    )


def test_pasted_scripts_stay_outside(log_in: Login) -> None:
    page = log_in("phongvien")
    page.goto("/admin/articles/choose_parent/")
    page.locator("#body-root button").first.click()
    page.get_by_role("option", name="Đoạn văn bản").click()
    editor = page.locator("#body-root [contenteditable=true]").first
    editor.click()
    editor.evaluate(f"field => {{{PASTE}}}")
    expect(editor).to_contain_text("Một đậm")
    field = page.locator("[name=body-0-value]").first
    expect(field).to_have_value(re.compile("đậm"))
    stored = field.input_value()
    for trace in ("onerror", "onclick", "javascript:"):
        assert trace not in stored
    assert page.evaluate("window.stolen") is None
