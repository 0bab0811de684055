"""What a receiver says of a delivery afterwards: asked about a doubt, or by itself."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from channels import retry, standing
from channels.announcing import announce
from channels.contract import Receipt
from channels.models import Delivery, Publication, State
from channels.payload import to_json
from channels.states import REPLACED, change, require

ASK_PAUSE = timedelta(minutes=1)  # between two questions to a receiver about the same delivery


def ask(row: Delivery, now: datetime) -> bool:
    """Reserve the question to the receiver: one worker puts it, and not all the time."""
    open_question = Delivery.objects.filter(
        pk=row.pk, state=State.UNCERTAIN, due_at=row.due_at, due_at__lte=now
    )
    return bool(open_question.update(due_at=now + ASK_PAUSE))


@transaction.atomic
def found(row: Delivery, receipt: Receipt | None) -> None:
    """Resolve an uncertain delivery by what the receiver answered when asked about it."""
    Publication.objects.lock(row.story)
    now = timezone.now()
    wait = retry.wait(row.channel.retry_policy, None, row.attempt_count)
    verb: str = State.PENDING
    if receipt is not None:
        verb = State.DELIVERED
        changed = change(row, State.DELIVERED, receipt=to_json(receipt), settled_at=now, reason="")
    elif not standing.is_latest(row):
        verb = "superseded"
        changed = change(row, State.CANCELLED, reason=REPLACED)
    elif wait is None:
        verb = State.FAILED
        changed = change(row, State.FAILED, reason=gettext_lazy("The receiver never got it."))
    else:
        changed = change(row, State.PENDING, due_at=now + wait)
    if changed:
        announce([row], verb)


@transaction.atomic
def refused(row: Delivery, reason: str) -> None:
    """The receiver says afterwards that it did not take the item. Raises ``NotAllowed``."""
    require(row, {State.UNCERTAIN, State.AWAITING})
    if change(row, State.FAILED, reason=reason, lease_token=None):
        announce([row], State.FAILED)
