"""Probes, trial messages, alarms and counters."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels import heartbeat, outbox
from channels.adapters.zalo_access import Tokens
from channels.contract import Message, PermanentError, Receipt, TemporaryError
from channels.models import Attempt, Channel, Delivery, Publication, State
from channels.testing import MemoryAdapter
from channels.watching import alarms, asking, canary, rounds, rules, tallies
from channels.watching.models import Alarm, Canary, Probe, Tally, WatchSettings
from channels.worker import deliver_due
from core import metrics
from core.crypto import encrypt
from tests import factories
from tests.channels.channel_fixtures import Box
from tests.planted_deliveries import plant

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
NOW = timezone.now


@pytest.fixture
def watch(db: None) -> WatchSettings:
    """Settings that name somebody to be told."""
    settings = WatchSettings.load()
    settings.mail_to = "truc@tinh.vn, ca.truc@tinh.vn"
    settings.save()
    return settings


@pytest.fixture
def alive(db: None) -> None:
    heartbeat.beat(NOW())


# Alarms


def told() -> list[str]:
    texts = [str(letter.body) for letter in mail.outbox]
    mail.outbox.clear()
    return texts


def test_an_alarm_is_told_once_again_after_a_day_and_when_it_is_over(
    watch: WatchSettings, alive: None, room: Channel
) -> None:
    now = NOW()
    Channel.objects.update(stopped_at=now - timedelta(hours=1), stopped_reason="Bot đã bị xóa.")
    alarms.run(now)
    [first] = told()
    assert "Phòng thử" in first
    assert "Bot đã bị xóa." in first
    assert f"/admin/channels/inspect/{room.pk}/" in first
    alarms.run(now + timedelta(minutes=1))
    assert told() == []
    heartbeat.beat(now + timedelta(hours=25))
    alarms.run(now + timedelta(hours=25))
    assert "Chưa xử lý xong:" in told()[0]
    Channel.objects.update(stopped_at=None)
    alarms.run(now + timedelta(hours=25, minutes=1))
    assert "Đã hết:" in told()[0]
    alarms.run(now + timedelta(hours=25, minutes=2))
    assert told() == []
    row = Alarm.objects.get()
    assert (row.told_count, row.closed_at is not None) == (2, True)


def test_a_channel_that_stopped_a_moment_ago_is_no_alarm_yet(
    watch: WatchSettings, alive: None, room: Channel
) -> None:
    Channel.objects.update(stopped_at=NOW() - timedelta(minutes=1))
    assert alarms.run(NOW()) == 0


def test_a_silent_worker_is_told_of_by_others(watch: WatchSettings) -> None:
    heartbeat.beat(NOW() - timedelta(minutes=10))
    with pytest.raises(CommandError) as error:
        call_command("alarms")
    assert error.value.returncode == 2
    assert "không hoạt động" in told()[0]


def test_nothing_wrong_is_no_alarm_and_no_mail(watch: WatchSettings, alive: None) -> None:
    call_command("alarms")
    assert told() == []


def test_a_new_system_without_work_needs_no_worker(watch: WatchSettings) -> None:
    assert list(rules.worker_silent(NOW(), watch)) == []


def test_what_nobody_takes_and_what_nobody_confirms(
    watch: WatchSettings, alive: None, room: Channel
) -> None:
    plant(2, 2)
    old = NOW() - timedelta(hours=3)
    Channel.objects.update(last_success_at=old, works_since=old)
    rows = list(Delivery.objects.order_by("pk")[:2])
    Delivery.objects.filter(pk=rows[0].pk).update(state=State.PENDING, due_at=old)
    Delivery.objects.filter(pk=rows[1].pk).update(state=State.AWAITING, due_at=old)
    alarms.run(NOW())
    assert set(Alarm.objects.values_list("kind", flat=True)) == {"untaken", "overdue"}


def test_the_channel_of_the_administrators_is_told_too(
    watch: WatchSettings, alive: None, room: Channel, memory: type[MemoryAdapter]
) -> None:
    watch.channel = room
    watch.save()
    factories.channel("hong", "memory", stopped_at=NOW() - timedelta(hours=1),
                      stopped_reason="token=matkhau123")  # fmt: skip
    alarms.run(NOW())
    [(_verb, message)] = memory.calls
    assert "Hong" in message.text
    assert "matkhau123" not in message.text + told()[0]


def test_an_access_that_ends_soon_is_told_until_it_is_renewed(
    watch: WatchSettings, alive: None
) -> None:
    now = NOW()
    access = Tokens("a", "matKhau", "maMoi", now.timestamp() + 3600,
                    renewed=now.timestamp() - 80 * 86_400)  # fmt: skip
    options = {"app_id": "1234567890", "cover": "https://tinh.example.vn/bia.jpg"}
    zalo = factories.channel("zalo", "zalo", name="Zalo tỉnh", options=options,
                             secret=encrypt(access.text()))  # fmt: skip
    alarms.run(now)
    [text] = told()
    assert "Zalo tỉnh: " in text
    assert f"/admin/channels/inspect/{zalo.pk}/" in text
    assert "matKhau" not in text
    assert Alarm.objects.get().kind == "attention"
    renewed = replace(access, renewed=now.timestamp())
    Channel.objects.filter(pk=zalo.pk).update(secret=encrypt(renewed.text()))
    alarms.run(now + timedelta(minutes=1))
    assert "Đã hết:" in told()[0]


def test_what_nobody_could_be_told_is_tried_again(
    watch: WatchSettings, alive: None, room: Channel, settings: Any
) -> None:
    Channel.objects.update(stopped_at=NOW() - timedelta(hours=1))
    settings.EMAIL_BACKEND = "tests.channels.test_watching.Unreachable"
    alarms.run(NOW())
    assert Alarm.objects.get().told_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    alarms.run(NOW())
    assert len(told()) == 1


class Unreachable:
    """A mail server that is not there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise OSError("no route")


