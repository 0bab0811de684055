"""Leaves a channel alone whose receiver does not answer, and asks it again by and by.

closed ─N failures in a row→ open ─its receiver answers a probe→ closed
A receiver that cannot be asked gets one item when the pause is over: it closes the breaker, or
makes the next pause longer. All of it stands in the channel's row, so that it holds for every
worker and survives a restart; each step is one conditional UPDATE, so that it happens once.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from channels.models import Channel
from channels.signals import channel_changed, tell
from core import audit

if TYPE_CHECKING:
    from channels.outcomes import Outcome

PAUSES = [timedelta(seconds=s) for s in (30, 60, 120, 300, 600)]  # then the last one each time


def pause(probes: int) -> timedelta:
    """Return how long to wait after so many probes that got no answer."""
    return PAUSES[min(probes, len(PAUSES) - 1)]


def note(channel: Channel, outcome: "Outcome", now: datetime) -> None:
    """Draw from one try what it says about the receiver. Runs in the settling transaction."""
    if outcome.unanswered:
        failed(channel, outcome.reason, now)
    elif outcome.receipt is not None:
        answered(channel, now)


def failed(channel: Channel, reason: str, now: datetime) -> None:
    """Count a failure; open the breaker at the last one that is allowed in a row."""
    row = Channel.objects.filter(pk=channel.pk)
    row.update(failures=F("failures") + 1)
    closed = row.filter(broken_at=None, failures__gte=F("open_after"))
    if closed.update(broken_at=now, probe_at=now + pause(0), probes=0):
        channel.broken_at, channel.probe_at = now, now + pause(0)
        _announce(channel, "break", reason)
        return
    for probes in row.filter(probe_at__lte=now).values_list("probes", flat=True):
        _put_off(channel, probes, now)


def _put_off(channel: Channel, probes: int, now: datetime) -> bool:
    """Count a probe that nobody else counted. Returns whether that was so."""
    due = Channel.objects.filter(pk=channel.pk, probes=probes, probe_at__lte=now)
    return bool(due.update(probes=probes + 1, probe_at=now + pause(probes + 1)))


@transaction.atomic
def answered(channel: Channel, now: datetime) -> bool:
    """Forget the failures: the receiver is there. Returns whether the breaker was open."""
    row = Channel.objects.filter(pk=channel.pk)
    if not channel.is_broken:  # as it was read with the delivery: no query where all is well
        if channel.failures:
            row.update(failures=0)
        return False
    mended = row.exclude(broken_at=None).update(
        broken_at=None, probe_at=None, probes=0, failures=0, works_since=now
    )
    if mended:
        _announce(channel, "mend")
    return bool(mended)


def reserve(now: datetime) -> list[Channel]:
    """Return the channels whose receivers this worker is to ask now; no other one asks them."""
    due = Channel.objects.to_probe(now)
    return [channel for channel in due if _put_off(channel, channel.probes, now)]


@transaction.atomic
def stop(channel: Channel, reason: str, now: datetime) -> None:
    """Stop a channel until a person starts it again: its receiver refused us for good."""
    row = Channel.objects.filter(pk=channel.pk, stopped_at=None)
    if row.update(stopped_at=now, stopped_reason=reason):
        channel.stopped_at, channel.stopped_reason = now, reason
        _announce(channel, "stop", reason)


def _announce(channel: Channel, verb: str, reason: str = "") -> None:
    audit.record(channel, f"channels.{verb}", reason=reason)
    tell(channel_changed, Channel, channel=channel, verb=verb, reason=reason)
