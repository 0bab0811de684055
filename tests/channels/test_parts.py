"""Several workers: each looks after its own lanes, and none is left lying."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from channels import heartbeat, outbox
from channels.claiming import LEFT_ALONE, Part, next_due
from channels.models import Channel, Delivery
from channels.testing import MemoryAdapter
from channels.worker import Worker
from tests import factories

pytestmark = pytest.mark.django_db
PARTS = [Part(0, 3), Part(1, 3), Part(2, 3)]


@pytest.fixture
def lanes(memory: type[MemoryAdapter]) -> list[int]:
    """Seven channels that were all served just now, each with an item due."""
    channels = [factories.channel(f"lan-{number}", "memory") for number in range(7)]
    publish()
    Channel.objects.update(last_success_at=timezone.now())
    return [channel.pk for channel in channels]


def publish(level: str = "normal") -> None:
    with transaction.atomic():
        outbox.publish(factories.story(level=level))


def seen(part: Part | None) -> set[int]:
    return {row.channel_id for row in next_due(timezone.now(), part=part)}


def test_each_lane_is_looked_after_by_one_of_them(lanes: list[int]) -> None:
    own = [seen(part) for part in PARTS]
    assert sorted(pk for lanes_of_one in own for pk in lanes_of_one) == sorted(lanes)
    assert all(own)


def test_one_alone_looks_after_all(lanes: list[int]) -> None:
    assert seen(None) == seen(Part(0, 1)) == set(lanes)


def test_what_its_worker_leaves_lying_is_taken_by_others(lanes: list[int]) -> None:
    """Both the item and the lane must have waited: a lane that is served has a long queue."""
    Delivery.objects.update(due_at=timezone.now() - 2 * LEFT_ALONE)
    assert len(seen(PARTS[0])) < len(lanes)
    Channel.objects.update(last_success_at=timezone.now() - 2 * LEFT_ALONE)
    assert seen(PARTS[0]) == set(lanes)
    Channel.objects.update(last_success_at=None)
    assert seen(PARTS[0]) == set(lanes)


def test_a_warning_waits_for_nobody(lanes: list[int]) -> None:
    publish("urgent")
    assert seen(PARTS[0]) == set(lanes)


def test_a_worker_knows_its_part_from_who_is_present(
    lanes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    parts = []
    for name in ("worker@may-1:7", "worker@may-2:4", "worker@may-3:1"):
        monkeypatch.setattr(heartbeat, "this_worker", lambda name=name: name)
        heartbeat.be_present(now - timedelta(seconds=2))
    for name in ("worker@may-2:4", "worker@la:9"):
        monkeypatch.setattr(heartbeat, "this_worker", lambda name=name: name)
        worker = Worker()
        async_to_sync(worker.call_roll)()
        parts.append(worker.part)
    assert parts == [Part(1, 3), None]
