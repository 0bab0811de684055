"""The rehearsal itself: cues go through the lanes of stand-ins by the rules of real deliveries.

Time is a number here. Lanes, priorities, quiet hours, shared rates and retries are those of the
outbox, taken from the same functions; what they cost an item is written down beside it.
"""

import heapq
import random
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from channels import retry
from channels.contract import Message, Pace, PermanentError, Story, TemporaryError
from channels.models import PATIENCE, PRESSING
from channels.outbox import PRIORITIES
from channels.pacing import LONG_AGO, PaceSlot, book, free_at
from channels.payload import to_json
from channels.rehearsal.standins import ANSWER, StandIn

NO_WAIT = timedelta(0)
A_MOMENT = timedelta(milliseconds=1)


class Limit(StrEnum):
    """What made an item wait."""

    QUIET = "quiet"  # quiet hours of the channel
    LANE = "lane"  # another item of the channel was on its way
    RATE = "rate"  # a rate of the receiver was used up
    RETRY = "retry"  # the stand-in refused a try


@dataclass(frozen=True, slots=True)
class Cue:
    """A story and the moment at which it is published."""

    at: datetime
    story: Story
    item: int  # the page
    off: frozenset[str] = frozenset()  # slugs of channels that a person took off the item
    early: frozenset[str] | None = None  # only these channels, under embargo
    patient: bool = False  # urgent, but nobody said why: it waits for quiet hours to end


@dataclass(slots=True)
class Played:
    """What would have come of one story on one channel."""

    cue: Cue
    channel: StandIn
    message: Message | None = None
    sent_at: datetime | None = None  # ``None``: it would not have arrived
    attempts: int = 0
    reason: str = ""
    waits: dict[str, float] = field(default_factory=dict)  # limit → seconds
    due: datetime = datetime.min  # noqa: DTZ901 - set as soon as it is queued
    since: datetime = datetime.min  # noqa: DTZ901 - from when its waits are counted, as above
    calls: list[int] = field(
        default_factory=list
    )  # still to make: as how many messages each counts
    in_part: bool = False  # the first call was made, others are left

    @property
    def is_urgent(self) -> bool:
        return self.cue.story.level == "urgent"

    def priority(self, now: datetime) -> int:
        """As the outbox orders a lane: what waited long counts as pressing."""
        own = PRIORITIES.get(self.cue.story.level, 0)
        return max(own, PRESSING) if now - self.due >= PATIENCE else own

    def waited(self, limit: Limit, span: timedelta) -> None:
        if span > A_MOMENT:
            self.waits[limit] = self.waits.get(limit, 0.0) + span.total_seconds()


@dataclass(slots=True)
class Lane:
    """What one channel still has to say, one item at a time."""

    channel: StandIn
    queue: list[Played] = field(default_factory=list)
    free: datetime = datetime.min  # noqa: DTZ901 - set when the lane is made


def play(
    cues: Iterable[Cue], channels: Collection[StandIn], *, seed: int = 0, faulty: bool = False
) -> list[Played]:
    """Return what would have gone out, and when: one for each story and channel it is for.

    ``faulty``: stand-ins refuse some tries, the same ones for the same ``seed``.
    """
    rows = list(_cast(cues, channels))
    waiting: dict[int, list[Played]] = {}
    for row in rows:
        if row.message is None:
            continue
        if row.channel.pulls:
            row.sent_at, row.attempts = row.cue.at, 1
        else:
            waiting.setdefault(row.channel.pk, []).append(row)
    by_channel = {channel.pk: channel for channel in channels}
    lanes = [Lane(by_channel[pk], queue, queue[0].due) for pk, queue in waiting.items()]
    _run(lanes, random.Random(seed) if faulty else None)  # noqa: S311 - no secret hangs on it
    return rows


def _cast(cues: Iterable[Cue], channels: Collection[StandIn]) -> Iterator[Played]:
    """Yield who gets what, and what it says; a channel that cannot say it says why."""
    for cue in sorted(cues, key=lambda cue: (cue.at, cue.item)):
        for channel in channels:
            if not _wanted(cue, channel):
                continue
            row = Played(cue, channel, due=cue.at, since=cue.at)
            try:
                message = channel.compose(cue.story)
                to_json(message)
                row.calls, row.message = channel.costs(message), message
            except PermanentError as error:
                row.reason = str(error)
            yield row


def _wanted(cue: Cue, channel: StandIn) -> bool:
    if channel.slug in cue.off:
        return False
    if cue.early is not None:
        return channel.slug in cue.early and channel.takes_embargoed
    return channel.takes(cue.story)


