"""One order for the rows of a list, whatever a person sorts it by."""

from typing import Any

from django.db.models import QuerySet


class OneOrder:
    """Mixed into a list view of Wagtail's: rows that are equal otherwise come by their number.

    PostgreSQL may give them in another order each time, so that one stands on two pages of the list
    and another on none.
    """

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        ordered: QuerySet[Any] = super().order_queryset(queryset)  # type: ignore[misc]
        names = ordered.query.order_by
        return ordered.order_by(*names, "pk") if names else ordered
