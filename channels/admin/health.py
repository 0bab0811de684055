"""How channels are doing, for the list and the edit page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from channels import attention
from channels.models import Channel, Delivery, State

COUNTED = (State.PENDING, State.FAILED, State.UNCERTAIN)


class Condition(StrEnum):
    """What a person should know at a glance."""

    WORKING = "working"
    HOLDING = "holding"  # the receiver asked us to wait
    BROKEN = "broken"  # it does not answer; the system asks it again by itself
    QUIET = "quiet"  # hours in which nothing is sent
    STOPPED = "stopped"  # by the system; a person starts it again
    UNUSED = "unused"  # nothing was ever delivered or refused


@dataclass(frozen=True, slots=True)
class Health:
    """A channel's condition in words, and its open deliveries."""

    condition: Condition
    label: str
    pending: int
    failed: int
    uncertain: int
    attention: str = ""  # what a person should see to although the channel works


def health_of(channels: Iterable[Channel], now: datetime) -> dict[int, Health]:
    """Return the health of each channel by id, with one query for all of them."""
    channels = list(channels)
    counts: Counter[tuple[int, str]] = Counter()
    rows = (
        Delivery.objects.undelivered()
        .filter(channel__in=channels, state__in=COUNTED)
        .values_list("channel", "state")
        .annotate(number=Count("pk"))
        .order_by()
    )
    for pk, state, number in rows:
        counts[pk, state] = number
    return {channel.pk: _health(channel, counts, now) for channel in channels}


def _health(channel: Channel, counts: Counter[tuple[int, str]], now: datetime) -> Health:
    condition = condition_of(channel, now)
    pending, failed, uncertain = (counts[channel.pk, state] for state in COUNTED)
    label = label_of(channel, condition, now)
    return Health(condition, label, pending, failed, uncertain, attention.of(channel, now))


def condition_of(channel: Channel, now: datetime) -> Condition:
    """Return the most important thing that holds of the channel."""
    if channel.is_stopped:
        return Condition.STOPPED
    if channel.hold_until and channel.hold_until > now:
        return Condition.HOLDING
    if channel.is_broken:
        return Condition.BROKEN
    if channel.silent_until(now):
        return Condition.QUIET
    if channel.last_success_at or channel.last_failure_at:
        return Condition.WORKING
    return Condition.UNUSED


def label_of(channel: Channel, condition: Condition, now: datetime) -> str:
    """Return the condition in words, with the reason or the moment that belongs to it."""
    match condition:
        case Condition.STOPPED:
            return _("Stopped: %(reason)s") % {"reason": channel.stopped_reason}
        case Condition.HOLDING:
            return _("Waiting until %(moment)s, as the receiver asked") % {
                "moment": _moment(channel.hold_until)
            }
        case Condition.BROKEN:
            return _("Does not answer since %(since)s; asked again at %(moment)s") % {
                "since": _moment(channel.broken_at),
                "moment": _moment(channel.probe_at),
            }
        case Condition.QUIET:
            return _("Quiet hours until %(moment)s") % {
                "moment": _moment(channel.silent_until(now))
            }
        case Condition.WORKING:
            return _("Working")
        case Condition.UNUSED:
            return _("Never used")


def _moment(moment: datetime | None) -> str:
    local = timezone.localtime(moment)
    return formats.date_format(local, "SHORT_DATETIME_FORMAT")
