"""Makes the things tests need, each with sensible values that a test may replace."""

import uuid
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from channels.contract import Message, Story
from channels.models import Channel
from media.models import Picture
from portal import tree
from portal.models import (
    AnnouncementIndexPage,
    AnnouncementPage,
    ArticlePage,
    HomePage,
    NewsIndexPage,
    SectionIndexPage,
    SectionPage,
)
from portal.tree import Tree
from tests.planting import Planted

NAME = "Cổng thử"
SECTION = "Thủ tục hành chính"
MOMENT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def story(**values: Any) -> Story:
    """Return a story as the outbox freezes it."""
    defaults: dict[str, Any] = {
        "key": str(uuid.uuid4()),
        "sequence": 1,
        "title": "Khai trương Trung tâm Phục vụ hành chính công",
        "summary": "Người dân nộp hồ sơ tại một nơi.",
        "text": "Sáng 04/5/2026, trung tâm bắt đầu nhận hồ sơ.\n\nKhông thu phí.",
        "html": "<p>Sáng 04/5/2026, trung tâm bắt đầu nhận hồ sơ.</p><p>Không thu phí.</p>",
        "spoken": "Sáng mồng bốn tháng năm, trung tâm bắt đầu nhận hồ sơ.",
        "address": "http://127.0.0.1:8000/tin-tuc/khai-truong/",
        "published": MOMENT,
        "updated": MOMENT,
    }
    return Story(**(defaults | values))


def message(**values: Any) -> Message:
    """Return a message as a channel would send it."""
    defaults: dict[str, Any] = {
        "key": f"{uuid.uuid4()}:1",
        "story": str(uuid.uuid4()),
        "title": "Khai trương",
        "text": "Trung tâm bắt đầu nhận hồ sơ.",
        "published": MOMENT,
        "updated": MOMENT,
    }
    return Message(**(defaults | values))


def channel(slug: str = "kenh-thu", kind: str = "portal", **values: Any) -> Channel:
    """Return a saved channel that is switched on."""
    defaults = {"name": slug.capitalize(), "slug": slug, "kind": kind, "is_active": True}
    return Channel.objects.create(**(defaults | values))


def image_file(
    name: str = "anh.jpg", size: tuple[int, int] = (800, 600), colour: str = "#8a1c1c"
) -> SimpleUploadedFile:
    """Return an upload with a real picture in it."""
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG" if name.endswith("png") else "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def picture(**values: Any) -> Picture:
    """Return a saved picture with a file."""
    defaults: dict[str, Any] = {
        "title": "Bộ phận Một cửa",
        "description": "Người dân ngồi trước quầy tiếp nhận hồ sơ",
        "credit": "Nguyễn An",
        "rights": "own",
    }
    return Picture.objects.create(**(defaults | {"file": image_file()} | values))


def site_tree() -> Tree:
    """Return the fixed pages, with Wagtail's site pointing at the home page."""
    if not HomePage.objects.exists():
        _PAGES()
    found = [
        kind.objects.first() for kind in (NewsIndexPage, AnnouncementIndexPage, SectionIndexPage)
    ]
    home = HomePage.objects.first()
    return Tree(home, *found) if home and all(found) else tree.plant(NAME)


_PAGES = Planted(lambda: tree.plant(NAME))
_SECTION = Planted(lambda: tree.section(tree.plant(NAME), SECTION))


def first_section() -> SectionPage:
    """Return the section that articles stand in when a test names none."""
    pages = site_tree()
    if not SectionPage.objects.exists():
        _SECTION()
        pages = site_tree()  # which know their children
    return tree.section(pages, SECTION)


def article(*, live: bool = False, **values: Any) -> ArticlePage:
    """Return a saved article under the news page, a draft unless ``live``."""
    section = first_section()
    defaults: dict[str, Any] = {
        "title": "Khai trương Trung tâm Phục vụ hành chính công",
        "summary": "Người dân nộp hồ sơ tại một nơi.",
        "section": section,
        "body": [("paragraph", "<p>Sáng 04/5/2026, trung tâm bắt đầu nhận hồ sơ.</p>")],
        "live": False,
    }
    page = ArticlePage(**(defaults | values))
    site_tree().news.add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    return ArticlePage.objects.get(pk=page.pk)


def announcement(*, live: bool = False, **values: Any) -> AnnouncementPage:
    """Return a saved announcement, a draft unless ``live``."""
    defaults: dict[str, Any] = {
        "title": "Tạm dừng nhận hồ sơ để nâng cấp hệ thống",
        "text": "<p>Hệ thống tạm dừng từ 20 giờ.</p>",
        "live": False,
    }
    page = AnnouncementPage(**(defaults | values))
    site_tree().announcements.add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    return AnnouncementPage.objects.get(pk=page.pk)
