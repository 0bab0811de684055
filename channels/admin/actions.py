"""What a person does with a channel, one verb a function. Each leaves a line in its history.

Functions that call a receiver must run outside a transaction: nothing may wait for the network
while the database is locked.
"""

from contextlib import suppress
from typing import Any
from uuid import uuid4

from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from channels import breaker, building, probing, retiring, sending
from channels.contract import PermanentError, Receipt, Story
from channels.delivery import Outcome
from channels.feeds.hubs import announce_again
from channels.models import Action, Channel, State
from channels.pacing import PaceSlot
from core import audit


def switch_on(channel: Channel, user: Any) -> None:
    """Let the channel take new items. Raises ``PermanentError`` when its settings are unusable."""
    retiring.require_in_use(channel)
    building.adapter(channel)
    _change(channel, is_active=True, works_since=timezone.now())
    audit.record(channel, "channels.switch_on", user)


def switch_off(channel: Channel, user: Any) -> None:
    """Let nothing new go to the channel; what was delivered stays where it is."""
    _change(channel, is_active=False)
    audit.record(channel, "channels.switch_off", user)


def restart(channel: Channel, user: Any) -> None:
    """Start a channel again that the system stopped or left alone, or that was asked to wait."""
    reason = channel.stopped_reason
    with suppress(PermanentError):  # unusable settings: the next delivery will say so
        PaceSlot.objects.release(pace.key for pace in building.adapter(channel).paces())
    breaker.answered(channel, timezone.now())
    _change(channel, stopped_at=None, stopped_reason="", hold_until=None, failures=0,
            works_since=timezone.now())  # fmt: skip
    audit.record(channel, "channels.restart", user, reason=reason)


def announce(channel: Channel, user: Any) -> int:
    """Have the hubs of a feed told of it once more. Returns how many hubs it names."""
    hubs = announce_again(channel)
    audit.record(channel, "channels.announce", user)
    return hubs


def note_secret(channel: Channel, user: Any) -> None:
    """Record that the secret was replaced or removed; what it was is nobody's business."""
    audit.record(channel, "channels.edit_secret", user, removed=not channel.secret)


def check(channel: Channel) -> str:
    """Ask the destination for its name without publishing. Empty when the kind has nothing to ask.

    Raises ``DeliveryError`` with words for the person.
    """
    adapter = building.adapter(channel)
    name = async_to_sync(probing.ask_channel)(channel)
    if adapter.can_probe:
        breaker.answered(channel, timezone.now())
    return name


def send_test(channel: Channel, user: Any) -> Outcome:
    """Send a short item labelled as a test, now and past the outbox. Returns what came of it.

    Raises ``PermanentError`` when the channel's settings are unusable, ``ValueError`` for a kind
    that sends nothing.
    """
    adapter = building.adapter(channel)
    if adapter.pulls:
        raise ValueError("Receivers fetch from this kind of channel: nothing can be sent.")
    job = sending.Job(Action.PUBLISH, adapter, adapter.compose(test_story(channel)), None, 1)
    outcome = async_to_sync(sending.attempt)(job)
    if outcome.receipt and outcome.receipt.new_options:
        _take_over(channel, outcome.receipt)
    result = str(State(outcome.state).label)
    audit.record(channel, "channels.test", user, result=result, reason=outcome.reason)
    return outcome


def test_story(channel: Channel) -> Story:
    """Return the item that a test sends, in the language of the receivers."""
    now = timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        moment = date_format(timezone.localtime(now), "DATETIME_FORMAT")
        text = _(
            "This is a test of the channel “%(channel)s”, sent by %(site)s at %(moment)s. "
            "Nothing has to be done."
        ) % {"channel": channel.name, "site": settings.SITE_NAME, "moment": moment}
        title = _("Test message")
    return Story(
        key=str(uuid4()),
        sequence=1,
        title=title,
        summary=text,
        text=text,
        html=format_html("<p>{}</p>", text),
        spoken=text,
        address=f"{settings.WAGTAILADMIN_BASE_URL}/",
        published=now,
        updated=now,
    )


def _take_over(channel: Channel, receipt: Receipt) -> None:
    """Store what the receiver changed, such as the new number of a group."""
    channel.refresh_from_db(fields=["options"])
    _change(channel, options=channel.options | dict(receipt.new_options))


def _change(channel: Channel, **values: Any) -> None:
    """Write these columns only: a worker may be writing others."""
    for name, value in values.items():
        setattr(channel, name, value)
    channel.save(update_fields=list(values))
