"""Which hubs have to be told that a feed changed (WebSub, W3C Recommendation of 2018).

A change is written down in the transaction that makes it. Workers gather the changes, so that ten
items in a minute make few notices, claim each notice under a lease, and settle it: told, later
again, or given up until the next change. Stations' own addresses are told to nobody.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from channels import retry
from channels.adapters.feed import Feed
from channels.contract import DeliveryError, PermanentError, TemporaryError
from channels.feeds.listing import options_of
from channels.feeds.models import FeedChange, HubNotice
from channels.models import Channel, Delivery, State
from channels.signals import deliveries_changed

logger = logging.getLogger(__name__)

GAP = timedelta(seconds=20)  # between two notices to a hub about the same feed
MOST = 20  # notices claimed in one round


def note_changes(sender: Any, *, deliveries: Sequence[Delivery], verb: str, **more: Any) -> None:
    """Write down that public feeds changed. What is under embargo changes none of them."""
    if verb == State.DELIVERED:
        FeedChange.objects.bulk_create(
            FeedChange(channel=row.channel) for row in deliveries if _is_announced(row)
        )


def _is_announced(row: Delivery) -> bool:
    has_hubs = row.channel.kind == Feed.kind and row.channel.options.get("hubs")
    return bool(has_hubs) and row.publication.embargo_until is None


deliveries_changed.connect(note_changes, dispatch_uid="channels.feeds.hubs")


def hubs_of(channel: Channel) -> list[str]:
    """Return the hubs a feed names; none while it is off or its settings are not valid."""
    options = options_of(channel) if channel.is_active and channel.kind == Feed.kind else None
    return options.hubs if options else []


def gather(now: datetime) -> int:
    """Turn noted changes into notices. Returns how many changes there were."""
    if not FeedChange.objects.exists():  # on SQLite a look is cheap and a transaction is not
        return 0
    with transaction.atomic():
        rows = dict(FeedChange.objects.values_list("pk", "channel"))
        changes = Counter(rows.values())
        for channel in Channel.objects.filter(pk__in=changes).order_by("pk"):
            for hub in sorted(hubs_of(channel)):
                _queue(channel, hub, changes[channel.pk], now)
        FeedChange.objects.filter(pk__in=rows).delete()
    return len(rows)


def _queue(channel: Channel, hub: str, changes: int, now: datetime) -> None:
    notice, _made = HubNotice.objects.get_or_create(channel=channel, hub=hub)
    own = HubNotice.objects.filter(pk=notice.pk)
    own.update(changes=F("changes") + changes)
    # A hub that was given up gets another chance; one that is being waited for is not hurried.
    own.filter(due_at=None).update(due_at=now, attempts=0)


def claim_due(now: datetime) -> list[HubNotice]:
    """Take due notices under a lease. Of several workers each gets others."""
    claims = []
    for notice in HubNotice.objects.due(now).select_related("channel")[:MOST]:
        claimed = _claim(notice.pk, now) if _is_wanted(notice) else None
        if claimed is not None:
            claims.append(claimed)
    return claims


def _is_wanted(notice: HubNotice) -> bool:
    """Whether the feed still names the hub; a notice that it does not name is thrown away."""
    if notice.hub in hubs_of(notice.channel):
        return True
    HubNotice.objects.filter(pk=notice.pk).delete()
    return False


def _claim(pk: int, now: datetime) -> HubNotice | None:
    """Return the notice, with the number of changes it is about; ``None``: somebody was faster."""
    until = now + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    token = uuid.uuid4()
    taken = HubNotice.objects.due(now).filter(pk=pk)
    taken.update(lease_until=until, lease_token=token, attempts=F("attempts") + 1)
    mine = HubNotice.objects.select_related("channel").filter(pk=pk, lease_token=token)
    return mine.first()


def settle(notice: HubNotice, error: DeliveryError | None, jitter: float = 0.5) -> bool:
    """Write down what came of a notice. Returns whether it was still this worker's."""
    now = timezone.now()
    values: dict[str, Any] = {"lease_until": None, "lease_token": None}
    if error is None:
        values |= {"told": notice.changes, "told_at": now, "due_at": now + GAP, "attempts": 0}
        values["failure"] = ""
    else:
        wait = _wait(notice, error, jitter)
        values |= {"due_at": now + wait if wait else None, "failed_at": now}
        values["failure"] = _words(notice, error, given_up=wait is None)
        logger.warning("Hub %s could not be told of feed %s", notice.pk, notice.channel.slug)
    mine = HubNotice.objects.filter(pk=notice.pk, lease_token=notice.lease_token)
    return bool(mine.update(**values))


def _wait(notice: HubNotice, error: DeliveryError, jitter: float) -> timedelta | None:
    if isinstance(error, PermanentError):
        return None
    asked = error.retry_after if isinstance(error, TemporaryError) else None
    return retry.wait(retry.DEFAULT, asked, notice.attempts, jitter)


def _words(notice: HubNotice, error: DeliveryError, *, given_up: bool) -> str:
    if not given_up or isinstance(error, PermanentError):
        return str(error)
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Gave up after %(count)s attempts: %(reason)s")
        return reason % {"count": notice.attempts, "reason": error}


def announce_again(channel: Channel) -> int:
    """Have every hub of the feed told now, as a person wants it. Returns how many hubs."""
    hubs = hubs_of(channel)
    now = timezone.now()
    for hub in hubs:
        _queue(channel, hub, 1, now)
    HubNotice.objects.filter(channel=channel, hub__in=hubs).update(due_at=now, attempts=0)
    return len(hubs)
