"""What a receiver holds of a story, told from the deliveries alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from channels.contract import Receipt
from channels.models import Action, Delivery, State
from channels.payload import receipt_from_json


@dataclass(frozen=True, slots=True)
class Standing:
    """The receiver's view after a row of deliveries, as far as we can know it."""

    up: bool = False  # the receiver shows the story
    receipt: Receipt | None = None  # of record: what update and retract refer to
    sequence: int = 0  # the version it shows
    queued: bool = False  # something has not left yet
    in_flight: bool = False  # something has left, and how it ended is not known

    @property
    def may_be_up(self) -> bool:
        """The receiver shows the story, or may do so before the next delivery is made."""
        return self.up or self.in_flight


def after(deliveries: Iterable[Delivery]) -> Standing:
    """Fold the deliveries of one story on one channel, oldest first."""
    held = Standing()
    for row in deliveries:
        part = progress(row)
        if part is not None:
            held = replace(held, up=True, receipt=part, sequence=row.sequence)
        if row.state == State.PENDING:
            held = replace(held, queued=True)
        elif row.state in {State.SENDING, State.UNCERTAIN}:
            held = replace(held, in_flight=True)
        elif row.state in {State.DELIVERED, State.AWAITING}:
            up = row.action != Action.RETRACT
            receipt = receipt_from_json(row.receipt) if up and row.receipt else None
            held = replace(held, up=up, receipt=receipt, sequence=row.sequence)
    return held


def progress(row: Delivery) -> Receipt | None:
    """Return the receipt of the part that arrived, while the rest is still to be done."""
    open_states = {State.PENDING, State.SENDING, State.UNCERTAIN}
    if row.state not in open_states or not row.receipt or not row.receipt.get("unfinished"):
        return None
    return receipt_from_json(row.receipt)


def before(delivery: Delivery) -> Standing:
    """Return the standing that the delivery finds."""
    return after(
        Delivery.objects.for_channel(delivery.channel)
        .of_story(delivery.story)
        .filter(pk__lt=delivery.pk)
        .order_by("pk")
    )


def before_all(deliveries: Sequence[Delivery]) -> dict[int, Standing]:
    """Return the standing that each delivery finds, by its id, with one query for many."""
    earlier: dict[tuple[int, UUID], list[Delivery]] = {}
    for row in _neighbours(deliveries).order_by("pk"):
        earlier.setdefault((row.channel_id, row.story), []).append(row)
    return {
        row.pk: after(
            other for other in earlier.get((row.channel_id, row.story), ()) if other.pk < row.pk
        )
        for row in deliveries
    }


def latest(deliveries: Sequence[Delivery]) -> set[int]:
    """Return the ids of those that ``is_latest`` holds for, with one query for many."""
    rows = _neighbours(deliveries).exclude(state=State.CANCELLED)
    last: dict[tuple[int, UUID], int] = {}
    for channel, story, pk in rows.values_list("channel_id", "story", "pk"):
        last[channel, story] = max(pk, last.get((channel, story), 0))
    return {row.pk for row in deliveries if last.get((row.channel_id, row.story), 0) <= row.pk}


def _neighbours(deliveries: Sequence[Delivery]) -> QuerySet[Delivery]:
    """Return all deliveries of the same stories on the same channels, story by story."""
    channels: dict[UUID, set[int]] = {}
    for row in deliveries:
        channels.setdefault(row.story, set()).add(row.channel_id)
    if not channels:
        return Delivery.objects.none()
    of_stories = (Q(story=story, channel__in=ids) for story, ids in channels.items())
    rows = Delivery.objects.filter(reduce(or_, of_stories))
    return rows.only("channel", "story", "state", "action", "sequence", "receipt")


def is_latest(delivery: Delivery) -> bool:
    """Whether nothing newer of the story was written for the channel, cancelled rows aside."""
    newer = (
        Delivery.objects.filter(channel_id=delivery.channel_id, story=delivery.story)
        .filter(pk__gt=delivery.pk)
        .exclude(state=State.CANCELLED)
    )
    return not newer.exists()
