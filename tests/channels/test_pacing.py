"""Rates hold for all who share them, in every window, and nothing leaves under a hold."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import Pace
from channels.pacing import PaceSlot, Place, book

NOW = datetime(2026, 5, 12, 3, 30, tzinfo=UTC)
BOT = Pace("bot", 1 / 29)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def reserve(*wanted: Sequence[Pace], at: float = 0, ahead: float = 0) -> list[Place]:
    return PaceSlot.objects.reserve_all(wanted, after(at), timedelta(seconds=ahead))


def going(places: list[Place]) -> list[float]:
    return [round((place.at - NOW).total_seconds(), 3) for place in places if place.at]


def test_rates_hold_for_all_who_share_a_key(db: None) -> None:
    bot, chat = Pace("bot", 1.0, burst=2), Pace("chat", 3.0)
    take = PaceSlot.objects.reserve
    assert take([bot, chat], NOW)
    assert not take([bot, chat], NOW)  # the chat must wait, and the bot loses no place by it
    assert take([bot], NOW)
    assert not take([bot], NOW)
    assert take([bot], after(1))
    assert take([chat], after(3))


def test_places_are_given_out_a_moment_ahead_and_evenly(db: None) -> None:
    """Six hundred groups of one bot, looked at every quarter of a second for twenty seconds."""
    waiting = [[BOT, Pace(f"chat-{number}", 1.0)] for number in range(600)]
    left: list[float] = []
    for tick in range(84):
        places = reserve(*waiting, at=tick / 4, ahead=0.5)
        left += going(places)
        waiting = [one for one, place in zip(waiting, places, strict=True) if place.at is None]
    assert not waiting
    assert max(sum(start <= one <= start + 1 for one in left) for start in left) <= 30
    assert 599 / left[-1] > 28.5


def test_a_thousand_that_must_wait_cost_few_queries(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        places = reserve(*([[BOT, Pace(f"chat-{n}", 1.0)] for n in range(1000)]))
    assert len(going(places)) == 1
    assert len(asked) <= 10


def test_what_comes_behind_a_heavy_one_does_not_starve_it(db: None) -> None:
    heavy, light = [Pace("bot", 1 / 29, cost=10)], [BOT]
    left: list[float] = []
    waiting = [light] * 12 + [heavy] + [light] * 40
    for tick in range(60):
        places = reserve(*waiting, at=tick / 20, ahead=0.5)
        left += going(places)
        waiting = [one for one, place in zip(waiting, places, strict=True) if place.at is None]
        if heavy not in waiting:
            break
    assert heavy not in waiting
    assert len(left) == 13  # none of those behind it went first


def test_one_chat_that_must_rest_holds_up_no_other(db: None) -> None:
    busy = [BOT, Pace("busy", 4.0)]
    reserve(busy)
    places = reserve(busy, [BOT, Pace("other", 4.0)], at=0.1, ahead=0.5)
    assert places[0].at is None
    assert going(places) == [0.1]


def test_nothing_leaves_under_a_hold_and_the_longest_counts(db: None) -> None:
    PaceSlot.objects.hold("bot", after(9))
    PaceSlot.objects.hold("bot", after(5))
    other = [Pace("other", 1.0)]
    assert reserve([BOT], other, [BOT, Pace("chat", 1.0)], at=8.9, ahead=0.05) == [
        Place(held_until=after(9)),
        Place(after(8.9)),
        Place(held_until=after(9)),
    ]
    assert PaceSlot.objects.held(["bot", "other"], after(8.9)) == {"bot": after(9)}
    assert PaceSlot.objects.held(["bot"], after(9)) == {}
    assert going(reserve([BOT], at=9)) == [9]
    PaceSlot.objects.hold("bot", after(20))
    PaceSlot.objects.release(["bot"])
    assert going(reserve([BOT], at=10)) == [10]


def test_places_are_given_out_for_the_end_of_a_hold(db: None) -> None:
    PaceSlot.objects.hold("bot", after(9))
    waiting = [[BOT, Pace(f"chat-{number}", 1.0)] for number in range(5)]
    assert going(reserve(*waiting, at=8.4, ahead=0.5)) == []
    left = going(reserve(*waiting, at=8.9, ahead=0.5))
    assert left == [round(9 + number / 29, 3) for number in range(5)]


@pytest.mark.one_database
@settings(max_examples=200, deadline=None)
@given(
    burst=st.integers(1, 6),
    asked=st.lists(st.tuples(st.floats(0, 30), st.integers(1, 12)), min_size=1, max_size=60),
)
def test_no_window_holds_more_than_burst_and_refill(
    burst: int, asked: list[tuple[float, int]]
) -> None:
    """As the Telegram limits: 20 in a minute as a burst and one every 60 / (20 - burst) seconds."""
    interval = 60 / (20 - burst)
    slots = {"group": PaceSlot(key="group", next_at=after(-1000))}
    moment, sent = 0.0, []
    for pause, cost in asked:
        moment += pause
        place = book([Pace("group", interval, burst, cost)], slots, after(moment),
                      after(moment), {})  # fmt: skip
        if place.at is not None:
            sent.append((moment, cost))
    for start, _ in sent:
        assert sum(cost for at, cost in sent if start <= at < start + 60) <= 20
