"""What articles and announcements share: an identity, a level, a text for the channels."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel, PublishingPanel
from wagtail.search import index

from core.pages import BasePage
from portal.forms import StoryPageForm
from portal.previews import ChannelPreviews


class Level(models.TextChoices):
    """How pressing an item is (Circular 39/2020/TT-BTTTT)."""

    NORMAL = "normal", _("normal")
    PRIORITY = "priority", _("priority")
    URGENT = "urgent", _("urgent")


class StoryPage(ChannelPreviews, BasePage):
    """A page that is published to the channels as one story.

    ``story`` identifies the item in every version and on every channel. A copy is another item and
    gets an identity of its own; a revision never carries one in.
    """

    story = models.UUIDField(_("identity"), default=uuid.uuid4, unique=True, editable=False)
    level = models.CharField(
        _("level"), max_length=10, choices=Level, default=Level.NORMAL, db_index=True
    )
    unit = models.CharField(
        _("unit"), max_length=200, blank=True, help_text=_("The unit the author belongs to.")
    )
    radio_text = models.TextField(
        _("text for reading aloud"),
        blank=True,
        help_text=_(
            "What a newsreader says. Empty: made from the text, with numbers and abbreviations "
            "spelt out."
        ),
    )
    channels_off = models.JSONField(_("channels left out"), default=list, blank=True)
    dated = models.DateTimeField(
        _("date of the item"),
        null=True,
        blank=True,
        help_text=_("Only when it differs from the day of publishing, as with imported items."),
    )
    listed_at = models.DateTimeField(_("listed under"), null=True, editable=False, db_index=True)

    base_form_class = StoryPageForm
    exclude_fields_in_copy: ClassVar[list[str]] = ["story", "listed_at"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("unit"),
        index.FilterField("level"),
        index.FilterField("listed_at"),
    ]
    channel_panels: ClassVar[list[Panel]] = [
        MultiFieldPanel(
            [FieldPanel("radio_text"), FieldPanel("channels_off")], heading=_("Channels")
        ),
    ]
    settings_panels: ClassVar[list[Panel]] = [PublishingPanel(), FieldPanel("dated")]

    class Meta:
        abstract = True

    @property
    def root_address(self) -> str:
        """Scheme and host of the portal, without a slash at the end."""
        parts = self.get_url_parts()
        root = parts[1] if parts else ""
        return (root or settings.WAGTAILADMIN_BASE_URL).rstrip("/")

    @property
    def summary_text(self) -> str:
        """The lead as plain text; "" where the kind of item has none."""
        return ""

    @property
    def author_line(self) -> str:
        """Who wrote it, as shown under the headline; "" when nobody is named."""
        return ""

    @property
    def section_slug(self) -> str:
        return ""

    @property
    def section_name(self) -> str:
        return ""

    @property
    def found_in(self) -> str:
        """The text in which a search shows its hits."""
        return f"{self.summary_text}\n\n{self.body_text()}"

    def body_html(self) -> str:
        """Return the body as clean HTML with absolute addresses, for the channels."""
        raise NotImplementedError

    def body_text(self) -> str:
        """Return the body as plain text, its paragraphs parted by a blank line."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if self._state.adding and self.alias_of_id:
            # Wagtail copies every field into an alias, and an alias is not the same item.
            self.story = uuid.uuid4()
        self.listed_at = self.dated or self.first_published_at
        return super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Any:
        # Revisions of the original come along when a page is copied or aliased.
        page = super().with_content_json(content)
        page.story = self.story
        return page
