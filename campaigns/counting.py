"""What was published for each activity, told by the layers that publish.

Campaigns lie below the portal and may not import it. A layer above registers, in its
``AppConfig.ready``, a function that counts and one that lists its items for given activities.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Item:
    """Something published for an activity: what a reader sees of it, and where."""

    activity_id: int
    title: str
    url: str
    published_at: datetime | None = None


Counter = Callable[[Collection[int]], Mapping[int, int]]
#: From activity ids and how many are wanted to the newest public items, newest first.
Lister = Callable[[Collection[int], int], Iterable[Item]]

_counters: list[Counter] = []
_listers: list[Lister] = []


def register_counter(counter: Counter) -> Counter:
    """Take a function from activity ids to how many items each has; absent ids have none.

    It must cost a fixed number of queries, however many ids it is given. Registering the same
    function again changes nothing. Returned unchanged, so that it serves as a decorator.
    """
    if counter not in _counters:
        _counters.append(counter)
    return counter


def register_lister(lister: Lister) -> Lister:
    """Take a function that returns the newest public items of activities.

    It is given activity ids and how many are wanted, and returns those at most, newest first; see
    ``register_counter``.
    """
    if lister not in _listers:
        _listers.append(lister)
    return lister


def unregister(function: Counter | Lister) -> None:
    """Forget a registered function; unknown ones are no error."""
    for registered in (_counters, _listers):
        if function in registered:
            registered.remove(function)  # type: ignore[arg-type]


def counts(activity_ids: Collection[int]) -> dict[int, int]:
    """Return for every given activity id how many items were published for it."""
    result = dict.fromkeys(activity_ids, 0)
    for counter in _counters:
        for activity_id, count in counter(activity_ids).items():
            if activity_id in result:
                result[activity_id] += count
    return result


def newest(activity_ids: Collection[int], first: int, last: int) -> list[Item]:
    """Return the public items of these activities from one place to before another.

    The newest comes first, those without a day at the end.
    """
    wanted = set(activity_ids)
    found = [item for lister in _listers for item in lister(activity_ids, last)]
    found = [item for item in found if item.activity_id in wanted]
    found.sort(key=lambda item: item.published_at.timestamp() if item.published_at else 0.0)
    found.reverse()
    return found[first:last]
