"""Chooses what is sent next, and claims it: the head of every lane that is free, in one batch.

A channel is a lane. Nothing here touches the network, and nothing waits for another worker.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from channels import building, delivery, standing
from channels.announcing import about
from channels.contract import Adapter, Pace, PermanentError
from channels.delivery import Outcome, Taken
from channels.models import PRESSING, Action, Channel, Delivery, State
from channels.pacing import PaceSlot
from channels.payload import message_from_json
from channels.recording import Result
from channels.sending import Job

#: What choosing needs of a row and its channel; the whole row is read once it is claimed.
HEAD = ("priority", "due_at", "channel__kind", "channel__options", "channel__secret")
LEFT_ALONE = timedelta(seconds=1)  # after that, whoever sees another worker's lane takes it
THREADS = 64  # for libraries that wait: a few receivers that hang must not hold all of them


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery under this worker's lease, with the job that goes with it."""

    row: Delivery
    job: Job
    at: datetime  # it leaves then: places under a rate are given out a moment ahead
    paces: Sequence[Pace] = ()  # the rates it has places under
    leased: float = field(default_factory=time.monotonic)  # when its lease began, at the latest
    made: datetime = field(default_factory=timezone.now)
    tick: float = field(default_factory=time.monotonic)  # of ``made``: no clock moves it

    @property
    def moment(self) -> float:
        """When it leaves, by ``time.monotonic``."""
        return self.tick + (self.at - self.made).total_seconds()

    @property
    def came_too_late(self) -> bool:
        """Whether the lease may run out before the receiver's time does: others would send it."""
        spare = settings.DELIVERY_LEASE_SECONDS - settings.DELIVERY_TIMEOUT_SECONDS
        return time.monotonic() - self.leased > spare


@dataclass(frozen=True, slots=True)
class Part:
    """Which lanes a worker looks after, of several workers."""

    number: int  # from 0
    of: int

    def lanes(self, now: datetime) -> Q:
        """Its own channels, and those of others that nobody serves or where something is urgent.

        Workers that all look at every lane get in each other's way: the first to come keeps them.
        """
        since = now - LEFT_ALONE
        waiting = Delivery.objects.filter(channel=OuterRef("pk"), state=State.PENDING)
        neglected = Q(last_success_at=None) | Q(last_success_at__lt=since)
        urgent = Exists(waiting.filter(priority__gte=PRESSING, due_at__lte=now))
        own = Q(part=self.number)
        return own | Q(urgent) | neglected & Q(Exists(waiting.filter(due_at__lte=since)))


@dataclass(frozen=True, slots=True)
class Lane:
    """The next delivery of a channel, and what carries it."""

    row: Delivery
    adapter: Adapter
    paces: list[Pace]


