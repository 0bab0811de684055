"""What the portal tells the layers below it: its sections, and what was published for plans."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet
from django.urls import reverse

from campaigns.counting import Item, register_counter, register_lister
from campaigns.events.writing import Written, register_event_finder
from campaigns.reporting.genres import register_genres
from channels.audience import register_sections
from portal.models import ArticlePage, SectionPage


@register_sections
def sections() -> Iterable[tuple[str, str]]:
    return SectionPage.objects.order_by("title").values_list("slug", "title")


@register_counter
def count_articles(activity_ids: Collection[int]) -> dict[int, int]:
    """Count live articles by the activity they serve. Aliases are not articles of their own."""
    live = ArticlePage.objects.live().filter(activity__in=activity_ids, alias_of=None)
    rows = live.order_by().values_list("activity").annotate(count=Count("pk"))
    return {activity: count for activity, count in rows if activity is not None}


@register_lister
def list_articles(activity_ids: Collection[int], wanted: int) -> Iterable[Item]:
    live = ArticlePage.objects.live().public().filter(activity__in=activity_ids, alias_of=None)
    pages = live.order_by(F("listed_at").desc(nulls_last=True), "-pk")
    for page in pages.only("title", "url_path", "activity", "listed_at", "locale")[:wanted]:
        if page.activity_id is not None:
            yield Item(page.activity_id, page.title, page.get_url() or "", page.listed_at)


@register_event_finder
def articles_about(event_ids: Collection[int]) -> Iterable[Written]:
    """Find the articles about these events, drafts included; only the public have an address."""
    found = ArticlePage.objects.filter(event__in=event_ids, alias_of=None)
    public = set(found.live().public().values_list("pk", flat=True))
    columns = ("title", "draft_title", "url_path", "event", "live", "locale")
    for page in found.only(*columns).order_by("pk"):
        is_public = page.pk in public
        yield Written(
            event_id=page.event_id or 0,
            title=page.title if page.live else page.draft_title,
            url=page.get_url() or "" if is_public else "",
            edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            is_published=is_public,
        )


@register_genres
def genres(stories: QuerySet[Any]) -> dict[UUID, str]:
    """Name the genre of each story that is an article, published at present or not."""
    labels = dict(ArticlePage.Genre.choices)
    rows = ArticlePage.objects.filter(story__in=stories, alias_of=None).order_by()
    return {story: str(labels[genre]) for story, genre in rows.values_list("story", "genre")}
