"""Articles, and the one place they live under."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Textarea
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, Panel
from wagtail.models import Orderable
from wagtail.search import index

from campaigns.models import Activity
from core.fields import StreamField
from core.pages import BasePage
from portal.blocks import BodyBlock
from portal.body import Body
from portal.listing import latest, page_of, teasers
from portal.models.authors import Author
from portal.models.stories import StoryPage
from portal.permissions import IndexPermissionTester
from portal.variants.panels import story_tabs

RELATED_COUNT = 5


class NewsIndexPage(BasePage):
    """``/tin-tuc/``: every article, newest first."""

    parent_page_types: ClassVar[list[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal.ArticlePage"]
    max_count = 1
    template = "portal/news_index_page.html"

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")

    def permissions_for_user(self, user: Any) -> IndexPermissionTester:
        return IndexPermissionTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["items"] = page_of(request, teasers(ArticlePage.objects.all()))
        return context


class ArticlePage(StoryPage):
    """``/tin-tuc/<slug>/``: a news item or story."""

    class Genre(models.TextChoices):
        """Reports and royalties count by it."""

        NEWS = "news", _("news item")
        FEATURE = "feature", _("feature")
        REPORTAGE = "reportage", _("reportage")
        INTERVIEW = "interview", _("interview")
        REFLECTION = "reflection", _("reflective piece")
        COMMENTARY = "commentary", _("commentary")
        PHOTO = "photo", _("photo story")
        VIDEO = "video", _("video")
        INFOGRAPHIC = "infographic", _("infographic")
        ANSWER = "answer", _("answer to readers")

    genre = models.CharField(
        _("genre"), max_length=12, choices=Genre, default=Genre.NEWS, db_index=True
    )
    summary = models.TextField(
        _("summary (sapo)"),
        max_length=500,
        help_text=_("Two or three sentences that stand on their own, 500 characters at most."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)
    byline = models.CharField(_("author"), max_length=200, blank=True)
    picture = models.ForeignKey(
        "media.Picture",
        verbose_name=_("main picture"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    picture_alt = models.CharField(
        _("alternative text"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows. Empty: the description of the image itself."),
    )
    picture_caption = models.CharField(_("caption"), max_length=300, blank=True)
    picture_credit = models.CharField(
        _("image credit"),
        max_length=200,
        blank=True,
        help_text=_("Empty: the credit of the image itself."),
    )
    section = models.ForeignKey(
        "portal.SectionPage",
        verbose_name=_("section"),
        on_delete=models.PROTECT,
        null=True,  # a draft may do without
        related_name="articles",
    )
    activity = models.ForeignKey(
        "campaigns.Activity",
        verbose_name=_("activity of a plan"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
        help_text=_("The activity this article fulfils; reports count it there."),
    )
    slot = models.ForeignKey(
        "campaigns.Slot",
        verbose_name=_("slot of the activity"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
        help_text=_("Only where date and author do not say which; empty: the system finds it."),
    )
    event = models.ForeignKey(
        "campaigns.Event",
        verbose_name=_("event the article is about"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
        help_text=_("A conference or another event of a plan, which has to give a news item."),
    )
    is_pinned = models.BooleanField(_("pinned to the top of the home page"), default=False)

    parent_page_types: ClassVar[list[str]] = ["portal.NewsIndexPage"]
    template = "portal/article_page.html"
    content_panels: ClassVar[list[Panel]] = [
        *StoryPage.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("picture"),
                FieldPanel("picture_alt"),
                FieldPanel("picture_caption"),
                FieldPanel("picture_credit"),
            ],
            heading=_("Main picture"),
        ),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("byline"),
                InlinePanel("authorships", label=_("author, for royalties")),
                FieldPanel("unit"),
                FieldPanel("genre"),
            ],
            heading=_("Author"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("section"),
                FieldPanel("activity"),
                FieldPanel("slot"),
                FieldPanel("event"),
                FieldPanel("level"),
                FieldPanel("urgent_reason", widget=Textarea(attrs={"rows": 2})),
                FieldPanel("is_pinned"),
            ],
            heading=_("Filing"),
        ),
        InlinePanel("related_documents", heading=_("Attached documents"), label=_("Document")),
        *StoryPage.channel_panels,
    ]
    edit_handler = story_tabs(content_panels, StoryPage.promote_panels, StoryPage.settings_panels)
    search_fields: ClassVar[list[index.BaseField]] = [
        *StoryPage.search_fields,
        index.SearchField("summary", boost=1.5),
        index.SearchField("body"),
        index.SearchField("byline"),
        index.FilterField("section"),
        index.FilterField("genre"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def clean(self) -> None:
        super().clean()
        if self.picture and not self.picture_described:
            message = _("Say what the picture shows, for readers who cannot see it.")
            raise ValidationError({"picture_alt": message})
        if self.event is not None and self.activity_id is None and self.slot is None:
            self.activity, self.slot = self.event.activity, self.event.slot
        if self.slot is not None:
            if self.activity_id is None:
                self.activity = self.slot.activity
            elif self.slot.activity_id != self.activity_id:
                raise ValidationError({"slot": _("This slot belongs to another activity.")})

    @property
    def summary_text(self) -> str:
        return self.summary

    @property
    def author_line(self) -> str:
        return self.byline

    def author_ids(self) -> frozenset[int]:
        accounts = Author.objects.filter(
            pk__in=[part.author_id for part in self.authorships.all()], user__isnull=False
        )
        return super().author_ids() | frozenset(accounts.values_list("user_id", flat=True))

    @property
    def section_slug(self) -> str:
        return self.section.slug if self.section else ""

    @property
    def section_name(self) -> str:
        return self.section.title if self.section else ""

    @property
    def picture_described(self) -> str:
        """What the main picture shows; "" without one."""
        return self.picture_alt or (self.picture.default_alt_text if self.picture else "")

    @property
    def picture_credited(self) -> str:
        """Whose the main picture is."""
        return self.picture_credit or (self.picture.credit if self.picture else "")

    def body_html(self) -> str:
        return Body(self.body).html(self.root_address)

    def body_text(self) -> str:
        return Body(self.body).text()

    def body_pictures(self) -> list[Any]:
        return list(Body(self.body).shown())

    def facts(self) -> dict[str, str]:
        documents = [f"{item}: {item.document.url}" for item in self.related_documents.all()]
        return {"documents": "\n".join(documents)} if documents else {}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        Body(self.body).prepare(self.picture)
        context["documents"] = self.related_documents.select_related("document")
        context["related"] = self.related_articles()
        context["activity"] = self.public_activity()
        return context

    def public_activity(self) -> Activity | None:
        """Return the activity it was published for, if its plan is public."""
        if self.activity_id is None:
            return None
        rows = Activity.objects.select_related("plan").filter(plan__live=True)
        return rows.filter(pk=self.activity_id).first()

    def related_articles(self) -> models.QuerySet["ArticlePage"]:
        """Return the latest other articles of the same section."""
        articles = ArticlePage.objects.filter(section=self.section_id).exclude(pk=self.pk)
        return latest(articles).defer("body", "variant_masters")[:RELATED_COUNT]


class RelatedDocument(Orderable):
    """A document offered for download under an article."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="related_documents")
    document = models.ForeignKey(
        "media.Attachment",
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    title = models.CharField(
        _("title"),
        max_length=255,
        blank=True,
        help_text=_("Empty: the title of the document itself."),
    )

    panels: ClassVar[list[Panel]] = [FieldPanel("document"), FieldPanel("title")]

    class Meta:
        ordering: ClassVar[list[str]] = ["sort_order", "pk"]
        verbose_name = _("attached document")
        verbose_name_plural = _("attached documents")

    def __str__(self) -> str:
        return self.title or self.document.title
