"""What other layers may listen to."""

import logging
from typing import Any

from django.db import transaction
from django.dispatch import Signal

logger = logging.getLogger(__name__)

#: Deliveries reached a state that people care about, all of them by the same verb.
#: Sent inside the transaction that changed them, with ``deliveries`` (a sequence of rows with their
#: channels), ``verb`` (str), ``user`` and ``reason`` (str; empty: each row's own). A listener works
#: for all of them at once: there may be hundreds. It may be called again, for one row at a time,
#: when it failed for all.
deliveries_changed = Signal()

#: The system stopped a channel ("stop"), leaves it alone for a while ("break") or uses it again
#: ("mend"). Sent inside the transaction that changed it, with ``channel``, ``verb`` and ``reason``.
channel_changed = Signal()

#: An officer answered a call ("call_answered"), or did not in time ("call_unanswered"). Sent inside
#: the transaction that changed it, with ``call``, ``verb`` and ``user``.
call_changed = Signal()

#: A station took deliveries at its own feed that it had not taken before. Sent with ``key``,
#: ``deliveries`` (numbers) and ``when``.
station_took = Signal()

#: A station said what it did with an item, or took that back. Sent with ``report`` and ``stands``.
station_reported = Signal()


def tell(signal: Signal, sender: type, **values: Any) -> None:
    """Send the signal inside the transaction. What a listener does wrong is logged and undone.

    What came of a channel is known only here: no listener may undo that.
    """
    try:
        with transaction.atomic():
            signal.send(sender=sender, **values)
    except Exception:
        if transaction.get_connection().needs_rollback:
            raise  # nothing of this transaction can be kept
        logger.exception("A listener failed: %s %s", sender.__name__, values.get("verb", ""))
