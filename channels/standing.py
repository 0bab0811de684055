"""What a receiver holds of a story, told from the deliveries alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

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
        if row.state == State.PENDING:
            held = replace(held, queued=True)
        elif row.state in {State.SENDING, State.UNCERTAIN}:
            held = replace(held, in_flight=True)
        elif row.state in {State.DELIVERED, State.AWAITING}:
            up = row.action != Action.RETRACT
            receipt = receipt_from_json(row.receipt) if up and row.receipt else None
            held = replace(held, up=up, receipt=receipt, sequence=row.sequence)
    return held


def before(delivery: Delivery) -> Standing:
    """Return the standing that the delivery finds."""
    return after(
        Delivery.objects.for_channel(delivery.channel)
        .of_story(delivery.story)
        .filter(pk__lt=delivery.pk)
        .order_by("pk")
    )


def is_latest(delivery: Delivery) -> bool:
    """Whether nothing newer of the story was written for the channel, cancelled rows aside."""
    newer = (
        Delivery.objects.filter(channel_id=delivery.channel_id, story=delivery.story)
        .filter(pk__gt=delivery.pk)
        .exclude(state=State.CANCELLED)
    )
    return not newer.exists()
