"""Moves deliveries through their states. The only module that changes ``Delivery.state``.

pending ─claim→ sending ─settle→ delivered | awaiting | failed | uncertain | pending (later)
sending ─lease ran out→ uncertain          failed, uncertain ─a person→ pending | delivered
awaiting, uncertain ─the receiver, later→ delivered | failed
pending, failed, uncertain, awaiting ─→ cancelled
sending ─not arrived, and a newer version is there→ cancelled

Whoever writes deliveries of a story, or changes one by what it found in the others, holds the
story's lock (``Publication.objects.lock``). Stored reasons are in the language of the house.
"""

import logging
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels import breaker, building, retry, standing
from channels.contract import DeliveryError, Message, Receipt
from channels.models import PRESSING, Action, Attempt, Channel, Delivery, Publication, State
from channels.payload import to_json
from channels.signals import delivery_changed
from core import audit

logger = logging.getLogger(__name__)

AWAITING_LIMIT = timedelta(days=2)  # a person who was handed something is asked after this
ASK_PAUSE = timedelta(minutes=1)  # between two questions to a receiver about the same delivery
REPLACED = gettext_lazy("Replaced by a newer version.")
EXPIRED = gettext_lazy("The item expired before it was sent.")
WITHDRAWN = gettext_lazy("The item was withdrawn before it was sent.")
VANISHED = gettext_lazy("The worker stopped while sending. Look at the channel: did it arrive?")
IN_DOUBT = gettext_lazy("An earlier try got no answer. Look at the channel: did it arrive?")
NOTHING_THERE = gettext_lazy("There was nothing to take down.")


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
    unanswered: bool = False  # the receiver gave no sign of life
    unsure: bool = False  # it may have arrived, although ``state`` is pending: an urgent resend
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
    if not created:
        if row.state not in {State.FAILED, State.CANCELLED}:
            return None
        waiver = values.get("quiet_waiver", "")
        _change(row, State.PENDING, due_at=timezone.now(), attempt_count=0, reason="",
                lease_token=None, quiet_waiver=waiver)  # fmt: skip
    _announce(row, "queued")
    if row.quiet_waiver and channel.silent_until(timezone.now()):
        _announce(row, "quiet_waived", reason=row.quiet_waiver)
    return row


