"""Pausing and going on: for a slot or for an agency, with who and why."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.chasing.models import Pause
from campaigns.slots.models import Slot
from core import audit
from core.errors import RefusedError
from organisations.models import Organisation


@transaction.atomic
def pause(what: Slot | Organisation, reason: str, until: date | None, user: Any) -> Pause:
    """Leave the slot, or all of the agency, in peace. Raises ``RefusedError``."""
    today = timezone.localdate()
    if not reason.strip():
        raise RefusedError(_("Give a reason."))
    if until is not None and until < today:
        raise RefusedError(_("%(day)s is past. Choose a later day.") % {"day": f"{until:%d/%m/%Y}"})
    of = {"slot": what} if isinstance(what, Slot) else {"organisation": what}
    held = Slot.objects if isinstance(what, Slot) else Organisation.objects
    held.select_for_update(of=("self",)).get(pk=what.pk)  # one pause at a time
    if Pause.objects.in_force(today).filter(**of).exists():
        raise RefusedError(_("Reminders are paused already."))
    made = Pause.objects.create(reason=reason.strip(), until=until, paused_by=user, **of)
    about = what.activity if isinstance(what, Slot) else what
    data = {"what": str(what)[:200], "reason": reason.strip()[:500]}
    audit.record(about, "campaigns.chasing_paused", user, **data)
    return made


@transaction.atomic
def go_on(pause: Pause, user: Any) -> None:
    """End a pause. Ending it twice changes nothing."""
    open_one = Pause.objects.filter(pk=pause.pk, ended_at=None)
    if open_one.update(ended_at=timezone.now(), ended_by=user):
        about = pause.slot.activity if pause.slot is not None else pause.organisation
        if about is not None:
            what = str(pause.slot or pause.organisation)[:200]
            audit.record(about, "campaigns.chasing_resumed", user, what=what)
