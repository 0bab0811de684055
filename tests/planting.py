"""Rows that many tests start from, made once for each worker of the suite and then put in whole.

Making the pages of a province takes a third of a second, and most tests begin with them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import wagtail.signal_handlers
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from wagtail.models import Page

Rows = dict[str, dict[Any, dict[str, Any]]]  # table → key → column → value


@dataclass
class Recording:
    """What ``make`` found and what it left."""

    start: object
    before: Rows
    after: Rows = field(default_factory=dict)


class Planted:
    """Does what ``make`` does to the database: the first time by calling it, then from memory.

    Where the database is not as it was the first time, ``make`` is called again. Tests that keep
    the indexes of search and of use have a recording of their own, which holds those too.
    """

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make
        self.recordings: dict[bool, Recording] = {}

    def __call__(self) -> None:
        start = self.situation()
        indexed = hasattr(wagtail.signal_handlers.update_reference_index_task, "func")
        known = self.recordings.get(indexed)
        if known is None:
            known = self.recordings[indexed] = Recording(start, everything())
            self.make()
            known.after = everything()
        elif start != known.start or not repeated(known):
            self.make()

    def situation(self) -> object:
        """Return what must be the same as the first time: the pages, and the numbers of kinds."""
        kinds = ContentType.objects.get_for_models(*apps.get_app_config("portal").get_models())
        pages = Page.objects.order_by("pk").values_list("pk", "path", "numchild", "title")
        return list(pages), sorted((model.__name__, kind.pk) for model, kind in kinds.items())


def repeated(known: Recording) -> bool:
    """Change the rows as they were changed before. Says whether nothing was in the way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in known.after:
                change(cursor, table, known.before[table], known.after[table])
    except IntegrityError:
        return False
    cache.clear()  # addresses of sites are kept there
    return True


def change(
    cursor: Any, table: str, before: dict[Any, dict[str, Any]], after: dict[Any, dict[str, Any]]
) -> None:
    """Turn the rows of one table from those before into those after."""
    name = connection.ops.quote_name(table)
    for key in before.keys() - after.keys():
        cursor.execute(f"DELETE FROM {name} WHERE {key[0]} = %s", [key[1]])  # noqa: S608 - names of ours
    for key in before.keys() & after.keys():
        new = {col: value for col, value in after[key].items() if value != before[key][col]}
        if new:
            settings = ", ".join(f"{connection.ops.quote_name(col)} = %s" for col in new)
            statement = f"UPDATE {name} SET {settings} WHERE {key[0]} = %s"  # noqa: S608 - names of ours
            cursor.execute(statement, [*new.values(), key[1]])
    added = [after[key] for key in after if key not in before]
    if added:
        columns = ", ".join(connection.ops.quote_name(col) for col in added[0])
        marks = ", ".join("%s" for _col in added[0])
        rows = [list(row.values()) for row in added]
        cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", rows)  # noqa: S608 - names of ours


def everything() -> Rows:
    """Return every row of every table of a model."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and not model._meta.db_table.endswith("_fts")  # filled by triggers
    ]
    return {model._meta.db_table: rows_of(model) for model in models}


def rows_of(model: Any) -> dict[Any, dict[str, Any]]:
    """Return the rows as the database gives them, not as Python objects."""
    key = model._meta.pk.column
    quoted = connection.ops.quote_name
    fields = [field.column for field in model._meta.local_concrete_fields]
    columns = ", ".join(quoted(field) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {quoted(model._meta.db_table)}")  # noqa: S608 - names of ours
        found = [dict(zip(fields, row, strict=True)) for row in cursor.fetchall()]
    return {(quoted(key), row[key]): row for row in found}
