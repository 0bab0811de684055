"""What is decided of an event: held, reopened, another time, called off. Each is on record.

That it was held is evidence for its slot, under a key of its own; taken back, it counts no more.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.events.models import AgendaItem, Event, EventChange
from campaigns.evidence import locking, recording
from campaigns.evidence.matching import Found
from campaigns.evidence.models import Evidence
from core import audit
from core.errors import RefusedError

Kind = EventChange.Kind


@dataclass(frozen=True, slots=True)
class Held:
    """What is told of an event that took place: how many came, and what shows it."""

    attended: int
    minutes: Any = None  # an ``Attachment``
    photo: Any = None  # a ``Picture``


def locked(event: Event) -> Event:
    """Return the event with its row locked, as it is now."""
    row: Any = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    found: Event = row
    return found


@transaction.atomic
def hold(event: Event, held: Held, user: Any) -> None:
    """Record that it took place. Raises ``RefusedError``: called off, to come, or no proof."""
    row = locked(event)
    if row.cancelled_at is not None:
        raise RefusedError(_("The event was called off. Take it up again first."))
    if row.held_at is not None:
        raise RefusedError(_("The event is on record as held already."))
    if row.starts_at > timezone.now():
        raise RefusedError(_("The event has not begun yet."))
    if held.minutes is None and held.photo is None:
        raise RefusedError(_("Add the minutes or a photo: the record needs one of them."))
    row.held_at, row.attended = timezone.now(), held.attended
    row.minutes, row.photo = held.minutes, held.photo
    row.save(update_fields=["held_at", "attended", "minutes", "photo"])
    prove(row)
    _decided(row, Kind.HELD, "", user)


def prove(event: Event) -> None:
    """Record an event that was held as evidence, or again, for its slot or activity."""
    if event.activity_id is None:
        return
    found = Found(
        key=event.key,
        kind=Evidence.Kind.EVENT,
        title=event.name,
        dated=event.day,
        activity=event.activity_id,
        slot=event.slot_id,
        organisations=(event.host_id,),
        place=event.venue,
    )
    recording.restore_keys([event.key])
    recording.renew(found)
    rows = Evidence.objects.free().filter(source_key=event.key)
    rows.update(document=event.minutes_id, picture=event.photo_id, place=event.venue[:200])


@transaction.atomic
def keep_in_line(event: Event) -> None:
    """Let the evidence follow an event that was held and then got other facts."""
    if event.held_at is None:
        return
    if event.activity_id is None:
        _unproved(event, str(event))
    else:
        prove(event)


def remove(event: Event) -> None:
    """Delete an event of which nothing is on record. Raises ``RefusedError`` for another."""
    if event.changes.exists():
        raise RefusedError(_("Decisions about this event are on record. Call it off instead."))
    try:
        with transaction.atomic():
            event.delete()
    except ProtectedError as error:
        raise RefusedError(_("A stage of a review names this event. Change that first.")) from error


@transaction.atomic
def reopen(event: Event, reason: str, user: Any) -> None:
    """Take back that it was held. Raises ``RefusedError`` when a submitted report uses it."""
    row = locked(event)
    if row.held_at is None:
        raise RefusedError(_("The event is not on record as held."))
    _unproved(row, reason)
    row.held_at = None
    row.save(update_fields=["held_at"])
    _decided(row, Kind.REOPENED, reason, user)


@transaction.atomic
def cancel(event: Event, reason: str, user: Any) -> None:
    """Call it off; if it was recorded as held, that counts no more."""
    row = locked(event)
    if row.cancelled_at is not None:
        raise RefusedError(_("The event was called off already."))
    _unproved(row, reason)
    row.held_at, row.cancelled_at = None, timezone.now()
    row.save(update_fields=["held_at", "cancelled_at"])
    _decided(row, Kind.CANCELLED, reason, user)


@transaction.atomic
def resume(event: Event, reason: str, user: Any) -> None:
    """Take up an event again that was called off."""
    row = locked(event)
    if row.cancelled_at is None:
        raise RefusedError(_("The event was not called off."))
    row.cancelled_at = None
    row.save(update_fields=["cancelled_at"])
    _decided(row, Kind.RESUMED, reason, user)


@transaction.atomic
def postpone(event: Event, starts_at: datetime, reason: str, user: Any) -> None:
    """Give it another beginning; it lasts as long, and its agenda moves along."""
    row = locked(event)
    if not row.is_open:
        raise RefusedError(_("Only an event that is still to be held gets another time."))
    if starts_at == row.starts_at:
        raise RefusedError(_("This is the time it has already."))
    shift = starts_at - row.starts_at
    old = row.starts_at
    row.starts_at, row.ends_at = starts_at, row.ends_at + shift
    row.save(update_fields=["starts_at", "ends_at"])
    AgendaItem.objects.filter(event=row).update(
        starts_at=F("starts_at") + shift, ends_at=F("ends_at") + shift
    )
    _decided(row, Kind.POSTPONED, reason, user, old, starts_at)


def _unproved(event: Event, reason: str) -> None:
    """Let the evidence of an event count no more. Raises ``RefusedError`` if a report uses it."""
    rows: Any = Evidence.objects.select_for_update(of=("self",)).filter(source_key=event.key)
    for evidence in rows:
        locking.require_free(evidence)
    recording.withdraw_keys([event.key], reason.strip())


def _decided(
    event: Event,
    kind: Kind,
    reason: str,
    user: Any,
    old: datetime | None = None,
    new: datetime | None = None,
) -> None:
    reason = reason.strip()
    if not reason and kind != Kind.HELD:
        raise RefusedError(_("Give a reason."))
    EventChange.objects.create(
        event=event,
        kind=kind,
        old_start=old or event.starts_at,
        new_start=new,
        reason=reason,
        made_by=user,
    )
    audit.record(event, f"campaigns.event_{kind}", user, reason=reason)
