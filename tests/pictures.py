#!/usr/bin/env python3
"""Makes the pictures of the guides in the admin and of README.md from a running demo.

    make run                                                  # in another terminal, freshly made
    .venv/bin/python tests/pictures.py http://127.0.0.1:8000 [name …]

Writes site/editorial/static/editorial/help/NAME.webp, each 60 kB at most, and
docs/pictures/NAME.png. Without names it makes all of them. One picture needs a changed item and
makes it: use a demo that is thrown away afterwards.
"""

import argparse
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ROOT / "site" / "editorial" / "static" / "editorial" / "help"
DOCS = ROOT / "docs" / "pictures"
PASSWORD = "nhipcau-demo"
LARGEST = 60_000  # bytes
WAITING = "Một cửa lưu động"
DESK, PHONE = (1280, 800), (360, 640)


def nothing(page: Page) -> None:
    """The page is shown as it opens."""


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, where, after which clicks, and which part of the screen is kept."""

    name: str
    user: str
    address: str = "/admin/"
    ready: Callable[[Page], None] = nothing
    size: tuple[int, int] = DESK
    part: str = "main"
    height: int = 560  # CSS pixels kept at most
    in_docs: bool = False


def open_item(page: Page, title: str = WAITING) -> None:
    """Open the item in the editor."""
    page.goto("/admin/articles/")
    page.get_by_role("link", name=re.compile(title)).first.click()
    page.wait_for_load_state("networkidle")


def open_variants(page: Page) -> None:
    open_item(page)
    page.get_by_role("tab", name="Bản theo kênh").click()


def open_board(page: Page) -> None:
    open_variants(page)
    page.get_by_role("link", name="Xem các bản cạnh nhau").click()
    page.wait_for_load_state("networkidle")


def open_checks(page: Page) -> None:
    open_item(page)
    page.locator("[data-side-panel-toggle=findings]").click()


def open_deliveries(page: Page) -> None:
    page.goto("/admin/articles/?review_state=published")
    page.locator("td.title a[href*='/edit/']").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("[data-side-panel-toggle=deliveries]").click()


def open_review(page: Page) -> None:
    page.get_by_role("link", name=re.compile(WAITING)).first.click()
    page.wait_for_load_state("networkidle")
    # The text scrolls away; the buttons stay.
    page.locator(".nc-review__text").scroll_into_view_if_needed()


def open_published(page: Page, verb: str) -> None:
    page.goto("/admin/articles/?review_state=published")
    link = page.locator("td.title a[href*='/edit/']").first.get_attribute("href") or ""
    page.goto(link.replace("/edit/", f"/{verb}/"))
    page.wait_for_load_state("networkidle")


def change_and_correct(page: Page) -> None:
    """Change the headline of a published item, then ask for its correction."""
    open_published(page, "edit")
    title = page.locator("#id_title")
    if "(bổ sung)" not in title.input_value():
        title.fill(f"{title.input_value()} (bổ sung)")
        with page.expect_navigation():
            page.locator("footer .action-save").first.click()
    page.goto(page.url.replace("/edit/", "/correct/").partition("?")[0])
    page.wait_for_load_state("networkidle")


def open_rehearsal(page: Page) -> None:
    page.locator("td.title a").first.click()
    page.wait_for_load_state("networkidle")
    page.goto(re.sub(r"/edit/(\d+)/", r"/inspect/\1/", page.url))
    page.wait_for_load_state("networkidle")


def open_plan(page: Page) -> None:
    page.locator("td.title a").first.click()
    page.wait_for_load_state("networkidle")
    page.goto(re.sub(r"/edit/(\d+)/", r"/inspect/\1/", page.url))


SHOTS = (
    Shot("trang-dau-phong-vien", "phongvien"),
    Shot("viet-tu-mau", "phongvien", "/admin/write/"),
    Shot("soan-bai", "bientap", ready=open_item),
    Shot("kiem-tra", "bientap", ready=open_checks),
    Shot("cho-xu-ly", "bientap", "/admin/review/", height=260),
    Shot("ban-theo-kenh", "bientap", ready=open_variants),
    Shot("cac-ban-canh-nhau", "bientap", ready=open_board),
    Shot("hop-tin-den", "bientap", "/admin/inbox/"),
    Shot("dien-thoai-cho-xu-ly", "duyet", "/admin/review/", size=PHONE, part="body", height=640),
    Shot("dien-thoai-duyet", "duyet", "/admin/review/", open_review, PHONE, "body", 640),
    Shot(
        "dien-thoai-go-bai", "duyet", "/admin/",
        lambda page: open_published(page, "withdraw"), PHONE, "body", 640,
    ),
    Shot("lich", "duyet", "/admin/calendar/?view=week", height=700),
    Shot("trang-dau-chuyen-vien", "kehoach"),
    Shot("ke-hoach", "kehoach", "/admin/plans/", height=420),
    Shot("bang-phan-cong", "kehoach", "/admin/plans/", open_plan),
    Shot("trang-dau-dau-moi", "daumoi"),
    Shot("bang-phan-cong-dau-moi", "daumoi", "/admin/plans/", open_plan),
    Shot("nguoi-dung", "quantri", "/admin/users/?q=luong", height=420),
    Shot("kenh", "quantri", "/admin/channels/"),
    Shot("nhat-ky", "quantri", "/admin/reports/log/"),
    Shot("portal", "", "/", part="body", height=800, in_docs=True),
    Shot("editor", "duyet", ready=open_deliveries, part="body", height=800, in_docs=True),
    Shot("bang-phat-hanh", "duyet", "/admin/board/", height=640),
    Shot("dien-tap", "kehoach", "/admin/rehearsals/", open_rehearsal),
    Shot("board", "duyet", "/admin/board/", part="body", height=800, in_docs=True),
    Shot("dinh-chinh", "duyet", ready=change_and_correct),  # last: it changes an item
)  # fmt: skip


@contextmanager
def window(browser: Browser, base: str, shot: Shot) -> Iterator[Page]:
    """Give a window of the right size in which the person is logged in."""
    width, height = shot.size
    context = browser.new_context(
        base_url=base, locale="vi-VN", viewport={"width": width, "height": height},
        device_scale_factor=2 if shot.size == PHONE else 1, has_touch=shot.size == PHONE,
    )  # fmt: skip
    page = context.new_page()
    if shot.user:
        page.goto("/admin/login/")
        page.fill("input[name=username]", shot.user)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(re.compile(r"/admin/$"))
    yield page
    context.close()


def take(page: Page, shot: Shot) -> bytes:
    """Return the wanted part of the screen as PNG."""
    page.goto(shot.address)
    page.wait_for_load_state("networkidle")
    shot.ready(page)
    page.evaluate("document.activeElement.blur()")
    width, height = shot.size
    box = page.locator(shot.part).first.bounding_box() or {"x": 0, "y": 0}
    left, top = max(0, box["x"]), max(0, box["y"])
    clip = {"x": left, "y": top, "width": width - left, "height": min(shot.height, height - top)}
    return page.screenshot(clip=clip, animations="disabled")  # type: ignore[arg-type]


def as_webp(png: bytes) -> bytes:
    """Return the picture small enough, as sharp as that allows."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    for quality in range(85, 20, -10):
        buffer = BytesIO()
        picture.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= LARGEST:
            break
    return buffer.getvalue()


def as_png(png: bytes) -> bytes:
    """Return the picture in 256 colours."""
    buffer = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(256).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="address of the running demo")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    GUIDES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for shot in SHOTS:
            if options.names and shot.name not in options.names:
                continue
            with window(browser, options.base, shot) as page:
                png = take(page, shot)
            target = DOCS / f"{shot.name}.png" if shot.in_docs else GUIDES / f"{shot.name}.webp"
            target.write_bytes(as_png(png) if shot.in_docs else as_webp(png))
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main()
