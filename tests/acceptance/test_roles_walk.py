"""Every role walks the screens of its work: in Vietnamese, without errors, within a phone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from tests.acceptance.conftest import Login

pytestmark = pytest.mark.browser

#: Words that are common in English interfaces and are no Vietnamese syllables.
WORDS_OF_SCREENS = """
about account action actions active add added after again all and any apply approve are article at
available back be been before between bulk but by cancel cannot change changes check choose clear
click close collapse comment comments confirm content copy could create created current date days
default delete deleted description details document documents does draft edit edited editor empty
enter error every expand field fields file files filter filters find first for format from group
has have help here hide history home how if image images insert into invalid is it item items its
keep last latest list load loading locale lock login logout menu message minimap missing month
more move must name never new next nobody none not nothing now of off only open option options or
order other page pages password people permission please preview previous privacy publish
published remove report reports required reset results return save saved schedule search section
see select selected send settings should show sign site sort state status submit tag tags task
tasks test text than that the their then there these they this those time title toggle unlock
unpublish unsaved until update updated upload usage used user username users valid value version
view was welcome were what when where whether which who why will with workflow workflows would yes
yet you your
"""
ENGLISH = frozenset(WORDS_OF_SCREENS.split())
#: English that is meant: names, formats, codes, and Vietnamese syllables written without marks.
ALLOWED = re.compile(
    r"https?://\S+|/\S+/|\S+@\S+|\{.*?\}|\bbot\b|Telegram|Zalo|\.(?:ics|docx|xlsx|tsv|csv|html|txt)\b",
    re.IGNORECASE,
)
WORDS = re.compile(r"[^\W\d_]+")

#: Screens of the work besides the menu: role → addresses, or links to follow from one.
SCREENS = {
    "phongvien": ["write/", "help/", "account/", "notices/"],
    "bientap": ["inbox/", "sources/", "bundles/", "contacts/", "calendar/mine/"],
    "duyet": ["review/", "reports/overrides/", "royalties/", "reports/log/"],
    "kehoach": ["plans/", "calendar/?view=week", "help/chuyen-vien/"],
    "daumoi": ["recalls/", "calendar/"],
    "quantri": ["users/", "workflows/list/", "channels/", "item-templates/"],
}
PHONE = {"", "review/", "calendar/", "notices/", "help/", "recalls/", "carrying/"}

# Everything that is read or heard, without what people or editors wrote themselves.
TEXTS = """() => {
  const found = [];
  const own = "script, style, textarea, [lang=en], code, svg, .nc-review__text," +
    " .listing td.title, .xdsoft_save_selected";  // a button of the date picker that is never shown
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.trim() && !node.parentElement.closest(own)) found.push(node.data.trim());
  }
  for (const each of document.querySelectorAll("[title], [aria-label], [placeholder], [alt]"))
    for (const name of ["title", "aria-label", "placeholder", "alt"])
      if (each.hasAttribute(name)) found.push(each.getAttribute(name));
  return [document.title, ...found];
}"""
MENU = """() =>
  [...document.querySelectorAll("#wagtail-sidebar a[href]")].map(each => each.pathname)"""
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"


def english_in(texts: list[str]) -> list[str]:
    """Return the texts in which two English words stand side by side, or one stands alone."""
    found = []
    for text in dict.fromkeys(texts):
        words = [word.lower() for word in WORDS.findall(ALLOWED.sub(" ", text))]
        known = [word in ENGLISH for word in words]
        if any(known) and (sum(known) >= 2 or len(words) <= 2):
            found.append(text[:80])
    return found


@dataclass
class Walk:
    """One person's way through the admin, and what went wrong on it."""

    page: Page
    username: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: said.type == "error" and self.note(said.text))
        self.page.on("pageerror", lambda error: self.note(str(error)))
        self.page.on("response", self.look)

    def look(self, response: Response) -> None:
        if response.status >= 400:
            self.note(f"{response.status} {response.url}")

    def note(self, what: str) -> None:
        self.wrong.append(f"{self.username} {urlsplit(self.page.url).path}: {what[:200]}")

    def open(self, address: str) -> None:
        self.page.goto(address, wait_until="load")
        self.read()

    def read(self) -> None:
        for text in english_in(self.page.evaluate(TEXTS)):
            self.note(f"English: {text!r}")

    def fits(self) -> None:
        self.page.set_viewport_size({"width": 360, "height": 740})
        if self.page.evaluate(TOO_WIDE):
            self.note("wider than a phone")
        self.page.set_viewport_size({"width": 1280, "height": 1000})

    def menu(self) -> Iterator[str]:
        """Give the addresses in the person's menu, those of its submenus included."""
        for opener in self.page.locator("#wagtail-sidebar button[aria-haspopup]").all():
            opener.click()
        yield from dict.fromkeys(self.page.evaluate(MENU))


def test_the_detector_knows_english() -> None:
    assert english_in(["Save draft", "Page 1 of 1", "Status", "Search for pages here"])
    assert not english_in(["Lưu bản nháp", "Trang 1/3", "The Span tại Hà Nội", "Nhóm Telegram"])


def test_every_role_walks_its_screens(log_in: Login) -> None:
    seen: set[str] = set()
    wrong: list[str] = []
    for username, screens in SCREENS.items():
        walk = Walk(log_in(username), username)
        walk.read()
        walk.fits()
        menu = [path for path in walk.menu() if "logout" not in path and path not in seen]
        ours = [f"/admin/{screen}" for screen in screens]
        for address in dict.fromkeys([*menu, *ours]):
            seen.add(address)
            walk.open(address)
            if address.removeprefix("/admin/") in PHONE:
                walk.fits()
        wrong += walk.wrong
    assert wrong == []


def test_an_item_is_looked_at_from_every_side(log_in: Login) -> None:
    walk = Walk(log_in("duyet"), "duyet")
    walk.open("/admin/articles/")
    walk.page.locator("td.title a[href*='/edit/']").first.click()
    walk.page.wait_for_load_state()
    key = re.search(r"/pages/(\d+)/", walk.page.url)
    assert key
    for toggle in walk.page.locator("[data-side-panel-toggle]").all():
        if toggle.is_visible():
            toggle.click()
            walk.read()
    for tab in walk.page.locator("[role=tab]").all():
        if tab.is_visible():
            tab.click()
            walk.read()
    item = key[1]
    of_item = [f"pages/{item}/{verb}/" for verb in ("history", "board", "ripple", "withdraw")]
    for address in (f"review/{item}/", *of_item):
        walk.open(f"/admin/{address}")
        walk.fits()
    assert walk.wrong == []
