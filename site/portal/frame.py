"""What stands around every page: names, sections, current announcements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, DateTimeField, Value
from django.utils import timezone
from wagtail.models import Page

from core.pages import readable
from portal.models import AnnouncementPage, Level, PortalSettings, SectionPage

STRIP_COUNT = 3
PRESSING = {Level.URGENT: 2, Level.PRIORITY: 1, Level.NORMAL: 0}
COLUMNS = ("pk", "title", "url_path", "path")


class Row(NamedTuple):
    """What the query gives of a section or an announcement."""

    pk: int
    title: str
    url_path: str
    path: str
    level: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """A page as the frame shows it. ``level`` is empty for a section."""

    title: str
    address: str
    level: str = ""

    @property
    def level_name(self) -> str:
        return str(Level(self.level).label)


@dataclass(frozen=True, slots=True)
class Frame:
    settings: PortalSettings
    sections: list[Link]  # in the order of the page tree
    announcements: list[Link]  # in force, the most pressing first


def current_frame() -> Frame:
    """Fetch the frame in two queries, since every page pays for it."""
    rows = [Row(*values) for values in menu_sections().union(announcements_in_force(), all=True)]
    sections = sorted((row for row in rows if not row.level), key=lambda row: row.path)
    notices = sorted((row for row in rows if row.level), key=pressure, reverse=True)
    return Frame(
        settings=PortalSettings.load(),
        sections=[link(row) for row in sections],
        announcements=[link(row) for row in notices[:STRIP_COUNT]],
    )


def menu_sections() -> Any:
    sections = readable(SectionPage.objects.in_menu())
    return sections.order_by().values_list(
        *COLUMNS, Value("", output_field=CharField()), Value(None, output_field=DateTimeField())
    )


def announcements_in_force() -> Any:
    current = readable(AnnouncementPage.objects.filter(ends_at__gt=timezone.now()))
    return current.order_by().values_list(*COLUMNS, "level", "listed_at")


def pressure(row: Row) -> tuple[int, float]:
    """Rank an announcement by level, then by date."""
    return PRESSING[Level(row.level)], row.since.timestamp() if row.since else 0.0


def link(row: Row) -> Link:
    page = Page(pk=row.pk, url_path=row.url_path)
    return Link(title=row.title, address=page.url or "", level=row.level)
