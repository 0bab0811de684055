"""What is due and lies there, although nothing is in its way."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from channels.models import Channel, Delivery, DeliveryQuerySet, State


def untaken(now: datetime, wait: timedelta) -> DeliveryQuerySet:
    """Return what is due for longer than ``wait`` on a working channel that nobody served since.

    The sign of a dead worker. What waits its turn behind others of a slow channel does not count:
    such a channel is served all the time.
    """
    since = now - wait
    served = Channel.objects.filter(pk=OuterRef("channel")).filter(
        Q(last_success_at__gt=since) | Q(last_failure_at__gt=since)
    )
    sending = Delivery.objects.filter(channel=OuterRef("channel"), state=State.SENDING)
    idle = Delivery.objects.undelivered().exclude(Exists(served)).exclude(Exists(sending))
    free = Channel.objects.free_since(since, now)
    return idle.filter(channel__in=free.values("pk")).due(now).filter(due_at__lte=since)
