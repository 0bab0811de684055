"""What the outbox tells whoever watches the service. Cheap however many rows were delivered."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Max, Min
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from wagtail.models import ModelLogEntry

from channels import heartbeat, late
from channels.archive.models import ArchivedDelivery
from channels.feeds.models import HubNotice, StationFetch, StationKey
from channels.models import Channel, Delivery, State
from channels.watching import tallies
from channels.watching.models import Alarm, Canary, Probe
from core import metrics

SLOW = timedelta(minutes=1)  # as on the board
MOST_COUNTED = 10_000
REMEMBERED = 60  # seconds that the number of old rows is remembered


def age(moment: datetime | None) -> float:
    """Return how many seconds ago the moment was; 0 when there is none or it is to come."""
    return max((timezone.now() - moment).total_seconds(), 0.0) if moment else 0.0


def kinds() -> dict[int, str]:
    return dict(Channel.objects.values_list("pk", "kind"))


def deliveries() -> Iterable[metrics.Sample]:
    of, counted = kinds(), Counter[tuple[str, str]]()
    for channel, state, number in [*undelivered(), *delivered()]:
        counted[state, of.get(channel, "")] += number
    return [({"state": state, "kind": kind}, number) for (state, kind), number in counted.items()]


def undelivered() -> list[tuple[int, str, int]]:
    rows = Delivery.objects.undelivered().order_by().values_list("channel", "state")
    return list(rows.annotate(number=Count("pk")))


def delivered() -> list[tuple[int, str, int]]:
    """Counted in the index of what was delivered, and remembered: a million takes its time."""

    def count() -> list[tuple[int, str, int]]:
        rows = Delivery.objects.filter(state=State.DELIVERED).order_by().values_list("channel")
        return [(pk, str(State.DELIVERED), number) for pk, number in rows.annotate(n=Count("pk"))]

    return cache.get_or_set("figures.delivered", count, REMEMBERED) or []


def archived() -> Iterable[metrics.Sample]:
    """By kind, counted in an index and remembered like what was delivered."""

    def count() -> list[tuple[str, int]]:
        rows = ArchivedDelivery.objects.order_by().values_list("channel__kind")
        return list(rows.annotate(number=Count("pk")))

    counted = cache.get_or_set("figures.archived", count, REMEMBERED) or []
    return [({"kind": kind}, number) for kind, number in counted]


def oldest_pending() -> float:
    """Return how long the oldest waits that a channel would take now."""
    now = timezone.now()
    due = Delivery.objects.undelivered().filter(state=State.PENDING, due_at__lte=now)
    return age(due.on_working_channel(now).aggregate(at=Min("due_at"))["at"])


def uncertain() -> float:
    return Delivery.objects.undelivered().filter(state=State.UNCERTAIN).count()


def overdue() -> float:
    return Delivery.objects.overdue(timezone.now()).order_by()[:MOST_COUNTED].count()


def untaken() -> float:
    return late.untaken(timezone.now(), SLOW).order_by()[:MOST_COUNTED].count()


def heartbeat_age() -> float:
    seen = heartbeat.last_seen()
    return age(seen) if seen else float("inf")


def workers() -> Iterable[metrics.Sample]:
    names = heartbeat.present(timezone.now())
    hosts = Counter(name.partition("@")[2].rpartition(":")[0] for name in names)
    return [({"host": host}, number) for host, number in hosts.items()]


def hubs_untold() -> float:
    """Return how many hubs do not know of a feed's latest change, given up or still tried."""
    return HubNotice.objects.waiting().exclude(failure="").count()


def channels() -> Iterable[metrics.Sample]:
    now, counted = timezone.now(), Counter[tuple[str, str]]()
    for channel in Channel.objects.active().defer("secret", "options"):
        held = channel.hold_until and channel.hold_until > now
        condition = (
            "stopped" if channel.is_stopped
            else "broken" if channel.is_broken
            else "holding" if held
            else "working"
        )  # fmt: skip
        counted[condition, channel.kind] += 1
    return [({"condition": what, "kind": kind}, n) for (what, kind), n in counted.items()]


def probes_failing() -> Iterable[metrics.Sample]:
    counted: Counter[str] = Counter()
    rows = Probe.objects.filter(channel__is_active=True).exclude(ok=None)
    for kind, ok in rows.values_list("channel__kind", "ok"):
        counted[kind] += not ok
    return [({"kind": kind}, number) for kind, number in counted.items()]


def probe_seconds() -> Iterable[metrics.Sample]:
    rows = Probe.objects.filter(ok=True, channel__is_active=True).order_by()
    slowest = rows.values_list("channel__kind").annotate(slowest=Max("seconds"))
    return [({"kind": kind}, seconds) for kind, seconds in slowest]


