"""Ends what was for an item's time only, while the item stays: the pin of an urgent message."""

from collections.abc import Mapping
from uuid import UUID

from channels import building, delivery, registry
from channels.contract import DeliveryError
from channels.models import Action, Channel, Delivery, State
from channels.payload import message_from_json
from channels.standing import Standing


def queue(story: UUID | str, there: Mapping[int, Standing]) -> int:
    """Queue the end of the story on every channel that has something to end.

    ``there`` is what each channel holds, by its id. Under the lock of the story. Returns for how
    many channels; none the second time.
    """
    kinds = registry.ending()
    holders = Channel.objects.in_use().filter(pk__in=there, kind__in=kinds).order_by("pk")
    return sum(_end(channel, story, there[channel.pk]) for channel in holders)


def _end(channel: Channel, story: UUID | str, held: Standing) -> bool:
    rows = Delivery.objects.for_channel(channel).of_story(story)
    spoken = rows.exclude(state__in=[State.CANCELLED, State.PENDING]).order_by("-pk")
    last = spoken.select_related("publication").first()
    if last is None or not held.may_be_up:
        return False
    if rows.filter(action=Action.END, pk__gte=last.pk).exists():
        return False
    message = message_from_json(last.payload)
    try:
        adapter = building.adapter(channel)
        with building.guarded(channel.kind):
            wanted = adapter.must_end(message, held.receipt)
    except DeliveryError:
        return False  # the channel is out of order, and its people know
    if not wanted:
        return False
    placed = delivery.place(last.publication, channel, Action.END, message, priority=last.priority)
    return placed is not None
