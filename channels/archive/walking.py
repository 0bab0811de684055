"""The walk through old deliveries: a bit in each round of the watch, once a day from the start.

It remembers how far it came. Killed in between, it looks at the last few again, which is harmless.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from channels.archive import moving
from channels.archive.models import ArchiveSettings, ArchiveWalk
from channels.models import Delivery
from channels.watching import tallies

PAGE = 200  # deliveries looked at together
PAGES = 2  # in one round, so that neither alarms nor the worker beside it are late
REST = timedelta(days=1)  # between two walks
LEASE = timedelta(minutes=2)  # a watch that was killed is waited for so long

Seen = tuple[datetime, int]


def run(now: datetime) -> int:
    """Go on with the walk if it is due. Returns how many deliveries were archived.

    Must run outside a transaction: a few stories have one of their own.
    """
    months = ArchiveSettings.load().months
    if not months:
        return 0
    walk, _created = ArchiveWalk.objects.get_or_create(pk=1, defaults={"due_at": now})
    if walk.due_at > now or not reserve(walk, now):
        return 0
    tallies.run(now)  # attempts are counted before they leave
    before, moved = moving.cutoff(now, months), 0
    seen: Seen | None = (walk.seen_at, walk.seen) if walk.seen_at else None
    for _page in range(PAGES):
        seen, stories = look(seen, before)
        moved += moving.move(stories, before)
        remember(seen, now if seen else now + REST)
        if seen is None:
            break
    return moved


def reserve(walk: ArchiveWalk, now: datetime) -> bool:
    """Take the turn, so that of several watches one walks."""
    mine = ArchiveWalk.objects.filter(pk=walk.pk, due_at=walk.due_at)
    return bool(mine.update(due_at=now + LEASE))


def remember(seen: Seen | None, due_at: datetime) -> None:
    at, pk = seen or (None, 0)
    ArchiveWalk.objects.filter(pk=1).update(seen_at=at, seen=pk, due_at=due_at)


def look(seen: Seen | None, before: datetime) -> tuple[Seen | None, dict[UUID, int]]:
    """Look at the next page of old deliveries.

    Returns the last one seen, ``None`` at the end, and the stories of which something may leave
    with the number of deliveries.
    """
    rows = Delivery.objects.filter(created_at__lt=before)
    if seen is not None:
        at, pk = seen
        # The first condition says nothing new, but leads into the index.
        rows = rows.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=pk), created_at__gte=at)
    page = list(rows.order_by("created_at", "pk").values_list("created_at", "pk", "story")[:PAGE])
    stories = {story for _at, _pk, story in page}
    last = (page[-1][0], page[-1][1]) if len(page) == PAGE else None
    return last, moving.candidates(stories, before) if stories else {}


def archive_all(
    now: datetime, months: int, *, only_count: bool = False, tell: Callable[[int], object] = int
) -> int:
    """Walk through everything at once. Returns how many deliveries left, or would leave.

    ``tell`` is given the number after each page. Raises ``ValueError`` for less than one month.
    """
    before, moved = moving.cutoff(now, months), 0
    if not only_count:
        tallies.run(now)
    counted: set[UUID] = set()
    seen: Seen | None = None
    while True:
        seen, stories = look(seen, before)
        if only_count:
            moved += sum(number for story, number in stories.items() if story not in counted)
            counted.update(stories)
        else:
            moved += moving.move(stories, before)
        tell(moved)
        if seen is None:
            return moved
