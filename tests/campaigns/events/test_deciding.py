"""Held, reopened, put off, called off: the record, and what counts for the slot."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from campaigns.admin.slot_forms import store_document
from campaigns.events import agenda, changing, state, writing
from campaigns.events.changing import Held
from campaigns.events.models import Event
from campaigns.events.state import Status
from campaigns.evidence import locking
from campaigns.evidence.models import Evidence
from campaigns.slots.models import Slot
from core.errors import RefusedError
from organisations.models import Organisation, User

pytestmark = pytest.mark.django_db


def minutes(user: User) -> Held:
    file = ContentFile(b"Bien ban", name="bien-ban.txt")
    return Held(attended=150, minutes=store_document(file, "Biên bản", user))


def counted(slot: Slot) -> int:
    return Slot.objects.with_status().get(pk=slot.pk).counted


def test_held_counts_for_the_slot_once_and_shows_the_minutes(
    event: Event, slot: Slot, planner: User
) -> None:
    changing.hold(event, minutes(planner), planner)
    evidence = Evidence.objects.get(source_key=event.key)
    assert (evidence.kind, evidence.dated) == ("event", event.day)
    assert evidence.document is not None
    assert evidence.place == "Hội trường tầng 2"
    assert counted(slot) == 1
    with pytest.raises(RefusedError):
        changing.hold(event, minutes(planner), planner)
    assert counted(slot) == 1


def test_without_a_slot_it_is_found_by_host_and_day(
    event: Event, slot: Slot, planner: User
) -> None:
    event.slot = None
    event.save()
    changing.hold(event, minutes(planner), planner)
    assert counted(slot) == 1


def test_an_event_without_activity_counts_nowhere(event: Event, planner: User) -> None:
    Event.objects.filter(pk=event.pk).update(activity=None, slot=None)
    changing.hold(event, minutes(planner), planner)
    assert not Evidence.objects.exists()


def test_reopened_counts_no_more_and_held_again_counts_again(
    event: Event, slot: Slot, planner: User
) -> None:
    changing.hold(event, minutes(planner), planner)
    changing.reopen(event, "Nhầm ngày", planner)
    assert counted(slot) == 0
    event.refresh_from_db()
    assert event.held_at is None
    changing.hold(event, minutes(planner), planner)
    assert counted(slot) == 1
    assert Evidence.objects.count() == 1


def test_called_off_counts_no_more_and_can_be_taken_up_again(
    event: Event, slot: Slot, planner: User
) -> None:
    changing.hold(event, minutes(planner), planner)
    changing.cancel(event, "Do bão", planner)
    assert counted(slot) == 0
    with pytest.raises(RefusedError):
        changing.hold(event, minutes(planner), planner)
    changing.resume(event, "Bão đã tan", planner)
    event.refresh_from_db()
    assert event.is_open
    kinds = list(event.changes.values_list("kind", flat=True))
    assert kinds == ["held", "cancelled", "resumed"]


def test_what_a_submitted_report_uses_is_not_taken_back(
    event: Event, slot: Slot, planner: User
) -> None:
    changing.hold(event, minutes(planner), planner)
    locking.lock([Evidence.objects.get().pk], "report:1", "Báo cáo quý I")
    for change in (changing.reopen, changing.cancel):
        with pytest.raises(RefusedError, match="Báo cáo quý I"):
            change(event, "Nhầm", planner)
    assert counted(slot) == 1
    event.refresh_from_db()
    assert event.held_at is not None


def test_another_activity_takes_the_evidence_along(event: Event, slot: Slot, planner: User) -> None:
    changing.hold(event, minutes(planner), planner)
    other = Slot.objects.create(
        activity=slot.activity,
        organisation=Organisation.objects.create(code="x", name="Sở X"),
        period_start=slot.period_start,
        opens_on=slot.opens_on,
        due_on=slot.due_on,
    )
    event.refresh_from_db()
    event.slot = other
    event.save()
    changing.keep_in_line(event)
    assert (counted(slot), counted(other)) == (0, 1)
    event.activity = event.slot = None
    event.save()
    changing.keep_in_line(event)
    assert counted(other) == 0


@pytest.mark.parametrize("verb", [changing.reopen, changing.cancel])
def test_a_decision_needs_a_reason(verb: object, event: Event, planner: User) -> None:
    changing.hold(event, minutes(planner), planner)
    with pytest.raises(RefusedError):
        verb(event, "  ", planner)  # type: ignore[operator]
    assert event.changes.count() == 1


def test_held_needs_a_proof_and_a_time_that_has_come(event: Event, planner: User) -> None:
    with pytest.raises(RefusedError):
        changing.hold(event, Held(attended=5), planner)
    shift = timedelta(days=3)
    Event.objects.filter(pk=event.pk).update(
        starts_at=event.starts_at + shift, ends_at=event.ends_at + shift
    )
    with pytest.raises(RefusedError):
        changing.hold(event, minutes(planner), planner)


def test_put_off_moves_the_agenda_and_is_on_record(event: Event, planner: User) -> None:
    agenda.store(event, agenda.read("08:00 - 09:00 | Khai mạc", event).items)
    length, old = event.ends_at - event.starts_at, event.starts_at
    later = old + timedelta(days=7, hours=1)
    changing.postpone(event, later, "Chờ báo cáo", planner)
    event.refresh_from_db()
    assert (event.starts_at, event.ends_at - event.starts_at) == (later, length)
    assert event.agenda.get().starts_at == later
    change = event.changes.get()
    assert (change.old_start, change.new_start, change.reason) == (old, later, "Chờ báo cáo")
    with pytest.raises(RefusedError):
        changing.postpone(event, later, "Vẫn thế", planner)
    with pytest.raises(TypeError):
        change.save()


def test_only_an_event_without_record_is_deleted(event: Event, planner: User) -> None:
    changing.cancel(event, "Do bão", planner)
    with pytest.raises(RefusedError):
        changing.remove(event)
    event.changes.all().delete()
    changing.remove(event)
    assert not Event.objects.exists()


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"begins": 30 * 24 * HOUR}, Status.PREPARING),
        ({"begins": 30 * 24 * HOUR, "was_moved": True}, Status.POSTPONED),
        ({"begins": 5 * 24 * HOUR, "was_moved": True}, Status.SOON),
        ({"begins": -HOUR}, Status.UNDER_WAY),
        ({"begins": -5 * HOUR}, Status.UNCONFIRMED),
        ({"begins": -5 * HOUR, "held": True}, Status.AWAITS_ARTICLE),
        ({"begins": -5 * HOUR, "held": True, "article": True}, Status.COMPLETE),
        ({"begins": -5 * HOUR, "held": True, "needs": False}, Status.COMPLETE),
        ({"begins": HOUR, "cancelled": True}, Status.CANCELLED),
    ],
)
def test_the_status_follows_from_the_rest(values: dict[str, object], expected: Status) -> None:
    now = timezone.now()
    starts = now + values["begins"]  # type: ignore[operator]
    one = SimpleNamespace(
        starts_at=starts,
        ends_at=starts + 2 * HOUR,
        held_at=now if values.get("held") else None,
        cancelled_at=now if values.get("cancelled") else None,
        needs_article=values.get("needs", True),
    )
    found = state.of(
        one,  # type: ignore[arg-type]
        has_article=bool(values.get("article")),
        was_moved=bool(values.get("was_moved")),
        now=now,
    )
    assert found == expected


def test_nobody_registered_nothing_written() -> None:
    assert writing.written([]) == {}
