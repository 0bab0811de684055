"""The pages of the portal and its settings."""

from portal.models.announcements import AnnouncementIndexPage, AnnouncementPage
from portal.models.articles import ArticlePage, NewsIndexPage, RelatedDocument
from portal.models.home import HomePage
from portal.models.sections import SectionIndexPage, SectionPage
from portal.models.settings import PortalSettings
from portal.models.stories import Level, StoryPage

__all__ = [
    "AnnouncementIndexPage",
    "AnnouncementPage",
    "ArticlePage",
    "HomePage",
    "Level",
    "NewsIndexPage",
    "PortalSettings",
    "RelatedDocument",
    "SectionIndexPage",
    "SectionPage",
    "StoryPage",
]
