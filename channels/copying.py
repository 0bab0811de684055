"""One row written for many channels: what they say is sent to the database once."""

from collections.abc import Sequence
from copy import copy

from django.db import connection

from channels.models import Channel, Delivery


def copy_to(first: Delivery, channels: Sequence[Channel]) -> list[Delivery]:
    """Write the delivery, which is stored, for each of the channels too. Returns the new rows.

    A message of some kilobytes a thousand times over is most of what publishing to a thousand
    channels would cost.
    """
    if not channels:
        return []
    by_id = {channel.pk: channel for channel in channels}
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(by_id)), [first.pk, *by_id])
    same = Delivery.objects.filter(publication=first.publication_id, action=first.action)
    written = same.filter(channel__in=by_id).values_list("channel_id", "pk")
    return [_of(first, pk, by_id[channel]) for channel, pk in written.order_by("pk")]


def _statement(count: int) -> str:
    """Return INSERT … SELECT with the columns of the model as they are."""
    quote = connection.ops.quote_name
    table, others = quote(Delivery._meta.db_table), quote(Channel._meta.db_table)
    named = [field for field in Delivery._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(quote(str(field.column)) for field in named)
    values = ", ".join(
        "c.id" if field.name == "channel" else f"d.{quote(str(field.column))}" for field in named
    )
    places = ", ".join(["%s"] * count)
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} d CROSS JOIN {others} c"  # noqa: S608 - the model's own names
        f" WHERE d.id = %s AND c.id IN ({places}) ORDER BY c.id"
    )


def _of(first: Delivery, pk: int, channel: Channel) -> Delivery:
    row = copy(first)
    row.pk, row.channel = pk, channel
    return row
