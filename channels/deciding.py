"""What people do about a delivery.

Each verb checks the state, changes it once, and is logged with the person.
"""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels import building, standing
from channels.announcing import announce
from channels.contract import DeliveryError, Receipt
from channels.models import Action, Delivery, State
from channels.outcomes import AWAITING_LIMIT
from channels.payload import to_json
from channels.states import NotAllowed, change, keep_part, require


@transaction.atomic
def confirm(
    row: Delivery, user: Any, note: str = "", *, address: str = "", photo: int | None = None
) -> None:
    """A person saw that it arrived: ``address`` and ``photo`` prove it. Raises ``NotAllowed``."""
    require(row, {State.UNCERTAIN, State.FAILED, State.AWAITING})
    known = row.receipt or to_json(standing.before(row).receipt or Receipt())
    with translation.override(settings.LANGUAGE_CODE):
        text = note or _("Confirmed by %(name)s.") % {"name": user}
    receipt = known | {"note": text, "awaits_person": False, "unfinished": False}
    if address:
        receipt["address"] = address
    if photo is not None:
        receipt["details"] = {**known.get("details", {}), "photo": photo}
    change(row, State.DELIVERED, receipt=receipt, settled_at=timezone.now(), lease_token=None,
            reason=text)  # fmt: skip
    announce([row], "confirmed", user)


@transaction.atomic
def send_again(row: Delivery, user: Any) -> None:
    """Queue a failed or uncertain delivery once more. Raises ``NotAllowed``."""
    require(row, {State.UNCERTAIN, State.FAILED})
    if row.channel.is_retired:
        raise NotAllowed(_("The channel was retired. Bring it back first."))
    if not standing.is_latest(row):
        raise NotAllowed(_("A newer version has been written for this channel since."))
    values: dict[str, Any] = {}
    # What the channel, repaired perhaps, says of it now; what stands in part is finished as it is.
    if row.action != Action.RETRACT and standing.progress(row) is None:
        try:
            message = building.compose_frozen(row.channel, row.publication)
        except DeliveryError as error:
            raise NotAllowed(str(error)) from error
        values["payload"] = to_json(message)
    change(row, State.PENDING, due_at=timezone.now(), attempt_count=0, reason="", lease_token=None,
            **values)  # fmt: skip
    announce([row], "sent_again", user)


@transaction.atomic
def cancel(row: Delivery, user: Any = None, reason: str = "") -> None:
    """Give up on a delivery that has not arrived. Raises ``NotAllowed``."""
    require(row, {State.PENDING, State.UNCERTAIN, State.FAILED, State.AWAITING})
    words, part = reason or gettext_lazy("Cancelled."), standing.progress(row)
    if part is not None:
        keep_part(row, part, words)
    else:
        change(row, State.CANCELLED, reason=words, lease_token=None)
    announce([row], "cancelled", user)


@transaction.atomic
def force(row: Delivery, user: Any) -> None:
    """Let a correction or withdrawal go although what it follows is uncertain."""
    require(row, {State.PENDING})
    Delivery.objects.filter(pk=row.pk).update(forced=True)
    row.forced = True
    announce([row], "forced", user)


@transaction.atomic
def waive_quiet_hours(row: Delivery, user: Any, reason: str) -> None:
    """Let one delivery go in spite of quiet hours. Raises ``NotAllowed``, without a reason too."""
    require(row, {State.PENDING})
    if not reason.strip():
        raise NotAllowed(_("Say why it cannot wait for the end of the quiet hours."))
    Delivery.objects.filter(pk=row.pk).update(quiet_waiver=reason.strip())
    row.quiet_waiver = reason.strip()
    announce([row], "quiet_waived", user, row.quiet_waiver)


def hand_over(row: Delivery, record: Receipt | None, user: Any = None) -> bool:
    """Have a person do at the receiver what the system cannot do there any more.

    ``record`` is the receipt of what stands there. Under the lock of the story. Returns whether the
    row was still there to be handed over.
    """
    with translation.override(settings.LANGUAGE_CODE):
        receipt = by_hand(row.action, record)
    due_at = timezone.now() + AWAITING_LIMIT
    changed = change(row, State.AWAITING, receipt=to_json(receipt), reason=receipt.note,
                     due_at=due_at, lease_token=None)  # fmt: skip
    if changed:
        announce([row], State.AWAITING, user)
    return changed


def by_hand(action: str, record: Receipt | None = None) -> Receipt:
    """Return the receipt of a change that the system cannot make itself.

    It keeps what ``record`` knows of the message, for the changes that follow.
    """
    match action:
        case Action.RETRACT:
            note = _("Take it down by hand, then confirm here.")
        case Action.END:
            note = _("Take it from the top by hand, then confirm here.")
        case _:
            note = _("Correct it by hand, then confirm here.")
    return replace(record or Receipt(), awaits_person=True, note=note, new_options={})
