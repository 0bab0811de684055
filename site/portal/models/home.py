"""The home page."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.url_routing import RouteResult

from core.pages import BasePage
from portal.listing import latest, teasers
from portal.models.announcements import AnnouncementPage
from portal.models.articles import ArticlePage

PINNED_COUNT = 3
LATEST_COUNT = 12
ANNOUNCEMENT_COUNT = 6


class HomePage(BasePage):
    """``/``: pinned and latest articles, announcements, the way to the plans."""

    subpage_types: ClassVar[list[str]] = [
        "portal.NewsIndexPage",
        "portal.AnnouncementIndexPage",
        "portal.SectionIndexPage",
    ]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    max_count = 1
    template = "portal/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find an article in one query; Wagtail asks four times on the way down to it."""
        if len(path_components) == 2:
            address = "/".join([self.url_path.rstrip("/"), *path_components, ""])
            article = (
                ArticlePage.objects.live()
                .filter(url_path=address)
                .select_related("section", "picture", "content_type", "locale")
                .first()
            )
            if article is not None:
                return RouteResult(article)
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        articles = teasers(ArticlePage.objects.all())
        pinned = list(articles.filter(is_pinned=True)[:PINNED_COUNT])
        others = list(articles.exclude(pk__in=[item.pk for item in pinned])[:LATEST_COUNT])
        context["lead"], *context["featured"] = pinned or others[:1] or [None]
        context["latest"] = others if pinned else others[1:]
        context["announcements"] = latest(AnnouncementPage.objects.all())[:ANNOUNCEMENT_COUNT]
        return context
