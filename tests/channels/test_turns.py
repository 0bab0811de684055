"""Whose turn it is: what presses first, and nobody is passed over for ever."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from channels import outbox
from channels.claiming import claim_due, next_due
from channels.models import PATIENCE, Channel, Delivery
from channels.worker import sweep
from tests import factories

pytestmark = pytest.mark.django_db
LONG = PATIENCE + timedelta(minutes=1)


@pytest.fixture
def free(room: Channel) -> Channel:
    """A channel in whose way nothing has been for a long time."""
    room.works_since = timezone.now() - timedelta(days=1)
    room.save()
    return room


def publish(level: str = "normal", waited: timedelta = timedelta(0), **values: Any) -> Delivery:
    with transaction.atomic():
        outbox.publish(factories.story(level=level, **values))
    row = Delivery.objects.latest("pk")
    Delivery.objects.filter(pk=row.pk).update(due_at=timezone.now() - waited)
    return row


def turn() -> int:
    return next_due(timezone.now())[0].pk


def test_urgent_ones_go_first_then_priority_ones_then_by_time(free: Channel) -> None:
    publish()
    priority = publish("priority")
    assert turn() == priority.pk
    urgent = publish("urgent")
    assert turn() == urgent.pk


def test_an_ordinary_item_that_waited_goes_before_newer_priority_ones(free: Channel) -> None:
    waiting = publish(waited=LONG)
    publish("priority")
    sweep()
    assert turn() == waiting.pk
    urgent = publish("urgent")
    sweep()
    assert turn() == urgent.pk


def test_it_does_not_starve_while_priority_ones_keep_coming(free: Channel) -> None:
    """A new one arrives with each that leaves: the ordinary one leaves when its patience ends."""
    start = timezone.now()
    ordinary = publish()
    for minute in range(60):
        now = start + timedelta(minutes=minute)
        row = publish("priority")
        Delivery.objects.filter(pk=row.pk).update(due_at=now)
        Delivery.objects.passed_over(now).update(priority=10)
        head = next_due(now)[0]
        if head.pk == ordinary.pk:
            break
        Delivery.objects.filter(pk=head.pk).delete()
    assert minute == PATIENCE.total_seconds() / 60 + 1


@pytest.mark.parametrize(
    "hindrance",
    [
        {"works_since": timezone.now()},
        {"hold_until": timezone.now() - timedelta(minutes=1)},
        {"is_active": False},
        {"stopped_at": timezone.now()},
    ],
)
def test_nobody_was_preferred_while_nothing_was_sent(
    free: Channel, hindrance: dict[str, Any]
) -> None:
    """After an outage what presses still goes first."""
    publish(waited=LONG)
    assert Delivery.objects.passed_over(timezone.now()).exists()
    Channel.objects.update(**hindrance)
    assert not Delivery.objects.passed_over(timezone.now()).exists()


def test_channels_that_share_a_rate_take_turns(free: Channel) -> None:
    """One with a long queue does not keep the only item of another waiting."""
    for _ in range(3):
        publish(waited=timedelta(minutes=5))
    other = factories.channel("khac", "memory", is_active=False)
    Channel.objects.filter(pk=free.pk).update(last_success_at=timezone.now())
    Channel.objects.filter(pk=other.pk).update(
        is_active=True, last_success_at=timezone.now() - timedelta(seconds=1)
    )
    Channel.objects.filter(pk=free.pk).update(is_active=False)
    single = publish()
    Channel.objects.filter(pk=free.pk).update(is_active=True)
    assert [claim.row.pk for claim in claim_due(1)[0]] == [single.pk]
