"""Whose slots a person sees, and who may do something about one: the one rule for all pages.

Planners see everything, drafts of plans included. Those who work on items or were given
``view_slot`` see all slots of public plans, and of agencies' accepted ones; everybody else those of
their own agencies. Looking at tables and calendars takes the right to look at plans; opening a slot
with its evidence, one of ``view_slot`` and the officers' permissions.
"""

from typing import Any

from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from campaigns.reporting.counting import in_force
from campaigns.slots.models import Slot, SlotQuerySet

MAY_PLAN = "campaigns.change_activity"
MAY_READ = ("campaigns.view_activity", "campaigns.view_plan", MAY_PLAN)
MAY_MOVE = "campaigns.change_slot"
LOOKS = "campaigns.view_slot"
OFFICERS = ("campaigns.add_evidence", "campaigns.decide_slot")


def plans(user: Any) -> bool:
    """Whether the person plans, and so sees drafts and every agency."""
    return bool(user.has_perm(MAY_PLAN) or user.has_perm(MAY_MOVE))


def may_look(user: Any) -> bool:
    """Whether the person may look at slots in tables and calendars at all."""
    return any(user.has_perm(code) for code in (*MAY_READ, LOOKS, *OFFICERS))


def sees_every_agency(user: Any) -> bool:
    """Whether the person plans, or works on items: they serve all agencies."""
    if plans(user) or user.has_perm(LOOKS):
        return True
    policy = PagePermissionPolicy(Page)
    return bool(policy.user_has_any_permission(user, ["add", "change", "publish"]))


def visible(user: Any) -> SlotQuerySet:
    """Return the slots the person may see, those kept only for what they prove included."""
    rows: SlotQuerySet = Slot.objects.all()
    if not may_look(user):
        return rows.none()
    if not plans(user):
        rows = rows.filter(in_force("activity__plan__"))
    if sees_every_agency(user):
        return rows
    return rows.of_agencies(user.organisations.all())


def may_see_any(user: Any) -> bool:
    """Tell whether the person may open slots with their evidence at all."""
    return any(user.has_perm(code) for code in (LOOKS, *OFFICERS))


def may_act(user: Any, permission: str, slot: Slot) -> bool:
    """Tell whether the person may do that with this slot: a planner, or one of its agency."""
    if not user.has_perm(f"campaigns.{permission}"):
        return False
    if user.has_perm(MAY_MOVE):
        return True
    mine: bool = user.organisations.filter(pk=slot.organisation_id).exists()
    return mine
