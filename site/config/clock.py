"""What happens by the clock, every few seconds, in the worker process."""

import logging
from collections.abc import Callable

from django.utils import timezone

from campaigns.chasing import clock as chasing
from channels import delivery, heartbeat, retiring
from config import tasks
from config.pool import adopting
from core.connections import reconnect_if_broken
from editorial.review import clock as reminders
from ingest import polling
from organisations.reorganising import doing
from portal import scheduler, urgent

logger = logging.getLogger(__name__)

JOBS: tuple[Callable[..., int], ...] = (
    delivery.sweep,
    retiring.sweep,
    scheduler.run,
    urgent.run,
    polling.wake,
    reminders.run,
    chasing.run,
    tasks.tend,
    doing.hand_over_due,
    adopting.adopt,
    heartbeat.beat,
)


def tick() -> None:
    """Run every job. One that fails is logged and does not stop the others."""
    now = timezone.now()
    for job in JOBS:
        try:
            job(now)
        except Exception:
            logger.exception("Clock job %s failed", job.__qualname__)
            reconnect_if_broken()
