"""Figures of a report equal a recount of the raw rows, whatever happened."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity, Plan
from campaigns.reporting.counting import count
from campaigns.reporting.figures import Figures
from campaigns.reporting.genres import register_genres, unregister_genres
from campaigns.reporting.models import ReportingPeriod
from campaigns.slots.models import Slot
from organisations.models import Organisation
from tests.campaigns.reporting.conftest import proof, slot

AFTER = date(2026, 4, 1)
DAYS = st.integers(-60, 60).map(lambda days: date(2026, 1, 30) + timedelta(days=days))
# One piece: whose story it is about (or none), day, amount, withdrawn, which slots it serves.
PIECES = st.tuples(
    st.none() | st.integers(1, 3),
    DAYS,
    st.integers(1, 5),
    st.booleans(),
    st.sets(st.integers(0, 4), max_size=3),
    st.integers(0, 2),
)
SLOTS = st.tuples(
    st.integers(0, 2),  # agency
    st.integers(0, 1),  # activity
    st.integers(1, 4),  # target
    DAYS,  # last day
    st.none() | st.integers(1, 40),  # put off by so many days
    st.booleans(),  # not carried out
    st.booleans(),  # asked for by the plan
)
HISTORIES = st.tuples(
    st.lists(SLOTS, min_size=1, max_size=5), st.lists(PIECES, max_size=6), st.integers(0, 9)
)


@register_genres
def told(stories: Any) -> dict[UUID, str]:
    """Every other story is a news item; nobody knows of the third."""
    found = {row["story"] for row in stories}
    return {story: "tin" if story.int == 1 else "bài" for story in found if story.int != 3}


unregister_genres(told)


def build(
    activities: list[Activity], agencies: list[Organisation], history: tuple[Any, Any, int]
) -> None:
    Fulfilment.objects.all().delete()
    Evidence.objects.all().delete()
    Slot.objects.all().delete()
    now, (rows, pieces, chance) = timezone.now(), history
    Plan.objects.update(live=chance != 0)
    slots = [
        slot(
            activities[activity],
            agencies[agency],
            due,
            ordinal=number,
            target=target,
            extended_to=due + timedelta(days=later) if later else None,
            dropped_at=now if dropped else None,
            in_plan=in_plan,
        )
        for number, (agency, activity, target, due, later, dropped, in_plan) in enumerate(rows, 1)
    ]
    for story, day, amount, withdrawn, served, agency in pieces:
        proof(
            day,
            *(slots[number] for number in sorted(served) if number < len(slots)),
            amount=amount,
            kind="link" if story is None else "article",
            story=UUID(int=story) if story else None,
            withdrawn_at=now if withdrawn else None,
            activity=activities[0],
            organisation=agencies[agency],
        )


class Given:
    """What was delivered in a window, row by row."""

    def __init__(self, period: ReportingPeriod) -> None:
        self.period = period
        self.stories: dict[int, set[Any]] = defaultdict(set)
        self.amounts: Counter[int] = Counter()
        self.kinds: dict[str, set[int]] = defaultdict(set)
        self.genres: dict[str, set[int]] = defaultdict(set)

    def take(self, piece: Evidence, activity: int, amount: int) -> None:
        if not self.period.first <= piece.dated <= self.period.last:
            return
        if piece.story:
            self.stories[activity].add(piece.story)
        else:
            self.amounts[activity] += amount
        self.kinds[piece.kind].add(piece.pk)
        if piece.kind == "article":
            name = {1: "tin", 2: "bài"}.get(piece.story.int if piece.story else 0, "")
            self.genres[name].add(piece.pk)

    def of(self, activity: int) -> int:
        return len(self.stories[activity]) + self.amounts[activity]


def recounted(period: ReportingPeriod, today: date, agency: int) -> dict[str, Any]:
    """Count one agency's figures row by row, the slow and obvious way."""
    slots: Counter[tuple[int, str]] = Counter()
    given = Given(period)
    for row in Slot.objects.select_related("activity__plan").filter(organisation=agency):
        if not row.activity.plan.live:
            continue
        proofs = [
            one
            for one in row.fulfilments.select_related("evidence")
            if one.evidence.withdrawn_at is None and one.evidence.dated <= period.last
        ]
        for one in proofs:
            given.take(one.evidence, row.activity_id, one.amount)
        due = row.extended_to or row.due_on
        if row.in_plan and period.first <= due <= period.last:
            slots[row.activity_id, judged(row, proofs, due, today)] += 1
    for piece in Evidence.objects.filter(organisation=agency, withdrawn_at=None):
        assert piece.activity is not None
        if not piece.fulfilments.exists() and piece.activity.plan.live:
            given.take(piece, piece.activity.pk, 1)
    return {
        "slots": dict(slots),
        "outputs": {pk: given.of(pk) for pk in {*given.stories, *given.amounts}},
        "kinds": dict(given.kinds),
        "genres": dict(given.genres),
    }


