"""Which deliveries may leave the outbox, and how they leave it: whole, once, or not at all.

What ``standing`` tells of a story from the rows that stay is what it told from all of them, so
that corrections and withdrawals of an old item go where they went before.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby, takewhile
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from channels import registry
from channels.archive.models import ArchivedDelivery
from channels.feeds.models import StationFetch, StationReport
from channels.models import Action, Attempt, Delivery, Publication, State

SETTLED = frozenset({State.DELIVERED, State.FAILED, State.CANCELLED})
TOGETHER = 25  # stories in one transaction, which holds up their other deliveries
AT_ONCE = 200  # rows moved in it
#: What deciding needs of a row: its texts stay in the database.
FACTS = ("channel", "story", "action", "state", "created_at", "due_at", "settled_at")


def cutoff(now: datetime, months: int) -> datetime:
    """Return the same hour so many calendar months ago, by the clock of the house.

    Of a month that is too short its last day. Raises ``ValueError`` for less than one month.
    """
    if months < 1:
        raise ValueError("Deliveries stay for a month at least.")
    local = timezone.localtime(now)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    naive = local.replace(tzinfo=None)
    for day in range(local.day, 27, -1):
        try:
            return timezone.make_aware(naive.replace(year=year, month=month + 1, day=day))
        except ValueError:
            continue
    return timezone.make_aware(naive.replace(year=year, month=month + 1))


def movable(rows: Iterable[Delivery], before: datetime) -> list[int]:
    """Return the ids of those that may leave, oldest first, given all rows of some stories.

    Two queries more, for what stations took and said: that is proof and stays with its delivery.
    """
    pulling = {kind for kind, adapter in registry.ADAPTERS.items() if adapter.pulls}
    found: list[int] = []
    place = attrgetter("story", "channel_id")
    for _place, group in groupby(sorted(rows, key=lambda row: (*place(row), row.pk)), place):
        lane = list(group)
        needed = still_needed(lane, pulls=lane[0].channel.kind in pulling)
        # What was settled late keeps what came after it: alone it would tell that the item is up.
        old = takewhile(lambda row: settled_before(row, before), lane)
        found += [row.pk for row in old if row.pk not in needed]
    if not found:
        return []
    return sorted(set(found) - _known_to_stations(found))


def settled_before(row: Delivery, moment: datetime) -> bool:
    """Whether nothing happened to the delivery since the moment."""
    last = max(row.created_at, row.due_at, row.settled_at or row.created_at)
    return row.state in SETTLED and last < moment


def still_needed(lane: Sequence[Delivery], *, pulls: bool) -> set[int]:
    """Return the ids of those that something depends on, of one story on one channel, in order.

    All of them while one is open. Otherwise the last word, the last that was spoken, and the last
    that arrived, as long as the receiver shows the item, a person is asked about a failure, or a
    feed tells that the item is gone.
    """
    if any(row.state not in SETTLED for row in lane):
        return {row.pk for row in lane}
    spoken = [row for row in lane if row.state != State.CANCELLED]
    arrived = [row for row in spoken if row.state == State.DELIVERED][-1:]
    shown = bool(arrived) and (pulls or arrived[0].action != Action.RETRACT)
    asked = bool(spoken) and spoken[-1].state == State.FAILED
    if not shown and not asked:
        return set()
    return {row.pk for row in (lane[-1], spoken[-1], *arrived)}


def _known_to_stations(pks: Collection[int]) -> set[int]:
    known: set[int] = set()
    for model in (StationFetch, StationReport):
        rows = model.objects.filter(delivery__in=list(pks)).order_by()
        known.update(rows.values_list("delivery", flat=True))
    return known


def facts_of(stories: Collection[UUID]) -> list[Delivery]:
    """Return all deliveries of the stories, as far as ``movable`` needs them."""
    rows = Delivery.objects.filter(story__in=list(stories), publication__is_canary=False)
    return list(rows.select_related("channel").only(*FACTS, "channel__kind"))


def candidates(stories: Collection[UUID], before: datetime) -> dict[UUID, int]:
    """Return the stories of which something may leave, and how much. Locks nothing."""
    rows = facts_of(stories)
    leaving = set(movable(rows, before))
    counted: dict[UUID, int] = {}
    for row in rows:
        if row.pk in leaving:
            counted[row.story] = counted.get(row.story, 0) + 1
    return counted


def move(stories: Collection[UUID], before: datetime) -> int:
    """Move what may leave of these stories, in short transactions. Returns how many deliveries.

    A story that somebody else is just changing is left for the next walk. Oldest first, so that
    what stays tells the same after each of them. To do it again is harmless.
    """
    moved, waiting = 0, sorted(stories)
    while waiting:
        chunk, waiting = waiting[:TOGETHER], waiting[TOGETHER:]
        while part := _move_some(chunk, before):
            moved += part
    return moved


@transaction.atomic
def _move_some(stories: Collection[UUID], before: datetime) -> int:
    """Under the locks of the stories: nobody writes or settles deliveries of them meanwhile.

    It waits for no lock of a story, so that it may hold several.
    """
    free = Publication.objects.lock_free(stories)
    pks = movable(facts_of(free), before)[:AT_ONCE]
    if not pks:
        return 0
    # Stronger than the story's lock: a station that takes one just now waits, or is seen here.
    list(Delivery.objects.filter(pk__in=pks).order_by("pk").select_for_update().values_list("pk"))
    pks = sorted(set(pks) - _known_to_stations(pks))
    ArchivedDelivery.objects.bulk_create(archived(row) for row in _whole(pks))
    Attempt.objects.filter(delivery__in=pks).delete()
    Delivery.objects.filter(pk__in=pks).delete()
    return len(pks)


def _whole(pks: Collection[int]) -> list[Delivery]:
    rows = Delivery.objects.filter(pk__in=pks).select_related("channel").order_by("pk")
    versions = Prefetch("publication", Publication.objects.only("title"))
    return list(rows.defer("channel__secret").prefetch_related(versions, "attempts"))


def archived(row: Delivery) -> ArchivedDelivery:
    """Return the unsaved record of a delivery with its attempts."""
    same = ("story", "sequence", "action", "state", "payload", "receipt", "reason", "quiet_waiver",
            "attempt_count", "due_at", "settled_at", "created_at")  # fmt: skip
    return ArchivedDelivery(
        delivery=row.pk,
        title=row.publication.title,
        channel=row.channel,
        channel_name=row.channel.name,
        channel_slug=row.channel.slug,
        channel_kind=row.channel.kind,
        attempts=[told(attempt) for attempt in row.attempts.all()],
        **{name: getattr(row, name) for name in same},
    )


def told(attempt: Attempt) -> dict[str, Any]:
    """Return an attempt as the archive keeps it."""
    return {
        "action": attempt.action,
        "started_at": attempt.started_at.isoformat(),
        "seconds": attempt.duration.total_seconds(),
        "outcome": attempt.outcome,
        "detail": attempt.detail,
    }
