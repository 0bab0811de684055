"""The pages of the portal and its settings."""

from portal.models.announcements import AnnouncementIndexPage, AnnouncementPage
from portal.models.articles import ArticlePage, NewsIndexPage, RelatedDocument
from portal.models.authors import Author, Authorship
from portal.models.bundles import Bundle, BundleItem, BundleState
from portal.models.corrections import (
    AgreedCorrection,
    Correction,
    CorrectionKind,
    CorrectionMode,
    PhysicalCopy,
    RecallTask,
)
from portal.models.home import HomePage
from portal.models.rehearsals import Rehearsal, RehearsalState, RehearsedDelivery
from portal.models.sections import SectionIndexPage, SectionPage
from portal.models.settings import PortalSettings
from portal.models.stories import Level, StoryPage
from portal.models.urgent import UrgentSettings

__all__ = [
    "AgreedCorrection",
    "AnnouncementIndexPage",
    "AnnouncementPage",
    "ArticlePage",
    "Author",
    "Authorship",
    "Bundle",
    "BundleItem",
    "BundleState",
    "Correction",
    "CorrectionKind",
    "CorrectionMode",
    "HomePage",
    "Level",
    "NewsIndexPage",
    "PhysicalCopy",
    "PortalSettings",
    "RecallTask",
    "Rehearsal",
    "RehearsalState",
    "RehearsedDelivery",
    "RelatedDocument",
    "SectionIndexPage",
    "SectionPage",
    "StoryPage",
    "UrgentSettings",
]
