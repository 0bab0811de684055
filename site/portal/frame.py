"""What stands around every page: names, sections, current announcements."""

from dataclasses import dataclass

from django.utils import timezone

from portal.models import AnnouncementPage, Level, PortalSettings, SectionPage

STRIP_COUNT = 3
LEVEL_ORDER = {Level.URGENT: 0, Level.PRIORITY: 1, Level.NORMAL: 2}


@dataclass(frozen=True, slots=True)
class Frame:
    settings: PortalSettings
    sections: list[SectionPage]
    announcements: list[AnnouncementPage]


def current_frame() -> Frame:
    """Fetch the frame in three queries."""
    return Frame(
        settings=PortalSettings.load(),
        sections=list(
            SectionPage.objects.live().public().in_menu().order_by("path").defer("intro")
        ),
        announcements=current_announcements(),
    )


def current_announcements() -> list[AnnouncementPage]:
    """Return the announcements that are still in force, the most pressing first."""
    current = (
        AnnouncementPage.objects.live()
        .public()
        .filter(ends_at__gt=timezone.now())
        .order_by("-listed_at")
        .defer("radio_text")
    )
    pressing = sorted(current, key=lambda item: LEVEL_ORDER[Level(item.level)])
    return pressing[:STRIP_COUNT]