def test_without_named_addresses_every_administrator_is_told(
    alive: None, room: Channel, django_user_model: Any
) -> None:
    django_user_model.objects.create_superuser("truong", "truong@tinh.vn", "x")
    django_user_model.objects.create_user("nguoi-khac", "khac@tinh.vn", "x")
    Channel.objects.update(stopped_at=NOW() - timedelta(hours=1))
    alarms.run(NOW())
    assert [letter.to for letter in mail.outbox] == [["truong@tinh.vn"]]


def test_of_two_watches_one_opens_and_one_tells(watch: WatchSettings, alive: None) -> None:
    finding = rules.Finding("x", "channel", "Hỏng")
    alarms.open_alarm(finding, NOW())
    alarms.open_alarm(finding, NOW())
    row = Alarm.objects.get()
    assert [alarms.told(row, NOW()), alarms.told(row, NOW())] == [True, False]


# Probes


@pytest.fixture
def asked(box: type[Box], monkeypatch: pytest.MonkeyPatch) -> Channel:
    monkeypatch.setattr(Box, "can_probe", True)
    return factories.channel("hop", "box", options={"chat_id": 7})


def turn(now: datetime) -> Probe:
    Probe.objects.update(due_at=now)
    asking.run(now)
    return Probe.objects.get()


def test_every_receiver_is_asked_in_turn(asked: Channel) -> None:
    now = NOW()
    assert asking.run(now) == 0  # its first turn lies somewhere in the interval
    assert now <= Probe.objects.get().due_at <= now + timedelta(minutes=15)
    probe = turn(now)
    assert (probe.ok, probe.name, probe.due_at) == (True, "Nhóm CCHC", now + timedelta(minutes=15))
    assert asking.run(now) == 0


