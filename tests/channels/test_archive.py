"""Old deliveries leave the outbox whole and once, and nothing that still counts goes with them."""

import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels import outbox, standing
from channels.archive import moving, walking
from channels.archive.models import ArchivedDelivery, ArchiveSettings, ArchiveWalk
from channels.contract import PermanentError, Story
from channels.feeds.models import StationFetch, StationKey, StationReport
from channels.models import Action, Attempt, Channel, Delivery, Publication, State
from channels.testing import MemoryAdapter
from channels.watching import canary, tallies
from channels.worker import deliver_due
from tests import factories
from tests.channels.channel_fixtures import text_of

pytestmark = pytest.mark.django_db

AGE = timedelta(days=3 * 365)
LATER = timedelta(days=1, minutes=1)  # the next walk


def publish(story: Story) -> None:
    with transaction.atomic():
        outbox.publish(story)
    deliver_due()


def retract(story: Story) -> None:
    with transaction.atomic():
        outbox.retract(story.key)
    deliver_due()


def make_old(age: timedelta = AGE) -> None:
    """Let what happened just now have happened so much earlier."""
    Attempt.objects.filter(started_at__gt=timezone.now() - timedelta(hours=1)).update(
        started_at=F("started_at") - age
    )
    Delivery.objects.filter(created_at__gt=timezone.now() - timedelta(hours=1)).update(
        created_at=F("created_at") - age, due_at=F("due_at") - age, settled_at=F("settled_at") - age
    )


def item(*titles: str, age: timedelta = AGE) -> Story:
    """Publish an item and correct it, long ago."""
    story = factories.story()
    for title in titles or ("Bản 1", "Bản 2", "Bản 3"):
        publish(replace(story, title=title))
    make_old(age)
    return story


def left() -> list[tuple[str, str, int]]:
    rows = Delivery.objects.order_by("pk")
    return list(rows.values_list("action", "state", "sequence"))


def kept() -> list[tuple[str, str, int]]:
    rows = ArchivedDelivery.objects.order_by("delivery")
    return list(rows.values_list("action", "state", "sequence"))


def test_what_was_overtaken_leaves_with_its_attempts(room: Channel) -> None:
    item()
    first = Delivery.objects.order_by("pk").first()
    assert first is not None
    attempt = first.attempts.get()
    assert walking.run(timezone.now()) == 2
    assert left() == [("update", "delivered", 3)]
    assert kept() == [("publish", "delivered", 1), ("update", "delivered", 2)]
    row = ArchivedDelivery.objects.get(delivery=first.pk)
    assert (row.channel, row.channel_name, row.channel_slug) == (room, "Phòng thử", "phong")
    assert row.title == "Bản 1"
    assert (row.payload, row.receipt) == (first.payload, first.receipt)
    assert (row.created_at, row.settled_at) == (first.created_at, first.settled_at)
    assert row.attempts == [moving.told(attempt)]
    assert not Attempt.objects.filter(pk=attempt.pk).exists()
    assert walking.run(timezone.now() + LATER) == 0
    assert ArchivedDelivery.objects.count() == 2


def test_what_is_not_so_old_stays(room: Channel) -> None:
    item(age=timedelta(days=700))  # less than two years
    assert walking.run(timezone.now()) == 0
    ArchiveSettings.objects.update_or_create(defaults={"months": 22})
    assert walking.run(timezone.now() + LATER) == 2


def test_never_is_never(room: Channel) -> None:
    ArchiveSettings.objects.update_or_create(defaults={"months": 0})
    item(age=timedelta(days=30 * 365))
    assert walking.run(timezone.now()) == 0
    assert not ArchiveWalk.objects.exists()


def test_a_correction_of_an_old_item_changes_the_message_that_stands(room: Channel) -> None:
    story = item()
    walking.run(timezone.now())
    publish(replace(story, title="Bản 4"))
    assert [message.title for message in MemoryAdapter.shown.values()] == ["Bản 4"]
    assert MemoryAdapter.calls[-1][0] == "update"
    retract(story)
    assert MemoryAdapter.shown == {}


