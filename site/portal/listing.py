"""Lists of items: newest first, a constant number of queries however many there are."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from core.pages import readable
from media.models import Rendition
from portal.pictures import TEASER_FILTERS

PER_PAGE = 12


def latest(articles: Any) -> Any:
    """Restrict a query set of items to what everybody may read, newest first."""
    return readable(articles).order_by("-listed_at", "-pk")


def teasers(articles: Any) -> Any:
    """Fetch with each article what its teaser shows, and not its body."""
    renditions = Rendition.objects.filter(filter_spec__in=TEASER_FILTERS)
    return (
        latest(articles)
        .defer("body", "variant_masters")
        .select_related("section", "picture")
        .prefetch_related(
            Prefetch("picture__renditions", queryset=renditions, to_attr="prefetched_renditions")
        )
    )


def page_of(request: HttpRequest, items: QuerySet[Any]) -> Page[Any]:
    """Return the page of the list that ``?trang=`` asks for; the nearest one if it is no number."""
    return Paginator(items, PER_PAGE).get_page(request.GET.get("trang"))
