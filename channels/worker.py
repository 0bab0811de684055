"""The loop that empties the outbox: claims what is due, sends in one event loop, settles.

Any number of these may run against one database. All database work happens in one thread, so that
a single connection is used and the event loop never waits for it.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone, translation

from channels import breaker, building, delivery, registry, standing
from channels.contract import Adapter, DeliveryError, NoAnswer, NotSent, PermanentError
from channels.delivery import Outcome
from channels.feeds import announcing
from channels.models import Action, Channel, Delivery, State
from channels.pacing import PaceSlot
from channels.payload import message_from_json
from channels.sending import Job, attempt
from core.connections import reconnect_if_broken

logger = logging.getLogger(__name__)

SETTLE_PAUSES = (0.2, 0.5, 1, 2, 4)  # seconds; together far less than a lease
THREADS = 64  # for libraries that wait: a few receivers that hang must not hold all of them
FAULT_PAUSE = 2.0  # seconds after something went wrong in the loop itself


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery under this worker's lease, with the job that goes with it."""

    row: Delivery
    job: Job


def next_due(now: datetime) -> list[Delivery]:
    """Return the next due delivery of every channel that has one and nothing in flight.

    The most pressing comes first, so that no channel is passed over for long when all are busy.
    """
    first = Delivery.objects.due(now).filter(channel=OuterRef("pk")).in_delivery_order()
    busy = Delivery.objects.filter(channel=OuterRef("pk"), state=State.SENDING)
    heads = (
        Channel.objects.working(now)
        .exclude(Exists(busy))
        .annotate(head=Subquery(first.values("pk")[:1]))
        .exclude(head=None)
        .order_by()
        .values_list("head", flat=True)
    )
    rows = Delivery.objects.filter(pk__in=list(heads)).select_related("channel")
    return list(rows.in_fair_order())


def claim_due(limit: int, now: datetime | None = None) -> list[Claim]:
    """Claim at most ``limit`` deliveries, one per channel, within the rates that all share."""
    now = now or timezone.now()
    claims: list[Claim] = []
    for row in next_due(now):
        if len(claims) >= limit:
            break
        try:
            claim = claim_one(row, now)
        except DatabaseFault:
            if not claims:
                raise
            logger.exception("The database did not answer; what is claimed is sent all the same")
            break
        if claim is not None:
            claims.append(claim)
    return claims


def claim_one(due: Delivery, now: datetime) -> Claim | None:
    """Claim one delivery. What cannot be made into a job fails visibly, and stops nothing else."""
    try:
        adapter = building.adapter(due.channel)
        with building.guarded(due.channel.kind, stops_channel=True):
            paces = adapter.paces()
    except PermanentError as error:
        refuse(due.pk, error, now)
        return None
    if paces and not PaceSlot.objects.reserve(paces, now):
        return None
    with transaction.atomic():  # no claim without its job
        row = delivery.claim(due.pk, now)
        if row is None:
            return None
        try:
            with building.guarded(due.channel.kind):
                return Claim(row, job_for(row, adapter))
        except PermanentError as error:
            delivery.settle(row, Outcome(State.FAILED, str(error)))
            return None


def job_for(row: Delivery, adapter: Adapter) -> Job:
    return Job(
        action=Action(row.action),
        adapter=adapter,
        message=message_from_json(row.payload),
        record=standing.before(row).receipt,
        attempts=row.attempt_count,
        policy=row.channel.retry_policy,
        urgent_resend=delivery.unsure_but_urgent(row),
        about={"delivery": row.pk, "channel": row.channel.slug, "kind": row.channel.kind},
    )


def refuse(pk: int, error: PermanentError, now: datetime) -> None:
    """Settle a delivery whose channel cannot even be built."""
    row = delivery.claim(pk, now)
    if row is not None:
        outcome = Outcome(State.FAILED, str(error), stops_channel=error.stops_channel)
        delivery.settle(row, outcome)


def look_up(limit: int = 20, now: datetime | None = None) -> list[tuple[Delivery, Adapter]]:
    """Return uncertain deliveries whose receiver this worker is to ask what became of them."""
    now = now or timezone.now()
    kinds = [kind for kind, adapter in registry.ADAPTERS.items() if adapter.can_find]
    rows = Delivery.objects.filter(state=State.UNCERTAIN, channel__kind__in=kinds, due_at__lte=now)
    found: list[tuple[Delivery, Adapter]] = []
    for row in rows.select_related("channel").order_by("due_at")[:limit]:
        if delivery.ask(row, now):
            with contextlib.suppress(PermanentError):  # it stays uncertain: a person is asked
                found.append((row, building.adapter(row.channel)))
    return found


