"""Notes mail that comes back after it had left us, as mail providers report it.

A delivery stays delivered: the provider took it. That a desk did not get it stands in the receipt
and as the channel's last failure, so that somebody corrects the address.
"""

from datetime import timedelta
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.models import Channel, Delivery, Publication
from channels.watching import canary
from core import audit

RETURNED = {
    EventType.BOUNCED,
    EventType.REJECTED,
    EventType.FAILED,
    EventType.COMPLAINED,
    EventType.UNSUBSCRIBED,
}
REASONS = {
    RejectReason.INVALID: gettext_lazy("the address is wrong"),
    RejectReason.BOUNCED: gettext_lazy("the mail server there refuses it"),
    RejectReason.TIMED_OUT: gettext_lazy("the mail server there refuses it"),
    RejectReason.BLOCKED: gettext_lazy("the mail server there refuses it"),
    RejectReason.SPAM: gettext_lazy("it was taken for spam"),
    RejectReason.UNSUBSCRIBED: gettext_lazy("the desk does not want our mail"),
}
NO_REASON = gettext_lazy("no reason was given")
KEPT = timedelta(days=30)  # servers give up on a mail after five days (RFC 5321, 4.5.4.1)


@receiver(tracking)
def note_returned(sender: Any, event: AnymailTrackingEvent, **kwargs: Any) -> None:
    """Listen to what a provider reports. Mail that is not a channel's is none of ours."""
    if event.event_type not in RETURNED or not event.message_id:
        return
    with translation.override(settings.LANGUAGE_CODE):
        words = _("A mail to %(address)s came back: %(reason)s.") % {
            "address": event.recipient or "?",
            "reason": REASONS.get(event.reject_reason, NO_REASON),
        }
    record(str(event.message_id), words)


@transaction.atomic
def record(provider_id: str, words: str) -> bool:
    """Note on the delivery of this mail that it came back. Returns whether there was one.

    ``provider_id``: what the provider calls the mail. A report that comes twice is noted once.
    """
    row = _delivery_of(provider_id)
    if row is None:
        return False
    Publication.objects.lock(row.story)
    row.refresh_from_db()
    receipt = row.receipt or {}
    if words in receipt.get("note", ""):
        return True
    note = f"{receipt.get('note', '')} {words}".strip()
    Delivery.objects.filter(pk=row.pk).update(receipt={**receipt, "note": note}, reason=note)
    Channel.objects.filter(pk=row.channel_id).update(
        last_failure=words, last_failure_at=timezone.now()
    )
    canary.came_back(row, words)
    audit.record(row, "channels.bounced", channel=row.channel.name, reason=words)
    return True


def _delivery_of(provider_id: str) -> Delivery | None:
    recent = Delivery.objects.filter(
        channel__kind="email",
        created_at__gte=timezone.now() - KEPT,
        receipt__details__provider_ids__icontains=provider_id,  # a list of them
    )
    for row in recent.select_related("channel", "publication"):
        if provider_id in (row.receipt or {})["details"]["provider_ids"]:
            return row
    return None
