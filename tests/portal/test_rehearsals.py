"""Rehearsals from the form to the report; nothing of them reaches the outbox."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from campaigns.models import Activity, Plan
from channels.models import Channel, Delivery, Publication
from channels.testing import MemoryAdapter
from organisations.models import Organisation
from portal.models import Rehearsal, RehearsalState, RehearsedDelivery
from portal.rehearsal import running
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
DAY = timedelta(days=1)


@pytest.fixture
def activity(db: None) -> Activity:
    issuer = Organisation.objects.create(
        code="ubnd-thu", name="UBND tỉnh thử", level="province", kind="committee"
    )
    plan = Plan.objects.create(number="95/KH-UBND", title="Thử", issuer=issuer, year=2027)
    return Activity.objects.create(plan=plan, serial="1", content="Đăng tin", position=1)


def rehearsal(**values: Any) -> Rehearsal:
    begins = timezone.now() + DAY
    usual = {"name": "Thử", "begins_at": begins, "ends_at": begins + 7 * DAY}
    return Rehearsal.objects.create(**(usual | values))


def worked_out(**values: Any) -> Rehearsal:
    made = rehearsal(**values)
    running.work_out.call(made.pk)
    made.refresh_from_db()
    return made


def test_drafts_are_spread_over_the_period_and_told_to_every_channel(
    room: Channel, memory: type[MemoryAdapter]
) -> None:
    factories.article(title="Một")
    factories.article(title="Hai")
    made = worked_out()
    assert made.state == RehearsalState.PLAYING
    rows = list(made.deliveries.all())
    assert [row.title for row in rows] == ["Một", "Hai"]
    assert {row.channel_name for row in rows} == {room.name}
    assert all(made.begins_at < row.planned_at < made.ends_at for row in rows)
    assert all(row.message["text"] for row in rows)
    assert not Publication.objects.exists()
    assert not Delivery.objects.exists()
    assert memory.calls == []


def test_a_test_target_has_no_part(room: Channel) -> None:
    factories.channel("thu", "memory", name="Kênh thử", is_test=True)
    factories.article(title="Một")
    assert [row.channel_name for row in worked_out().deliveries.all()] == [room.name]


def test_an_approved_item_keeps_its_time(room: Channel) -> None:
    page = factories.article(title="Có giờ")
    at = (timezone.now() + 3 * DAY).replace(microsecond=0)
    page.go_live_at = at
    page.save_revision(approved_go_live_at=at)
    made = worked_out(with_drafts=False)
    (row,) = made.deliveries.all()
    assert row.planned_at == at
    assert made.deliveries.until(made.begins_at).count() == 0
    assert made.deliveries.until(made.ends_at).count() == 1


def test_a_campaign_is_rehearsed_without_the_rest(room: Channel, activity: Activity) -> None:
    factories.article(title="Của kế hoạch", activity=activity)
    factories.article(title="Tin khác")
    made = worked_out(plan=activity.plan)
    assert [row.title for row in made.deliveries.all()] == ["Của kế hoạch"]


def test_where_nothing_fits_it_says_what_to_do(room: Channel) -> None:
    made = worked_out()
    assert made.state == RehearsalState.FAILED
    assert "khoảng thời gian" in made.problem


def test_a_channel_that_cannot_be_used_is_named_and_holds_up_no_other(room: Channel) -> None:
    factories.channel("la", "pigeon", name="Kênh lạ")
    factories.article()
    made = worked_out()
    assert "Kênh lạ" in made.problem
    assert made.deliveries.count() == 1


def test_too_many_are_refused(room: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST", 1)
    factories.article()
    factories.article(title="Hai")
    assert worked_out().state == RehearsalState.FAILED


def test_it_is_worked_out_once(room: Channel) -> None:
    factories.article()
    made = worked_out()
    running.work_out.call(made.pk)
    assert made.deliveries.count() == 1


def test_its_clock_runs_a_hundred_times_as_fast_and_stops_at_the_end() -> None:
    made = rehearsal(started_at=timezone.now(), state=RehearsalState.PLAYING)
    assert made.clock(made.started_at + timedelta(minutes=1)) == made.begins_at + timedelta(
        minutes=100
    )
    assert made.clock(made.started_at + DAY) == made.ends_at
    assert made.is_over(made.started_at + DAY)


@pytest.mark.parametrize("length", [timedelta(0), timedelta(days=-1), timedelta(days=400)])
def test_a_period_without_sense_is_refused(length: timedelta) -> None:
    begins = timezone.now()
    made = Rehearsal(name="Thử", begins_at=begins, ends_at=begins + length)
    with pytest.raises(ValidationError) as refusal:
        made.full_clean()
    assert "ends_at" in refusal.value.message_dict


def test_from_the_form_to_the_report(
    room: Channel,
    as_person: Callable[[str], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    factories.article(title="Tin để thử")
    browser = as_person("planner")
    begins = timezone.localtime() + DAY
    form = {
        "name": "Diễn tập tháng 12", "plan": "", "speed": "10000", "with_drafts": "on",
        "begins_at": f"{begins:%d/%m/%Y %H:%M}", "ends_at": f"{begins + DAY:%d/%m/%Y %H:%M}",
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(reverse("portal_rehearsals:add"), form)
    made = Rehearsal.objects.get()
    assert answer.headers["Location"] == reverse("portal_rehearsals:inspect", args=[made.pk])
    Rehearsal.objects.update(started_at=timezone.now() - DAY)  # it is over
    shown = browser.get(answer.headers["Location"]).content.decode()
    assert "DIỄN TẬP" in shown
    assert "Tin để thử" in shown
    row = RehearsedDelivery.objects.get()
    message = browser.get(reverse("portal_rehearsals:message", args=[made.pk, row.pk]))
    assert "DIỄN TẬP" in message.content.decode()
    report = browser.get(reverse("portal_rehearsals:export", args=[made.pk]), {"format": "csv"})
    head, line, *_rest = b"".join(report.streaming_content).decode().splitlines()
    assert "DIỄN TẬP" in head
    assert "DIỄN TẬP" in line
    assert "Tin để thử" in line
    browser.post(reverse("portal_rehearsals:again", args=[made.pk]))
    made.refresh_from_db()
    assert made.clock(timezone.now()) < made.ends_at
    rows = browser.get(answer.headers["Location"], {"part": "rows"}).content.decode()
    assert "<html" not in rows


def test_a_wrong_form_keeps_what_was_typed(as_person: Callable[[str], Client]) -> None:
    form = {"name": "Thử", "speed": "100", "begins_at": "30/02/2027 08:00", "ends_at": ""}
    answer = as_person("approver").post(reverse("portal_rehearsals:add"), form)
    assert answer.status_code == 200
    assert "30/02/2027 08:00" in answer.content.decode()
    assert not Rehearsal.objects.exists()
