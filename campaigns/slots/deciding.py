"""What people decide of a slot: more time, not at all, after all. Each is kept, with its reason."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.slots.models import Decision, Slot
from core import audit
from core.errors import RefusedError

Kind = Decision.Kind


@transaction.atomic
def extend(slot: Slot, until: date, reason: str, user: Any) -> Decision:
    """Put off the slot's last day. Raises ``RefusedError`` when it is not put off by it."""
    slot = _locked(slot)
    if slot.dropped_at is not None:
        raise RefusedError(_("This slot is on record as not carried out. Take that back first."))
    if until <= slot.due:
        raise RefusedError(
            _("The new last day must come after the present one, %(day)s.")
            % {"day": f"{slot.due:%d/%m/%Y}"}
        )
    return _decide(slot, Kind.EXTENDED, reason, user, until, extended_to=until)


@transaction.atomic
def drop(slot: Slot, reason: str, user: Any) -> Decision:
    """Record that the slot is not carried out. Raises ``RefusedError`` if that is on record."""
    slot = _locked(slot)
    if slot.dropped_at is not None:
        raise RefusedError(_("This slot is on record as not carried out already."))
    return _decide(slot, Kind.DROPPED, reason, user, None, dropped_at=timezone.now())


@transaction.atomic
def resume(slot: Slot, reason: str, user: Any) -> Decision:
    """Record that the slot is carried out after all. Raises ``RefusedError`` if it always was."""
    slot = _locked(slot)
    if slot.dropped_at is None:
        raise RefusedError(_("This slot is not on record as not carried out."))
    return _decide(slot, Kind.RESUMED, reason, user, None, dropped_at=None)


@transaction.atomic
def take_back(decision: Decision, reason: str, user: Any) -> Decision:
    """Undo an extension, if it is the last thing decided of its slot. Raises ``RefusedError``."""
    slot = _locked(decision.slot)
    last = slot.decisions.order_by("-pk").first()
    if last is None or last.pk != decision.pk or last.kind != Kind.EXTENDED:
        raise RefusedError(
            _("Something else was decided of “%(slot)s” meanwhile. Nothing was changed.")
            % {"slot": slot}
        )
    former = decision.old_due
    kept = None if former == slot.due_on else former
    return _decide(slot, Kind.RESTORED, reason, user, former, extended_to=kept)


def _locked(slot: Slot) -> Slot:
    return Slot.objects.select_for_update(of=("self",)).get(pk=slot.pk)


def _decide(
    slot: Slot, kind: Kind, reason: str, user: Any, until: date | None, **values: Any
) -> Decision:
    reason = reason.strip()
    if not reason:
        raise RefusedError(_("Give a reason."))
    decision = Decision.objects.create(
        slot=slot, kind=kind, old_due=slot.due, new_due=until, reason=reason, decided_by=user
    )
    Slot.objects.filter(pk=slot.pk).update(**values)
    data = {"slot": slot.label, "agency": str(slot.organisation), "reason": reason}
    audit.record(slot.activity, f"campaigns.slot_{kind}", user, **data)
    return decision
