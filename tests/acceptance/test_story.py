"""The main job in a real browser, from the editor's desk to everywhere and back."""

import json
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.acceptance.conftest import Login, Site, barriers

pytestmark = pytest.mark.browser

HEADLINE = "Đẩy mạnh tiếp nhận hồ sơ trực tuyến tại cấp xã"
CORRECTED = "Đẩy mạnh tiếp nhận hồ sơ trực tuyến tại 65 xã, phường"
SLUG = "day-manh-tiep-nhan-ho-so-truc-tuyen-tai-cap-xa"
SUMMARY = "Từ tháng này, người dân nộp hồ sơ trực tuyến được hướng dẫn ngay tại xã."
TEXT = "Tổ hỗ trợ làm việc cả sáng thứ Bảy, không thu phí."
NOTE = "Tiêu đề trước chưa nêu số xã, phường thực hiện."
CHAT = "/sandbox/telegram/"
GROUP = "Tuyên truyền CCHC Lạng Sơn"


def write_article(page: Page, picture: Path) -> None:
    """Fill in the form for a new article the way a reporter does."""
    page.goto("/admin/articles/")
    page.click("a[href='/admin/articles/choose_parent/']")
    page.fill("#id_title", HEADLINE)
    page.fill("#id_summary", SUMMARY)
    upload_picture(page, picture)
    page.fill("#id_picture_caption", "Tổ hỗ trợ hướng dẫn người dân")
    page.locator("#body-root button").first.click()
    page.get_by_role("option", name="Đoạn văn bản").click()
    editor = page.locator("#body-root [contenteditable=true]").first
    editor.click()
    editor.type(TEXT)
    choose_section(page)
    choose_activity(page)


def upload_picture(page: Page, picture: Path) -> None:
    page.locator("#id_picture-chooser [data-chooser-action-choose]").first.click()
    page.click(".modal a[href='#tab-upload']")
    page.set_input_files("#id_image-chooser-upload-file", str(picture))
    page.fill("#id_image-chooser-upload-title", "Tổ hỗ trợ")
    page.fill("#id_image-chooser-upload-description", "Hai cán bộ hướng dẫn một người dân")
    page.locator("#tab-upload button[type=submit], #tab-upload input[type=submit]").click()
    expect(page.locator("#id_picture")).not_to_have_value("")


def choose_section(page: Page) -> None:
    page.locator("#id_section-chooser [data-chooser-action-choose]").first.click()
    page.locator(".modal a.choose-page").first.click()
    expect(page.locator("#id_section")).not_to_have_value("")


def choose_activity(page: Page) -> None:
    page.locator("#id_activity-chooser [data-chooser-action-choose]").first.click()
    page.locator(".modal a[data-chooser-modal-choice]").first.click()
    expect(page.locator("#id_activity")).not_to_have_value("")


def press(page: Page, action: str) -> None:
    """Press a button of the editor's action menu, opening the menu if it is inside."""
    button = page.locator(f"footer {action}").first
    if not button.is_visible():
        page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    with page.expect_navigation():
        button.click()


def insist(page: Page, action: str) -> None:
    """Press a button, be asked about the warnings of the checks, accept them, press it again."""
    press(page, action)
    expect(page.get_by_text("Ảnh chưa ghi nguồn.").first).to_be_visible()
    page.locator(".messages input[name=accept_warnings]").check()
    press(page, action)


