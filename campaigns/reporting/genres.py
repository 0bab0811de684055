"""Of which genre the items are that serve plans, told by the layer that publishes them.

Campaigns lie below the newsroom and know no article. It registers, in its ``AppConfig.ready``, a
function from a query of stories to the genre of each in words; it must cost one query.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

Teller = Callable[[QuerySet[Any]], Mapping[UUID, str]]
_tellers: list[Teller] = []


def register_genres(teller: Teller) -> Teller:
    """Take the function. Registering it again changes nothing. Returned unchanged."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def unregister_genres(teller: Teller) -> None:
    """Forget it; an unknown one is no error."""
    if teller in _tellers:
        _tellers.remove(teller)


def genres_of(stories: QuerySet[Any]) -> dict[UUID, str]:
    """Return the genres of these stories, as far as anybody knows them."""
    found: dict[UUID, str] = {}
    for teller in _tellers:
        found.update(teller(stories))
    return found
