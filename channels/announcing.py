"""Tells the log and the other layers what became of deliveries."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from channels.models import Delivery
from channels.signals import deliveries_changed
from core import audit

logger = logging.getLogger(__name__)


def announce(rows: Sequence[Delivery], verb: str, user: Any = None, reason: str = "") -> None:
    """Log the verb for each row and tell whoever listens, all at once.

    Without a ``reason`` each row's own is told.
    """
    said = [(row, {"channel": row.channel.name, "reason": reason or row.reason}) for row in rows]
    audit.record_all(said, f"channels.{verb}", user)
    if not _told(rows, verb, user, reason) and len(rows) > 1:
        for row in rows:  # one may be the culprit: the others are told of all the same
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
