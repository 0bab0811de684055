"""The loop that empties the outbox: claims what is due, sends in one event loop, settles.

Any number of these may run against one database. All database work happens in one thread, so that
a single connection is used and the event loop never waits for it.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone, translation

from channels import building, delivery, registry, standing
from channels.contract import Adapter, DeliveryError, PermanentError
from channels.delivery import Outcome
from channels.models import Action, Channel, Delivery, PaceSlot, State
from channels.payload import message_from_json
from channels.sending import Job, attempt

logger = logging.getLogger(__name__)

SETTLE_PAUSES = (0.2, 0.5, 1, 2, 4)  # seconds; together far less than a lease


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery under this worker's lease, with the job that goes with it."""

    row: Delivery
    job: Job


def next_due(now: datetime) -> list[tuple[Channel, int]]:
    """Return the next due delivery of every channel that has one and nothing in flight."""
    first = Delivery.objects.due(now).filter(channel=OuterRef("pk")).in_delivery_order()
    busy = Delivery.objects.filter(channel=OuterRef("pk"), state=State.SENDING)
    channels: Any = (
        Channel.objects.active()
        .filter(stopped_at=None)
        .exclude(Exists(busy))
        .annotate(next_delivery=Subquery(first.values("pk")[:1]))
        .exclude(next_delivery=None)
    )
    return [(channel, channel.next_delivery) for channel in channels]


def claim_due(limit: int, now: datetime | None = None) -> list[Claim]:
    """Claim at most ``limit`` deliveries, one per channel, within the rates that all share."""
    now = now or timezone.now()
    claims: list[Claim] = []
    for channel, pk in next_due(now):
        if len(claims) >= limit:
            break
        try:
            adapter = building.adapter(channel)
        except PermanentError as error:
            refuse(pk, error, now)
            continue
        paces = adapter.paces()
        if paces and not PaceSlot.objects.reserve(paces, now):
            continue
        row = delivery.claim(pk, now)
        if row is not None:
            claims.append(Claim(row, job_for(row, adapter)))
    return claims


def job_for(row: Delivery, adapter: Adapter) -> Job:
    return Job(
        action=Action(row.action),
        adapter=adapter,
        message=message_from_json(row.payload),
        record=standing.before(row).receipt,
        attempts=row.attempt_count,
        urgent_resend=delivery.unsure_but_urgent(row),
    )


def refuse(pk: int, error: PermanentError, now: datetime) -> None:
    """Settle a delivery whose channel cannot even be built."""
    row = delivery.claim(pk, now)
    if row is not None:
        outcome = Outcome(State.FAILED, str(error), stops_channel=error.stops_channel)
        delivery.settle(row, outcome)


def look_up(limit: int = 20) -> list[tuple[Delivery, Adapter]]:
    """Return uncertain deliveries whose receiver can be asked what became of them."""
    kinds = [kind for kind, adapter in registry.ADAPTERS.items() if adapter.can_find]
    rows = Delivery.objects.filter(state=State.UNCERTAIN, channel__kind__in=kinds)
    return [(row, building.adapter(row.channel)) for row in rows.select_related("channel")[:limit]]


async def resolve(row: Delivery, adapter: Adapter) -> None:
    """Ask the receiver about an uncertain delivery. It stays uncertain when the question fails."""
    with contextlib.suppress(DeliveryError, TimeoutError):
        async with asyncio.timeout(settings.DELIVERY_TIMEOUT_SECONDS):
            receipt = await adapter.find(message_from_json(row.payload))
        await sync_to_async(delivery.found)(row, receipt)


def sweep() -> int:
    return delivery.sweep(timezone.now())


class Worker:
    """One worker process. ``stop`` lets what is in flight finish and claims nothing new.

    ``clock`` is called every ``CLOCK_SECONDS``: by default it only frees leases that ran out.
    """

    def __init__(self, clock: Callable[[], object] | None = None) -> None:
        self.clock = clock or sweep
        self.stopping = asyncio.Event()
        self.in_flight: set[asyncio.Task[None]] = set()
        self.wake = asyncio.Event()
        self.next_tick = 0.0

    def stop(self) -> None:
        self.stopping.set()
        self.wake.set()

    async def run(self, *, until_empty: bool = False) -> None:
        """Work until stopped, or until nothing is due when ``until_empty``."""
        with translation.override(settings.LANGUAGE_CODE):
            while not self.stopping.is_set():
                claimed = await self.step()
                if until_empty and not claimed and not self.in_flight:
                    break
                await self.pause(busy=bool(claimed))
            await self.drain()

    async def step(self) -> int:
        """Claim what is due and start sending it. Returns how many deliveries were claimed."""
        try:
            await self.tick()
            room = settings.DELIVERY_CONCURRENCY - len(self.in_flight)
            claims = await sync_to_async(claim_due)(room) if room > 0 else []
        except DatabaseError:
            logger.exception("The database did not answer; trying again")
            await sync_to_async(close_old_connections)()
            return 0
        for claim in claims:
            task = asyncio.create_task(self.deliver(claim))
            self.in_flight.add(task)
            task.add_done_callback(self.landed)
        return len(claims)

    async def tick(self) -> None:
        if time.monotonic() < self.next_tick:
            return
        self.next_tick = time.monotonic() + settings.CLOCK_SECONDS
        await sync_to_async(self.clock)()
        for row, adapter in await sync_to_async(look_up)():
            await resolve(row, adapter)

    async def deliver(self, claim: Claim) -> None:
        outcome = await attempt(claim.job)
        for pause in SETTLE_PAUSES:
            try:
                await sync_to_async(delivery.settle)(claim.row, outcome)
            except DatabaseError:
                # What happened is known only here: do not let it be forgotten.
                logger.exception("Delivery %s could not be settled yet", claim.row.pk)
                await sync_to_async(close_old_connections)()
                await asyncio.sleep(pause)
            else:
                return
        await sync_to_async(delivery.settle)(claim.row, outcome)

    def landed(self, task: asyncio.Task[None]) -> None:
        self.in_flight.discard(task)
        self.wake.set()  # The channel is free: its next delivery need not wait for the poll.
        if not task.cancelled() and task.exception():
            # The lease will run out and the sweep will ask a person.
            logger.error("A delivery could not be settled", exc_info=task.exception())

    async def pause(self, *, busy: bool) -> None:
        """Wait for the poll interval, or until a channel becomes free."""
        if busy:
            await asyncio.sleep(0)
            return
        self.wake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(settings.DELIVERY_POLL_SECONDS):
                await self.wake.wait()

    async def drain(self) -> None:
        if self.in_flight:
            await asyncio.wait(self.in_flight, timeout=settings.DELIVERY_TIMEOUT_SECONDS)


def deliver_due() -> int:
    """One sweep and one pass over everything that is due. Returns how many leases were swept.

    ``manage.py deliver_due`` and the tests call this; the worker process does the same for ever.
    """
    swept = sweep()

    async def once() -> None:
        await Worker(clock=lambda: None).run(until_empty=True)

    async_to_sync(once)()
    return swept
