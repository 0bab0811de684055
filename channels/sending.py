"""One try at one delivery: calls the adapter, turns whatever happens into an ``Outcome``.

No database work here, so that none is held open across a network call.
"""

import asyncio
import logging
import random
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from channels import retry
from channels.building import internal_error
from channels.contract import (
    Adapter,
    Message,
    PermanentError,
    Receipt,
    TemporaryError,
    UncertainError,
)
from channels.deciding import by_hand
from channels.delivery import Outcome
from channels.models import Action, State
from core import logs

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed delivery with all that a try needs."""

    action: Action
    adapter: Adapter
    message: Message
    record: Receipt | None  # of what stands at the receiver
    attempts: int  # this one included
    policy: retry.Policy = retry.DEFAULT
    urgent_resend: bool = False
    resumes: bool = False  # ``record`` is of a part of this very message
    about: Mapping[str, Any] = field(default_factory=dict)  # for log lines: never a secret


def call(job: Job) -> Coroutine[Any, Any, Receipt] | None:
    """Return the adapter's coroutine for the job; ``None`` when a person must do it."""
    if job.action == Action.PUBLISH and not job.resumes:
        return job.adapter.send(job.message)
    able = {Action.RETRACT: job.adapter.can_retract, Action.END: job.adapter.can_end}
    may = able.get(job.action, job.adapter.can_update)
    if not may or job.record is None or not job.record.external_id:
        return None
    if job.action == Action.END:
        return job.adapter.end(job.message, job.record)
    if job.action == Action.RETRACT:
        return job.adapter.retract(job.message, job.record)
    return job.adapter.update(job.message, job.record)


async def attempt(job: Job) -> Outcome:
    """Make one try. Never raises, except when cancelled: every outcome becomes a visible state.

    Whatever is logged meanwhile, by libraries too, says which delivery it belongs to.
    """
    with logs.about(**job.about, action=str(job.action), attempt=job.attempts):
        began = time.monotonic()
        outcome = await _attempt(job)
        seconds = round(time.monotonic() - began, 3)
        said = {"outcome": str(outcome.state), "seconds": seconds}
        logger.info("Tried", extra=said | ({"reason": outcome.reason} if outcome.reason else {}))
        return outcome


async def _attempt(job: Job) -> Outcome:
    started = timezone.now()
    try:
        coroutine = call(job)
        if coroutine is None:
            receipt = by_hand(job.action, job.record)
            return Outcome(State.AWAITING, receipt=receipt, started=started)
        async with asyncio.timeout(settings.DELIVERY_TIMEOUT_SECONDS):
            receipt = await coroutine
    except Exception as error:  # noqa: BLE001 - one broken adapter must not stop the queue
        return replace(failure(error, job), started=started)
    state = State.AWAITING if receipt.awaits_person else State.DELIVERED
    if receipt.unfinished:
        state = State.PENDING
    return Outcome(state, receipt=receipt, started=started)


def failure(error: Exception, job: Job) -> Outcome:
    """Say what an error means for the delivery."""
    match error:
        case TemporaryError():
            return temporary(error, job)
        case PermanentError():
            return Outcome(State.FAILED, str(error), stops_channel=error.stops_channel)
        case UncertainError():
            return uncertain(str(error), job)
        case TimeoutError():
            silence = _("The receiver did not answer in time. Look there whether the item arrived.")
            return uncertain(silence, job)
        case _:
            return uncertain(internal_error(error, job.adapter.kind), job)


def temporary(error: TemporaryError, job: Job) -> Outcome:
    """Decide on the next try, or on giving up. A receiver that names a time is there."""
    wait = retry.wait(job.policy, error.retry_after, job.attempts, random.random())  # noqa: S311
    dead = error.retry_after is None
    if wait is None:
        words = _("Gave up after %(count)s attempts: %(reason)s")
        reason = words % {"count": job.attempts, "reason": error}
        return Outcome(
            State.FAILED,
            reason,
            hold_channel=error.retry_after,
            hold_pace=error.pace,
            unanswered=dead,
        )
    hold = None if dead else wait
    return Outcome(
        State.PENDING,
        str(error),
        wait=wait,
        hold_channel=hold,
        hold_pace=error.pace,
        unanswered=dead,
    )


def uncertain(reason: str, job: Job) -> Outcome:
    """An unanswered request waits for a person, unless it is urgent and the channel opted in."""
    if job.urgent_resend:
        again = retry.wait(job.policy, None, job.attempts)
        if again is not None:
            soon = min(again, timedelta(seconds=5))
            return Outcome(State.PENDING, reason, wait=soon, unsure=True, unanswered=True)
    return Outcome(State.UNCERTAIN, reason, unanswered=True)
