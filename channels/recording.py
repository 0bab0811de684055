"""What is kept of tries beside the delivery itself: attempts, and the health of the channel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from channels import breaker
from channels.announcing import about
from channels.models import Attempt, Channel, Delivery, State
from channels.outcomes import Outcome
from channels.pacing import PaceSlot
from core import logs

Result = tuple[Delivery, Outcome]
ARRIVED = {State.DELIVERED, State.AWAITING}


def note_attempts(results: Sequence[Result], now: datetime) -> None:
    """Write the tries down, each once: a settlement is repeated when the database was silent."""
    Attempt.objects.bulk_create(
        [
            Attempt(
                delivery=row,
                action=row.action,
                started_at=outcome.started,
                duration=now - outcome.started,
                outcome=State.UNCERTAIN if outcome.unsure else outcome.state,
                detail=outcome.reason or outcome.note,
            )
            for row, outcome in results
            if not outcome.untried
        ],
        ignore_conflicts=True,
    )


def note_health(results: Sequence[Result], now: datetime) -> None:
    """Keep each channel's own record: last success and failure, a wait, a stop, new options.

    The channels are locked in one order, so that two workers never wait for each other crosswise.
    """
    wanted = sorted({row.channel_id for row, _ in results})
    locked = Channel.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk"))
    plain = [row.channel_id for row, outcome in results if _went_well(row.channel, outcome)]
    if plain:
        Channel.objects.filter(pk__in=plain).update(last_success_at=now)
    for row, outcome in results:
        if not _went_well(row.channel, outcome):
            with logs.about(**about(row)):
                _note_one(row.channel, outcome, now)


def _went_well(channel: Channel, outcome: Outcome) -> bool:
    """Whether nothing is to be noted but the time."""
    options = outcome.receipt and outcome.receipt.new_options
    mended = channel.is_broken or channel.failures
    return outcome.state in ARRIVED and not options and not mended


def _note_one(channel: Channel, outcome: Outcome, now: datetime) -> None:
    values: dict[str, Any] = {}
    if outcome.state in ARRIVED:
        values["last_success_at"] = now
    elif outcome.reason:
        values |= {"last_failure_at": now, "last_failure": outcome.reason}
    if outcome.hold_channel:
        values["hold_until"] = now + outcome.hold_channel
        if outcome.hold_pace:
            PaceSlot.objects.hold(outcome.hold_pace, now + outcome.hold_channel)
    if outcome.receipt and outcome.receipt.new_options:
        channel.refresh_from_db(fields=["options"])
        values["options"] = channel.options | dict(outcome.receipt.new_options)
    if values:
        Channel.objects.filter(pk=channel.pk).update(**values)
    if outcome.stops_channel:
        breaker.stop(channel, outcome.reason, now)
    breaker.note(channel, outcome, now)
