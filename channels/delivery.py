"""Moves deliveries through their states. The only module that changes ``Delivery.state``.

pending ─claim→ sending ─settle→ delivered | awaiting | failed | uncertain | pending (later)
sending ─lease ran out→ uncertain          failed, uncertain ─a person→ pending | delivered
pending, failed, uncertain, awaiting ─→ cancelled
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from channels import standing
from channels.contract import Message, Receipt
from channels.models import Action, Attempt, Channel, Delivery, Publication, State
from channels.payload import to_json
from channels.signals import delivery_changed
from core import audit

AWAITING_LIMIT = timedelta(days=2)  # a person who was handed something is asked after this


class NotAllowed(Exception):
    """The verb does not fit the delivery's state. The text is for people."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try."""

    state: State
    reason: str = ""
    receipt: Receipt | None = None
    wait: timedelta | None = None  # until the next try, when ``state`` is pending
    hold_channel: timedelta | None = None  # the receiver asked everybody to wait
    stops_channel: bool = False
    started: datetime = field(default_factory=timezone.now)


def place(
    publication: Publication, channel: Channel, action: Action, message: Message, **values: Any
) -> Delivery | None:
    """Write a delivery, or wake the same one if it had ended. ``None`` when it already stands."""
    row, created = Delivery.objects.get_or_create(
        publication=publication,
        channel=channel,
        action=action,
        defaults={
            "story": publication.story,
            "sequence": publication.sequence,
            "payload": to_json(message),
            **values,
        },
    )
    if created:
        _announce(row, "queued")
        return row
    if row.state not in {State.FAILED, State.CANCELLED}:
        return None
    _change(row, State.PENDING, due_at=timezone.now(), attempt_count=0, reason="", lease_token=None)
    _announce(row, "queued")
    return row


def claim(pk: int, now: datetime) -> Delivery | None:
    """Take one pending delivery under a lease. Of several workers at most one gets it."""
    lease = timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    try:
        with transaction.atomic():
            taken = Delivery.objects.filter(pk=pk, state=State.PENDING, due_at__lte=now).update(
                state=State.SENDING,
                lease_until=now + lease,
                lease_token=uuid.uuid4(),
                attempt_count=F("attempt_count") + 1,
            )
    except IntegrityError:  # Another worker has something of this channel in flight.
        return None
    if not taken:
        return None
    row = Delivery.objects.select_related("channel", "publication").get(pk=pk)
    return row if fit_action(row) else None


def fit_action(row: Delivery) -> bool:
    """Make the action fit what the receiver holds by now. Returns whether anything is left to do.

    An update of what never arrived is a publish; a retraction of it has nothing to do.
    """
    there = standing.before(row)
    if row.action == Action.RETRACT and not there.may_be_up:
        _change(row, State.CANCELLED, reason=_("There was nothing to take down."))
        _announce(row, "cancelled")
        return False
    if row.action != Action.RETRACT:
        wanted = Action.UPDATE if there.up else Action.PUBLISH
        clash = Delivery.objects.filter(
            publication=row.publication_id, channel=row.channel_id, action=wanted
        ).exclude(pk=row.pk)
        if row.action != wanted and not clash.exists():
            row.action = wanted
            row.save(update_fields=["action"])
    return True


@transaction.atomic
def settle(row: Delivery, outcome: Outcome) -> bool:
    """Write down what came of a try. Returns whether the row was still this worker's to settle.

    A worker that comes late, after its lease ran out, is still believed: it knows what happened.
    """
    now = timezone.now()
    detail = outcome.receipt.note if outcome.receipt else outcome.reason
    Attempt.objects.create(
        delivery=row,
        action=row.action,
        started_at=outcome.started,
        duration=now - outcome.started,
        outcome=outcome.state,
        detail=outcome.reason or detail,
    )
    values: dict[str, Any] = {"reason": detail, "settled_at": None}
    if outcome.state == State.PENDING:
        values["due_at"] = now + (outcome.wait or timedelta(0))
    elif outcome.state == State.AWAITING:
        values |= {"due_at": now + AWAITING_LIMIT}
    if outcome.receipt:
        values["receipt"] = to_json(outcome.receipt)
    if outcome.state == State.DELIVERED:
        values["settled_at"] = now
    mine = Delivery.objects.filter(
        pk=row.pk, lease_token=row.lease_token, state__in=[State.SENDING, State.UNCERTAIN]
    )
    if not mine.update(state=outcome.state, lease_until=None, **values):
        return False
    _note_health(row.channel, outcome, now)
    row.refresh_from_db()
    if outcome.state != State.PENDING:
        _announce(row, outcome.state)
    return True


def _note_health(channel: Channel, outcome: Outcome, now: datetime) -> None:
    """Keep the channel's own record: last success and failure, a wait, a stop, a new address."""
    values: dict[str, Any] = {}
    if outcome.state in {State.DELIVERED, State.AWAITING}:
        values["last_success_at"] = now
    elif outcome.reason:
        values |= {"last_failure_at": now, "last_failure": outcome.reason}
    if outcome.hold_channel:
        values["hold_until"] = now + outcome.hold_channel
    if outcome.stops_channel:
        values |= {"stopped_at": now, "stopped_reason": outcome.reason}
    if outcome.receipt and outcome.receipt.new_options:
        channel.refresh_from_db(fields=["options"])
        values["options"] = channel.options | dict(outcome.receipt.new_options)
    if values:
        Channel.objects.filter(pk=channel.pk).update(**values)
    if outcome.stops_channel:
        audit.record(channel, "channels.stop", reason=outcome.reason)


