"""When claimed deliveries leave: evenly, and not while a receiver has asked to wait."""

import asyncio
import logging
import time
from collections.abc import Collection, Iterable
from datetime import datetime

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from channels.claiming import Claim
from channels.contract import Pace
from channels.pacing import PaceSlot

Answer = tuple[float, dict[str, datetime]]  # when it was asked, and what is held until when

logger = logging.getLogger(__name__)

UNREACHABLE = (OperationalError, InterfaceError)
STALE = 0.02  # seconds, after which a claim asks again whether it may leave …
ASKED_BEFORE = 0.03  # … so long before its moment
#: Seconds. What a busy process is late by is caught up with by the next one, up to this: else every
#: delay would lower the rate for good. Rates leave room for it in what the receiver counts.
CATCHES_UP = 0.005


class Leaving:
    """What one worker knows of the rates that its claims leave under.

    It waits by ``time.monotonic``: a clock that is set back must not keep a claim past its lease.
    """

    def __init__(self) -> None:
        self.holds: dict[str, datetime] = {}  # rates whose receiver asked this worker to wait
        self.left: dict[str, float] = {}  # the moment of what last left under an even rate
        self.question: asyncio.Task[Answer] | None = None

    async def turn(self, claim: Claim) -> datetime | None:
        """Wait for the claim's moment. Returns until when it is to wait on, if its rate is held.

        Claims whose moment passed while this process was busy do not leave all at once.
        """
        rates = {pace.key for pace in claim.paces}
        await asyncio.sleep(claim.moment - ASKED_BEFORE - time.monotonic())
        elsewhere = None
        if rates and time.monotonic() - claim.tick > STALE:
            elsewhere = await self._held_elsewhere(rates)
        even = [pace for pace in claim.paces if pace.burst == 1]
        while (wait := self._moment(claim, even) - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        now = timezone.now()
        here = (self.holds[rate] for rate in rates if rate in self.holds)
        until = max([elsewhere or now, *here])
        if until > max(now, claim.at):  # what was booked for the end of the wait may leave then
            return until
        moment = max(self._moment(claim, even), time.monotonic() - CATCHES_UP)
        self.left |= {pace.key: moment for pace in even}
        return None

    def _moment(self, claim: Claim, even: Iterable[Pace]) -> float:
        """Return when it is to leave: at its time, a step behind the last one under each rate."""
        steps = [self.left[pace.key] + pace.interval for pace in even if pace.key in self.left]
        return max([claim.moment, *steps])

    async def hold(self, rate: str, until: datetime) -> None:
        """Tell all workers at once; settling would tell them a moment later."""
        self.holds[rate] = max(until, self.holds.get(rate, until))
        try:
            await sync_to_async(PaceSlot.objects.hold)(rate, until)
        except UNREACHABLE:
            logger.exception("A receiver's wish to wait could not be passed on yet")

    async def _held_elsewhere(self, rates: Collection[str]) -> datetime | None:
        """Return until when one of the rates is held, as any worker told the database."""
        try:
            held = await self._all_held()
        except UNREACHABLE:
            logger.exception("Nobody can say whether a receiver asked to wait")
            return None
        return max((held[rate] for rate in rates if rate in held), default=None)

    async def _all_held(self) -> dict[str, datetime]:
        """Ask once for all the claims that want to know it at the same time."""
        question = self.question
        if question is None or (question.done() and _is_stale(question)):
            question = self.question = asyncio.create_task(sync_to_async(_ask)())
        return (await asyncio.shield(question))[1]


def _ask() -> Answer:
    return time.monotonic(), PaceSlot.objects.held(None, timezone.now())


def _is_stale(question: asyncio.Task[Answer]) -> bool:
    failed = question.cancelled() or question.exception() is not None
    return failed or time.monotonic() - question.result()[0] > STALE
