"""Who is told what on which day: once, whatever the clock and the workers do."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from campaigns.chasing import dues, gathering, pausing
from campaigns.chasing.dues import Due
from campaigns.chasing.models import ChasingMail, ChasingSettings, OfficeDay, PlanRhythm, Told
from campaigns.chasing.rhythm import Rhythm, rhythm_of
from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.slots import deciding
from campaigns.slots.models import Slot
from organisations.models import Contact, User
from tests.campaigns.chasing.conftest import at

pytestmark = [pytest.mark.django_db]
MakeSlot = Callable[..., Slot]


def told(day: date) -> list[tuple[str, str, int]]:
    """Do the round of that day; return whom it told what, with the step."""
    before = set(Told.objects.values_list("pk", flat=True))
    gathering.run_round(at(day))
    rows = Told.objects.exclude(pk__in=before).order_by("mail__name", "due_day", "role")
    return [(row.mail.name, row.role, row.offset) for row in rows]


def days(today: date, count: int) -> Iterator[date]:
    yield from (today + timedelta(days=number) for number in range(count))


def test_an_officer_is_told_before_and_after_the_last_day(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    slot(8)  # Thursday of next week
    steps = {day: [offset for _n, _r, offset in found]
             for day in days(today, 40) if (found := told(day))}  # fmt: skip
    due = today + timedelta(days=8)
    assert {(day - due).days: offsets for day, offsets in steps.items()} == {
        -7: [-7], -1: [-1], 1: [1], 7: [7], 14: [14],
    }  # fmt: skip


def test_one_mail_gathers_everything_of_a_day(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    slot(-1, month=1)
    slot(1, month=2)
    slot(7, month=3)
    slot(5, month=4)  # between two steps: the one it passed is told
    told(today)
    mail = ChasingMail.objects.get()
    assert sorted(mail.lines.values_list("offset", flat=True)) == [-7, -7, -1, 1]
    assert mail.address == "mai@so-a.example.vn"


def test_a_round_is_done_once_and_a_clock_that_goes_back_tells_nobody(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    slot(-1)
    assert told(today)
    assert not told(today)
    assert not told(today - timedelta(days=1))
    ChasingMail.objects.all().delete()  # and with the round alone
    assert not told(today)


def test_after_a_long_stop_only_the_newest_step_is_told(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    slot(-9)
    assert told(today) == [("Mai", "officer", 7)]
    assert not told(today + timedelta(days=1))
    assert told(today + timedelta(days=5)) == [("Mai", "officer", 14)]


def test_quiet_days_pass_on_to_the_next_working_day(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    slot(2)  # Friday: the step after it falls on a Saturday
    told(today)
    saturday, monday = today + timedelta(days=3), today + timedelta(days=5)
    assert not told(saturday)
    assert told(monday) == [("Mai", "officer", 1)]


def test_holidays_and_the_offices_own_days_are_quiet(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    slot(-1)
    OfficeDay.objects.create(day=today, name="Giỗ Tổ của cơ quan")
    assert not told(today)
    OfficeDay.objects.update(is_closed=False)
    assert told(today)
    assert not told(date(2026, 4, 30))  # Thursday, a public holiday


def test_what_is_done_or_given_up_is_not_told(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    done, dropped = slot(-1, month=1), slot(-1, month=2)
    evidence = Evidence.objects.create(kind="link", url="https://a.vn/b", title="Bài", dated=today)
    Fulfilment.objects.create(slot=done, evidence=evidence)
    deciding.drop(dropped, "Không có kinh phí", officer)
    assert not told(today)


def test_an_extension_begins_the_steps_anew(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    late = slot(-1)
    assert told(today) == [("Mai", "officer", 1)]
    deciding.extend(late, today + timedelta(days=8), "Chờ số liệu", officer)
    assert told(today + timedelta(days=1)) == [("Mai", "officer", -7)]


def test_drafts_of_plans_are_not_chased(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    plan = slot(-1).activity.plan
    type(plan).objects.update(live=False)
    assert not told(today)


def test_a_plan_has_its_own_rhythm(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    row = slot(-3)
    PlanRhythm.objects.create(plan=row.activity.plan, after="3")
    assert told(today) == [("Mai", "officer", 3)]


def test_a_silent_plan_reminds_nobody(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    PlanRhythm.objects.create(plan=slot(-3).activity.plan, is_silent=True)
    assert not told(today)


def test_paused_slots_and_agencies_are_left_in_peace(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    one, other = slot(-1, month=1), slot(-1, code="so-b")
    pausing.pause(one, "Chờ văn bản của Bộ", today + timedelta(days=1), officer)
    pausing.pause(other.organisation, "Đang sáp nhập", None, officer)
    assert not told(today)
    made = told(today + timedelta(days=2))  # the pause of the slot is over
    assert made == [("Mai", "officer", 1)]


def test_the_head_and_the_planners_are_told_once(
    chosen: ChasingSettings, officer: User, person: Any, slot: MakeSlot, today: date
):
    chosen.head_after, chosen.planner_after = 10, 15
    chosen.save()
    planner = person("planner")
    planner.email = "khoa@snv.example.vn"
    planner.save()
    late = slot(-9)
    Contact.objects.create(
        organisation=late.organisation, name="Ông Giám đốc", purpose="head", email="gd@so-a.vn"
    )
    roles = [role for day in days(today, 21) for _name, role, _offset in told(day)]
    assert roles.count("head") == 1
    assert roles.count("planner") == 1
    names = set(Told.objects.filter(role="head").values_list("mail__address", flat=True))
    assert names == {"gd@so-a.vn"}


def test_without_an_address_it_is_on_record_and_told_once_there_is_one(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    officer.email = ""
    officer.save()
    slot(-1)
    assert not told(today)
    assert ChasingMail.objects.get().state == ChasingMail.State.NO_ADDRESS
    officer.email = "mai@so-a.example.vn"
    officer.save()
    assert told(today + timedelta(days=1)) == [("Mai", "officer", 1)]


def test_who_left_the_agency_is_not_told(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    slot(-1)
    officer.organisations.clear()
    assert not told(today)


def test_the_weekly_digest_goes_out_once_a_week(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    chosen.digest_on = 3  # Thursday
    chosen.before = chosen.after = ""
    chosen.save()
    slot(-40)
    found = [day for day in days(today, 15) if told(day)]
    assert found == [today + timedelta(days=1), today + timedelta(days=8)]
    OfficeDay.objects.create(day=today + timedelta(days=15), name="Nghỉ")
    assert [day for day in days(today + timedelta(days=15), 3) if told(day)] == [
        today + timedelta(days=16)
    ]


def test_the_mails_wait_for_their_hour(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    slot(-1)
    assert gathering.run_round(at(today, hour=6)) is None
    chosen.digest_on, chosen.digest_hour = today.weekday(), 10
    chosen.save()
    assert gathering.run_round(at(today, hour=8)) is None
    assert gathering.run_round(at(today, hour=10)) is not None


def test_other_parts_say_what_is_due(chosen: ChasingSettings, officer: User, today: date):
    agency = officer.organisations.get()

    @dues.register_source
    def reports(first: date, last: date, agencies: dues.Agencies) -> list[Due]:
        day = today - timedelta(days=1)
        return [Due("report:1", "Báo cáo quý I", agency.pk, day, "/admin/reports/1/")]

    try:
        assert told(today) == [("Mai", "officer", 1)]
    finally:
        dues.unregister_source(reports)
    assert Told.objects.get().title == "Báo cáo quý I"


def test_a_report_that_was_begun_is_chased_until_it_is_submitted(
    chosen: ChasingSettings, officer: User, today: date
):
    period = ReportingPeriod.objects.create(
        year=2026, code="q1", first=date(2025, 12, 15), last=date(2026, 3, 14),
        internal_due=today - timedelta(days=1), external_due=date(2026, 3, 20),
    )  # fmt: skip
    Report.objects.create(organisation=officer.organisations.get(), period=period)
    assert told(today) == [("Mai", "officer", 1)]
    Report.objects.update(state=Report.State.SUBMITTED)
    assert not told(today + timedelta(days=6))


@pytest.mark.parametrize("count", [1, 40])
def test_a_round_costs_a_fixed_number_of_queries(
    chosen: ChasingSettings,
    officer: User,
    slot: MakeSlot,
    today: date,
    count: int,
    django_assert_max_num_queries: Any,
):
    chosen.digest_on = today.weekday()
    chosen.save()
    for number in range(count):
        slot(-number - 1, code=f"so-{chr(97 + number % 20)}", month=number // 20 + 1)
    with django_assert_max_num_queries(25):
        gathering.run_round(at(today))


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_does_the_round(
    chosen: ChasingSettings, officer: User, slot: MakeSlot, today: date
):
    if connection.vendor == "sqlite":
        pytest.skip("threads cannot share a database in memory")
    slot(-1)
    barrier, made = threading.Barrier(4), []

    def work() -> None:
        barrier.wait()
        try:
            made.append(gathering.run_round(at(today)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in made if one is not None]) == 1
    assert Told.objects.count() == ChasingMail.objects.count() == 1


STEPS = st.lists(st.integers(0, 60), max_size=6).map(lambda found: ", ".join(map(str, found)))


@given(STEPS, STEPS, st.lists(st.integers(-90, 90), unique=True, max_size=60))
def test_no_step_is_told_twice_on_whatever_days_the_clock_comes_round(
    before: str, after: str, passed: list[int]
):
    due = date(2026, 6, 15)
    rhythm: Rhythm = rhythm_of(before, after, None, None)
    furthest, found = None, []
    for number in sorted(passed):
        step = rhythm.step(due, due + timedelta(days=number))
        if step is not None and (furthest is None or step > furthest):
            furthest = step
            found.append(step)
            assert step <= number
            assert not (step < 0 < number)
    assert found == sorted(set(found))
    assert set(found) <= set(rhythm.steps)
