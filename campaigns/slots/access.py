"""Who sees slots, and who may do something about one.

Planners for all agencies; officers for those they are members of. Others with ``view_slot`` look.
"""

from typing import Any

from campaigns.slots.models import Slot, SlotQuerySet

OFFICERS = ("campaigns.add_evidence", "campaigns.decide_slot")


def visible(user: Any) -> SlotQuerySet:
    """Return the slots the person may look at."""
    slots: SlotQuerySet = Slot.objects.all()
    if user.has_perm("campaigns.view_slot"):
        return slots
    if any(user.has_perm(code) for code in OFFICERS):
        return slots.of_agencies(user.organisations.all())
    return slots.none()


def may_see_any(user: Any) -> bool:
    """Tell whether the person may look at slots at all."""
    return any(user.has_perm(code) for code in ("campaigns.view_slot", *OFFICERS))


def may_act(user: Any, permission: str, slot: Slot) -> bool:
    """Tell whether the person may do that with this slot: a planner, or one of its agency."""
    if not user.has_perm(f"campaigns.{permission}"):
        return False
    if user.has_perm("campaigns.change_slot"):
        return True
    mine: bool = user.organisations.filter(pk=slot.organisation_id).exists()
    return mine
