"""Channels that work but will not for long, in words that say what to do."""

from datetime import datetime

from channels import building
from channels.contract import Adapter, PermanentError
from channels.models import Channel
from channels.registry import ADAPTERS


def of(channel: Channel, now: datetime) -> str:
    """Return what a person should see to soon; "" for nothing, or when it cannot be told.

    Lists that were read without the secrets do not ask for each of them.
    """
    kind = ADAPTERS.get(channel.kind)
    if kind is None or kind.attention is Adapter.attention:
        return ""
    if "secret" in channel.get_deferred_fields():
        return ""
    try:
        return building.adapter(channel).attention(now)
    except PermanentError:
        return ""  # that is shown as its condition


def due(now: datetime) -> list[tuple[Channel, str]]:
    """Return the channels in use that need attention, each with what is to be done."""
    kinds = [name for name, kind in ADAPTERS.items() if kind.attention is not Adapter.attention]
    channels = Channel.objects.active().filter(kind__in=kinds)
    told = ((channel, of(channel, now)) for channel in channels)
    return [(channel, words) for channel, words in told if words]