def test_an_old_item_published_as_it_stands_goes_nowhere_again(room: Channel) -> None:
    story = item()
    walking.run(timezone.now())
    publish(replace(story, title="Bản 3"))
    assert len(MemoryAdapter.calls) == 3


def test_of_what_was_taken_down_nothing_stays(room: Channel) -> None:
    story = item()
    retract(story)
    make_old(timedelta(days=800))
    assert walking.run(timezone.now()) == 4
    assert left() == []
    retract(story)  # there is nothing to take down
    assert left() == []
    publish(replace(story, title="Bản 5"))
    assert left() == [("publish", "delivered", 5 - 1)]


@pytest.mark.parametrize("name", ["due_at", "settled_at"])
def test_what_was_settled_late_keeps_the_withdrawal_that_came_after_it(
    room: Channel, name: str
) -> None:
    story = item("Bản 1")
    retract(story)
    make_old()
    first, last = Delivery.objects.order_by("pk")
    moment = last.due_at + timedelta(hours=40)  # its person had until then, or said so then
    Delivery.objects.filter(pk=first.pk).update(**{name: moment})
    ArchiveSettings.objects.update_or_create(defaults={"months": 1})
    now = moment + timedelta(days=28)
    while walking.run(now) == 0:
        assert left() == [("publish", "delivered", 1), ("retract", "delivered", 1)]
        now += timedelta(days=1)
        assert now < timezone.now()
    assert left() == []
    assert not outbox.standings(story.key)


@pytest.mark.parametrize("state", [State.PENDING, State.SENDING, State.UNCERTAIN, State.AWAITING])
def test_while_one_is_open_all_of_them_stay(room: Channel, state: State) -> None:
    item()
    last = Delivery.objects.latest("pk")
    lease = {"lease_until": timezone.now(), "lease_token": last.publication.story}
    Delivery.objects.filter(pk=last.pk).update(state=state, **lease)
    assert walking.run(timezone.now()) == 0
    assert len(left()) == 3


def test_a_failure_that_a_person_is_asked_about_stays(room: Channel) -> None:
    MemoryAdapter.faults[:] = [None, PermanentError("quá dài"), PermanentError("quá dài")]
    item()
    assert walking.run(timezone.now()) == 1
    assert left() == [("publish", "delivered", 1), ("update", "failed", 3)]
    assert list(Delivery.objects.needing_a_person(timezone.now()).values_list("sequence")) == [(3,)]


def test_what_stations_took_or_said_stays(radio: Channel) -> None:
    item()
    first, second, _third = Delivery.objects.order_by("pk")
    key = StationKey.objects.create(channel=radio, name="Đài tỉnh", token_hash="a" * 64)
    StationFetch.objects.note(key, [first.pk], timezone.now())
    values = {"kind": StationReport.Kind.AIRED, "at": timezone.now()}
    StationReport.objects.create(key=key, delivery=second, **values)
    assert walking.run(timezone.now()) == 0
    assert StationFetch.objects.count() == StationReport.objects.count() == 1


def test_a_feed_goes_on_telling_what_is_gone(radio: Channel) -> None:
    story = item("Bản 1")
    retract(story)
    make_old(timedelta(days=800))
    assert walking.run(timezone.now()) == 1
    assert left() == [("retract", "delivered", 1)]


def test_trial_messages_are_left_to_those_who_sent_them(memory: Any, db: None) -> None:
    target = factories.channel("thu", "memory", is_test=True)
    with transaction.atomic():
        outbox.publish_trial(canary.story(target), target)
    Delivery.objects.update(state=State.CANCELLED)
    make_old()
    assert walking.run(timezone.now()) == 0


