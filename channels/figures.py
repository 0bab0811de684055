"""What the outbox tells whoever watches the service."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone

from channels import heartbeat
from channels.feeds.models import HubNotice
from channels.models import Delivery, State
from core import metrics


def age(moment: datetime | None) -> float:
    """Return how many seconds ago the moment was; 0 when there is none or it is to come."""
    return max((timezone.now() - moment).total_seconds(), 0.0) if moment else 0.0


def deliveries() -> Iterable[metrics.Sample]:
    rows = (
        Delivery.objects.order_by()
        .values_list("state", "channel__kind")
        .annotate(number=Count("pk"))
    )
    return [({"state": state, "kind": kind}, number) for state, kind, number in rows]


def oldest_pending() -> float:
    pending = Delivery.objects.filter(state=State.PENDING, due_at__lte=timezone.now())
    return age(pending.aggregate(oldest=Min("due_at"))["oldest"])


def uncertain() -> float:
    return Delivery.objects.filter(state=State.UNCERTAIN).count()


def hubs_untold() -> float:
    """Return how many hubs do not know of a feed's latest change, given up or still tried."""
    return HubNotice.objects.waiting().exclude(failure="").count()


def heartbeat_age() -> float:
    seen = heartbeat.last_seen()
    return age(seen) if seen else float("inf")


def workers() -> Iterable[metrics.Sample]:
    names = heartbeat.present(timezone.now())
    hosts = Counter(name.partition("@")[2].rpartition(":")[0] for name in names)
    return [({"host": host}, number) for host, number in hosts.items()]


metrics.register("deliveries", "Deliveries by state and kind of channel.", deliveries)
metrics.register(
    "delivery_oldest_due_seconds", "How long the oldest due delivery has waited.", oldest_pending
)
metrics.register("deliveries_uncertain", "Deliveries a person must look after.", uncertain)
metrics.register("hubs_untold", "Hubs that could not be told of a feed's change.", hubs_untold)
metrics.register(
    "worker_heartbeat_age_seconds", "Since a worker was last at work; +Inf: never.", heartbeat_age
)
metrics.register("workers", "Worker processes heard of within the last minute.", workers)
