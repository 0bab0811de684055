"""What is due, told by every part that has something due: slots, reports, reviews, own plans.

A part registers a source, in its ``AppConfig.ready``: a function from two days, and the agencies
asked for (``None``: all), to what is still open and due from the first day to the second. It must
cost a fixed number of queries. What is done, given up or not asked for any more is not given.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that an agency still owes.

    ``key`` names it for ever ("slot:12"); ``url`` is its address in the admin, without the host;
    ``plan`` the number of the plan whose own rhythm of reminders holds, if any.
    """

    key: str
    title: str
    agency: int
    day: date
    url: str
    plan: int | None = None
    serial: str = ""
    state: str = ""

    def late(self, today: date) -> int:
        """Return how many days it is overdue; 0 or less while there is time."""
        return (today - self.day).days


Agencies = Collection[int] | None
Source = Callable[[date, date, Agencies], Iterable[Due]]
_sources: list[Source] = []


def register_source(source: Source) -> Source:
    """Take a source; registering it again changes nothing. It serves as a decorator."""
    if source not in _sources:
        _sources.append(source)
    return source


def unregister_source(source: Source) -> None:
    """Forget a source; unknown ones are no error."""
    if source in _sources:
        _sources.remove(source)


def between(first: date, last: date, agencies: Agencies = None) -> list[Due]:
    """Return what is open and due from ``first`` to ``last``, by day, then agency, then key."""
    found = (due for source in _sources for due in source(first, last, agencies))
    return sorted(found, key=lambda due: (due.day, due.agency, due.key))
