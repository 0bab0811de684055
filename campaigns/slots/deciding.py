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


class ConflictError(RefusedError):
    """Somebody else decided about the slot since it was read; ``decision`` is what they said."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(_("Somebody else decided about this slot while you were writing."))
        self.decision = decision


def last_of(slot: Slot) -> int:
    """Return which decision is the last of a slot, 0 for none: what a form was filled in upon."""
    key: int | None = (
        slot.decisions.order_by("decided_at", "pk").values_list("pk", flat=True).last()
    )
    return key or 0


@transaction.atomic
def extend(slot: Slot, until: date, reason: str, user: Any, seen: int | None = None) -> Decision:
    """Put off the slot's last day. Raises ``RefusedError`` when it is not put off by it.

    ``seen``: the last decision that the person knew of; another one since raises ``ConflictError``.
    """
    slot = _locked(slot, seen)
    if slot.dropped_at is not None:
        raise RefusedError(_("This slot is on record as not carried out. Take that back first."))
    if until <= slot.due:
        raise RefusedError(
            _("The new last day must come after the present one, %(day)s.")
            % {"day": f"{slot.due:%d/%m/%Y}"}
        )
    return _decide(slot, Kind.EXTENDED, reason, user, until, extended_to=until)


@transaction.atomic
def drop(slot: Slot, reason: str, user: Any, seen: int | None = None) -> Decision:
    """Record that the slot is not carried out. Raises ``RefusedError`` if that is on record."""
    slot = _locked(slot, seen)
    if slot.dropped_at is not None:
        raise RefusedError(_("This slot is on record as not carried out already."))
    return _decide(slot, Kind.DROPPED, reason, user, None, dropped_at=timezone.now())


@transaction.atomic
def resume(slot: Slot, reason: str, user: Any, seen: int | None = None) -> Decision:
    """Record that the slot is carried out after all. Raises ``RefusedError`` if it always was."""
    slot = _locked(slot, seen)
    if slot.dropped_at is None:
        raise RefusedError(_("This slot is not on record as not carried out."))
    return _decide(slot, Kind.RESUMED, reason, user, None, dropped_at=None)


@transaction.atomic
def take_back(decision: Decision, reason: str, user: Any) -> Decision:
    """Undo an extension, if it is the last thing decided of its slot. Raises ``RefusedError``."""
    slot = _locked(decision.slot, None)
    last = slot.decisions.order_by("-pk").first()
    if last is None or last.pk != decision.pk or last.kind != Kind.EXTENDED:
        raise RefusedError(
            _("Something else was decided of “%(slot)s” meanwhile. Nothing was changed.")
            % {"slot": slot}
        )
    former = decision.old_due
    kept = None if former == slot.due_on else former
    return _decide(slot, Kind.RESTORED, reason, user, former, extended_to=kept)


def _locked(slot: Slot, seen: int | None) -> Slot:
    row = Slot.objects.select_for_update(of=("self",)).get(pk=slot.pk)
    if seen is not None and last_of(row) != seen:
        raise ConflictError(row.decisions.select_related("decided_by").latest("decided_at", "pk"))
    return row


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
