"""The article about an event: where it is begun and what there is, told by the layer above.

Campaigns lie below the newsroom and may not import it; see ``campaigns.counting``.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

#: From a person and an event's number to the address a form is posted to; "" if they may not.
Namer = Callable[[Any, int], str]


@dataclass(frozen=True, slots=True)
class Written:
    """An article about an event: published with its public address, or a draft with none."""

    event_id: int
    title: str
    url: str = ""
    edit_url: str = ""
    is_published: bool = False


#: From numbers of events to what was written about them, in a fixed number of queries.
Finder = Callable[[Collection[int]], Iterable[Written]]

_namers: list[Namer] = []
_finders: list[Finder] = []


def register_event_writer(namer: Namer) -> Namer:
    """Take the function that names the address where an article about an event is begun."""
    if namer not in _namers:
        _namers.append(namer)
    return namer


def register_event_finder(finder: Finder) -> Finder:
    """Take the function that finds what was written about events."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def unregister_event_finder(finder: Finder) -> None:
    """Forget a registered function; unknown ones are no error."""
    if finder in _finders:
        _finders.remove(finder)


def address(user: Any, event: int) -> str:
    """Return the address to post to for a new article about the event, or ""."""
    return next((found for namer in _namers if (found := namer(user, event))), "")


def written(events: Collection[int]) -> dict[int, list[Written]]:
    """Return for every given event what was written about it, the published first."""
    found: dict[int, list[Written]] = {pk: [] for pk in events}
    for finder in _finders if events else ():
        for one in finder(events):
            found.setdefault(one.event_id, []).append(one)
    for rows in found.values():
        rows.sort(key=lambda one: (not one.is_published, one.title))
    return found
