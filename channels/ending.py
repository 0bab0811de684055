"""Ends what was for an item's time only, while the item stays: the pin of an urgent message."""

from channels import building, delivery, registry
from channels.contract import DeliveryError, Message
from channels.history import History
from channels.models import Action, Channel


def queue(history: History) -> int:
    """Queue the end of a story on every channel that has something to end.

    Under the lock of the story. Returns for how many channels; none the second time.
    """
    holders = Channel.objects.in_use().filter(pk__in=history.rows, kind__in=registry.ending())
    changes = []
    for channel in holders.order_by("pk"):
        last = history.spoken(channel.pk)
        if last is None or history.ended(channel.pk):
            continue
        message = history.message(last)
        if _must_end(channel, message, history):
            changes.append((last, message))
    return len(delivery.place_changes(changes, Action.END))


def _must_end(channel: Channel, message: Message, history: History) -> bool:
    held = history.standing(channel.pk)
    if not held.may_be_up:
        return False
    try:
        adapter = building.adapter(channel)
        with building.guarded(channel.kind):
            return adapter.must_end(message, held.receipt)
    except DeliveryError:
        return False  # the channel is out of order, and its people know
