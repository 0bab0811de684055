"""What an administrator must know of now. Each rule is asked in every round.

Other apps add theirs with ``register``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels import attention, heartbeat, late
from channels.models import Channel, Delivery, DeliveryQuerySet, State
from channels.watching.models import Canary, Probe, WatchSettings

MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    key: str  # what it is about: the same in every round, as long as it lasts
    kind: str
    text: str  # for people: what is wrong, and what to do
    url: str = ""  # in the admin


Rule = Callable[[datetime, WatchSettings], Iterable[Finding]]
_RULES: list[Rule] = []


def register(rule: Rule) -> Rule:
    """Let every round ask this rule too."""
    if rule not in _RULES:
        _RULES.append(rule)
    return rule


def findings(now: datetime, settings: WatchSettings) -> list[Finding]:
    """Return all that is wrong now."""
    return [found for rule in _RULES for found in rule(now, settings)]


def moment(at: datetime | None) -> str:
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


@register
def worker_silent(now: datetime, settings: WatchSettings) -> Iterable[Finding]:
    """No worker gave a sign of life, and something waits for one or one was there before."""
    seen = heartbeat.last_seen()
    if seen is not None and seen > now - timedelta(minutes=settings.silent_minutes):
        return
    if seen is None and not waiting_since(now - timedelta(minutes=settings.silent_minutes)):
        return
    text = _("The background process (worker) is not running. Start it: nothing is sent meanwhile.")
    if seen is not None:
        text = _(
            "The background process (worker) has been silent since %(moment)s. Start it again: "
            "nothing is sent meanwhile."
        ) % {"moment": moment(seen)}
    yield Finding("worker", "worker", text, reverse("portal_delivery_board"))


def waiting_since(limit: datetime) -> bool:
    rows = Delivery.objects.undelivered().filter(state=State.PENDING, due_at__lte=limit)
    return rows.exists()


@register
def deliveries_untaken(now: datetime, settings: WatchSettings) -> Iterable[Finding]:
    wait = timedelta(minutes=settings.untaken_minutes)
    count = some(late.untaken(now, wait))
    if count:
        text = ngettext(
            "%(count)s delivery is due and nobody sends it. Look whether the worker runs.",
            "%(count)s deliveries are due and nobody sends them. Look whether the worker runs.",
            count,
        ) % {"count": count}
        yield Finding("untaken", "untaken", text, board("untaken"))


@register
def deliveries_overdue(now: datetime, settings: WatchSettings) -> Iterable[Finding]:
    late = now - timedelta(minutes=settings.overdue_minutes)
    count = some(Delivery.objects.overdue(late))
    if count:
        text = ngettext(
            "%(count)s delivery was handed over and not confirmed in time.",
            "%(count)s deliveries were handed over and not confirmed in time.",
            count,
        ) % {"count": count}
        yield Finding("overdue", "overdue", text, board("overdue"))


@register
def channels_out_of_order(now: datetime, settings: WatchSettings) -> Iterable[Finding]:
    """Stopped, left alone by the circuit breaker, or failing its probes, for a while."""
    limit = now - timedelta(minutes=settings.stopped_minutes)
    failing = dict(
        Probe.objects.filter(failing_since__lte=limit).values_list("channel", "failing_since")
    )
    ill = Channel.objects.active().filter(
        Q(stopped_at__lte=limit) | Q(broken_at__lte=limit) | Q(pk__in=list(failing))
    )
    for channel in ill.select_related("probe").defer("secret").order_by("pk"):
        since = channel.stopped_at or channel.broken_at or failing[channel.pk]
        reason = channel.stopped_reason or channel.last_failure
        if not channel.is_stopped and channel.pk in failing:
            reason = channel.probe.reason
        text = _("The channel “%(name)s” has been out of order since %(moment)s: %(reason)s") % {
            "name": channel.name, "moment": moment(since), "reason": reason,
        }  # fmt: skip
        yield Finding(f"channel:{channel.pk}", "channel", text, channel_url(channel))


@register
def channels_to_see_to(now: datetime, settings: WatchSettings) -> Iterable[Finding]:
    """They work, and will not for long: a token that ends, say."""
    for channel, words in attention.due(now):
        text = f"{channel.name}: {words}"
        yield Finding(f"attention:{channel.pk}", "attention", text, channel_url(channel))


@register
def canaries_lost(now: datetime, settings: WatchSettings) -> Iterable[Finding]:
    """Two trial messages in a row did not arrive."""
    limit = now - 2 * timedelta(minutes=settings.canary_minutes)
    rows = Canary.objects.filter(channel__is_active=True, channel__is_test=True)
    for canary in rows.filter(since__lte=limit).select_related("channel").defer("channel__secret"):
        if canary.arrived_at is None or canary.arrived_at <= limit:
            text = _("Trial messages do not arrive at “%(name)s”: %(problem)s") % {
                "name": canary.channel.name,
                "problem": canary.problem or _("none has been sent"),
            }
            key = f"canary:{canary.channel_id}"
            yield Finding(key, "canary", text, channel_url(canary.channel))


def some(rows: DeliveryQuerySet) -> int:
    """Count, but not for ever."""
    return rows.order_by()[:MOST_COUNTED].count()


def board(look: str) -> str:
    return f"{reverse('portal_delivery_board')}?state={look}"


def channel_url(channel: Channel) -> str:
    return reverse("channels:inspect", args=[channel.pk])
