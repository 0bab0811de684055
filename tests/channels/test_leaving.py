"""When claims leave, by a clock that only sleeping moves."""

import asyncio
import time
from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from channels import leaving
from channels.claiming import Claim
from channels.contract import Pace
from channels.leaving import CATCHES_UP, Leaving
from channels.pacing import PaceSlot

BOT = Pace("bot", 1.0)


class Clock:
    """The time, and what it takes to sleep: a busy process wakes up ``late`` seconds too late."""

    def __init__(self) -> None:
        self.begin = timezone.now()
        self.tick = 0.0  # what no clock shows
        self.late = 0.0

    def now(self) -> datetime:
        return self.begin + timedelta(seconds=self.tick)

    def monotonic(self) -> float:
        return self.tick

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.tick += seconds + self.late


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(leaving, "timezone", clock)
    monkeypatch.setattr(leaving, "time", clock)
    sleeping = SimpleNamespace(**vars(asyncio) | {"sleep": clock.sleep})
    monkeypatch.setattr(leaving, "asyncio", sleeping)
    return clock


def claim(clock: Clock, wait: float, *paces: Pace) -> Claim:
    """Return a claim that was just made, to leave in so many seconds."""
    at = clock.now() + timedelta(seconds=wait)
    row: Any = None
    return Claim(row, row, at, paces, clock.tick, clock.now(), clock.tick)


async def leave(clock: Clock, *claims: Claim) -> list[float]:
    """Let the claims leave one by one; return the seconds of each from the first one's moment."""
    worker, left = Leaving(), []
    for one in claims:
        assert await worker.turn(one) is None
        left.append(clock.tick - claims[0].moment)
    return left


def after(clock: Clock, *seconds: float) -> list[Claim]:
    return [claim(clock, wait, BOT) for wait in seconds]


async def test_what_is_late_leaves_a_step_behind_the_last_one(clock: Clock) -> None:
    claims = after(clock, 0, 1, 2, 3)
    clock.tick += 2.5  # the process was busy
    left = await leave(clock, *claims)
    assert left == pytest.approx([2.5, *(late - CATCHES_UP for late in (3.5, 4.5, 5.5))])


async def test_small_delays_do_not_add_up(clock: Clock) -> None:
    clock.late = 0.004
    left = await leave(clock, *after(clock, *range(100)))
    assert left[-1] == pytest.approx(99.0, abs=0.01)


async def test_delays_that_are_not_small_never_bring_two_close_together(clock: Clock) -> None:
    clock.late = 0.3
    left = await leave(clock, *after(clock, *range(20)))
    steps = [later - earlier for earlier, later in pairwise(left)]
    assert min(steps) >= 1 - CATCHES_UP - 1e-6


async def test_a_clock_that_is_set_back_keeps_nothing_waiting(clock: Clock) -> None:
    waiting = claim(clock, 0.5, BOT)
    clock.begin -= timedelta(hours=1)
    assert await leave(clock, waiting) == [0]


def test_what_its_lease_may_run_out_on_is_not_sent(settings: Any) -> None:
    settings.DELIVERY_LEASE_SECONDS, settings.DELIVERY_TIMEOUT_SECONDS = 75, 45
    row: Any = None
    fresh = Claim(row, row, timezone.now(), (), time.monotonic() - 29)
    old = Claim(row, row, timezone.now(), (), time.monotonic() - 31)  # the process stood still
    assert (fresh.came_too_late, old.came_too_late) == (False, True)


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
async def test_what_was_booked_for_the_end_of_a_wait_leaves_then(clock: Clock) -> None:
    worker = Leaving()
    end = clock.now() + timedelta(seconds=5)
    await worker.hold("bot", end)
    assert await worker.turn(claim(clock, 1, BOT)) == end
    assert await worker.turn(claim(clock, 4, BOT)) is None
    assert await asyncio.to_thread(_held) == {"bot": end}


def _held() -> dict[str, datetime]:
    from django.db import connection  # noqa: PLC0415 - this thread's own

    try:
        return PaceSlot.objects.held(None, timezone.now())
    finally:
        connection.close()
