"""The fixed pages every province has: home, news, announcements, sections."""

from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Collection, Page, Site

from core.pages import BasePage
from core.text import slugify
from portal.models import (
    AnnouncementIndexPage,
    HomePage,
    NewsIndexPage,
    SectionIndexPage,
    SectionPage,
)

PageType = TypeVar("PageType", bound=BasePage)


def may_write(user: Any) -> bool:
    """Whether the person may add articles. Two menus ask on every screen: kept with the person."""
    known: bool | None = getattr(user, "_may_write_articles", None)
    if known is None:
        place = NewsIndexPage.objects.first()
        known = place is not None and bool(place.permissions_for_user(user).can_add_subpage())
        user._may_write_articles = known
    return known


@dataclass(frozen=True, slots=True)
class Tree:
    """The pages under which everything else is written."""

    home: HomePage
    news: NewsIndexPage
    announcements: AnnouncementIndexPage
    sections: SectionIndexPage


@transaction.atomic
def plant(title: str) -> Tree:
    """Return the tree, made where it is missing. Wagtail's welcome page gives way."""
    root = Page.get_first_root_node()
    # Wagtail names it in English, and staff see it above everything.
    Page.objects.filter(pk=root.pk, title="Root").update(title="Gốc", draft_title="Gốc")
    Collection.objects.filter(depth=1, name="Root").update(name="Gốc")
    home = HomePage.objects.first() or _add(root, HomePage(title=title, slug="trang-chu"))
    Site.objects.update_or_create(
        is_default_site=True, defaults={**_host(), "root_page": home, "site_name": title}
    )
    Page.objects.filter(depth=2).exclude(pk=home.pk).delete()
    return Tree(
        home=home,
        news=_child(home, NewsIndexPage, "Tin tức", "tin-tuc"),
        announcements=_child(home, AnnouncementIndexPage, "Thông báo", "thong-bao"),
        sections=_child(home, SectionIndexPage, "Chuyên mục", "chuyen-muc"),
    )


def section(tree: Tree, name: str) -> SectionPage:
    """Return the section of that name, made if it is missing."""
    slug = slugify(name)
    found = SectionPage.objects.filter(slug=slug).first()
    return found or _add(tree.sections, SectionPage(title=name, slug=slug))


def _host() -> dict[str, str | int]:
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    return {"hostname": address.hostname or "localhost", "port": port}


def _child(parent: Page, model: type[PageType], title: str, slug: str) -> PageType:
    found: PageType | None = model.objects.child_of(parent).first()
    return found or _add(parent, model(title=title, slug=slug))


def _add(parent: Page, page: PageType) -> PageType:
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page
