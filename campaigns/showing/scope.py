"""Whose slots a person may see, and who may write for them."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from campaigns.models import Plan
from campaigns.slots.models import Slot, SlotQuerySet
from organisations.models import Organisation

MAY_PLAN = "campaigns.change_activity"
MAY_READ = ("campaigns.view_activity", "campaigns.view_plan", MAY_PLAN)


def may_look(user: Any) -> bool:
    """Whether the person may open the pages of slots at all."""
    return any(user.has_perm(code) for code in MAY_READ)


def sees_every_agency(user: Any) -> bool:
    """Whether the person plans, or works on items: they serve all agencies."""
    policy = PagePermissionPolicy(Page)
    return user.has_perm(MAY_PLAN) or policy.user_has_any_permission(
        user, ["add", "change", "publish"]
    )


def slots_for(user: Any) -> SlotQuerySet:
    """Return the slots the plans ask for, as far as they concern the person.

    Drafts of plans are for those who plan; agencies' officers see those of their own agencies.
    """
    rows = Slot.objects.expected()
    if not may_look(user):
        return rows.none()
    if not user.has_perm(MAY_PLAN):
        rows = rows.filter(activity__plan__live=True)
    if sees_every_agency(user):
        return rows
    return rows.of_agencies(user.organisations.all())


def agencies_for(user: Any) -> QuerySet[Organisation]:
    """Return the agencies whose slots the person may see, by name."""
    mine = slots_for(user).order_by().filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(mine)).order_by("name", "pk")


def plans_for(user: Any) -> QuerySet[Plan]:
    """Return the plans with slots the person may see, newest first."""
    mine = slots_for(user).order_by().filter(activity__plan=OuterRef("pk"))
    return Plan.objects.filter(Exists(mine)).order_by("-year", "-issued_on", "number", "pk")
