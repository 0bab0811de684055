"""The verbs of deliveries and channels, as the history pages name them."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

DELIVERY_VERBS = {
    "queued": (_("Queue for a channel"), _("Queued for a channel")),
    "delivered": (_("Deliver"), _("Delivered to a channel")),
    "awaiting": (_("Hand over"), _("Handed over to a person")),
    "failed": (_("Fail to deliver"), _("Could not be delivered to a channel")),
    "uncertain": (_("Lose sight"), _("It is not known whether it arrived")),
    "pending": (_("Queue again"), _("Queued for another try")),
    "superseded": (_("Replace"), _("Replaced by a newer version before it was sent")),
    "cancelled": (_("Cancel"), _("Delivery cancelled")),
    "confirmed": (_("Confirm arrival"), _("A person confirmed that it arrived")),
    "sent_again": (_("Send again"), _("A person had it sent again")),
    "forced": (_("Send in spite of doubt"), _("A person had it sent in spite of doubt")),
    "quiet_waived": (_("Send in quiet hours"), _("Sent without waiting for quiet hours to end")),
    "bounced": (_("Return a mail"), _("A mail to the desk came back")),
    "stop": (_("Stop the channel"), _("The system stopped the channel")),
    "call_answered": (_("Acknowledge"), _("An officer acknowledged an urgent announcement")),
    "call_unanswered": (
        _("Call in vain"),
        _("An officer did not acknowledge an urgent announcement"),
    ),
    "break": (_("Leave a channel alone"), _("The channel does not answer and is left alone")),
    "mend": (_("Use a channel again"), _("The channel answers again")),
}


@hooks.register("register_log_actions")
def register(actions: LogActionRegistry) -> None:
    for verb, (label, message) in DELIVERY_VERBS.items():
        actions.register_action(f"channels.{verb}", label, message)
