"""The loop that empties the outbox: claims what is due, sends in one event loop, settles.

Any number of these may run against one database. All database work happens in one thread, so that
a single connection is used and the event loop never waits for it.
"""

import asyncio
import contextlib
import logging
import resource
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone, translation

from channels import breaker, building, delivery, heartbeat, probing, registry
from channels.announcing import naming
from channels.calling import engine
from channels.calling import sending as sending_calls
from channels.claiming import THREADS, Adapters, Claim, Part, claim_due
from channels.contract import Adapter, DeliveryError, NoAnswer, NotSent, PermanentError
from channels.feeds import announcing
from channels.leaving import Leaving
from channels.models import Channel, Delivery, State
from channels.outcomes import Outcome
from channels.payload import message_from_json
from channels.recording import Result
from channels.sending import attempt
from core.connections import reconnect_if_broken

logger = logging.getLogger(__name__)

SETTLE_PAUSES = (0.2, 0.5, 1, 2, 4)  # seconds; together far less than a lease
UNREACHABLE = (OperationalError, InterfaceError)  # it will be there again
LONGEST_REST = 0.03  # seconds between two rounds: what lands meanwhile is settled together
ROLL_CALL = 1.0  # seconds between two looks at which workers share the lanes
FAULT_PAUSE = 2.0  # seconds after something went wrong in the loop itself


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
        await probing.ask(adapter, settings.DELIVERY_TIMEOUT_SECONDS)
    except DeliveryError as error:
        # Whatever else went wrong: it is asked again after a longer pause.
        if isinstance(error, PermanentError) and error.stops_channel:
            await sync_to_async(breaker.stop)(channel, str(error), timezone.now())
    else:
        await sync_to_async(breaker.answered)(channel, timezone.now())


def sweep() -> int:
    return delivery.sweep(timezone.now())


def provide_threads() -> None:
    """Give the running event loop enough threads for libraries that wait."""
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="adapters")
    asyncio.get_running_loop().set_default_executor(threads)