async def resolve(row: Delivery, adapter: Adapter) -> None:
    """Ask the receiver about an uncertain delivery. It stays uncertain when the question fails."""
    try:
        async with asyncio.timeout(settings.DELIVERY_TIMEOUT_SECONDS):
            with building.guarded(adapter.kind):
                receipt = await adapter.find(message_from_json(row.payload))
    except (DeliveryError, NoAnswer, NotSent, TimeoutError):
        return
    await sync_to_async(delivery.found)(row, receipt)


def to_probe(now: datetime | None = None) -> list[tuple[Channel, Adapter]]:
    """Return the channels that gave no answer and that this worker is to ask again now."""
    now = now or timezone.now()
    found: list[tuple[Channel, Adapter]] = []
    for channel in breaker.reserve(now):
        try:
            found.append((channel, building.adapter(channel)))
        except PermanentError as error:
            breaker.stop(channel, str(error), now)
    return found


async def probe(channel: Channel, adapter: Adapter) -> None:
    """Ask whether the receiver is there again. Publishes nothing and costs no delivery a try."""
    try:
        async with asyncio.timeout(settings.DELIVERY_TIMEOUT_SECONDS):
            with building.guarded(adapter.kind):
                await adapter.check()
    except PermanentError as error:
        if error.stops_channel:
            await sync_to_async(breaker.stop)(channel, str(error), timezone.now())
    except (DeliveryError, NoAnswer, NotSent, TimeoutError):
        return  # it is asked again after a longer pause
    else:
        await sync_to_async(breaker.answered)(channel, timezone.now())


def sweep() -> int:
    return delivery.sweep(timezone.now())


def provide_threads() -> None:
    """Give the running event loop enough threads for libraries that wait."""
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="adapters")
    asyncio.get_running_loop().set_default_executor(threads)


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
            try:
                while not self.stopping.is_set():
                    claimed = await (self.step() if until_empty else self.safe_step())
                    if until_empty and not claimed and await self.is_idle():
                        break
                    await self.pause(busy=bool(claimed))
            finally:
                await self.drain()

    async def is_idle(self) -> bool:
        """Whether a worker that was to run until empty is done, having claimed nothing."""
        return not self.in_flight

    async def safe_step(self) -> int:
        """Make a step. Whatever goes wrong is logged, and the loop goes on after a moment."""
        try:
            return await self.step()
        except Exception:
            logger.exception("The worker could not make its round; trying again")
            await sync_to_async(reconnect_if_broken)()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FAULT_PAUSE):
                    await self.stopping.wait()
            return 0

    async def step(self) -> int:
        """Claim what is due and start sending it. Returns how many deliveries were claimed."""
        await self.tick()
        room = settings.DELIVERY_CONCURRENCY - len(self.in_flight)
        claims = await sync_to_async(claim_due)(room) if room > 0 else []
        for claim in claims:
            self.start(self.deliver(claim))
        return len(claims)

    def start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self.in_flight.add(task)
        task.add_done_callback(self.landed)

    async def tick(self) -> None:
        if time.monotonic() < self.next_tick:
            return
        self.next_tick = time.monotonic() + settings.CLOCK_SECONDS
        await sync_to_async(self.clock)()
        for row, adapter in await sync_to_async(look_up)():
            self.start(resolve(row, adapter))
        for channel, adapter in await sync_to_async(to_probe)():
            self.start(probe(channel, adapter))
        for notice in await sync_to_async(announcing.due)():
            self.start(announcing.announce(notice))

    async def deliver(self, claim: Claim) -> None:
        outcome = await attempt(claim.job)
        for pause in SETTLE_PAUSES:
            try:
                await sync_to_async(delivery.settle)(claim.row, outcome)
            except DatabaseFault:
                # What happened is known only here: do not let it be forgotten.
                logger.exception("Delivery %s could not be settled yet", claim.row.pk)
                await sync_to_async(reconnect_if_broken)()
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
            # Long enough for the slowest try and its settlement; then its lease has run out.
            await asyncio.wait(self.in_flight, timeout=settings.DELIVERY_LEASE_SECONDS)


def deliver_due() -> int:
    """One sweep and one pass over everything that is due. Returns how many leases were swept.

    ``manage.py deliver_due`` and the tests call this; the worker process does the same for ever.
    """
    swept = sweep()

    async def once() -> None:
        provide_threads()
        await Worker(clock=lambda: None).run(until_empty=True)

    async_to_sync(once)()
    return swept
