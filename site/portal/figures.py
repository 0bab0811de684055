"""What the schedule tells whoever watches the service."""

from collections import Counter
from collections.abc import Iterable

from django.utils import timezone

from core import metrics
from portal.missed import KINDS, missed


def late() -> Iterable[metrics.Sample]:
    counted = Counter(each.kind for each in missed(timezone.now()))
    return [({"kind": kind}, counted[kind]) for kind in KINDS]


def latest() -> float:
    now = timezone.now()
    return max(((now - each.since).total_seconds() for each in missed(now)), default=0.0)


metrics.register("schedule_missed", "What should have happened by the clock and did not.", late)
metrics.register("schedule_missed_oldest_seconds", "How late the oldest of it is.", latest)
