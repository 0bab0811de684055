"""The status of slots: the rule in Python and the rule in the database are one rule."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity, Plan
from campaigns.slots import figures, status
from campaigns.slots.models import Slot
from campaigns.slots.status import Facts, Status
from organisations.models import Organisation

TODAY = date(2021, 7, 1)
SOON = 7
DAYS = st.integers(-30, 30).map(lambda days: TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(1, 0, 0, date(2021, 8, 1)), Status.NOT_STARTED),
        (Facts(2, 1, 1, date(2021, 8, 1)), Status.IN_PROGRESS),
        (Facts(2, 2, 2, date(2021, 6, 1)), Status.DONE_ON_TIME),
        (Facts(2, 2, 1, date(2021, 6, 1)), Status.DONE),
        (Facts(2, 1, 1, date(2021, 6, 30)), Status.OVERDUE),
        (Facts(1, 0, 0, TODAY), Status.DUE_SOON),
        (Facts(1, 0, 0, date(2021, 7, 8)), Status.DUE_SOON),
        (Facts(1, 0, 0, date(2021, 7, 9)), Status.NOT_STARTED),
        (Facts(1, 0, 0, date(2021, 7, 9), is_extended=True), Status.POSTPONED),
        (Facts(1, 0, 0, date(2021, 6, 30), is_extended=True), Status.OVERDUE),
        (Facts(1, 0, 0, date(2021, 6, 30), is_dropped=True), Status.DROPPED),
        (Facts(1, 1, 1, date(2021, 6, 30), is_dropped=True), Status.DONE_ON_TIME),
    ],
)
def test_the_rule(facts: Facts, expected: Status):
    assert status.of(facts, TODAY, SOON) == expected


@pytest.fixture
def activity(db: None) -> Activity:
    issuer = Organisation.objects.create(code="ubnd", name="UBND tỉnh")
    plan = Plan.objects.create(title="Tuyên truyền", year=2021, issuer=issuer, number="95/KH-UBND")
    return Activity.objects.create(plan=plan, content="Việc")


@pytest.fixture
def agencies(db: None) -> list[Organisation]:
    return [
        Organisation.objects.create(code=code, name=code) for code in ("bao", "dai", "so-noi-vu")
    ]


# One piece: which of three stories it is about (or none), its day, its amount, withdrawn or not.
PIECES = st.tuples(st.none() | st.integers(1, 3), DAYS, st.integers(1, 4), st.booleans())
HISTORIES = st.lists(
    st.tuples(
        st.integers(0, 2),  # agency
        st.integers(1, 4),  # target
        DAYS,  # last day
        st.none() | st.integers(1, 20),  # put off by so many days
        st.booleans(),  # not carried out
        st.booleans(),  # asked for by the plan
        st.lists(PIECES, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


def build(activity: Activity, agencies: list[Organisation], history: list[Any]) -> None:
    """Store one history: slots with their evidence and decisions."""
    Fulfilment.objects.all().delete()
    Evidence.objects.all().delete()
    Slot.objects.all().delete()
    now = timezone.now()
    for number, (agency, target, due, later, dropped, in_plan, pieces) in enumerate(history, 1):
        slot = Slot.objects.create(
            activity=activity,
            organisation=agencies[agency],
            period_start=date(2021, 1, 1),
            ordinal=number,
            opens_on=due - timedelta(days=20),
            due_on=due,
            target=target,
            extended_to=due + timedelta(days=later) if later else None,
            dropped_at=now if dropped else None,
            in_plan=in_plan,
        )
        made = Evidence.objects.bulk_create(
            Evidence(
                kind="file" if story is None else "article",
                url="https://example.org/",
                title="Tài liệu",
                dated=day,
                story=UUID(int=story) if story else None,
                withdrawn_at=now if withdrawn else None,
            )
            for story, day, _amount, withdrawn in pieces
        )
        Fulfilment.objects.bulk_create(
            Fulfilment(slot=slot, evidence=evidence, amount=piece[2])
            for evidence, piece in zip(made, pieces, strict=True)
        )


def raw() -> list[tuple[int, bool, Facts]]:
    """Return agency, whether the plan asks for it, and the facts, recounted row by row."""
    proofs: dict[int, list[tuple[Any, date, int]]] = {}
    for row in Fulfilment.objects.select_related("evidence"):
        if row.evidence.withdrawn_at is None:
            piece = (row.evidence.story, row.evidence.dated, row.amount)
            proofs.setdefault(row.slot_id, []).append(piece)

    def size(pieces: list[tuple[Any, date, int]]) -> int:
        stories = {story for story, _day, _amount in pieces if story is not None}
        return len(stories) + sum(amount for story, _day, amount in pieces if story is None)

    found = []
    for slot in Slot.objects.all():
        last = slot.extended_to or slot.due_on
        own = proofs.get(slot.pk, [])
        facts = Facts(
            slot.target,
            size(own),
            size([piece for piece in own if piece[1] <= last]),
            last,
            slot.extended_to is not None,
            slot.dropped_at is not None,
        )
        found.append((slot.organisation_id, slot.in_plan, facts))
    return found


@given(history=HISTORIES)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_figures_are_what_a_recount_of_the_raw_rows_gives(
    activity: Activity, agencies: list[Organisation], history: list[Any]
):
    build(activity, agencies, history)
    recount: dict[int, Counter[Status]] = {}
    for agency, in_plan, facts in raw():
        if in_plan:
            recount.setdefault(agency, Counter())[status.of(facts, TODAY, SOON)] += 1

    found = figures.by("organisation", Slot.objects.all(), TODAY, SOON)
    assert {agency: Counter(one.by_status) for agency, one in found.items()} == recount
    for agency, one in found.items():
        counts = recount[agency]
        assert one.done == counts[Status.DONE] + counts[Status.DONE_ON_TIME]
        assert one.late == counts[Status.OVERDUE]
        assert one.expected == one.done + one.late + one.open + one.dropped == counts.total()
    assert figures.of(Slot.objects.all(), TODAY, SOON).expected == sum(
        counts.total() for counts in recount.values()
    )
    each = figures.by_each(["organisation", "period"], Slot.objects.all(), TODAY, SOON)
    assert each["organisation"] == found
    for slot in Slot.objects.with_status(TODAY, SOON):
        assert slot.status == slot.status_on(TODAY, SOON)


@pytest.mark.parametrize("wanted", Status)
def test_the_status_serves_as_a_filter(
    activity: Activity, agencies: list[Organisation], wanted: Status, django_assert_num_queries: Any
):
    history = [
        (0, 1, TODAY + timedelta(days=20), None, False, True, []),
        (0, 2, TODAY + timedelta(days=20), None, False, True, [(1, TODAY, 1, False)]),
        (0, 1, TODAY, None, False, True, [(1, TODAY + timedelta(days=1), 1, False)]),
        (0, 1, TODAY, None, False, True, [(None, TODAY, 1, False)]),
        (0, 1, TODAY - timedelta(days=1), None, False, True, [(1, TODAY, 1, True)]),
        (0, 1, TODAY + timedelta(days=7), None, False, True, []),
        (0, 1, TODAY, 20, False, True, []),
        (0, 1, TODAY, None, True, True, []),
    ]
    build(activity, agencies, history)
    rows = Slot.objects.with_status(TODAY, SOON)
    with django_assert_num_queries(1):
        (slot,) = rows.filter(status=wanted)
    assert slot.status_on(TODAY, SOON) == wanted


def test_the_day_of_today_is_the_default(activity: Activity, agencies: list[Organisation]):
    now: datetime = timezone.now()
    build(activity, agencies, [(0, 1, now.date() - timedelta(days=3), None, False, True, [])])
    assert Slot.objects.with_status().get().status == Status.OVERDUE
