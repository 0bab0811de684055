"""Finds rows of small tables without diacritics.

What is indexed for search is found folded already (``core.search``). Lists of what is not indexed
would ask the database for the letters as typed: "nguyen" would not find "Nguyễn". These tables hold
some thousands of rows at most, so their texts are folded here, row by row.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from core.text import fold


def matching(queryset: QuerySet[Any], fields: Iterable[str], query: str) -> list[Any]:
    """Return the primary keys of the rows that hold every word of the query in these fields.

    ``fields`` are paths as ``values_list`` takes them. A word may stand anywhere in a longer one.
    A query without letters or digits matches nothing.
    """
    words = fold(query).split()
    if not words:
        return []
    rows = queryset.order_by().values_list("pk", *fields)
    return [pk for pk, *texts in rows if _holds(texts, words)]


def alike(texts: Iterable[str], query: str, *, limit: int = 5000) -> list[str]:
    """Return those of the texts that hold every word of the query, at most ``limit``."""
    words = fold(query).split()
    found = (text for text in texts if words and _holds([text], words))
    return list(islice(found, limit))


def _holds(texts: list[Any], words: list[str]) -> bool:
    text = " ".join(fold(str(part)) for part in texts if part)
    return all(word in text for word in words)


class FoldedSearch:
    """Mixed into a list view of Wagtail's: ``search_fields`` are searched without diacritics."""

    is_searching: bool
    search_query: str
    search_fields: Iterable[str] | None

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_searching:
            return queryset
        found = matching(queryset, self.search_fields or (), self.search_query)
        return queryset.filter(pk__in=found)