@transaction.atomic
def settle_at_once(row: Delivery, receipt: Receipt) -> None:
    """Settle a pull channel's delivery in the publishing transaction: its receivers come to us."""
    now = timezone.now()
    _change(row, State.DELIVERED, receipt=to_json(receipt), settled_at=now)
    Channel.objects.filter(pk=row.channel_id).update(last_success_at=now)
    _announce(row, State.DELIVERED)


def fail_at_once(row: Delivery, reason: str) -> None:
    """Record that a channel cannot even say the story. Other channels are not held up."""
    _change(row, State.FAILED, reason=reason)
    _announce(row, State.FAILED)


@transaction.atomic
def sweep(now: datetime) -> int:
    """Turn deliveries whose worker vanished into uncertain ones. Returns how many."""
    swept = 0
    for row in Delivery.objects.stranded(now).select_related("channel"):
        reason = _("The worker stopped while sending. Look at the channel: did it arrive?")
        if unsure_but_urgent(row):
            changed = _change(row, State.PENDING, due_at=now, lease_until=None, reason=reason)
        else:
            changed = _change(row, State.UNCERTAIN, lease_until=None, reason=reason)
        if changed:
            swept += 1
            _announce(row, row.state)
    return swept


def unsure_but_urgent(row: Delivery) -> bool:
    """Whether an unanswered item may go again without asking: urgent, and the channel agrees."""
    return bool(row.channel.resend_urgent and row.payload.get("level") == "urgent")


def supersede(row: Delivery) -> bool:
    """Cancel a pending delivery because a newer version takes its place."""
    changed = _change(row, State.CANCELLED, reason=_("Replaced by a newer version."))
    if changed:
        _announce(row, "superseded")
    return changed


# What people do. Each verb checks the state, changes it once, and is logged with the person.


@transaction.atomic
def confirm(row: Delivery, user: Any, note: str = "") -> None:
    """A person saw that it arrived. Raises ``NotAllowed``."""
    _require(row, {State.UNCERTAIN, State.FAILED, State.AWAITING})
    known = row.receipt or to_json(Receipt())
    text = note or _("Confirmed by %(name)s.") % {"name": user}
    receipt = known | {"note": text, "awaits_person": False}
    _change(row, State.DELIVERED, receipt=receipt, settled_at=timezone.now(), lease_token=None,
            reason=text)  # fmt: skip
    _announce(row, "confirmed", user)


@transaction.atomic
def send_again(row: Delivery, user: Any) -> None:
    """Queue a failed or uncertain delivery once more. Raises ``NotAllowed``."""
    _require(row, {State.UNCERTAIN, State.FAILED})
    if not standing.is_latest(row):
        raise NotAllowed(_("A newer version has been written for this channel since."))
    _change(row, State.PENDING, due_at=timezone.now(), attempt_count=0, reason="", lease_token=None)
    _announce(row, "sent_again", user)


@transaction.atomic
def cancel(row: Delivery, user: Any = None, reason: str = "") -> None:
    """Give up on a delivery that has not arrived. Raises ``NotAllowed``."""
    _require(row, {State.PENDING, State.UNCERTAIN, State.FAILED, State.AWAITING})
    _change(row, State.CANCELLED, reason=reason or _("Cancelled."), lease_token=None)
    _announce(row, "cancelled", user)


@transaction.atomic
def force(row: Delivery, user: Any) -> None:
    """Let a correction or withdrawal go although what it follows is uncertain."""
    _require(row, {State.PENDING})
    Delivery.objects.filter(pk=row.pk).update(forced=True)
    row.forced = True
    _announce(row, "forced", user)


def found(row: Delivery, receipt: Receipt | None) -> None:
    """Resolve an uncertain delivery by what the receiver answered when asked about it."""
    if receipt is not None:
        _change(row, State.DELIVERED, receipt=to_json(receipt), settled_at=timezone.now())
    else:
        _change(row, State.PENDING, due_at=timezone.now())
    _announce(row, row.state)


def _require(row: Delivery, states: set[State]) -> None:
    row.refresh_from_db()
    if row.state not in states:
        label = State(row.state).label
        raise NotAllowed(_("Not possible now: the delivery is “%(state)s”.") % {"state": label})


def _change(row: Delivery, state: State, **values: Any) -> bool:
    """Move the row from the state it was read in. ``False`` when somebody else was faster."""
    if state != State.SENDING:
        values.setdefault("lease_until", None)
    changed = Delivery.objects.filter(pk=row.pk, state=row.state).update(state=state, **values)
    if changed:
        row.state = state
        for name, value in values.items():
            setattr(row, name, value)
    return bool(changed)


def _announce(row: Delivery, verb: str, user: Any = None) -> None:
    audit.record(row, f"channels.{verb}", user, channel=row.channel.name, reason=row.reason)
    delivery_changed.send(sender=Delivery, delivery=row, verb=verb, user=user)