class Adapters:
    """Adapters by channel, made once for as long as the channel's settings stay the same."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[tuple[Any, ...], Adapter, list[Pace]]] = {}

    def lane(self, row: Delivery) -> Lane:
        """Return the row with its adapter. Raises ``PermanentError`` for an unusable channel."""
        channel = row.channel
        settings = (channel.kind, channel.options, channel.secret)
        known = self._made.get(channel.pk)
        # The secret of another channel may change without this row.
        if known is None or known[0] != settings or channel.options.get("secret_of"):
            adapter = building.adapter(channel)
            with building.guarded(channel.kind, stops_channel=True):
                known = (settings, adapter, adapter.paces())
            self._made[channel.pk] = known
        return Lane(row, known[1], known[2])


def next_due(
    now: datetime, channels: Collection[int] | None = None, part: Part | None = None
) -> list[Delivery]:
    """Return the next due delivery of every channel that has one and nothing in flight.

    Only of ``channels`` when these are given, by their ids; of those of ``part``. The most pressing
    comes first, so that no channel is passed over for long when all are busy.
    """
    pending = Delivery.objects.filter(state=State.PENDING, due_at__lte=now)
    if channels is not None:
        pending = pending.filter(channel__in=channels)
    if not pending.exists():  # as most of the time: one look into the index of what is pending
        return []
    first = Delivery.objects.due(now).filter(channel=OuterRef("pk")).in_delivery_order()
    busy = Delivery.objects.filter(channel=OuterRef("pk"), state=State.SENDING)
    lanes = Channel.objects.working(now).exclude(Exists(busy))
    if channels is not None:
        lanes = lanes.filter(pk__in=channels)
    if part is not None and part.of > 1:
        lanes = lanes.annotate(part=F("pk") % part.of).filter(part.lanes(now))
    heads = (
        lanes.annotate(head=Subquery(first.values("pk")[:1]))
        .exclude(head=None)
        .order_by()
        .values_list("head", flat=True)
    )
    rows = Delivery.objects.filter(pk__in=list(heads)).select_related("channel")
    return list(rows.only(*HEAD).in_fair_order())


def claim_due(
    limit: int,
    now: datetime | None = None,
    *,
    channels: Collection[int] | None = None,
    adapters: Adapters | None = None,
    threads: int = THREADS,
    part: Part | None = None,
) -> tuple[list[Claim], list[Result]]:
    """Claim at most ``limit`` deliveries, one per channel, within the rates that all share.

    Only of ``channels`` when given, and of those that this worker looks after if there are several
    (``part``); at most ``threads`` for libraries that wait. Returns the claims, and the outcome of
    what was claimed but cannot be made into a job: it fails visibly and stops nothing else.
    """
    now, adapters, began = now or timezone.now(), adapters or Adapters(), time.monotonic()
    lanes: dict[int, Lane] = {}
    refused: dict[int, PermanentError] = {}
    for row in next_due(now, channels, part):
        try:
            lanes[row.pk] = adapters.lane(row)
        except PermanentError as error:
            refused[row.pk] = error
    free = PaceSlot.objects.free_among([lane.paces for lane in lanes.values()], now, _ahead())
    ready = [lane for lane, may_go in zip(lanes.values(), free, strict=True) if may_go]
    if len(ready) < len(lanes):
        kept = {lane.row.pk for lane in ready}
        _set_aside([lane for lane in lanes.values() if lane.row.pk not in kept], now)
    ready = list(_with_threads(ready, threads))
    with transaction.atomic():  # no claim without its job
        claims, results = _claimed(ready[:limit], now, began)
        results += list(_refusals(refused, now))
    return claims, results


def _with_threads(lanes: list[Lane], threads: int) -> Iterator[Lane]:
    """Leave out what would only wait for a thread, while its time runs."""
    for lane in lanes:
        threads -= lane.adapter.in_threads
        if threads >= 0 or not lane.adapter.in_threads:
            yield lane


def _ahead() -> timedelta:
    """Past the next look at all channels, even when it comes late: a rate must not stand idle.

    No further, because what waits for its moment is lost to doubt if its worker is killed.
    """
    return timedelta(seconds=2.5 * settings.DELIVERY_POLL_SECONDS)


def _claimed(lanes: list[Lane], now: datetime, began: float) -> tuple[list[Claim], list[Result]]:
    """Claim the rows of the lanes, as far as the rates allow once they are locked."""
    by_row = {lane.row.pk: lane for lane in lanes}
    turn = {pk: number for number, pk in enumerate(by_row)}
    claims: list[Claim] = []
    results: list[Result] = []
    if not lanes:
        return claims, results

    times: dict[int, datetime] = {}

    def within_rates(rows: list[Delivery]) -> list[Delivery]:
        rows.sort(key=lambda row: turn[row.pk])
        wanted = [_costs(by_row[row.pk], row) for row in rows]
        places = PaceSlot.objects.reserve_together(wanted, now, _ahead())
        for row, place in zip(rows, places, strict=True):
            if place.at is not None:
                times[row.pk] = place.at
        return [row for row in rows if row.pk in times]

    for taken in delivery.claim_batch(list(by_row), now, admit=within_rates):
        lane = by_row[taken.row.pk]
        try:
            job = job_for(taken, lane.adapter)
        except PermanentError as error:
            results.append((taken.row, Outcome(State.FAILED, str(error))))
        else:
            claims.append(Claim(taken.row, job, times[taken.row.pk], lane.paces, began))
    return claims, results


def _costs(lane: Lane, row: Delivery) -> list[Pace]:
    """Return the rates with what the next call takes of them, where that differs."""
    if not lane.paces or type(lane.adapter).cost is Adapter.cost:
        return lane.paces
    part = standing.progress(row)
    if part is None and row.action != Action.PUBLISH:
        return lane.paces
    try:
        with building.guarded(row.channel.kind):
            cost = lane.adapter.cost(message_from_json(row.payload), part)
    except PermanentError:
        return lane.paces  # the job cannot be made either, and its failure is told then
    return [replace(pace, cost=cost) for pace in lane.paces]


def _set_aside(lanes: Collection[Lane], now: datetime) -> None:
    """Note at the channels that their widest rate is held: nobody looks at them meanwhile.

    Until a moment before its end, when places for that end are given out.
    """
    held = PaceSlot.objects.held({lane.paces[0].key for lane in lanes if lane.paces}, now)
    waiting: dict[datetime, list[int]] = {}
    for lane in lanes if held else ():
        if lane.paces and lane.paces[0].key in held:
            waiting.setdefault(held[lane.paces[0].key], []).append(lane.row.channel_id)
    for until, channels in waiting.items():
        Channel.objects.filter(pk__in=channels).update(hold_until=until - _ahead())


def job_for(taken: Taken, adapter: Adapter) -> Job:
    """Return all that a try needs. Raises ``PermanentError`` when the payload is unusable."""
    row = taken.row
    part = standing.progress(row)
    with building.guarded(row.channel.kind):
        return Job(
            action=Action(row.action),
            adapter=adapter,
            message=message_from_json(row.payload),
            record=part or taken.held.receipt,
            resumes=part is not None,
            attempts=row.attempt_count,
            policy=row.channel.retry_policy,
            urgent_resend=delivery.unsure_but_urgent(row),
            about=about(row),
        )


def _refusals(refused: dict[int, PermanentError], now: datetime) -> Iterator[Result]:
    """Claim what no adapter could be made for, so that its failure can be written down."""
    if not refused:
        return
    for taken in delivery.claim_batch(list(refused), now):
        error = refused[taken.row.pk]
        outcome = Outcome(State.FAILED, str(error), stops_channel=error.stops_channel)
        yield taken.row, outcome