def test_a_receiver_that_stays_away_is_an_alarm_until_it_is_back(
    asked: Channel, watch: WatchSettings, alive: None
) -> None:
    now = NOW()
    asking.run(now)
    Box.answer = TemporaryError("Không nối được.")
    assert turn(now).ok is False
    alarms.run(NOW())
    assert not Alarm.objects.exists()
    later = now + timedelta(minutes=20)
    heartbeat.beat(later)
    alarms.run(later)
    assert "Không nối được." in Alarm.objects.get().text
    Box.answer = "Nhóm CCHC"
    assert turn(later).failing_since is None
    alarms.run(later)
    assert Alarm.objects.get().closed_at


def test_stopped_channels_are_left_alone(asked: Channel) -> None:
    asking.run(NOW())
    Channel.objects.update(stopped_at=NOW())
    Probe.objects.update(due_at=NOW())
    assert asking.run(NOW()) == 0


# Trial messages


@pytest.fixture
def target(room: Channel) -> Channel:
    Channel.objects.filter(pk=room.pk).update(is_test=True)
    room.refresh_from_db()
    return room


def test_a_trial_goes_the_whole_way_and_is_proved(
    target: Channel, memory: type[MemoryAdapter]
) -> None:
    public = factories.channel("cong-khai", "memory", name="Công khai")
    now = NOW()
    canary.run(now)
    deliver_due()
    [(_verb, message)] = memory.calls
    assert message.title.startswith("[TIN THỬ]")
    assert canary.run(now) == 1
    row = Canary.objects.get()
    assert (row.arrived_at, row.problem) == (now, "")
    assert "phiếu nhận" in row.proof
    assert not public.deliveries.exists()
    assert not Publication.objects.items().exists()


def test_test_targets_get_no_items_and_others_no_trials(target: Channel) -> None:
    factories.article(live=True)
    assert not target.deliveries.exists()
    Channel.objects.update(is_test=False)
    target.refresh_from_db()
    with pytest.raises(ValueError, match="test targets"):
        outbox.publish_trial(factories.story(), target)


def test_trials_that_do_not_arrive_are_an_alarm(
    target: Channel, memory: type[MemoryAdapter], watch: WatchSettings
) -> None:
    now = NOW()
    Canary.objects.create(channel=target, due_at=now, since=now - timedelta(hours=3))
    memory.faults.append(PermanentError("Nhóm không còn."))
    canary.run(now)
    deliver_due()
    canary.run(now)
    heartbeat.beat(now)
    alarms.run(now)
    assert "Nhóm không còn." in Alarm.objects.get().text
    Canary.objects.update(due_at=now)
    canary.run(now)  # the next one is sent all the same
    deliver_due()
    canary.run(NOW())
    alarms.run(NOW())
    assert Alarm.objects.get().closed_at


