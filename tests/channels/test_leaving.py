"""When claims leave, by a clock that only sleeping moves."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from channels import leaving
from channels.contract import Pace
from channels.leaving import CATCHES_UP, Leaving
from channels.pacing import PaceSlot

BOT = Pace("bot", 1.0)


class Clock:
    """The time, and what it takes to sleep: a busy process wakes up ``late`` seconds too late."""

    def __init__(self) -> None:
        self.time = timezone.now()
        self.late = 0.0

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.time += timedelta(seconds=seconds + self.late)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(leaving, "timezone", SimpleNamespace(now=clock.now))
    monkeypatch.setattr(
        leaving, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": clock.sleep})
    )
    return clock


def claim(at: datetime, *paces: Pace) -> Any:
    return SimpleNamespace(at=at, made=at, paces=paces)


async def leave(clock: Clock, *claims: Any) -> list[float]:
    """Let the claims leave one by one; return the seconds of each from the first one's moment."""
    worker, left = Leaving(), []
    for one in claims:
        assert await worker.turn(one) is None
        left.append((clock.time - claims[0].at).total_seconds())
    return left


def after(clock: Clock, *seconds: float) -> list[Any]:
    return [claim(clock.time + timedelta(seconds=wait), BOT) for wait in seconds]


async def test_what_is_late_leaves_a_step_behind_the_last_one(clock: Clock) -> None:
    claims = after(clock, 0, 1, 2, 3)
    clock.time += timedelta(seconds=2.5)  # the process was busy
    slack = CATCHES_UP.total_seconds()
    assert await leave(clock, *claims) == pytest.approx(
        [2.5, 3.5 - slack, 4.5 - slack, 5.5 - slack]
    )


async def test_small_delays_do_not_add_up(clock: Clock) -> None:
    clock.late = 0.004
    left = await leave(clock, *after(clock, *range(100)))
    assert left[-1] == pytest.approx(99.0, abs=0.01)


async def test_delays_that_are_not_small_never_bring_two_close_together(clock: Clock) -> None:
    clock.late = 0.3
    left = await leave(clock, *after(clock, *range(20)))
    steps = [later - earlier for earlier, later in pairwise(left)]
    assert min(steps) >= 1 - CATCHES_UP.total_seconds() - 1e-6


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
async def test_what_was_booked_for_the_end_of_a_wait_leaves_then(clock: Clock) -> None:
    worker = Leaving()
    end = clock.time + timedelta(seconds=5)
    await worker.hold("bot", end)
    assert await worker.turn(claim(clock.time + timedelta(seconds=1), BOT)) == end
    assert await worker.turn(claim(end, BOT)) is None
    assert await asyncio.to_thread(_held) == {"bot": end}


def _held() -> dict[str, datetime]:
    from django.db import connection  # noqa: PLC0415 - this thread's own

    try:
        return PaceSlot.objects.held(None, timezone.now())
    finally:
        connection.close()
