"""Search that reads Vietnamese with or without diacritics.

Neither SQLite's tokenizer nor PostgreSQL's "simple" configuration folds every Vietnamese letter,
and both split document numbers in their own way. So texts are folded to plain words before they
are indexed, and queries before they are asked: the databases only ever see the folded form.
"""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.utils.module_loading import import_string
from modelsearch.backends.base import EmptySearchResults
from modelsearch.index import AutocompleteField, BaseField, RelatedFields, SearchField
from modelsearch.query import Phrase, PlainText, SearchQuery

from core.text import fold

IS_SQLITE = settings.DATABASES[DEFAULT_DB_ALIAS]["ENGINE"].endswith("sqlite3")
# Either module only loads with its own database.
DatabaseBackend: Any = import_string(
    "core.sqlite_search.SearchBackend"
    if IS_SQLITE
    else "modelsearch.backends.database.postgres.postgres.SearchBackend"
)
DatabaseIndex: Any = DatabaseBackend.index_class


def fold_value(value: Any) -> Any:
    """Fold the texts in what an indexed field returns, keeping its shape."""
    if isinstance(value, dict):
        return {key: fold_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fold_value(item) for item in value]
    return value if value is None else fold(str(value))


class FoldedSearchField(SearchField):
    def get_value(self, obj: Any) -> Any:
        return fold_value(super().get_value(getattr(obj, "original", obj)))


class FoldedAutocompleteField(AutocompleteField):
    def get_value(self, obj: Any) -> Any:
        return fold_value(super().get_value(getattr(obj, "original", obj)))


class UnwrappedRelatedFields(RelatedFields):
    def get_value(self, obj: Any) -> Any:
        return super().get_value(getattr(obj, "original", obj))


def folded(field: BaseField) -> BaseField:
    """Return a copy of the index field that gives folded text."""
    twin = copy(field)
    if isinstance(field, SearchField):
        twin.__class__ = FoldedSearchField
    elif isinstance(field, AutocompleteField):
        twin.__class__ = FoldedAutocompleteField
    elif isinstance(field, RelatedFields):
        twin.__class__ = UnwrappedRelatedFields
        twin.fields = [folded(inner) for inner in field.fields]
    return twin


class Folded:
    """An object as the index sees it: the same, with every text folded."""

    def __init__(self, original: Any) -> None:
        self.original = original
        self.pk = original.pk

    def get_search_fields(self) -> list[BaseField]:
        return [folded(field) for field in self.original.get_search_fields()]


class FoldingIndex(DatabaseIndex):
    def add_items(self, model: type, objs: Iterable[Any]) -> None:
        super().add_items(model, [Folded(obj) for obj in objs])


def fold_query(query: Any) -> Any:
    """Fold every text inside a query: a string, or a tree of Wagtail's query objects."""
    if isinstance(query, str):
        return fold(query)
    if not isinstance(query, SearchQuery):
        return query
    twin = copy(query)
    for name, value in vars(query).items():
        if name == "query_string":
            twin.query_string = fold(value)
        elif name == "subqueries":
            twin.subqueries = [fold_query(item) for item in value]
        elif isinstance(value, SearchQuery):
            setattr(twin, name, fold_query(value))
    return twin


class SearchBackend(DatabaseBackend):
    """The default database's own backend, over folded text."""

    index_class = FoldingIndex

    def _search(self, compiler: Any, query: Any, model_or_queryset: Any, **kwargs: Any) -> Any:
        wanted = fold_query(query)
        if isinstance(wanted, PlainText | Phrase) and not wanted.query_string:
            return EmptySearchResults()  # nothing but punctuation
        return super()._search(compiler, wanted, model_or_queryset, **kwargs)
