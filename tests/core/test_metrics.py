"""Figures for Prometheus: who may read them, what they say."""

from datetime import time, timedelta
from functools import partial

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from channels import breaker, heartbeat
from channels.archive import moving
from channels.models import Channel, Heartbeat, State
from core import metrics
from portal.models import Bundle, BundleState
from tests.channels.channel_fixtures import deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[str, metrics.Figure]:
    monkeypatch.setattr(metrics, "_FIGURES", dict(metrics._FIGURES))
    return metrics._FIGURES


def read(client: Client, **headers: str) -> dict[tuple[str, str], float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    return {
        (sample.name.removeprefix("nhipcau_"), "/".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_it_tells_of_deliveries_schedule_and_worker(client: Client, room: Channel) -> None:
    now = timezone.now()
    deliver(room, State.UNCERTAIN, title="Bí mật")
    deliver(room, State.PENDING, due_at=now - timedelta(minutes=10))
    late = now - timedelta(hours=1)
    Bundle.objects.create(name="Gói mật", state=BundleState.SCHEDULED, release_at=late)
    before = read(client)
    assert before["worker_heartbeat_age_seconds", ""] == float("inf")
    heartbeat.beat(now)
    told = read(client)
    assert told["deliveries", "memory/uncertain"] == told["deliveries_uncertain", ""] == 1
    assert 600 <= told["delivery_oldest_due_seconds", ""] < 3600
    assert told["schedule_missed", "bundle"] == 1
    assert told["schedule_missed", "publish"] == 0
    assert told["schedule_missed_oldest_seconds", ""] >= 3600
    assert told["worker_heartbeat_age_seconds", ""] < 3600
    assert "mật" not in client.get("/metrics").content.decode()


@pytest.mark.parametrize(
    "values",
    [
        {"is_active": False},
        {"stopped_at": timezone.now()},
        {"hold_until": timezone.now() + timedelta(hours=1)},
        {"quiet_from": time(0), "quiet_until": time(0)},
    ],
)
def test_what_waits_for_its_channel_is_not_late(
    client: Client, room: Channel, values: dict[str, object]
) -> None:
    deliver(room, State.PENDING, due_at=timezone.now() - timedelta(minutes=10))
    Channel.objects.update(**values)
    assert read(client)["delivery_oldest_due_seconds", ""] == 0


def test_it_tells_what_was_archived(client: Client, room: Channel) -> None:
    moving.archived(deliver(room)).save()
    assert read(client)["deliveries_archived", "memory"] == 1


def test_it_counts_how_often_receivers_were_away(client: Client, room: Channel) -> None:
    now = timezone.now()
    for _time in range(2):
        for _failure in range(room.open_after):
            breaker.failed(room, "tắt máy", now)
        breaker.answered(Channel.objects.get(), now)
    breaker.stop(room, "Bị đưa khỏi nhóm", now)
    told = read(client)
    counts = {change: told["channel_changes_total", f"{change}/memory"]
              for change in ("break", "mend", "stop")}  # fmt: skip
    assert counts == {"break": 2, "mend": 2, "stop": 1}


def test_it_counts_the_workers_that_are_there_by_host(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    ages = {"c:5": 100_000, "a:1": 50, "b:4": 70, "b:3": 0, "a:2": 0}  # seconds
    for name, last in ages.items():
        monkeypatch.setattr(heartbeat, "this_worker", partial("worker@{}".format, name))
        heartbeat.be_present(now - timedelta(seconds=last))
    told = read(client)
    assert (told["workers", "a"], told["workers", "b"]) == (2, 1)
    assert not Heartbeat.objects.filter(name="worker@c:5").exists()  # forgotten after a day
    heartbeat.leave()
    assert read(client)["workers", "a"] == 1


def test_a_figure_that_fails_costs_no_other(
    client: Client, registered: dict[str, metrics.Figure]
) -> None:
    def broken() -> float:
        raise RuntimeError("bug")

    metrics.register("broken", "Fails.", broken)
    metrics.register("sound", "Works.", lambda: 3)
    told = read(client)
    assert ("broken", "") not in told
    assert (told["sound", ""], told["figures_failed", ""]) == (3, 1)


def test_it_is_there_for_this_machine_and_for_the_token_alone(
    client: Client, settings: LazySettings
) -> None:
    afar = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/metrics", **afar).status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "203.0.113.7"}).status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer "}, **afar).status_code == 404
    settings.METRICS_TOKEN = "the-token"
    assert client.get("/metrics", headers={"authorization": "Bearer x"}).status_code == 404
    right = {"authorization": "Bearer the-token"}
    assert client.get("/metrics", headers=right, **afar).status_code == 200
    assert client.post("/metrics").status_code in {403, 405}


def test_names_and_help_are_there() -> None:
    assert all(figure.help.endswith(".") for figure in metrics._FIGURES.values())
