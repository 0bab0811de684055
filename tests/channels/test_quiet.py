"""Quiet hours: the rule at every edge, the same rule in SQL, and what it does to deliveries."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from channels import delivery, outbox, quiet
from channels.claiming import claim_due
from channels.models import Action, Channel, Delivery, State
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from core import actor
from organisations.models import User
from tests import factories

MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 11, 30)

clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
windows = st.builds(quiet.Window, clocks, clocks, st.integers(0, quiet.EVERY_DAY))
moments = st.integers(0, 14 * 24 * 60).map(
    lambda minutes: timezone.make_aware(MONDAY) + timedelta(minutes=minutes)
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of the week; Monday is 0."""
    return timezone.make_aware(MONDAY + timedelta(days=day, hours=hour, minutes=minute))


NIGHT = quiet.Window(time(21), time(5, 30))


@pytest.mark.parametrize(
    ("window", "moment", "end"),
    [
        (NIGHT, at(0, 20, 59), None),
        (NIGHT, at(0, 21), at(1, 5, 30)),
        (NIGHT, at(1, 0), at(1, 5, 30)),
        (NIGHT, at(1, 5, 29), at(1, 5, 30)),
        (NIGHT, at(1, 5, 30), None),
        (quiet.Window(time(11, 30), time(13)), at(0, 13), None),
        (quiet.Window(time(11, 30), time(13)), at(0, 12, 59), at(0, 13)),
        # Friday evening only: the window of Friday lasts into Saturday, Saturday has none.
        (quiet.Window(time(21), time(5, 30), quiet.mask([4])), at(5, 3), at(5, 5, 30)),
        (quiet.Window(time(21), time(5, 30), quiet.mask([4])), at(5, 22), None),
        # The whole weekend: two windows of a day that touch.
        (quiet.Window(time(0), time(0), quiet.mask([5, 6])), at(5, 10), at(7, 0)),
        (quiet.Window(time(0), time(0), quiet.mask([5, 6])), at(7, 0), None),
    ],
)
def test_when_something_may_be_sent_again(
    window: quiet.Window, moment: datetime, end: datetime | None
) -> None:
    assert window.silent_until(moment) == end


@given(windows, moments)
def test_the_end_is_the_first_moment_that_is_not_quiet(
    window: quiet.Window, moment: datetime
) -> None:
    end = window.silent_until(moment)
    if end is None:
        assert window.end(moment) is None
        return
    assert end > moment
    assert window.end(end - MINUTE) is not None
    if not window.never_ends:
        assert window.end(end) is None


@settings(max_examples=25)
@given(windows)
def test_a_week_is_quiet_as_long_as_its_windows_say(window: quiet.Window) -> None:
    start = timezone.make_aware(MONDAY + timedelta(days=7))
    lengths = (datetime.combine(MONDAY, window.until) - datetime.combine(MONDAY, window.start)) % (
        quiet.DAY
    ) or quiet.DAY
    quiet_minutes = sum(
        window.end(start + timedelta(minutes=n * 15)) is not None for n in range(7 * 96)
    )
    if window.start.minute % 15 == 0 and window.until.minute % 15 == 0:
        assert quiet_minutes * 15 * MINUTE == lengths * len(quiet.weekdays(window.days))


@pytest.mark.django_db
def test_the_database_follows_the_same_rule() -> None:
    edges = [time(0), time(0, 1), time(5, 30), time(12), time(21), time(23, 59)]
    masks = [0, 1, 0b0010000, 0b1100000, quiet.EVERY_DAY]
    windows = ((start, until, days) for start in edges for until in edges for days in masks)
    Channel.objects.bulk_create(
        Channel(slug=f"k{i}", kind="portal", quiet_from=start, quiet_until=until, quiet_days=days)
        for i, (start, until, days) in enumerate(windows)
    )
    channels = list(Channel.objects.all())
    for day in (0, 1, 4, 5, 6):
        for clock in edges:
            for shift in (-MINUTE, timedelta(0), MINUTE):
                now = at(day, clock.hour, clock.minute) + shift
                found = set(Channel.objects.filter(quiet.holds(now)).values_list("pk", flat=True))
                assert found == {one.pk for one in channels if one.silent_until(now)}, now


