"""Evidence: which slots it fulfils, what withdraws it, what holds it."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from campaigns.evidence import locking, recording
from campaigns.evidence.matching import Candidate, Found, choose
from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity, Plan
from campaigns.slots import planning
from campaigns.slots.models import Slot
from core.errors import RefusedError
from organisations.models import Organisation, User

STORY, OTHER = UUID(int=1), UUID(int=2)
BAO, DAI = 1, 2


def found(key: str = "article:1", day: date = date(2021, 5, 10), **values: Any) -> Found:
    known = {"activity": 1, "story": STORY, "kind": Evidence.Kind.ARTICLE, "title": "Tin"}
    return Found(key=key, dated=day, **(known | values))


def may(number: int, organisation: int = BAO, counted: int = 0) -> Candidate:
    """Return the first or second slot of May."""
    first, last = ((1, 15), (16, 31))[number - 1]
    return Candidate(
        pk=organisation * 10 + number,
        activity=1,
        organisation=organisation,
        period="month",
        period_start=date(2021, 5, 1),
        opens_on=date(2021, 5, first),
        due=date(2021, 5, last),
        target=1,
        counted=counted,
    )


def keys(candidates: list[Candidate]) -> list[int]:
    return [one.pk for one in candidates]


def test_by_date_and_agency():
    slots = [may(1), may(2), may(1, DAI), may(2, DAI)]
    assert keys(choose(found(organisations=(DAI,)), slots)) == [21]
    late = found(day=date(2021, 5, 20), organisations=(BAO, DAI))
    assert keys(choose(late, slots)) == [12, 22]


def test_nothing_is_guessed():
    slots = [may(1), may(1, DAI)]
    assert choose(found(), slots) == []  # of two agencies, which?
    assert choose(found(day=date(2021, 6, 3), organisations=(BAO,)), slots) == []
    assert choose(found(activity=2, organisations=(BAO,)), slots) == []
    assert keys(choose(found(), [may(1), may(2)])) == [11]


def test_a_second_item_goes_to_the_next_slot_of_the_period():
    assert keys(choose(found(), [may(1, counted=1), may(2)])) == [12]
    late = found(day=date(2021, 5, 20))
    assert keys(choose(late, [may(1), may(2, counted=1)])) == [11]
    assert keys(choose(found(), [may(1, counted=1), may(2, counted=1)])) == [11]


def test_receipts_go_where_the_item_went():
    first, second = may(1), may(2)
    first.stories.add(STORY)
    first.counted = 1
    receipt = found("delivery:1", supports_only=True)
    assert keys(choose(receipt, [first, second])) == [11]
    assert choose(found("delivery:2", story=OTHER, supports_only=True), [first, second]) == []
    named = found("delivery:1", organisations=(DAI,), supports_only=True)
    assert keys(choose(named, [first, second, may(1, DAI)])) == [21]


def test_what_is_done_but_once_is_filled_at_any_time():
    once = may(1)
    once.period = "once"
    assert keys(choose(found(day=date(2021, 9, 1)), [once])) == [11]


@pytest.fixture
def activity(db: None) -> Activity:
    """Two items a month from May to June by newspaper and station, in slots."""
    issuer = Organisation.objects.create(code="ubnd", name="UBND tỉnh")
    plan = Plan.objects.create(title="Tuyên truyền", year=2021, issuer=issuer, number="95/KH-UBND")
    made = Activity.objects.create(
        plan=plan,
        content="Chuyên mục",
        start=date(2021, 5, 1),
        end=date(2021, 6, 30),
        recurrence="monthly",
        target=2,
        per="month",
    )
    made.leads.set(Organisation.objects.create(code=code, name=code) for code in ("bao", "dai"))
    planning.generate_plan(plan)
    return made


def of(code: str) -> tuple[int]:
    return (Organisation.objects.get(code=code).pk,)


def filled() -> list[tuple[str, str, int]]:
    """Return agency, last day and count of each slot that has something."""
    rows = Slot.objects.with_progress().filter(counted__gt=0).in_order()
    return [(slot.organisation.code, f"{slot.due:%d/%m}", slot.counted) for slot in rows]


def test_recording_twice_is_once(activity: Activity, django_assert_max_num_queries: Any):
    things = [
        found("article:1", activity=activity.pk, organisations=of("bao")),
        found("article:2", activity=activity.pk, organisations=of("bao"), story=OTHER),
        found("delivery:1", activity=activity.pk, organisations=of("dai"), supports_only=True),
        found("article:9", activity=None),
    ]
    with django_assert_max_num_queries(6):
        recording.record(things)
    once = [("bao", "15/05", 1), ("dai", "15/05", 1), ("bao", "31/05", 1)]
    assert filled() == once
    with django_assert_max_num_queries(6):
        recording.record(things)
    assert filled() == once
    assert (Evidence.objects.count(), Fulfilment.objects.count()) == (3, 3)


def test_proofs_of_one_story_are_one_output(activity: Activity):
    recording.record([found("article:1", activity=activity.pk, organisations=of("bao"))])
    receipts = [found(f"delivery:{n}", activity=activity.pk, supports_only=True) for n in range(5)]
    recording.record(receipts)
    assert filled() == [("bao", "15/05", 1)]
    assert Fulfilment.objects.count() == 6


def test_a_story_taken_back_counts_no_more_and_again_when_it_returns(activity: Activity):
    article = found("article:1", activity=activity.pk, organisations=of("bao"))
    recording.record([article])
    assert recording.withdraw_story(STORY, "Sai số liệu") == 1
    assert filled() == []
    assert Evidence.objects.get().is_withdrawn
    recording.renew(article)
    assert filled() == [("bao", "15/05", 1)]


def test_an_item_that_names_another_slot_moves_with_its_proofs(activity: Activity):
    recording.record([found("article:1", activity=activity.pk, organisations=of("bao"))])
    recording.record([found("delivery:1", activity=activity.pk, supports_only=True)])
    june = Slot.objects.get(organisation__code="dai", due_on=date(2021, 6, 15))
    moved = found("article:1", activity=activity.pk, slot=june.pk, organisations=of("bao"))
    recording.renew(moved)
    assert filled() == [("dai", "15/06", 1)]
    assert Fulfilment.objects.count() == 2


def test_what_no_rule_places_waits_for_a_person(activity: Activity, person: Any):
    recording.record([found("article:1", activity=activity.pk)])
    (waiting,) = Evidence.objects.unplaced()
    slots = Slot.objects.filter(due_on=date(2021, 5, 15))
    planner: User = person("planner")
    assert recording.attach(waiting, slots, planner) == 2
    assert recording.attach(waiting, slots, planner) == 0
    assert not Evidence.objects.unplaced().exists()


def test_a_slot_is_not_fulfilled_twice_by_one_thing(activity: Activity):
    recording.record([found("article:1", activity=activity.pk, organisations=of("bao"))])
    one = Fulfilment.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Fulfilment.objects.bulk_create([Fulfilment(slot=one.slot, evidence=one.evidence)])


def test_a_submitted_report_holds_its_evidence(activity: Activity, person: Any):
    recording.record([found("article:1", activity=activity.pk, organisations=of("bao"))])
    evidence = Evidence.objects.get()
    planner: User = person("planner")
    assert locking.lock([evidence.pk], "report:1", "Báo cáo quý II/2021") == 1
    assert locking.lock([evidence.pk], "report:1", "Báo cáo quý II/2021") == 1
    assert list(Evidence.objects.locked()) == [evidence]
    with pytest.raises(RefusedError, match="Báo cáo quý II/2021"):
        recording.withdraw(evidence, "Nhầm", planner)
    with pytest.raises(RefusedError):
        recording.attach(evidence, Slot.objects.all(), planner)
    other = Slot.objects.get(organisation__code="dai", due_on=date(2021, 6, 15))
    recording.renew(found("article:1", activity=activity.pk, slot=other.pk))
    assert filled() == [("bao", "15/05", 1)]

    recording.withdraw_story(STORY)  # what happens in the world is no question of reports
    evidence.refresh_from_db()
    assert evidence.is_withdrawn
    assert list(Evidence.objects.standing_at(evidence.added_at)) == [evidence]

    assert locking.unlock("report:1") == 1
    assert list(Evidence.objects.free()) == [evidence]


def test_slots_with_evidence_stay_and_evidence_waits_for_slots(activity: Activity):
    recording.record([found("article:1", activity=activity.pk, organisations=of("bao"))])
    Activity.objects.filter(pk=activity.pk).update(start=date(2021, 6, 1))
    changes = planning.generate_plan(activity.plan)
    assert (len(changes.kept), len(changes.removed)) == (1, 3)
    assert planning.on_record([activity.pk]) == {activity.pk}

    def finder(activities: Any) -> list[Found]:
        return [found("article:7", date(2021, 7, 3), activity=activity.pk, organisations=of("dai"))]

    recording.register_finder(finder)
    try:
        Activity.objects.filter(pk=activity.pk).update(end=date(2021, 7, 31))
        planning.generate_plan(activity.plan)
    finally:
        recording.unregister_finder(finder)
    assert ("dai", "15/07", 1) in filled()