@pytest.mark.parametrize("fails_at", ["bulk_create", "delete"])
def test_killed_in_the_middle_nothing_is_lost_or_doubled(
    room: Channel, monkeypatch: pytest.MonkeyPatch, fails_at: str
) -> None:
    monkeypatch.setattr(moving, "TOGETHER", 1)
    for _number in range(3):
        item()
    target = (
        type(ArchivedDelivery.objects)
        if fails_at == "bulk_create"
        else type(Delivery.objects.all())
    )
    whole, calls = getattr(target, fails_at), []

    def killed(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = whole(self, *args, **kwargs)
        if self.model in {ArchivedDelivery, Delivery}:
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt
        return result

    with monkeypatch.context() as patched:
        patched.setattr(target, fails_at, killed)
        with pytest.raises(KeyboardInterrupt):
            walking.run(timezone.now())
    assert (ArchivedDelivery.objects.count(), Delivery.objects.count()) == (2, 7)
    assert Attempt.objects.count() == 7
    assert walking.run(timezone.now()) == 0  # whoever was killed may still be at it
    assert walking.run(timezone.now() + walking.LEASE) == 4
    assert (ArchivedDelivery.objects.count(), Delivery.objects.count()) == (6, 3)


def test_a_walk_goes_page_by_page_and_rests(room: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "PAGE", 2)
    monkeypatch.setattr(walking, "PAGES", 2)
    monkeypatch.setattr(moving, "AT_ONCE", 1)
    for _number in range(3):
        item()
    now = timezone.now()
    moved = [walking.run(now) for _round in range(4)]
    assert sum(moved) == 6
    assert moved[-1] == 0
    walk = ArchiveWalk.objects.get()
    assert (walk.seen_at, walk.due_at) == (None, now + walking.REST)


def test_old_ones_that_stay_do_not_hold_the_walk_up(
    room: Channel, django_assert_max_num_queries: Any
) -> None:
    for _number in range(30):
        item("Bản 1")
    tallies.run(timezone.now())
    with django_assert_max_num_queries(20):
        assert walking.run(timezone.now()) == 0


def test_attempts_are_counted_before_they_leave(room: Channel) -> None:
    item()
    walking.run(timezone.now())
    assert tallies.read()["attempts", "memory", "delivered"] == 3


def test_the_cutoff_is_counted_in_months_of_the_calendar() -> None:
    now = datetime(2026, 3, 31, 1, 0, tzinfo=UTC)
    assert moving.cutoff(now, 1) == datetime(2026, 2, 28, 1, 0, tzinfo=UTC)
    assert moving.cutoff(now, 3) == datetime(2025, 12, 31, 1, 0, tzinfo=UTC)
    assert moving.cutoff(now, 24) == datetime(2024, 3, 31, 1, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="month"):
        moving.cutoff(now, 0)


def archive(*args: str) -> str:
    out = StringIO()
    call_command("archive_deliveries", *args, stdout=out)
    return out.getvalue().strip()


def test_the_command(room: Channel) -> None:
    item()
    assert archive("--dry-run") == "2 deliveries would be archived."
    assert len(left()) == 3
    assert archive("--months", "60") == "0 deliveries archived."
    assert archive() == "2 deliveries archived."
    assert archive() == "0 deliveries archived."
    with pytest.raises(CommandError):
        archive("--months", "-1")
    ArchiveSettings.objects.update_or_create(defaults={"months": 0})
    assert "never" in archive()


def test_what_stays_tells_the_same_as_all_of_them(memory: Any, db: None) -> None:
    """Every row of four settled deliveries, however they ended and whatever they were for."""
    actions = [(Action.PUBLISH, 1), (Action.UPDATE, 2), (Action.RETRACT, 2), (Action.PUBLISH, 3)]
    states = [State.DELIVERED, State.FAILED, State.CANCELLED]
    channel = factories.channel("phong", "memory")
    now = timezone.now()
    for number in range(3**4):
        ends = [states[number // 3**place % 3] for place in range(4)]
        lane = [
            Delivery(pk=pk, action=action, state=state, sequence=sequence, channel=channel,
                     receipt={"external_id": str(pk)}, created_at=now, due_at=now)
            for pk, ((action, sequence), state) in enumerate(zip(actions, ends, strict=True))
        ]  # fmt: skip
        needed = moving.still_needed(lane, pulls=False)
        for gone in range(5):  # oldest first, interrupted anywhere
            stay = [row for row in lane if row.pk in needed or row.pk >= gone]
            before, after = standing.after(lane), standing.after(stay)
            assert (before.up, before.receipt) == (after.up, after.receipt)


def test_the_list_and_one_of_it(admin: Client, room: Channel) -> None:
    story = item("Cấp thẻ căn cước", "Cấp thẻ căn cước nhanh")
    item("Khác hẳn", "Khác hẳn nữa")
    walking.run(timezone.now())
    address = reverse("channels_archive")
    page = text_of(admin.get(address))
    assert "Cấp thẻ căn cước" in page
    assert "Khác hẳn" in page
    results = reverse("channels_archive_results")
    for query in ({"q": "can cuoc"}, {"story": story.key}):
        page = text_of(admin.get(results, query))
        assert "Cấp thẻ căn cước" in page
        assert "Khác hẳn" not in page
    year = timezone.localdate().year
    for query, found in (
        ({"channel": room.pk, "state": "delivered"}, True),
        ({"state": "failed"}, False),
        ({"created_at_from": f"{year - 4}-01-01", "created_at_to": f"{year - 2}-01-01"}, True),
        ({"created_at_from": f"{year - 1}-01-01"}, False),
    ):
        assert ("Cấp thẻ căn cước" in text_of(admin.get(results, query))) == found
    csv = b"".join(admin.get(address, {"export": "csv"})).decode()
    assert "Cấp thẻ căn cước,1,Phòng thử" in csv
    row = ArchivedDelivery.objects.of_story(story.key).get()
    page = text_of(admin.get(reverse("channels_archived", args=[row.pk])))
    for words in ("Cấp thẻ căn cước", "Không thu phí.", "Đã nhận"):
        assert words in page


def test_an_items_own_page_says_what_is_in_the_archive(admin: Client, room: Channel) -> None:
    page = factories.article(live=True)
    deliver_due()
    page.title = "Đã sửa"
    page.save_revision().publish()
    deliver_due()
    make_old()
    walking.run(timezone.now())
    shown = text_of(admin.get(reverse("portal_deliveries", args=[page.pk])))
    assert f"{reverse('channels_archive')}?story={page.story}" in shown


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent transactions")
@pytest.mark.django_db(transaction=True)
def test_a_story_that_somebody_changes_just_now_is_left(room: Channel) -> None:
    held, other = item("Bản 1", "Bản 2"), item("Bản 1", "Bản 2")

    def walk() -> int:
        try:
            return walking.archive_all(timezone.now(), 24)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Publication.objects.lock(held.key)
        assert pool.submit(walk).result(timeout=30) == 1  # it waits for nobody
    assert ArchivedDelivery.objects.get().story == uuid.UUID(other.key)
    assert walking.archive_all(timezone.now(), 24) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent transactions")
@pytest.mark.django_db(transaction=True)
def test_while_a_worker_sends_and_people_correct(room: Channel) -> None:
    """The archive walks all the time; no correction is lost, doubled, or sent as a new message."""
    stories = [item("Bản 1", "Bản 2") for _number in range(4)]
    Publication.objects.update(created_at=timezone.now() - AGE)

    def closing(function: Callable[..., Any], *args: Any) -> Any:
        try:
            return function(*args)
        finally:
            connection.close()

    def walk() -> int:
        return sum(walking.archive_all(timezone.now(), 1) for _round in range(20))

    def correct() -> None:
        for number in range(3, 8):
            for story in stories:
                publish(replace(story, title=f"Bản {number}"))

    with ThreadPoolExecutor(4) as pool:
        jobs = [walk, walk, correct, deliver_due]
        done: list[Future[Any]] = [pool.submit(closing, job) for job in jobs]
        results = [future.result(timeout=60) for future in done]
    deliver_due()
    assert results[0] + results[1] == ArchivedDelivery.objects.count()
    walking.archive_all(timezone.now(), 1)
    assert ArchivedDelivery.objects.count() == 8  # what is newer stays
    assert [message.title for message in MemoryAdapter.shown.values()] == ["Bản 7"] * 4
    assert not Delivery.objects.undelivered().exclude(state=State.CANCELLED).exists()