@pytest.fixture
def hushed(room: Channel) -> Channel:
    """A channel that is quiet now, and for some hours."""
    local = timezone.localtime()
    room.quiet_from = (local - timedelta(hours=1)).time()
    room.quiet_until = (local + timedelta(hours=2)).time()
    room.save()
    return room


def publish(**values: Any) -> Delivery:
    reason = values.pop("reason", "")
    with transaction.atomic():
        outbox.publish(factories.story(**values), urgent_reason=reason)
    return Delivery.objects.latest("pk")


@pytest.mark.django_db
def test_an_item_waits_for_the_end(hushed: Channel) -> None:
    row = publish()
    deliver_due()
    assert MemoryAdapter.calls == []
    end = hushed.silent_until(timezone.now())
    assert end is not None
    assert len(claim_due(5, end)[0]) == 1
    row.refresh_from_db()
    assert row.attempt_count == 1


@pytest.mark.django_db
def test_an_urgent_item_goes_with_its_reason_on_record(hushed: Channel) -> None:
    silent = publish(level="urgent")
    row = publish(level="urgent", reason="Lũ lên nhanh trong đêm")
    deliver_due()
    row.refresh_from_db()
    silent.refresh_from_db()
    assert (row.state, silent.state) == (State.DELIVERED, State.PENDING)
    entry = row_log(row).get(action="channels.quiet_waived")
    assert entry.data["reason"] == "Lũ lên nhanh trong đêm"


@pytest.mark.django_db
def test_a_reason_given_later_lets_go_what_waits(hushed: Channel) -> None:
    story = factories.story(level="urgent")
    with transaction.atomic():
        outbox.publish(story)
    deliver_due()
    assert MemoryAdapter.calls == []
    person = User.objects.create_user("duyet")
    with actor.acting(person), transaction.atomic():
        outbox.publish(story, urgent_reason="Lũ lên nhanh")
    row = Delivery.objects.get()
    assert row.quiet_waiver == "Lũ lên nhanh"
    entry = row_log(row).get(action="channels.quiet_waived")
    assert (entry.user, entry.data["reason"]) == (person, "Lũ lên nhanh")
    with transaction.atomic():
        outbox.publish(story, urgent_reason="Lũ lên nhanh")
    assert row_log(row).filter(action="channels.quiet_waived").count() == 1
    deliver_due()
    assert [message.story for _verb, message in MemoryAdapter.calls] == [story.key]


@pytest.mark.django_db
def test_a_reason_given_later_holds_for_what_waits_for_something_else(room: Channel) -> None:
    story = factories.story(level="urgent")
    with transaction.atomic():
        outbox.publish(story)
        outbox.publish(story, urgent_reason="Lũ lên nhanh")
    row = Delivery.objects.get()
    assert row.quiet_waiver == "Lũ lên nhanh"
    assert not row_log(row).filter(action="channels.quiet_waived").exists()


@pytest.mark.django_db
def test_an_ordinary_item_needs_more_than_a_reason(hushed: Channel) -> None:
    assert publish(reason="Cho nhanh").quiet_waiver == ""


@pytest.mark.django_db
def test_a_withdrawal_does_not_wait(hushed: Channel) -> None:
    row = publish(level="urgent", reason="Lũ lên nhanh")
    deliver_due()
    with transaction.atomic():
        outbox.retract(row.story)
    deliver_due()
    last = Delivery.objects.latest("pk")
    assert (last.action, last.state) == (Action.RETRACT, State.DELIVERED)


@pytest.mark.django_db
def test_a_person_lets_one_go_and_says_why(hushed: Channel) -> None:
    row, other = publish(), publish()
    person = User.objects.create_user("duyet")
    with pytest.raises(delivery.NotAllowed):
        delivery.waive_quiet_hours(row, person, "  ")
    delivery.waive_quiet_hours(row, person, "Chủ tịch yêu cầu")
    deliver_due()
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state) == (State.DELIVERED, State.PENDING)
    entry = row_log(row).get(action="channels.quiet_waived")
    assert (entry.user, entry.data["reason"]) == (person, "Chủ tịch yêu cầu")
    with pytest.raises(delivery.NotAllowed):
        delivery.waive_quiet_hours(row, person, "Chủ tịch yêu cầu")


def row_log(row: Delivery) -> Any:
    return ModelLogEntry.objects.for_instance(row)
