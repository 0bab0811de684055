"""One row from one state to the next, if nobody else was faster."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.contract import Receipt
from channels.models import Delivery, Publication, State
from channels.payload import to_json

REPLACED = gettext_lazy("Replaced by a newer version.")
IN_DOUBT = gettext_lazy("An earlier try got no answer. Look at the channel: did it arrive?")


class NotAllowed(Exception):
    """The verb does not fit the delivery's state. The text is for people."""


def require(row: Delivery, states: set[State]) -> None:
    Publication.objects.lock(row.story)
    row.refresh_from_db()
    if row.state not in states:
        label = State(row.state).label
        raise NotAllowed(_("Not possible now: the delivery is “%(state)s”.") % {"state": label})


def change(row: Delivery, state: State, **values: Any) -> bool:
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


def keep_part(row: Delivery, part: Receipt, reason: str | Promise) -> bool:
    """Let what arrived be all that is sent. Returns whether the row was still there."""
    receipt = part_only(part, reason)
    return change(row, State.DELIVERED, receipt=to_json(receipt), settled_at=timezone.now(),
                  lease_token=None, reason=receipt.note)  # fmt: skip


def part_only(part: Receipt, reason: str | Promise) -> Receipt:
    """Return the receipt of a delivery that ends with a part of it."""
    with translation.override(settings.LANGUAGE_CODE):
        note = _("Only a part was sent. %(reason)s") % {"reason": reason}
    return replace(part, unfinished=False, new_options={}, note=note)
