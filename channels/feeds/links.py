"""Signed links: whoever has one may confirm one item for one station, for a while."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer

from channels.feeds.models import StationKey
from channels.models import Delivery, State

VALID = timedelta(days=90)  # after the item reached the station's feed
_GENERATION = 12  # characters of the key's hash: a renewed address ends the links of the old one


class Outdated(Exception):
    """The link was good once: it is too old, or the address it came with answers no more."""


def _signer() -> Signer:
    return Signer(salt="channels.feeds.links", sep="~")


def sign(key: StationKey, delivery: int) -> str:
    """Return what proves that the station was given the delivery. The same each time."""
    return _signer().sign(f"{key.pk}-{delivery}-{key.token_hash[:_GENERATION]}")


def read(signed: str, now: datetime) -> tuple[StationKey, Delivery] | None:
    """Return whose link it is and for which delivery; ``None`` when we never signed it.

    Raises ``Outdated``.
    """
    try:
        key_pk, delivery_pk, generation = _signer().unsign(signed).split("-")
    except BadSignature:
        return None
    row = Delivery.objects.filter(pk=delivery_pk, state=State.DELIVERED).first()
    keys = StationKey.objects.open().filter(channel__is_active=True).select_related("channel")
    key = keys.filter(pk=key_pk, token_hash__startswith=generation).first()
    if row is None or key is None or row.channel_id != key.channel_id:
        raise Outdated
    if row.settled_at is None or row.settled_at + VALID < now:
        raise Outdated
    return key, row