def judged(row: Slot, proofs: list[Fulfilment], due: date, today: date) -> str:
    def size(chosen: list[Fulfilment]) -> int:
        told = {one.evidence.story for one in chosen if one.evidence.story}
        return len(told) + sum(one.amount for one in chosen if not one.evidence.story)

    if size(proofs) >= row.target:
        in_time = [one for one in proofs if one.evidence.dated <= due]
        return "on-time" if size(in_time) >= row.target else "late"
    if row.dropped_at:
        return "dropped"
    return "overdue" if due < today else "open"


def as_counted(figures: Figures) -> dict[str, Any]:
    lines = figures.lines.values()
    return {
        "slots": {
            (line.activity, group): len(slots)
            for line in lines
            for group, slots in line.slots.items()
        },
        "outputs": {line.activity: line.outputs for line in lines if line.outputs},
        "kinds": {name: set(pieces) for name, pieces in figures.kinds.items()},
        "genres": {name: set(pieces) for name, pieces in figures.genres.items()},
    }


def check(
    history: tuple[Any, Any, int],
    activities: list[Activity],
    agencies: list[Organisation],
    quarter: ReportingPeriod,
) -> None:
    build(activities, agencies, history)
    register_genres(told)
    try:
        today = date(2026, 2, 10) if history[2] % 2 else AFTER
        whole = count(quarter, today)
        day = min(today, quarter.last + timedelta(days=1))
        for agency in agencies:
            alone = count(quarter, today, [agency.pk]).of()
            assert as_counted(alone) == recounted(quarter, day, agency.pk)
            assert as_counted(whole.of([agency.pk])) == as_counted(alone)
            assert Figures.read(alone.stored()) == alone
    finally:
        unregister_genres(told)


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.one_database
@given(history=HISTORIES)
@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
def test_the_figures_are_those_of_a_recount(
    history: tuple[Any, Any, int],
    activities: list[Activity],
    agencies: list[Organisation],
    quarter: ReportingPeriod,
) -> None:
    check(history, activities, agencies, quarter)


@given(history=HISTORIES)
@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
def test_so_they_are_on_every_database(
    history: tuple[Any, Any, int],
    activities: list[Activity],
    agencies: list[Organisation],
    quarter: ReportingPeriod,
) -> None:
    check(history, activities, agencies, quarter)


def test_a_window_holds_what_is_due_in_it_and_what_was_delivered_in_it(
    activities: list[Activity], agencies: list[Organisation], quarter: ReportingPeriod
) -> None:
    before = slot(activities[0], agencies[0], date(2025, 12, 14), ordinal=1)
    first = slot(activities[0], agencies[0], date(2025, 12, 15), ordinal=2)
    last = slot(activities[0], agencies[0], date(2026, 3, 14), ordinal=3)
    after = slot(activities[0], agencies[0], date(2026, 3, 15), ordinal=4)
    proof(date(2026, 3, 15), last)  # a day too late for this window, and for the slot
    proof(date(2025, 12, 20), before, after)
    proof(date(2025, 12, 1), first)  # in time for the slot, delivered before the window
    line = count(quarter, AFTER).of().lines[activities[0].pk]
    assert line.slots == {"on-time": [first.pk], "overdue": [last.pk]}
    assert line.outputs == 2  # one piece for two slots, by its quantity for each


def test_leaflets_count_by_their_number_and_a_story_once(
    activities: list[Activity], agencies: list[Organisation], quarter: ReportingPeriod
) -> None:
    leaflets = slot(activities[1], agencies[0], date(2026, 2, 28), target=20_000)
    proof(date(2026, 2, 1), leaflets, amount=20_000, kind="file")
    items = slot(activities[0], agencies[0], date(2026, 2, 28), target=2)
    for kind in ("article", "delivery", "aired"):
        proof(date(2026, 2, 2), items, kind=kind, story=UUID(int=7))
    found = count(quarter, AFTER, [agencies[0].pk]).of()
    assert found.lines[activities[1].pk].outputs == 20_000
    assert found.lines[activities[1].pk].on_time == 1
    assert found.lines[activities[0].pk].outputs == 1
    assert found.lines[activities[0].pk].overdue == 1
    assert {kind: len(pieces) for kind, pieces in found.kinds.items()} == {
        "aired": 1,
        "article": 1,
        "delivery": 1,
        "file": 1,
    }


def test_counting_costs_the_same_for_many(
    activities: list[Activity], agencies: list[Organisation], quarter: ReportingPeriod
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            count(quarter, AFTER)
        return len(queries)

    slot(activities[0], agencies[0], date(2026, 2, 1))
    few = cost()
    for number in range(40):
        one = slot(activities[0], agencies[number % 3], date(2026, 2, 1), ordinal=number + 2)
        proof(date(2026, 1, 20), one)
    assert cost() == few <= 4
