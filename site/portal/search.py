"""Finds what everybody may read."""

from typing import Any

from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from core.text import fold
from portal.models import AnnouncementPage, ArticlePage

LONGEST_QUERY = 200  # characters


def cleaned(query: str) -> str:
    """Return the query as it is searched for: one line, at most ``LONGEST_QUERY`` characters."""
    return " ".join(query.replace("\0", " ").split())[:LONGEST_QUERY]


def public_items() -> Any:
    """Return the live articles and announcements that no restriction hides."""
    return Page.objects.live().public().type(ArticlePage, AnnouncementPage)


def found(query: str) -> Any:
    """Return the matching items, the best first: a lazy list that can be sliced and counted.

    All words must occur. Without a letter or digit in the query nothing is found.
    """
    if not fold(query):
        return []
    return get_search_backend().search(query, public_items().specific())