def test_a_receipt_is_not_believed_where_one_can_look(
    target: Channel, memory: type[MemoryAdapter], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def arrived(self: Any, message: Message, receipt: Receipt) -> str:
        raise TemporaryError("Không thấy tin trong nhóm.")

    monkeypatch.setattr(MemoryAdapter, "arrived", arrived)
    canary.run(NOW())
    deliver_due()
    assert canary.run(NOW()) == 0
    row = Canary.objects.get()
    assert (row.arrived_at, row.problem) == (None, "Không thấy tin trong nhóm.")


def test_a_kind_that_breaks_while_looking_keeps_no_other_trial_from_being_proved(
    target: Channel, memory: type[MemoryAdapter], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.channel("thu-2", "memory", is_test=True, options={"room": "hai"})

    async def arrived(self: Any, message: Message, receipt: Receipt) -> None:
        if self.options.room != "hai":
            raise KeyError("bí mật")

    monkeypatch.setattr(MemoryAdapter, "arrived", arrived)
    canary.run(NOW())
    deliver_due()
    assert canary.run(NOW()) == 1
    broken, proved = target.canary, other.canary
    assert (broken.arrived_at, proved.problem) == (None, "")
    assert "Lỗi nội bộ" in broken.problem
    assert "bí mật" not in broken.problem
    assert proved.arrived_at is not None


def test_a_receiver_that_never_answers_does_not_hold_the_watch_up(
    target: Channel, memory: type[MemoryAdapter], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    async def arrived(self: Any, message: Message, receipt: Receipt) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(MemoryAdapter, "arrived", arrived)
    canary.run(NOW())
    deliver_due()
    settings.DELIVERY_TIMEOUT_SECONDS = 0
    assert canary.run(NOW()) == 0
    assert target.canary.problem == "Nơi nhận không trả lời kịp thời hạn."


def test_old_trials_are_cleared_away(target: Channel) -> None:
    canary.run(NOW())
    deliver_due()
    Publication.objects.update(created_at=NOW() - timedelta(days=8))
    canary.run(NOW())
    assert not Publication.objects.filter(created_at__lt=NOW() - timedelta(days=7)).exists()


# Counters, figures, rounds


def test_each_attempt_is_counted_once(room: Channel) -> None:
    plant(3, 2, attempts=True)
    assert tallies.run(NOW()) == 0  # too fresh: one with a lower number may still come
    later = NOW() + timedelta(minutes=1)
    assert tallies.run(later) == 6
    assert tallies.run(later) == 0
    Attempt.objects.all().delete()
    read = tallies.read()
    assert read["attempts", "memory", "delivered"] == 6
    assert read["duration", "memory", "0.05"] == 6
    assert read["duration", "memory", "count"] == 6
    assert round(read["duration", "memory", "sum"], 2) == 0.18


def test_the_figures_are_all_there(target: Channel, asked: Channel, client: Client) -> None:
    plant(3, 2, attempts=True)
    tallies.run(NOW() + timedelta(minutes=1))
    Canary.objects.create(channel=target)
    asking.run(NOW())
    turn(NOW())
    text = client.get("/metrics").content.decode()
    for line in (
        'nhipcau_attempts_total{kind="memory",outcome="delivered"} 6.0',
        'nhipcau_attempt_duration_seconds_bucket{kind="memory",le="0.05"} 6.0',
        'nhipcau_attempt_duration_seconds_count{kind="memory"} 6.0',
        'nhipcau_canary_age_seconds{kind="memory"}',
        'nhipcau_channels{condition="working",kind="memory"}',
        'nhipcau_deliveries{kind="memory",state="delivered"}',
        "nhipcau_deliveries_overdue",
        "nhipcau_deliveries_untaken 0.0",
        'nhipcau_probes_failing{kind="box"} 0.0',
        "nhipcau_station_fetch_age_seconds +Inf",
        "nhipcau_figures_failed 0.0",
    ):
        assert line in text, line


def test_the_figures_of_others_survive_one_that_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(metrics, "_FAMILIES", {"x": lambda: 1 / 0})  # type: ignore[dict-item]
    text = client.get("/metrics").content.decode()
    assert "nhipcau_figures_failed 1.0" in text
    assert "nhipcau_deliveries_uncertain" in text


def test_a_job_that_fails_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    done = []

    def broken(now: datetime) -> int:
        raise ZeroDivisionError

    rounds.run(NOW(), (broken, lambda now: done.append(now) or 0))
    assert len(done) == 1
    assert "Watch:" in caplog.text


def test_a_monitor_elsewhere_sees_a_silent_worker(client: Client, db: None) -> None:
    assert client.get("/readyz/worker").status_code == 503
    heartbeat.beat(NOW())
    assert client.get("/readyz/worker").status_code == 200
    Tally.objects.all().delete()


def test_the_dashboard_and_the_list_show_it(as_person: Browser, room: Channel) -> None:
    heartbeat.beat(NOW() - timedelta(hours=1))
    Alarm.objects.create(key="c", kind="canary", text="Tin thử không đến.")
    text = as_person("approver").get(reverse("wagtailadmin_home")).content.decode()
    assert "không hoạt động" in text  # though nobody watches
    assert "Tin thử không đến." in text
    listed = as_person("approver").get(reverse("channels_alarms")).content.decode()
    assert "Tin thử không đến." in listed
