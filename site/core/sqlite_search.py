"""Full-text search on SQLite that reads the index once.

The compiler this builds on asks the full-text table again for every row it ranks, which takes
seconds at ten thousand pages. Here one query gives the matching ids in order of rank; the rest is
ordinary filtering.
"""

from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat, StrIndex
from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import MatchAll, Not
from modelsearch.utils import get_descendants_content_types_pks

# SQLite takes 32,766 parameters; of more matches than this the best are kept.
MOST_MATCHES = 30_000


class OneScan:
    """Mixed into a compiler: ranks in one pass over the full-text index."""

    def search(self: Any, config: Any, start: Any, stop: Any, score_field: Any = None) -> Any:
        query = normalize(self.query)
        if score_field is not None or isinstance(query, MatchAll | Not):
            return super().search(config, start, stop, score_field)  # type: ignore[misc]
        ranked = self.ranked_ids(query, config)
        if not self.order_by_relevance:
            found = self.queryset.filter(pk__in=ranked)
            return (found if found.query.order_by else found.order_by("-pk"))[start:stop]
        if stop is None:
            return in_order_of(self.queryset, ranked)[start:stop]
        allowed = set(self.queryset.filter(pk__in=ranked).order_by().values_list("pk", flat=True))
        shown = [pk for pk in ranked if pk in allowed][start:stop]
        return in_order_of(self.queryset, shown)

    def ranked_ids(self: Any, query: Any, config: Any) -> list[Any]:
        """Return the primary keys of what matches, the best first."""
        match = MatchExpression(
            self.fields or self.FTS_TABLE_FIELDS, self.build_search_query(query, config=config)
        )
        types = get_descendants_content_types_pks(self.queryset.model)
        score = self._build_rank_expression(self.get_search_vectors(), config)
        entries = (
            SQLiteFTSIndexEntry.objects.filter(match, index_entry__content_type__in=types)
            .annotate(score=score)
            .order_by("score", "-index_entry__object_id")
            .values_list("index_entry__object_id", flat=True)
        )
        to_python = self.queryset.model._meta.pk.to_python
        return [to_python(pk) for pk in entries[:MOST_MATCHES]]


def in_order_of(queryset: QuerySet[Any], ids: list[Any]) -> QuerySet[Any]:
    """Restrict the query set to the ids, in their order."""
    places = Value(f",{','.join(map(str, ids))},")
    wanted = Concat(Value(","), Cast(F("pk"), CharField()), Value(","))
    return queryset.filter(pk__in=ids).order_by(StrIndex(places, wanted))


class SearchCompiler(OneScan, SQLiteSearchQueryCompiler):
    """Whole words."""


class AutocompleteCompiler(OneScan, SQLiteAutocompleteQueryCompiler):
    """The last word may be cut short."""


class SearchBackend(SQLiteSearchBackend):
    query_compiler_class = SearchCompiler
    autocomplete_query_compiler_class = AutocompleteCompiler