def canary_age() -> Iterable[metrics.Sample]:
    """By kind, the oldest: since its last arrival, or since trials began if none ever arrived."""
    oldest: dict[str, float] = {}
    rows = Canary.objects.filter(channel__is_active=True, channel__is_test=True)
    for kind, arrived, since in rows.values_list("channel__kind", "arrived_at", "since"):
        oldest[kind] = max(oldest.get(kind, 0.0), age(arrived or since))
    return [({"kind": kind}, seconds) for kind, seconds in oldest.items()]


def alarms_open() -> Iterable[metrics.Sample]:
    rows = Alarm.objects.open().order_by().values_list("kind").annotate(number=Count("pk"))
    return [({"kind": kind}, number) for kind, number in rows]


def station_pickups() -> float:
    return StationFetch.objects.count()


def station_fetch_age() -> float:
    latest = StationKey.objects.open().aggregate(at=Max("last_fetched_at"))["at"]
    return age(latest) if latest else float("inf")


def counted() -> Iterator[Metric]:
    """Yield what only grows: tries by outcome, and how long they and their waits took."""
    read = tallies.read()
    tries = CounterMetricFamily(
        "nhipcau_attempts", "Tries by kind of channel and outcome.", labels=["kind", "outcome"]
    )
    for (name, kind, outcome), value in sorted(read.items()):
        if name == tallies.ATTEMPTS:
            tries.add_metric([kind, outcome], value)
    yield tries
    yield changes()
    yield histogram(read, tallies.DURATION, "attempt_duration_seconds", "How long a try took.")
    yield histogram(read, tallies.DELAY, "queue_delay_seconds", "From due to the first try.")


def changes() -> CounterMetricFamily:
    """Return how often channels were stopped, left alone and used again, from their history."""
    found = CounterMetricFamily(
        "nhipcau_channel_changes",
        "How often the system stopped a channel, left it alone (break) or used it again (mend).",
        labels=["kind", "change"],
    )
    of, counted = kinds(), Counter[tuple[str, str]]()
    verbs = [f"channels.{verb}" for verb in ("stop", "break", "mend")]
    rows = ModelLogEntry.objects.filter(action__in=verbs).order_by()
    for channel, verb, number in rows.values_list("object_id", "action").annotate(n=Count("pk")):
        counted[of.get(int(channel), ""), verb.removeprefix("channels.")] += number
    for (kind, change), number in sorted(counted.items()):
        found.add_metric([kind, change], number)
    return found


def histogram(
    read: dict[tallies.Key, float], tally: str, name: str, words: str
) -> HistogramMetricFamily:
    found = HistogramMetricFamily(metrics.PREFIX + name, words, labels=["kind"])
    for kind in sorted({key[1] for key in read if key[0] == tally}):
        total = read[tally, kind, tallies.COUNT]
        buckets = [
            (str(bucket), read.get((tally, kind, str(bucket)), 0.0))
            for bucket in tallies.BUCKETS[tally]
        ]
        found.add_metric([kind], [*buckets, ("+Inf", total)], read[tally, kind, tallies.SUM])
    return found


for _name, _help, _read in (
    ("deliveries", "Deliveries in the outbox by state and kind of channel.", deliveries),
    ("deliveries_archived", "Deliveries moved to the archive, by kind of channel.", archived),
    ("delivery_oldest_due_seconds", "How long the oldest due delivery waited.", oldest_pending),
    ("deliveries_uncertain", "Deliveries a person must look after.", uncertain),
    ("deliveries_overdue", "Handed over and not confirmed in time.", overdue),
    ("deliveries_untaken", "Due for over a minute, and no worker takes them.", untaken),
    ("worker_heartbeat_age_seconds", "Since a worker was at work; +Inf: never.", heartbeat_age),
    ("workers", "Worker processes heard of within the last minute.", workers),
    ("hubs_untold", "Hubs that could not be told of a feed's change.", hubs_untold),
    ("channels", "Channels in use by condition and kind.", channels),
    ("probes_failing", "Channels whose receiver did not answer the last probe.", probes_failing),
    ("probe_seconds", "How long the slowest receiver took to answer its probe.", probe_seconds),
    ("canary_age_seconds", "Since a trial message last arrived, the oldest.", canary_age),
    ("alarms_open", "Alarms that are not over.", alarms_open),
    (
        "station_pickups",
        "Items fetched, once for each station.",
        station_pickups,
    ),
    ("station_fetch_age_seconds", "Since a station last fetched; +Inf: never.", station_fetch_age),
):
    metrics.register(_name, _help, _read)
metrics.register_families("counted", counted)
