"""Counters for Prometheus, counted from the attempts: exact, cheap to read, never going back.

Each attempt is counted once, some seconds after it was written, by whoever watches. They outlive
the rows, which are archived one day.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from channels.models import Attempt, State
from channels.watching.models import Tally

SETTLED = timedelta(seconds=15)  # until then, one with a lower number may still be committed
BATCH = 5000
ATTEMPTS, DURATION, DELAY, CURSOR = "attempts", "duration", "delay", "cursor"
BUCKETS: dict[str, tuple[float, ...]] = {
    DURATION: (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
    DELAY: (0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600),
}
SUM, COUNT = "sum", "count"

Key = tuple[str, str, str]  # name, kind of channel, label
Tallied = defaultdict[Key, float]


def run(now: datetime) -> int:
    """Count what is new. Returns how many attempts."""
    counted = 0
    while (found := count_some(now)) == BATCH:
        counted += found
    return counted + found


@transaction.atomic
def count_some(now: datetime) -> int:
    Tally.objects.get_or_create(name=CURSOR, kind="", label="")
    cursor = Tally.objects.select_for_update().get(name=CURSOR, kind="", label="")
    rows = Attempt.objects.filter(pk__gt=int(cursor.value)).order_by("pk")
    news: Tallied = defaultdict(float)
    last, number = int(cursor.value), 0
    for pk, kind, outcome, began, took, due, tries in rows.values_list(
        "pk", "delivery__channel__kind", "outcome", "started_at", "duration",
        "delivery__due_at", "delivery__attempt_count",
    )[:BATCH]:  # fmt: skip
        if began + took > now - SETTLED:
            break
        last, number = pk, number + 1
        news[ATTEMPTS, kind, outcome] += 1
        observe(news, DURATION, kind, took.total_seconds())
        # The due date of others was moved on since.
        if tries == 1 and outcome in {State.DELIVERED, State.FAILED}:
            observe(news, DELAY, kind, max((began - due).total_seconds(), 0.0))
    if number:
        add(news)
        Tally.objects.filter(pk=cursor.pk).update(value=last)
    return number


def observe(news: Tallied, name: str, kind: str, seconds: float) -> None:
    """Put one measurement into its histogram."""
    for bucket in BUCKETS[name]:
        if seconds <= bucket:
            news[name, kind, str(bucket)] += 1
    news[name, kind, COUNT] += 1
    news[name, kind, SUM] += seconds


def add(news: Tallied) -> None:
    for (name, kind, label), value in sorted(news.items()):
        row = Tally.objects.filter(name=name, kind=kind, label=label)
        if not row.update(value=F("value") + value):
            Tally.objects.create(name=name, kind=kind, label=label, value=value)


def read() -> dict[Key, float]:
    """Return every number by name, kind and label."""
    rows = Tally.objects.values_list("name", "kind", "label", "value")
    return {(name, kind, label): value for name, kind, label, value in rows}