def open_panel(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("[data-side-panel-toggle=deliveries]").click()


def wait_for_state(page: Page, action: str) -> None:
    """Wait until the panel shows every channel's last word as delivered, by that action."""
    current = page.locator("[data-deliveries] [data-current]")
    done = page.locator(
        f"[data-deliveries] [data-current][data-state=delivered][data-action={action}]"
    )
    expect(current).to_have_count(6)
    expect(done).to_have_count(6, timeout=15_000)


def feed(page: Page, name: str) -> feedparser.FeedParserDict:
    return feedparser.parse(page.request.get(f"/feeds/{name}").body())


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "to-ho-tro.jpg"
    path.write_bytes(factories.image_file(size=(1600, 1000), colour="#2f6f9f").read())
    return path


def test_from_the_desk_to_everywhere_and_back(site: Site, log_in: Login, photo: Path) -> None:
    reporter, approver, reader = log_in("phongvien"), log_in("duyet"), log_in("")
    edit = submit_new(reporter, photo)
    assert reader.request.get(f"/tin-tuc/{SLUG}/").status == 404

    forward(log_in("bientap"), edit)
    approve(approver, edit, "publish")
    chat = find_in_the_group(reader)
    everywhere(reader, HEADLINE)
    counted_for_its_activity(reader)

    reporter.goto(edit)
    reporter.fill("#id_title", CORRECTED)
    press(reporter, "[name=action-submit]")  # nobody is asked about the same warnings twice
    correct(approver, edit)
    reader.goto(chat)
    expect(reader.get_by_text(CORRECTED)).to_be_visible(timeout=15_000)
    expect(reader.get_by_text(HEADLINE, exact=True)).to_have_count(0)
    expect(reader.get_by_text(NOTE)).to_be_visible()
    everywhere(reader, CORRECTED, mark="[Đính chính] ")

    withdraw(approver, edit)
    reader.goto(chat)
    expect(reader.get_by_text(CORRECTED)).to_have_count(0)
    withdrawn(reader)


def submit_new(reporter: Page, photo: Path) -> str:
    """Write an article, submit it, and return the address of its editor."""
    write_article(reporter, photo)
    assert barriers(reporter) == []
    insist(reporter, "[name=action-submit]")
    reporter.goto("/admin/articles/")
    return reporter.locator("a", has_text=HEADLINE).first.get_attribute("href") or ""


def forward(editor: Page, edit: str) -> None:
    """Read the item on a phone, from the list of what waits, and hand it on to the board."""
    editor.set_viewport_size({"width": 360, "height": 740})
    editor.goto("/admin/review/")
    assert barriers(editor) == []
    editor.get_by_role("link", name=HEADLINE).click()
    expect(editor.get_by_text(TEXT)).to_be_visible()
    assert barriers(editor) == []
    editor.locator(".nc-review__decide input[name=accept_warnings]").check()
    editor.click("button[name=action][value=approve]")
    expect(editor.get_by_role("link", name=HEADLINE)).to_have_count(0)


def approve(approver: Page, edit: str, action: str) -> None:
    """Publish as the editorial board and wait until every channel has it."""
    approver.goto(edit)
    insist(approver, "[data-workflow-action-name=approve]:not([data-workflow-action-modal-url])")
    open_panel(approver, edit)
    wait_for_state(approver, action)
    assert barriers(approver) == []


def correct(approver: Page, edit: str) -> None:
    """Publish the change with a note for the public, and follow it until every channel has it."""
    approver.goto(edit.replace("/edit/", "/correct/"))
    assert barriers(approver) == []
    approver.fill("#id_reason", "Chưa nêu số xã, phường")
    approver.check("input[name=mode][value=noted]")
    approver.fill("#id_note", NOTE)
    approver.locator("main form button[type=submit]").click()
    expect(approver.locator("[data-waiting='0']")).to_be_visible(timeout=15_000)
    assert barriers(approver) == []
    open_panel(approver, edit)
    wait_for_state(approver, "update")


def withdraw(approver: Page, edit: str) -> None:
    """Take the item back with a reason, and wait until every channel has let go of it."""
    approver.goto(edit.replace("/edit/", "/withdraw/"))
    assert barriers(approver) == []
    approver.fill("#id_reason", "Số liệu chưa được kiểm chứng")
    approver.locator("main form button[type=submit]").click()
    expect(approver.locator("[data-waiting='0']")).to_be_visible(timeout=15_000)
    open_panel(approver, edit)
    wait_for_state(approver, "retract")


def find_in_the_group(reader: Page) -> str:
    """See the item as a member of the group, with its picture. Returns the group's address."""
    reader.goto(CHAT)
    reader.locator("main a", has_text=GROUP).click()
    expect(reader.get_by_text(HEADLINE)).to_be_visible(timeout=15_000)
    expect(reader.locator("img").last).to_be_visible()
    assert barriers(reader) == []
    return reader.url


def counted_for_its_activity(reader: Page) -> None:
    reader.goto("/ke-hoach/")
    assert barriers(reader) == []
    reader.locator("main a[href^='/ke-hoach/']").first.click()
    expect(reader.get_by_text(HEADLINE)).to_have_count(1)
    assert barriers(reader) == []


def everywhere(reader: Page, headline: str, mark: str = "") -> None:
    """Check the portal, the radio feed and the television feed, which may bear a mark."""
    response = reader.goto(f"/tin-tuc/{SLUG}/")
    assert response is not None
    assert response.status == 200
    assert barriers(reader) == []
    expect(reader.locator("h1")).to_have_text(headline)
    expect(reader.locator("article")).to_contain_text(TEXT)
    radio = feed(reader, "phat-thanh.xml").entries[0]
    television = feed(reader, "truyen-hinh.xml").entries[0]
    assert radio.title == television.title == mark + headline
    assert (NOTE in reader.locator(".article").inner_text()) == bool(mark)
    assert "thứ Bảy" in radio.content[0].value
    [enclosure] = television.enclosures
    assert enclosure.type == "image/jpeg"
    assert int(enclosure.length) == len(reader.request.get(enclosure.href).body())
    reader.goto("/")
    expect(reader.get_by_role("link", name=headline).first).to_be_visible()


def withdrawn(reader: Page) -> None:
    """Check that readers and stations are told that the item is gone."""
    assert reader.request.get(f"/tin-tuc/{SLUG}/").status == 410
    for name in ("phat-thanh.xml", "truyen-hinh.xml"):
        tombstone = next(item for item in feed(reader, name).entries if item.title == "[ĐÃ GỠ]")
        assert not tombstone.get("summary")
        assert not tombstone.get("enclosures")
    atom = reader.request.get("/feeds/phat-thanh.atom").text()
    assert "deleted-entry" in atom
    listing = json.loads(reader.request.get("/feeds/phat-thanh.json").text())
    assert "[ĐÃ GỠ]" in [item["title"] for item in listing["items"]]
