"""The chain from an agency to those that carry on its work, without a database."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

Link = tuple[int, int, date, date | None]  # old, new, from when, and the last day of the new one


class Successions:
    """Who succeeded whom, and when."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._new: dict[int, list[tuple[date, int]]] = defaultdict(list)
        self._closed: dict[int, date | None] = {}
        for old, new, since, closed in links:
            self._new[old].append((since, new))
            self._closed[new] = closed
        for rows in self._new.values():
            rows.sort()

    def of(self, pk: int, closed: date | None, day: date) -> list[int]:
        """Return who carries the work of agency ``pk`` on that day; itself while it exists.

        ``closed`` is its last day. The chain is followed through every agency that was closed in
        its turn; a split gives several, each once. Circles end.
        """
        if closed is None or closed >= day:
            return [pk]
        found: dict[int, None] = {}
        seen, waiting = {pk}, [pk]
        while waiting:
            for since, new in self._new.get(waiting.pop(), ()):
                if since > day or new in seen:
                    continue
                seen.add(new)
                last = self._closed[new]
                if last is None or last >= day:
                    found[new] = None
                else:
                    waiting.append(new)
        return list(found)


def circle(pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return the agencies of one circle among (old, new), in order; none if there is no circle.

    Time makes a circle impossible: somebody entered a date or a successor wrongly. Leave out parts
    that an agency gave off while it went on: these may come back to it.
    """
    following: dict[int, list[int]] = defaultdict(list)
    for old, new in pairs:
        following[old].append(new)
    done: set[int] = set()
    for start in list(following):
        path: list[int] = []
        waiting: list[tuple[int, bool]] = [(start, False)]
        while waiting:
            pk, leaving = waiting.pop()
            if leaving:
                path.pop()
                done.add(pk)
            elif pk in path:
                return path[path.index(pk) :]
            elif pk not in done:
                path.append(pk)
                waiting.append((pk, True))
                waiting += [(new, False) for new in following.get(pk, ())]
    return []
