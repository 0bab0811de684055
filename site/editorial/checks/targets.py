"""Where the links of an item lead, looked up in the database, never fetched."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from editorial.checks.item import DeadLink
from media.models import Attachment
from portal.body import plain_text

_ANCHOR = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True)
class Link:
    """One link: to a page or a document by number, or to an address."""

    where: str
    place: str
    words: str
    page: int | None = None
    document: int | None = None
    address: str = ""

    @classmethod
    def to_document(cls, pk: Any, where: str, place: str) -> Self:
        return cls(where, place, "", document=number(pk))


def number(value: Any) -> int:
    """Return a stored identity as a number; 0, which nothing has, for anything else."""
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) <= len(str(2**31)) else 0


def links_in(source: str, where: str, place: str) -> Iterator[Link]:
    """Yield the links of stored rich text."""
    for match in _ANCHOR.finditer(source):
        given = {key.lower(): unescape(a or b) for key, a, b in _ATTRIBUTE.findall(match[1])}
        words = plain_text(match[2])[:80]
        if given.get("linktype") == "page":
            yield Link(where, place, words, page=number(given.get("id")))
        elif given.get("linktype") == "document":
            yield Link(where, place, words, document=number(given.get("id")))
        elif given.get("href"):
            yield Link(where, place, words, address=given["href"].strip())


def dead(links: Iterable[Link], item: Page) -> Iterator[DeadLink]:
    """Yield the links that lead nowhere. Three queries at most, none without links."""
    links = list(links)
    yield from dead_pages([link for link in links if link.page is not None])
    yield from dead_documents([link for link in links if link.document is not None])
    yield from dead_addresses([link for link in links if link.address], item)


def dead_pages(links: list[Link]) -> Iterator[DeadLink]:
    wanted = {link.page for link in links if link.page}
    rows = Page.objects.filter(pk__in=wanted).values_list("pk", "title", "live") if wanted else ()
    known = {pk: (title, live) for pk, title, live in rows}
    for link in links:
        title, live = known.get(link.page or 0, (_("the page"), None))
        if not live:
            yield DeadLink(link.where, link.place, link.words, f"“{title}”", gone=live is None)


def dead_documents(links: list[Link]) -> Iterator[DeadLink]:
    wanted = {link.document for link in links if link.document}
    known = (
        set(Attachment.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else ()
    )
    for link in links:
        if link.document not in known:
            yield DeadLink(link.where, link.place, link.words, _("the document"), gone=True)


def dead_addresses(links: list[Link], item: Page) -> Iterator[DeadLink]:
    """Yield the addresses of our own at which readers find nothing."""
    own = [(link, path) for link in links if (path := own_path(link.address)) is not None]
    doubtful = [(link, path) for link, path in own if not is_elsewhere(path)]
    if not doubtful:
        return
    root = root_path()
    public = set(
        Page.objects.live()
        .filter(url_path__in={under(root, path) for _link, path in doubtful})
        .values_list("url_path", flat=True)
    )
    missing = [(link, path) for link, path in doubtful if under(root, path) not in public]
    led_on = redirected({path for _link, path in missing}) if missing else set()
    for link, path in missing:
        if Redirect.normalise_path(path) not in led_on and under(root, path) != item.url_path:
            yield DeadLink(link.where, link.place, link.words, link.address, gone=False)


def own_path(address: str) -> str | None:
    """Return the path of an address on this portal; ``None`` for any other address."""
    try:
        parts = urlsplit(address)
        own = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    except ValueError:
        return None
    if parts.scheme not in {"", "http", "https"} or parts.netloc not in {"", own.netloc}:
        return None
    return unquote(parts.path) if parts.path.startswith("/") else None


def is_elsewhere(path: str) -> bool:
    """Whether something other than the tree of pages answers there; the admin is for nobody."""
    if path.startswith("/admin/"):
        return False
    try:
        match = resolve(path)
    except Resolver404:
        return path.startswith(settings.MEDIA_URL)
    return match.url_name != "wagtail_serve"


def root_path() -> str:
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    return str(site.root_page.url_path) if site else "/"


def under(root: str, path: str) -> str:
    """Return where in the tree a page of that path stands."""
    return f"{root.rstrip('/')}/{path.strip('/')}/".replace("//", "/")


def redirected(paths: set[str]) -> set[str]:
    """Return those of the paths, normalised, from which readers are led on."""
    wanted = {Redirect.normalise_path(path) for path in paths}
    return set(Redirect.objects.filter(old_path__in=wanted).values_list("old_path", flat=True))
