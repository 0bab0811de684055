"""Says that a worker is alive, for whoever watches the service."""

import os
import socket
from datetime import datetime, timedelta

from channels.models import Heartbeat

WORKER = "worker"  # all of them together: it is enough that one is at work
EVERY = timedelta(seconds=10)  # the clock comes round more often; a write each time would be waste
SILENT = timedelta(minutes=1)  # a process that was not heard of for so long has gone
FORGOTTEN = timedelta(days=1)  # its name is no longer kept


def beat(now: datetime) -> int:
    """Note that a worker's clock came round. Returns whether it was written down."""
    last = last_seen()
    if last is not None and last > now - EVERY:
        return 0
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"beat_at": now})
    return 1


def last_seen() -> datetime | None:
    """Return when a worker was last at work; ``None`` if there never was one."""
    return Heartbeat.objects.filter(name=WORKER).values_list("beat_at", flat=True).first()


def this_worker() -> str:
    """Return the name of this process among the workers of all hosts."""
    return f"{WORKER}@{socket.gethostname()[:40]}:{os.getpid()}"


def be_present(now: datetime) -> None:
    """Note that this process is there, and forget those that have long gone."""
    Heartbeat.objects.update_or_create(name=this_worker(), defaults={"beat_at": now})
    gone = Heartbeat.objects.filter(name__startswith=f"{WORKER}@", beat_at__lt=now - FORGOTTEN)
    gone.delete()


def leave() -> None:
    """Note that this process ends as it should."""
    Heartbeat.objects.filter(name=this_worker()).delete()


def present(now: datetime) -> list[str]:
    """Return the names of the workers heard of lately, in order."""
    names = Heartbeat.objects.filter(name__startswith=f"{WORKER}@", beat_at__gte=now - SILENT)
    return sorted(names.values_list("name", flat=True))