@transaction.atomic
def claim(pk: int, now: datetime) -> Delivery | None:
    """Take one pending delivery under a lease. Of several workers at most one gets it.

    ``None`` when it is not to be had, or when there is nothing left to do about it.
    """
    lease = timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    try:
        with transaction.atomic():
            due = Delivery.objects.filter(pk=pk, state=State.PENDING, due_at__lte=now)
            taken = due.on_working_channel(now).update(
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

    An update of what never arrived is a publish; a retraction of it has nothing to do; of an item
    that expired nothing is sent any more.
    """
    there = standing.before(row)
    if row.action == Action.RETRACT:
        return there.may_be_up or not drop(row, NOTHING_THERE)
    last = Publication.objects.latest_of(row.story)
    if last is not None and last.is_over(timezone.now()):
        return not drop(row, EXPIRED)
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
    Publication.objects.lock(row.story)
    now = timezone.now()
    _note_attempt(row, outcome, now)
    mine = Delivery.objects.filter(
        pk=row.pk,
        lease_token=row.lease_token,
        state__in=[State.SENDING, State.UNCERTAIN, State.PENDING],
    )
    # A try that failed is repeated only while nothing newer waits behind it.
    again = outcome.state == State.PENDING and standing.is_latest(row)
    kept = again or outcome.state != State.PENDING or not outcome.unsure
    settled = outcome if kept else replace(outcome, state=State.UNCERTAIN)
    if not mine.update(state=settled.state, lease_until=None, **_settled_values(settled, now)):
        return False
    _note_health(row.channel, outcome, now)
    row.refresh_from_db()
    if settled.state != State.PENDING:
        _announce(row, settled.state)
    elif not again:
        drop(row, REPLACED, "superseded")
    return True


def _settled_values(outcome: Outcome, now: datetime) -> dict[str, Any]:
    reason = outcome.receipt.note if outcome.receipt else outcome.reason
    delivered = outcome.state == State.DELIVERED
    values: dict[str, Any] = {"reason": reason, "settled_at": now if delivered else None}
    if outcome.state == State.PENDING:
        values["due_at"] = now + (outcome.wait or timedelta(0))
    elif outcome.state == State.AWAITING:
        hours = outcome.receipt.within_hours if outcome.receipt else 0
        values["due_at"] = now + (timedelta(hours=hours) if hours else AWAITING_LIMIT)
    if outcome.receipt:
        values["receipt"] = to_json(outcome.receipt)
    return values


def _note_attempt(row: Delivery, outcome: Outcome, now: datetime) -> None:
    """Write the try down, once: a settlement is repeated when the database did not answer."""
    note = outcome.receipt.note if outcome.receipt else ""
    Attempt.objects.get_or_create(
        delivery=row,
        started_at=outcome.started,
        defaults={
            "action": row.action,
            "duration": now - outcome.started,
            "outcome": State.UNCERTAIN if outcome.unsure else outcome.state,
            "detail": outcome.reason or note,
        },
    )


def _note_health(channel: Channel, outcome: Outcome, now: datetime) -> None:
    """Keep the channel's own record: last success and failure, a wait, a stop, a new address."""
    values: dict[str, Any] = {}
    if outcome.state in {State.DELIVERED, State.AWAITING}:
        values["last_success_at"] = now
    elif outcome.reason:
        values |= {"last_failure_at": now, "last_failure": outcome.reason}
    if outcome.hold_channel:
        values["hold_until"] = now + outcome.hold_channel
    if outcome.receipt and outcome.receipt.new_options:
        channel.refresh_from_db(fields=["options"])
        values["options"] = channel.options | dict(outcome.receipt.new_options)
    if values:
        Channel.objects.filter(pk=channel.pk).update(**values)
    if outcome.stops_channel:
        breaker.stop(channel, outcome.reason, now)
    breaker.note(channel, outcome, now)


@transaction.atomic
def settle_at_once(row: Delivery, receipt: Receipt) -> None:
    """Settle a pull channel's delivery in the publishing transaction: its receivers come to us."""
    now = timezone.now()
    _change(row, State.DELIVERED, receipt=to_json(receipt), settled_at=now)
    # After the commit: publications of different stories need not wait for each other here.
    channel = Channel.objects.filter(pk=row.channel_id)
    transaction.on_commit(partial(channel.update, last_success_at=now))
    _announce(row, State.DELIVERED)


@transaction.atomic
def fail_at_once(row: Delivery, reason: str, *, stops_channel: bool = False) -> None:
    """Record that a channel cannot even say the story. Other channels are not held up."""
    _change(row, State.FAILED, reason=reason)
    outcome = Outcome(State.FAILED, reason, stops_channel=stops_channel)
    _note_health(row.channel, outcome, timezone.now())
    _announce(row, State.FAILED)


def sweep(now: datetime) -> int:
    """Turn deliveries whose worker vanished into uncertain ones. Returns how many.

    What others were preferred to for too long becomes as pressing as they are.
    """
    Delivery.objects.passed_over(now).update(priority=PRESSING)
    stranded = Delivery.objects.stranded(now).select_related("channel")
    return sum(_strand(row, now) for row in stranded)


@transaction.atomic
def _strand(row: Delivery, now: datetime) -> bool:
    Publication.objects.lock(row.story)
    state = State.UNCERTAIN
    # A message that brings its worker down must not do so for ever.
    more = retry.wait(row.channel.retry_policy, None, row.attempt_count)
    if unsure_but_urgent(row) and more and standing.is_latest(row):
        state = State.PENDING
    changed = _change(row, state, due_at=now, reason=VANISHED)
    if changed:
        started = now - timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
        _note_attempt(row, Outcome(State.UNCERTAIN, row.reason, started=started), now)
        _announce(row, row.state)
    return changed


def unsure_but_urgent(row: Delivery) -> bool:
    """Whether an unanswered item may go again without asking: urgent, and the channel agrees."""
    return bool(row.channel.resend_urgent and row.payload.get("level") == "urgent")


def supersede(row: Delivery) -> bool:
    """Cancel a pending delivery because a newer version takes its place."""
    return drop(row, REPLACED, "superseded")


def drop(row: Delivery, reason: str | Promise, verb: str = "cancelled") -> bool:
    """Cancel a delivery that will not be sent any more. Returns whether it was still there.

    One that an earlier try may have brought there becomes uncertain instead.
    """
    if in_doubt(row):
        changed, verb = _change(row, State.UNCERTAIN, reason=IN_DOUBT), State.UNCERTAIN
    else:
        changed = _change(row, State.CANCELLED, reason=reason)
    if changed:
        _announce(row, verb)
    return changed


def in_doubt(row: Delivery) -> bool:
    """Whether a try since the delivery was queued got no answer, so that it may have arrived."""
    tries = row.attempts.order_by("-started_at").values_list("outcome", flat=True)
    return bool(row.attempt_count) and State.UNCERTAIN in tries[: row.attempt_count]


# What people do. Each verb checks the state, changes it once, and is logged with the person.


@transaction.atomic
def confirm(
    row: Delivery, user: Any, note: str = "", *, address: str = "", photo: int | None = None
) -> None:
    """A person saw that it arrived: ``address`` and ``photo`` prove it. Raises ``NotAllowed``."""
    _require(row, {State.UNCERTAIN, State.FAILED, State.AWAITING})
    known = row.receipt or to_json(standing.before(row).receipt or Receipt())
    with translation.override(settings.LANGUAGE_CODE):
        text = note or _("Confirmed by %(name)s.") % {"name": user}
    receipt = known | {"note": text, "awaits_person": False}
    if address:
        receipt["address"] = address
    if photo is not None:
        receipt["details"] = {**known.get("details", {}), "photo": photo}
    _change(row, State.DELIVERED, receipt=receipt, settled_at=timezone.now(), lease_token=None,
            reason=text)  # fmt: skip
    _announce(row, "confirmed", user)


@transaction.atomic
def send_again(row: Delivery, user: Any) -> None:
    """Queue a failed or uncertain delivery once more. Raises ``NotAllowed``."""
    _require(row, {State.UNCERTAIN, State.FAILED})
    if not standing.is_latest(row):
        raise NotAllowed(_("A newer version has been written for this channel since."))
    values: dict[str, Any] = {}
    if row.action != Action.RETRACT:  # what the channel, repaired perhaps, says of it now
        try:
            message = building.compose_frozen(row.channel, row.publication)
        except DeliveryError as error:
            raise NotAllowed(str(error)) from error
        values["payload"] = to_json(message)
    _change(row, State.PENDING, due_at=timezone.now(), attempt_count=0, reason="", lease_token=None,
            **values)  # fmt: skip
    _announce(row, "sent_again", user)


@transaction.atomic
def cancel(row: Delivery, user: Any = None, reason: str = "") -> None:
    """Give up on a delivery that has not arrived. Raises ``NotAllowed``."""
    _require(row, {State.PENDING, State.UNCERTAIN, State.FAILED, State.AWAITING})
    _change(row, State.CANCELLED, reason=reason or gettext_lazy("Cancelled."), lease_token=None)
    _announce(row, "cancelled", user)


@transaction.atomic
def force(row: Delivery, user: Any) -> None:
    """Let a correction or withdrawal go although what it follows is uncertain."""
    _require(row, {State.PENDING})
    Delivery.objects.filter(pk=row.pk).update(forced=True)
    row.forced = True
    _announce(row, "forced", user)


@transaction.atomic
def waive_quiet_hours(row: Delivery, user: Any, reason: str) -> None:
    """Let one delivery go in spite of quiet hours. Raises ``NotAllowed``, without a reason too."""
    _require(row, {State.PENDING})
    if not reason.strip():
        raise NotAllowed(_("Say why it cannot wait for the end of the quiet hours."))
    Delivery.objects.filter(pk=row.pk).update(quiet_waiver=reason.strip())
    row.quiet_waiver = reason.strip()
    _announce(row, "quiet_waived", user, row.quiet_waiver)


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
        changed = _change(row, State.DELIVERED, receipt=to_json(receipt), settled_at=now, reason="")
    elif not standing.is_latest(row):
        verb = "superseded"
        changed = _change(row, State.CANCELLED, reason=REPLACED)
    elif wait is None:
        verb = State.FAILED
        changed = _change(row, State.FAILED, reason=gettext_lazy("The receiver never got it."))
    else:
        changed = _change(row, State.PENDING, due_at=now + wait)
    if changed:
        _announce(row, verb)


@transaction.atomic
def refused(row: Delivery, reason: str) -> None:
    """The receiver says afterwards that it did not take the item. Raises ``NotAllowed``."""
    _require(row, {State.UNCERTAIN, State.AWAITING})
    if _change(row, State.FAILED, reason=reason, lease_token=None):
        _announce(row, State.FAILED)


def _require(row: Delivery, states: set[State]) -> None:
    Publication.objects.lock(row.story)
    row.refresh_from_db()
    if row.state not in states:
        label = State(row.state).label
        raise NotAllowed(_("Not possible now: the delivery is “%(state)s”.") % {"state": label})


def _change(row: Delivery, state: State, **values: Any) -> bool:
    """Move the row on from the state and lease it was read in, never to ``sending``.

    ``False`` when somebody else was faster.
    """
    values["lease_until"] = None
    if "reason" in values:
        with translation.override(settings.LANGUAGE_CODE):
            values["reason"] = str(values["reason"])
    as_read = Delivery.objects.filter(pk=row.pk, state=row.state, lease_token=row.lease_token)
    changed = as_read.update(state=state, **values)
    if changed:
        row.state = state
        for name, value in values.items():
            setattr(row, name, value)
    return bool(changed)


def _announce(row: Delivery, verb: str, user: Any = None, reason: str = "") -> None:
    told = reason or row.reason
    audit.record(row, f"channels.{verb}", user, channel=row.channel.name, reason=told)
    try:
        with transaction.atomic():
            delivery_changed.send(sender=Delivery, delivery=row, verb=verb, user=user, reason=told)
    except Exception:
        if transaction.get_connection().needs_rollback:
            raise  # nothing of this transaction can be kept
        # What came of a delivery is known only here: no listener may undo it.
        logger.exception("A listener failed: %s of delivery %s", verb, row.pk)
