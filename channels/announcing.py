"""Tells the log and the other layers what became of deliveries."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from django.db import transaction

from channels.models import Delivery
from channels.signals import deliveries_changed
from core import audit, logs

logger = logging.getLogger(__name__)


def about(row: Delivery) -> Mapping[str, Any]:
    """Return what log lines say of a delivery: which one, and on which channel. Never a secret."""
    return {"delivery": row.pk, "channel": row.channel.slug, "kind": row.channel.kind}


def naming(rows: Sequence[Delivery]) -> AbstractContextManager[None]:
    """Let every line written inside name the delivery, or the numbers of all of them."""
    if len(rows) == 1:
        return logs.about(**about(rows[0]))
    return logs.about(deliveries=[row.pk for row in rows])


def announce(rows: Sequence[Delivery], verb: str, user: Any = None, reason: str = "") -> None:
    """Log the verb for each row and tell whoever listens, all at once.

    Without a ``reason`` each row's own is told.
    """
    with naming(rows):
        _announce(rows, verb, user, reason)


def _announce(rows: Sequence[Delivery], verb: str, user: Any, reason: str) -> None:
    said = [(row, {"channel": row.channel.name, "reason": reason or row.reason}) for row in rows]
    audit.record_all(said, f"channels.{verb}", user)
    if not _told(rows, verb, user, reason) and len(rows) > 1:
        for row in rows:  # one may be the culprit: the others are told of all the same
            with naming([row]):
                _told([row], verb, user, reason)


def _told(rows: Sequence[Delivery], verb: str, user: Any, reason: str) -> bool:
    try:
        with transaction.atomic():
            deliveries_changed.send(
                sender=Delivery, deliveries=rows, verb=verb, user=user, reason=reason
            )
    except Exception:
        if transaction.get_connection().needs_rollback:
            raise  # nothing of this transaction can be kept
        # What came of a delivery is known only here: no listener may undo it.
        logger.exception("A listener failed: %s of %s", verb, [row.pk for row in rows])
        return False
    return True
