"""The round of probes: every channel's destination is asked now and then whether it is there."""

import asyncio
import random
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.db.models import Q
from django.utils import timezone

from channels import breaker, probing, registry
from channels.models import Channel
from channels.probing import Probed
from channels.watching.models import Probe, WatchSettings

AT_ONCE = 20  # destinations asked side by side
MOST = 200  # in one round; the rest has its turn in the next


def run(now: datetime) -> int:
    """Ask those whose turn it is. Returns how many. Must run outside a transaction."""
    every = timedelta(minutes=WatchSettings.load().probe_minutes)
    begin(now, every)
    channels = [probe.channel for probe in due(now) if reserve(probe, now, every)]
    for channel, probed in async_to_sync(ask_all)(channels):
        note(channel, probed, timezone.now())
    return len(channels)


def begin(now: datetime, every: timedelta) -> None:
    """Give each channel that can be asked a first turn, spread over the interval."""
    fresh = Channel.objects.active().filter(kind__in=registry.probing(), probe=None)
    Probe.objects.bulk_create(
        [Probe(channel=channel, due_at=now + every * random.random()) for channel in fresh],  # noqa: S311
        ignore_conflicts=True,
    )


def due(now: datetime) -> list[Probe]:
    """Return the turns that have come. Stopped channels and dead ones are not bothered.

    The first wait for a person; of the second the circuit breaker asks by itself.
    """
    rows = Probe.objects.filter(
        Q(channel__stopped_at=None, channel__broken_at=None),
        due_at__lte=now,
        channel__is_active=True,
        channel__kind__in=registry.probing(),
    )
    return list(rows.select_related("channel").order_by("due_at", "pk")[:MOST])


def reserve(probe: Probe, now: datetime, every: timedelta) -> bool:
    """Take the turn, so that of several watches one asks."""
    mine = Probe.objects.filter(pk=probe.pk, due_at=probe.due_at)
    return bool(mine.update(due_at=now + every))


async def ask_all(channels: list[Channel]) -> list[tuple[Channel, Probed]]:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(channel: Channel) -> tuple[Channel, Probed]:
        async with room:
            return channel, await probing.probe_channel(channel)

    return await asyncio.gather(*(one(channel) for channel in channels))


def note(channel: Channel, probed: Probed, now: datetime) -> None:
    """Keep the answer. One that comes also closes the circuit breaker."""
    values = {
        "checked_at": now,
        "ok": probed.ok,
        "name": probed.name[:255],
        "reason": probed.reason,
        "seconds": probed.seconds,
    }
    rows = Probe.objects.filter(channel=channel)
    rows.update(**values, **({"failing_since": None} if probed.ok else {}))
    if probed.ok:
        breaker.answered(channel, now)
    else:
        rows.filter(failing_since=None).update(failing_since=now)
