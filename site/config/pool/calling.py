"""Calls a worker when deliveries were written, once their transaction commits."""

from typing import Any

from django.conf import settings
from django.db import transaction

from channels.models import State
from channels.signals import deliveries_changed
from config.pool.queues import call_a_worker

#: After these something is due. Whatever else becomes due, the clock finds within its interval.
CALLING = frozenset({"queued", "sent_again", "forced", State.PENDING.value})


def on_change(verb: str, **_others: Any) -> None:
    """Receive ``deliveries_changed``: one call for a transaction, however many rows it writes."""
    if settings.ENGINE != "procrastinate" or verb not in CALLING:
        return
    coming = transaction.get_connection().run_on_commit
    if not coming or coming[-1][1] is not call_a_worker:
        # A call that fails is none of the publisher's business: the clock comes round.
        transaction.on_commit(call_a_worker, robust=True)


def connect() -> None:
    deliveries_changed.connect(on_change, dispatch_uid="config.pool")
