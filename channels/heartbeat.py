"""Says that a worker is alive, for whoever watches the service."""

from datetime import datetime, timedelta

from channels.models import Heartbeat

WORKER = "worker"  # all of them together: it is enough that one is at work
EVERY = timedelta(seconds=10)  # the clock comes round more often; a write each time would be waste


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
