"""Announcements: short, with a level and an end."""

from typing import Any, ClassVar

from django.db import models
from django.forms import CheckboxSelectMultiple, Textarea
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.fields import RichTextField
from wagtail.search import index

from core.pages import BasePage
from core.text import opening
from portal.blocks import TEXT_FEATURES
from portal.body import clean_html, plain_text
from portal.forms import AnnouncementForm
from portal.listing import latest, page_of
from portal.models.stories import StoryPage
from portal.permissions import IndexPermissionTester
from portal.variants.panels import story_tabs


class AnnouncementIndexPage(BasePage):
    """``/thong-bao/``: every announcement, newest first."""

    parent_page_types: ClassVar[list[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal.AnnouncementPage"]
    max_count = 1
    template = "portal/announcement_index_page.html"

    class Meta:
        verbose_name = _("announcements")
        verbose_name_plural = _("announcements")

    def permissions_for_user(self, user: Any) -> IndexPermissionTester:
        return IndexPermissionTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["items"] = page_of(request, latest(AnnouncementPage.objects.all()))
        return context


class AnnouncementPage(StoryPage):
    """``/thong-bao/<slug>/``: a notice to the public."""

    text = RichTextField(_("content"), features=TEXT_FEATURES)
    ends_at = models.DateTimeField(
        _("in the strip until"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Until then it stands at the top of every page. Empty: never there."),
    )
    officers = ParentalManyToManyField(
        "organisations.Contact",
        verbose_name=_("officers who must know"),
        blank=True,
        related_name="+",
        help_text=_(
            "For urgent ones: each gets the text with a link to acknowledge, again and again until "
            "they do. Listed are contacts in use with an e-mail address or a chat of their own."
        ),
    )
    picture = None

    base_form_class = AnnouncementForm
    parent_page_types: ClassVar[list[str]] = ["portal.AnnouncementIndexPage"]
    template = "portal/announcement_page.html"
    content_panels: ClassVar[list[Panel]] = [
        *StoryPage.content_panels,
        FieldPanel("text"),
        MultiFieldPanel(
            [FieldPanel("level"), FieldPanel("ends_at"), FieldPanel("unit")],
            heading=_("Level and duration"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("urgent_reason", widget=Textarea(attrs={"rows": 2})),
                FieldPanel("officers", widget=CheckboxSelectMultiple),
            ],
            heading=_("Urgent announcements"),
        ),
        *StoryPage.channel_panels,
    ]
    edit_handler = story_tabs(content_panels, StoryPage.promote_panels, StoryPage.settings_panels)
    search_fields: ClassVar[list[index.BaseField]] = [
        *StoryPage.search_fields,
        index.SearchField("text"),
        index.FilterField("ends_at"),
    ]

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    @property
    def summary(self) -> str:
        """The first paragraph, or its first words: always what the text begins with."""
        return opening(self.body_text(), limit=200)

    @property
    def summary_text(self) -> str:
        return self.summary

    @property
    def author_line(self) -> str:
        return self.unit

    def facts(self) -> dict[str, str]:
        if self.ends_at is None:
            return {}
        return {"ends_at": f"{timezone.localtime(self.ends_at):%H:%M %d/%m/%Y}"}

    def body_html(self) -> str:
        return clean_html(self.text, self.root_address)

    def body_text(self) -> str:
        return plain_text(self.text)
