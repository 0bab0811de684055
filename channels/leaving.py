"""When claimed deliveries leave: evenly, and not while a receiver has asked to wait."""

import asyncio
import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from channels.claiming import Claim
from channels.contract import Pace
from channels.pacing import PaceSlot

logger = logging.getLogger(__name__)

UNREACHABLE = (OperationalError, InterfaceError)
STALE = timedelta(milliseconds=20)  # after which a claim asks again whether it may leave …
ASKED_BEFORE = timedelta(milliseconds=30)  # … so long before its moment
#: What a busy process is late by is caught up with by the next one, up to this: else every delay
#: would lower the rate for good. Rates leave room for it in what the receiver counts.
CATCHES_UP = timedelta(milliseconds=5)


class Leaving:
    """What one worker knows of the rates that its claims leave under."""

    def __init__(self) -> None:
        self.holds: dict[str, datetime] = {}  # rates whose receiver asked this worker to wait
        self.left: dict[str, datetime] = {}  # the moment of what last left under an even rate
        self.question: asyncio.Task[tuple[datetime, dict[str, datetime]]] | None = None

    async def turn(self, claim: Claim) -> datetime | None:
        """Wait for the claim's moment. Returns until when it is to wait on, if its rate is held.

        Claims whose moment passed while this process was busy do not leave all at once.
        """
        rates = {pace.key for pace in claim.paces}
        await asyncio.sleep((claim.at - ASKED_BEFORE - timezone.now()).total_seconds())
        elsewhere = None
        if rates and timezone.now() - claim.made > STALE:
            elsewhere = await self._held_elsewhere(rates)
        even = [pace for pace in claim.paces if pace.burst == 1]
        while (wait := self._left_to_wait(claim, even)) > 0:
            await asyncio.sleep(wait)
        now = timezone.now()
        here = (self.holds[rate] for rate in rates if rate in self.holds)
        until = max([elsewhere or now, *here])
        if until > max(now, claim.at):  # what was booked for the end of the wait may leave then
            return until
        moment = max(self._moment(claim, even), now - CATCHES_UP)
        self.left |= {pace.key: moment for pace in even}
        return None

    def _left_to_wait(self, claim: Claim, even: Iterable[Pace]) -> float:
        """Return the seconds until its moment."""
        return (self._moment(claim, even) - timezone.now()).total_seconds()

    def _moment(self, claim: Claim, even: Iterable[Pace]) -> datetime:
        """Return when it is to leave: at its time, a step behind the last one under each rate."""
        steps = [
            self.left[pace.key] + timedelta(seconds=pace.interval)
            for pace in even
            if pace.key in self.left
        ]
        return max([claim.at, *steps])

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


def _ask() -> tuple[datetime, dict[str, datetime]]:
    now = timezone.now()
    return now, PaceSlot.objects.held(None, now)


def _is_stale(question: asyncio.Task[tuple[datetime, dict[str, datetime]]]) -> bool:
    failed = question.cancelled() or question.exception() is not None
    return failed or timezone.now() - question.result()[0] > STALE
