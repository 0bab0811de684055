"""The variants at the desk: the browser counts as the server does, and the board can be read."""

import random
import re

import pytest
from playwright.sync_api import Page, expect

from portal.variants.counting import syllables, units
from tests.acceptance.conftest import Login, barriers

pytestmark = pytest.mark.browser
BITS = [
    "Ủy ban", "95%", "%%", "UBND", "Đ/c", "2021", "ki-lô-mét", "e\u0323\u0302", "😀", "“", "…",
    "\n\n", "CCHC,", "THÔNG", "ĐĐ", "m²", "½", "_", "à1b", "١٢", "한국", "'s", "", " ",
]  # fmt: skip


def wild_texts() -> list[str]:
    dice = random.Random(95)
    joined = ("".join(dice.choices(BITS, k=dice.randrange(1, 9))) for _ in range(150))
    return [*BITS, " ".join(BITS), *joined]


COUNTS = """async texts => {
  const source = document.querySelector('script[src*="admin/variants"]').src;
  const { syllables, measures } = await import(source.replace("variants", "counting"));
  return texts.map(text => [measures.characters(text), measures.units(text), syllables(text)]);
}"""


def open_variants(page: Page, title: str) -> None:
    page.goto("/admin/articles/")
    page.get_by_role("link", name=re.compile(title)).first.click()
    page.get_by_role("tab", name="Bản theo kênh").click()


def test_the_browser_counts_as_the_server_does(log_in: Login) -> None:
    page = log_in("bientap")
    open_variants(page, "Một cửa lưu động")
    texts = wild_texts()
    counted = page.evaluate(COUNTS, texts)
    assert counted == [[len(text), units(text), syllables(text)] for text in texts]


def test_a_text_is_counted_while_it_is_typed_and_composed_anew_at_a_click(log_in: Login) -> None:
    page = log_in("bientap")
    open_variants(page, "Một cửa lưu động")
    panel = page.locator("[data-variant=tv]")
    crawl = panel.get_by_label("Chữ chạy")
    before = crawl.input_value()
    crawl.fill("ă" * 121)
    expect(panel.get_by_text("121/120 ký tự quá dài")).to_be_visible()
    expect(crawl).to_have_attribute("aria-invalid", "true")
    panel.get_by_role("button", name="Soạn lại từ bài gốc").click()
    assert crawl.input_value() == before
    expect(crawl).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_board_fits_and_is_accessible(log_in: Login, width: int) -> None:
    page = log_in("bientap")
    page.set_viewport_size({"width": width, "height": 900})
    open_variants(page, "Một cửa lưu động")
    page.get_by_role("link", name="Xem các bản cạnh nhau").click()
    expect(page.get_by_role("heading", name="Bài đăng Zalo")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page) == []
    columns = page.locator(".nc-board__column").evaluate_all(
        "all => new Set(all.map(each => each.getBoundingClientRect().left)).size"
    )
    assert columns == (1 if width == 360 else 3)
    page.get_by_role("button", name="Sao chép").click()
    expect(page.locator("[data-copy-status]")).not_to_be_empty()
