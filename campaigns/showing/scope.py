"""What of the slots the pages show a person: the rule of ``campaigns.slots.access``, and from it
the agencies and plans that can be chosen."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from campaigns.models import Plan
from campaigns.slots import access
from campaigns.slots.access import MAY_PLAN, may_look, sees_every_agency
from campaigns.slots.models import SlotQuerySet
from organisations.models import Organisation

__all__ = [
    "MAY_PLAN",
    "agencies_for",
    "may_look",
    "plans_for",
    "sees_every_agency",
    "slots_for",
]


def slots_for(user: Any) -> SlotQuerySet:
    """Return the slots the plans ask for, as far as they concern the person."""
    return access.visible(user).expected()


def agencies_for(user: Any) -> QuerySet[Organisation]:
    """Return the agencies whose slots the person may see, by name."""
    mine = slots_for(user).order_by().filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(mine)).order_by("name", "pk")


def plans_for(user: Any) -> QuerySet[Plan]:
    """Return the plans with slots the person may see, newest first."""
    mine = slots_for(user).order_by().filter(activity__plan=OuterRef("pk"))
    return Plan.objects.filter(Exists(mine)).order_by("-year", "-issued_on", "number", "pk")
