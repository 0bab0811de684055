"""One round of the watch, and a loop of rounds.

Runs beside the worker's own loop, with a connection of its own: a worker that hangs is told of by
its own process, one that died by ``manage.py watch`` or ``manage.py alarms`` elsewhere.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone

from channels.archive import walking
from channels.watching import alarms, asking, canary, tallies
from core.connections import reconnect_if_broken

logger = logging.getLogger(__name__)

JOBS: tuple[Callable[[datetime], int], ...] = (
    asking.run,
    canary.run,
    tallies.run,
    alarms.run,
    walking.run,
)


def run(now: datetime | None = None, jobs: tuple[Callable[[datetime], int], ...] = JOBS) -> None:
    """Make one round. A job that fails is logged, and the others are done."""
    for job in jobs:
        try:
            job(now or timezone.now())
        except Exception:
            logger.exception("Watch: %s failed", job.__module__)
            reconnect_if_broken()


def keep(stopping: threading.Event) -> None:
    """Make rounds until told to stop."""
    try:
        while not stopping.wait(settings.WATCH_SECONDS):
            run()
    finally:
        connection.close()


class Watch:
    """Rounds in a thread beside the worker's loop, from now until ``stop``."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        threading.Thread(target=keep, args=(self._stopping,), name="watch", daemon=True).start()

    def stop(self) -> None:
        """Begin no further round."""
        self._stopping.set()
