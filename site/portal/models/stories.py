"""What articles and announcements share: an identity, a level, a text for the channels."""

import uuid
from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import CommentPanel, FieldPanel, MultiFieldPanel, Panel
from wagtail.search import index
from wagtail.url_routing import RouteResult

from core.pages import BasePage
from portal import status, timing
from portal.asked_once import without_housekeeping
from portal.bundles import holding
from portal.forms import StoryPageForm
from portal.models.corrections import Correction
from portal.permissions import StoryPermissionTester
from portal.previews import ChannelPreviews
from portal.schedule_panel import SchedulePanel
from portal.variants.composers import Texts, card
from portal.variants.stored import written
from portal.variants.texts import variants_of
from portal.waiting import waiting_lock


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
    # What people wrote for one kind of receiver, and the master texts they wrote it from: see
    # ``portal.variants.stored``.
    variants = models.JSONField(_("variants for the channels"), default=dict, blank=True)
    variant_masters = models.JSONField(default=dict, blank=True, editable=False)
    channels_off = models.JSONField(_("channels left out"), default=list, blank=True)
    contact = models.ForeignKey(
        "organisations.Contact",
        verbose_name=_("contact for stations"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_active": True},
        help_text=_("Whom stations and newspapers may ask about this item; readers do not see it."),
    )
    embargo_until = models.DateTimeField(
        _("not to be released before"),
        null=True,
        blank=True,
        help_text=_(
            "Nobody but the stations chosen below sees the approved item before this moment; then "
            "it goes out to everybody by itself."
        ),
    )
    urgent_reason = models.TextField(
        _("why it is urgent"),
        blank=True,
        help_text=_(
            "For urgent ones: with a reason it goes out in quiet hours as well, and the reason is "
            "kept with it. Readers do not see it."
        ),
    )
    early_channels = models.JSONField(_("stations that get it before"), default=list, blank=True)
    dated = models.DateTimeField(
        _("date of the item"),
        null=True,
        blank=True,
        help_text=_("Only when it differs from the day of publishing, as with imported items."),
    )
    listed_at = models.DateTimeField(_("listed under"), null=True, editable=False, db_index=True)

    base_form_class = StoryPageForm
    exclude_fields_in_copy: ClassVar[list[str]] = ["story", "listed_at", "urgent_reason"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("unit"),
        index.FilterField("level"),
        index.FilterField("listed_at"),
    ]
    channel_panels: ClassVar[list[Panel]] = [
        MultiFieldPanel([FieldPanel("channels_off"), FieldPanel("contact")], heading=_("Channels")),
    ]
    settings_panels: ClassVar[list[Panel]] = [SchedulePanel(), FieldPanel("dated"), CommentPanel()]

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
    def card(self) -> Texts:
        """The headline and the teaser for lists: as written for the portal, else the item's own."""
        return card(self.title, self.summary_text) | written(variants_of(self), "portal")

    @property
    def found_in(self) -> str:
        """The text in which a search shows its hits."""
        return f"{self.summary_text}\n\n{self.body_text()}"

    def facts(self) -> dict[str, str]:
        """Return what readers see on the page besides its text: name → value."""
        return {}

    def noted_corrections(self) -> models.QuerySet[Correction]:
        """Return the corrections that readers see on the page, newest first."""
        return Correction.objects.of_story(self.story).noted().newest_first()

    @property
    def status_string(self) -> str:
        """Where the item stands, as Wagtail's lists and the editor show it."""
        return status.words_for(self) or str(super().status_string)

    def author_ids(self) -> frozenset[int]:
        """Return the users who wrote the item: they never approve it."""
        return frozenset({self.owner_id} - {None})

    def permissions_for_user(self, user: Any) -> StoryPermissionTester:
        return StoryPermissionTester(user, self)

    def body_html(self) -> str:
        """Return the body as clean HTML with absolute addresses, for the channels."""
        raise NotImplementedError

    def body_text(self) -> str:
        """Return the body as plain text, its paragraphs parted by a blank line."""
        raise NotImplementedError

    def body_pictures(self) -> list[Any]:
        """Return the pictures in the body: image, alternative text, caption and credit of each."""
        return []

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Lead readers of a withdrawn item to a page that says so."""
        if not self.live and not self.expired and not path_components:
            last = Correction.objects.of_story(self.story).newest_first().first()
            if last is not None and last.is_withdrawal:
                return RouteResult(self, kwargs={"withdrawal": last})
        result: RouteResult = super().route(request, path_components)
        return result

    def serve(
        self,
        request: HttpRequest,
        *args: Any,
        withdrawal: Correction | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        if withdrawal is None:
            response: HttpResponse = super().serve(request, *args, **kwargs)
            return response
        context = {"withdrawal": withdrawal}
        return TemplateResponse(request, "portal/withdrawn.html", context, status=HTTPStatus.GONE)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        # What was published once only was never corrected: most readers' pages save the query.
        again = self.last_published_at != self.first_published_at
        context["corrections"] = self.noted_corrections() if again else ()
        return context

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if self._state.adding and self.alias_of_id:
            # Wagtail copies every field into an alias, and an alias is not the same item.
            self.story = uuid.uuid4()
        if self.live and (instant := holding.instant()):
            self.last_published_at = instant  # one for all items of a bundle
        self.listed_at = self.dated or self.first_published_at
        return super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Any:
        # Revisions of the original come along when a page is copied or aliased.
        page = super().with_content_json(without_housekeeping(content))
        page.story = self.story
        page._cached_parent_obj = self.get_parent()  # known by now, and asked for again
        page.go_live_at = holding.go_live_time(page, timezone.now())
        if instant := holding.instant():
            page.first_published_at = page.first_published_at or instant
        return page

    def get_lock(self) -> Any:
        """An approved item that waits is locked, except for what stations hold under embargo.

        A mistake in that must be put right at once, without taking it back from them first.
        """
        return waiting_lock(self, super().get_lock())

    def clean(self) -> None:
        super().clean()
        wrong = timing.problems(
            embargo_until=self.embargo_until,
            early_channels=self.early_channels or (),
            expire_at=self.expire_at,
            live=self.live,
            now=timezone.now(),
        )
        if wrong:
            raise ValidationError(wrong)
