"""A channel of each simple kind is added in minutes; a campaign is rehearsed, its report read."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from editorial.demo import outlets
from tests.acceptance.conftest import Login, barriers

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Kind:
    """What is typed for a kind besides the name, and what the test message brings."""

    kind: str
    options: dict[str, str] = field(default_factory=dict)
    secret: str = ""
    answer: str = "Tin thử đã được nhận"


KINDS = (
    Kind("feed", answer="nơi nhận tự truy cập lấy về"),
    Kind("telegram", {"chat_id": str(outlets.CHAT_ID)}, outlets.BOT_TOKEN),
    Kind("file", {"address": "file:///toa-soan-bao"}),
    Kind("loudspeaker", {"address": "file:///loa-phuong-dong-kinh"}),
    Kind("hand", {"place": "Nhà văn hóa khối 2"}, answer="Đã chuyển cho người phụ trách"),
)


def add(page: Page, kind: Kind) -> str:
    """Choose the kind, fill in what it needs, save, try, switch on. Returns the channel's name.

    It takes nothing but what is urgent, so that the other walks find the demo as it was.
    """
    name = f"Kênh mới {kind.kind}"
    page.goto("/admin/channels/new/")
    page.locator(f"a[href$='?kind={kind.kind}']").click()
    page.fill("#id_name", name)
    for option, value in kind.options.items():
        page.fill(f"[name=options-{option}]", value)
    if kind.secret:
        page.fill("[name=secret]", kind.secret)
    page.check("input[name=takes_levels][value=urgent]")
    page.locator("footer button[type=submit]").first.click()
    page.get_by_role("button", name="Gửi tin thử").click()
    expect(page.locator(".messages")).to_contain_text(kind.answer)
    page.get_by_role("button", name="Bật", exact=True).click()
    expect(page.locator(".messages")).to_contain_text(f"“{name}” đã bật")
    return name


def test_a_channel_of_each_simple_kind_is_added_tried_and_on_the_board(log_in: Login) -> None:
    page = log_in("quantri")
    page.goto("/admin/channels/new/?kind=telegram")
    assert barriers(page) == []
    names = [add(page, kind) for kind in KINDS]
    page.goto("/admin/board/")
    heads = page.locator(".nc-matrix thead")
    expect(heads).to_contain_text(names[0])
    assert barriers(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 1
    expect(page.locator(".nc-matrix__cell").first).to_be_visible()
    assert barriers(page) == []


def test_a_campaign_is_rehearsed_and_its_report_read(log_in: Login) -> None:
    page = log_in("kehoach")
    page.goto("/admin/rehearsals/new/")
    page.fill("#id_name", "Diễn tập trước đợt cao điểm")
    page.select_option("#id_speed", "10000")
    page.locator("footer button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/rehearsals/inspect/\d+/"))
    expect(page.locator("[data-news]").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("DIỄN TẬP", exact=True)).to_be_visible()
    assert barriers(page) == []
    page.locator("[data-news] a").first.click()
    expect(page.get_by_text("DIỄN TẬP", exact=True)).to_be_visible()
    page.get_by_role("link", name="Về buổi diễn tập").click()
    with page.expect_download() as report:
        page.get_by_role("link", name="Tải về CSV").click()
    assert "DIỄN TẬP" in report.value.path().read_text(encoding="utf-8-sig")
