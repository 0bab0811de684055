"""Taking a channel out of use without losing what it did, and bringing it back.

A retired channel takes nothing and is offered nowhere; its deliveries stay, as proof. What a
worker is just sending there is settled as ever. What still waits is dropped, and a correction or
withdrawal of what its receivers show is handed to a person: nobody else can reach them any more.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels import delivery, standing
from channels.contract import PermanentError
from channels.models import Action, Channel, Delivery, DeliveryQuerySet, State
from core import audit

RETIRED = gettext_lazy("The channel was retired.")
AT_ONCE = 500  # rows changed while a person waits; the clock does the rest
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class History:
    """What a channel leaves behind: how many deliveries are in which state, and what still stands.

    ``standing`` counts items that the receiver shows, up to ``MOST_COUNTED``.
    """

    waiting: int
    in_flight: int
    failed: int
    uncertain: int
    handed_over: int
    standing: int
    archived: int
    total: int

    def __bool__(self) -> bool:
        return bool(self.total or self.archived)

    @property
    def stoppable(self) -> int:
        """How many would still be sent, now or when a person has it sent again."""
        return self.waiting + self.failed


def history(channel: Channel) -> History:
    """Return what the channel has behind and before it."""
    rows = Delivery.objects.for_channel(channel)
    states = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    counts = {state: states.get(state, 0) for state in State}
    return History(
        waiting=counts[State.PENDING],
        in_flight=counts[State.SENDING],
        failed=counts[State.FAILED],
        uncertain=counts[State.UNCERTAIN],
        handed_over=counts[State.AWAITING],
        standing=shown(channel).order_by()[:MOST_COUNTED].count(),
        archived=channel.archived.count(),
        total=sum(states.values()),
    )


def shown(channel: Channel) -> DeliveryQuerySet:
    """Return the last delivery of each item that the receiver shows as far as we know."""
    there = Q(state__in=[State.DELIVERED, State.AWAITING])
    later = Delivery.objects.filter(
        there, channel=OuterRef("channel"), story=OuterRef("story"), pk__gt=OuterRef("pk")
    )
    rows = Delivery.objects.for_channel(channel).filter(there, ~Exists(later))
    return rows.exclude(action=Action.RETRACT)


def cancel_waiting(channel: Channel, user: Any) -> int:
    """Give up on what waits for the channel or failed there. Returns how many, at most ``AT_ONCE``.

    Each in a transaction of its own: must run outside one, so that nobody waits crosswise. What
    a worker takes meanwhile is left to it.
    """
    rows = Delivery.objects.for_channel(channel).undelivered()
    rows = rows.filter(state__in=[State.PENDING, State.FAILED]).order_by("pk")
    cancelled = 0
    for row in rows.select_related("channel")[:AT_ONCE]:
        try:
            delivery.cancel(row, user, _("Cancelled together with all that waited for it."))
        except delivery.NotAllowed:
            continue
        cancelled += 1
    return cancelled


def retire(channel: Channel, user: Any) -> None:
    """Take the channel out of use. Must run outside a transaction, as ``cancel_waiting``."""
    now = timezone.now()
    with transaction.atomic():
        row = Channel.objects.filter(pk=channel.pk, retired_at=None)
        if not row.update(is_active=False, retired_at=now):
            return
        channel.refresh_from_db(fields=["is_active", "retired_at"])
        audit.record(channel, "channels.retire", user)
    let_go(Delivery.objects.for_channel(channel), user)
    failed = Delivery.objects.for_channel(channel).undelivered().filter(state=State.FAILED)
    for one in failed.select_related("channel").order_by("pk")[:AT_ONCE]:
        _give_up(one, user)


@transaction.atomic
def _give_up(row: Delivery, user: Any) -> None:
    """Cancel what failed, or hand it to a person while the receiver shows what it was to change."""
    try:
        delivery.require(row, {State.FAILED})
    except delivery.NotAllowed:
        return  # a person was faster
    held = standing.before(row)
    if held.may_be_up and standing.is_latest(row):
        delivery.hand_over(row, held.receipt, user)
    else:
        delivery.cancel(row, user, str(RETIRED))


def bring_back(channel: Channel, user: Any) -> None:
    """Offer the channel again. It is off until somebody switches it on."""
    if Channel.objects.filter(pk=channel.pk).exclude(retired_at=None).update(retired_at=None):
        channel.retired_at = None
        audit.record(channel, "channels.bring_back", user)


def require_in_use(channel: Channel) -> None:
    """Raise ``PermanentError`` for a retired channel."""
    if channel.is_retired:
        raise PermanentError(_("The channel was retired. Bring it back first."))


def sweep(now: datetime) -> int:
    """Let go what was queued for retired channels, or given back by a worker, since they retired.

    Returns how many deliveries.
    """
    retired = list(Channel.objects.exclude(retired_at=None).values_list("pk", flat=True))
    return let_go(Delivery.objects.filter(channel__in=retired)) if retired else 0


def let_go(rows: DeliveryQuerySet, user: Any = None) -> int:
    """Drop what waits, or hand it to a person where the receiver shows an earlier version."""
    waiting = rows.undelivered().filter(state=State.PENDING).select_related("channel")
    return sum(_let_go(row, user) for row in waiting.order_by("pk")[:AT_ONCE])


@transaction.atomic
def _let_go(row: Delivery, user: Any) -> bool:
    try:
        delivery.require(row, {State.PENDING})
    except delivery.NotAllowed:
        return False
    held = standing.before(row)
    if held.may_be_up:
        return delivery.hand_over(row, held.receipt, user)
    return delivery.drop(row, RETIRED)