def provide_files() -> None:
    """Let this process have as many connections open as the system permits it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Worker:
    """One worker process. ``stop`` lets what is in flight finish and claims nothing new.

    ``clock`` is called every ``CLOCK_SECONDS``: by default it only frees leases that ran out.
    """

    def __init__(self, clock: Callable[[], object] | None = None) -> None:
        self.clock = clock or sweep
        self.stopping = asyncio.Event()
        self.in_flight: set[asyncio.Task[None]] = set()
        self.waiting = 0  # deliveries in flight whose library waits in a thread
        self.landed: list[Result] = []  # tries that ended and are not settled yet
        self.leaving = Leaving()
        self.adapters = Adapters()
        self.wake = asyncio.Event()
        self.next_tick = 0.0
        self.next_look = 0.0
        self.part: Part | None = None
        self.next_roll_call = 0.0
        self.rest = 0.0  # seconds that the last round took: the next one waits as long
        self.faults = 0  # rounds in a row in which something could not be settled

    def stop(self) -> None:
        self.stopping.set()
        self.wake.set()

    async def run(self, *, until_empty: bool = False) -> None:
        """Work until stopped, or until nothing is due when ``until_empty``."""
        with translation.override(settings.LANGUAGE_CODE):
            try:
                while not self.stopping.is_set():
                    self.next_look = 0.0 if until_empty else self.next_look
                    claimed = await (self.step() if until_empty else self.safe_step())
                    if until_empty and not claimed and await self.is_idle():
                        break
                    await self.pause(busy=bool(claimed))
                    if until_empty and self.faults > len(SETTLE_PAUSES):
                        await sync_to_async(delivery.settle_batch)(self.landed)  # says why not
            finally:
                await self.drain()

    async def is_idle(self) -> bool:
        """Whether a worker that was to run until empty is done, having claimed nothing."""
        return not (self.in_flight or self.landed)

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
        """Settle what has landed, claim what is due and start sending it.

        Returns how many deliveries were claimed.
        """
        await self.tick()
        began = time.monotonic()
        freed = await self.settle()
        claims = await self.claim(freed)
        self.rest = min(time.monotonic() - began, LONGEST_REST)
        for claim in claims:
            self.start(self.deliver(claim))
        return len(claims)

    def start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self.in_flight.add(task)
        task.add_done_callback(self.ended)

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
        for call in await sync_to_async(engine.claim)(timezone.now()):
            self.start(sending_calls.carry(call))

    async def settle(self) -> set[int]:
        """Settle what has landed, all at once. Returns the channels that this made free."""
        results, self.landed = self.landed, []
        if not results:
            return set()
        left = results
        try:
            left = await sync_to_async(settle_all)(results)
        finally:
            # What happened is known only here: do not let it be forgotten.
            self.landed += left
        self.faults = self.faults + 1 if left else 0
        return {row.channel_id for row, _ in results}

    async def claim(self, freed: set[int]) -> list[Claim]:
        """Claim what is due: of the channels just freed, and from time to time of all."""
        room = settings.DELIVERY_CONCURRENCY - len(self.in_flight)
        looks = time.monotonic() >= self.next_look
        if room <= 0:
            self.next_look = 0.0  # the freed channels must not be forgotten
            return []
        if not (looks or freed):
            return []
        await self.call_roll()
        began = time.monotonic()
        claims, results = await sync_to_async(claim_due)(
            room,
            channels=None if looks else freed,
            adapters=self.adapters,
            threads=THREADS - self.waiting,
            part=self.part,
        )
        self.landed += results
        # With no room left somebody was passed over, so that the next look must be at all again.
        if looks and len(claims) < room:
            now = time.monotonic()  # where a look takes long, there is much else to do
            self.next_look = now + max(settings.DELIVERY_POLL_SECONDS, 2 * (now - began))
        elif len(claims) == room:
            self.next_look = 0.0
        return claims

    async def call_roll(self) -> None:
        """Know the part of this worker among those that share the lanes.

        One that was killed counts for a while; its lanes are then left alone for a moment each.
        """
        if time.monotonic() < self.next_roll_call:
            return
        self.next_roll_call = time.monotonic() + ROLL_CALL
        names = await sync_to_async(heartbeat.present)(timezone.now())
        here = heartbeat.this_worker()
        self.part = Part(names.index(here), len(names)) if here in names else None

    async def deliver(self, claim: Claim) -> None:
        """Send when the claim's moment has come, unless its receiver asked to wait meanwhile."""
        self.waiting += claim.job.adapter.in_threads
        try:
            until = await self.leaving.turn(claim)
            if claim.came_too_late:
                outcome = Outcome(State.PENDING, untried=True)
            elif until is None:
                outcome = await attempt(claim.job)
            else:
                hold = until - timezone.now()
                outcome = Outcome(State.PENDING, hold_channel=hold, untried=True)
        finally:
            self.waiting -= claim.job.adapter.in_threads
        # Only now: the list is another one whenever what had landed was settled meanwhile.
        self.landed.append((claim.row, outcome))
        if outcome.hold_channel and outcome.hold_pace:
            await self.leaving.hold(outcome.hold_pace, timezone.now() + outcome.hold_channel)

    def ended(self, task: asyncio.Task[None]) -> None:
        self.in_flight.discard(task)
        self.wake.set()  # The channel is free: its next delivery need not wait for the poll.
        if not task.cancelled() and task.exception():
            # The lease will run out and the sweep will ask a person.
            logger.error("A delivery came to no end", exc_info=task.exception())

    async def pause(self, *, busy: bool) -> None:
        """Wait for the next look, or until a try ends; a moment longer while settling fails."""
        if self.faults:
            await asyncio.sleep(SETTLE_PAUSES[min(self.faults, len(SETTLE_PAUSES)) - 1])
            return
        if not (busy or self.landed):
            self.wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(settings.DELIVERY_POLL_SECONDS):
                    await self.wake.wait()
        # A round of many rows costs little more than one of few.
        await asyncio.sleep(self.rest)

    async def drain(self) -> None:
        """Let what is in flight come to its end, and settle it."""
        # Long enough for the slowest try and its settlement; then its lease has run out.
        end = time.monotonic() + settings.DELIVERY_LEASE_SECONDS
        while (self.in_flight or self.landed) and time.monotonic() < end:
            await self.settle()
            if self.faults:
                await asyncio.sleep(SETTLE_PAUSES[min(self.faults, len(SETTLE_PAUSES)) - 1])
            elif self.in_flight:
                left = end - time.monotonic()
                first = asyncio.FIRST_COMPLETED
                await asyncio.wait(self.in_flight, timeout=left, return_when=first)


def settle_all(results: list[Result]) -> list[Result]:
    """Settle tries in one batch, or one by one when that fails. Returns what could not be settled.

    One row that the database refuses holds up no other.
    """
    try:
        delivery.settle_batch(results)
    except Exception:
        with naming([row for row, _outcome in results]):
            logger.exception("%s deliveries could not be settled together", len(results))
        reconnect_if_broken()
    else:
        return []
    for number, (row, outcome) in enumerate(results):
        with naming([row]):
            try:
                delivery.settle(row, outcome)
            except UNREACHABLE:
                logger.exception("Delivery %s could not be settled yet", row.pk)
                reconnect_if_broken()
                return results[number:]
            except Exception:
                # The lease will run out and the sweep will ask a person.
                logger.exception("Delivery %s cannot be settled", row.pk)
    return []


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