def _run(lanes: list[Lane], chance: random.Random | None) -> None:
    """Serve the lanes in the order of time until all are empty."""
    slots: dict[str, PaceSlot] = {}
    coming: list[tuple[datetime, int, int]] = []
    for number, lane in enumerate(lanes):
        heapq.heappush(coming, (*_turn(lane, slots), number))
    while coming:
        at, _rank, number = heapq.heappop(coming)
        lane = lanes[number]
        now = _turn(lane, slots)
        if now[0] > at:  # another lane used the rate meanwhile
            heapq.heappush(coming, (*now, number))
            continue
        _serve(lane, at, slots, chance)
        if lane.queue:
            heapq.heappush(coming, (*_turn(lane, slots), number))


def _turn(lane: Lane, slots: dict[str, PaceSlot]) -> tuple[datetime, int]:
    """Return when the lane can send its next item, and how little it presses."""
    at, rank, _due, _number = min(_turns(lane, slots))
    return at, rank


def _turns(lane: Lane, slots: dict[str, PaceSlot]) -> Iterator[tuple[datetime, int, datetime, int]]:
    """Yield for each item that can be next when it goes, its rank, since when, and its number.

    A lane tries its first item, and one that needs less of a rate does not overtake it.
    """
    ranked = []
    for number, row in enumerate(lane.queue):
        _quiet, ready, _paced, at = _reached(row, lane, slots)
        ranked.append((-row.priority(at), row.due, number, at, ready))
    earliest = datetime.max.replace(tzinfo=UTC)  # at which somebody before it is ready
    for rank, due, number, at, ready in sorted(ranked):
        if at < earliest:
            yield at, rank, due, number
        earliest = min(earliest, ready)


def _reached(row: Played, lane: Lane, slots: dict[str, PaceSlot]) -> tuple[datetime, ...]:
    """Return when quiet hours, lane and rates let the item through, in turn; it goes at the last.

    A rate may let it through in quiet hours only, so that these come twice.
    """
    loud = _loud(row, row.due)
    free = paced = max(loud, lane.free)
    for pace in _paces(row):
        slot = slots.setdefault(pace.key, PaceSlot(key=pace.key, next_at=row.due - LONG_AGO))
        paced = max(paced, free_at(pace, slot))
    return loud, free, paced, _loud(row, paced)


def _paces(row: Played) -> list[Pace]:
    """Return the channel's rates with what the item's next call takes of them."""
    return [replace(pace, cost=row.calls[0]) for pace in row.channel.paces]


def _loud(row: Played, moment: datetime) -> datetime:
    """Return when the channel may speak: an urgent item always may."""
    window = row.channel.window
    return (
        window.silent_until(moment)
        if window and not (row.is_urgent and not row.cue.patient)
        else None
    ) or moment


def _serve(
    lane: Lane, at: datetime, slots: dict[str, PaceSlot], chance: random.Random | None
) -> None:
    """Let the lane's next item go at that moment, and see what its receiver says."""
    row = lane.queue[min(_turns(lane, slots))[-1]]
    loud, free, paced, goes = _reached(row, lane, slots)
    row.waited(Limit.QUIET, max(loud - row.since, NO_WAIT) + (goes - paced))
    row.waited(Limit.LANE, free - max(loud, row.since))
    row.waited(Limit.RATE, paced - free)
    book(_paces(row), slots, at, at + timedelta(days=1), {})
    row.attempts += 1
    lane.free = at + ANSWER
    lane.queue.remove(row)
    if row.message is None:
        return  # a channel that cannot say it has it in no lane
    try:
        row.reason = row.channel.send(row.message, chance).note
        _go_on(row, lane)
    except TemporaryError as error:
        _again(row, lane, error)


def _go_on(row: Played, lane: Lane) -> None:
    """Queue what follows, which goes before other items of its level, or note that all is there."""
    row.calls.pop(0)
    if not row.calls:
        row.sent_at = lane.free
        return
    row.in_part, row.attempts, row.since = True, 0, lane.free
    lane.queue.insert(0, row)  # of those that are due since the same moment it is the first


def _again(row: Played, lane: Lane, error: TemporaryError) -> None:
    """Queue the item once more, as the channel's policy has it, or give it up."""
    wait = retry.wait(row.channel.policy, error.retry_after, row.attempts)
    if wait is None:
        words = _("Gave up after %(count)s attempts: %(reason)s")
        row.reason = words % {"count": row.attempts, "reason": error}
        if row.in_part:
            row.reason = _("Only a part was sent. %(reason)s") % {"reason": row.reason}
        return
    row.waited(Limit.RETRY, wait)
    row.due = row.since = lane.free + wait
    lane.queue.append(row)
