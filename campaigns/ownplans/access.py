"""Who may look at agencies' own plans, and who may do something about one."""

from typing import Any

from campaigns.models import Plan
from campaigns.ownplans.models import OwnPlan
from campaigns.slots.models import Slot
from organisations.models import Organisation

WRITE = "campaigns.write_ownplan"
ACCEPT = "campaigns.accept_ownplan"


def may_look(user: Any) -> bool:
    """Whether the person has anything to do with agencies' plans."""
    return bool(user.has_perm(WRITE) or user.has_perm(ACCEPT))


def is_own(user: Any, organisation: int) -> bool:
    """Whether the person plans for this agency."""
    mine: bool = user.organisations.filter(pk=organisation).exists()
    return bool(user.has_perm(WRITE)) and mine


def may_read(user: Any, own: OwnPlan) -> bool:
    return bool(user.has_perm(ACCEPT)) or is_own(user, own.organisation_id)


def owing(user: Any) -> list[tuple[Plan, Organisation, OwnPlan | None]]:
    """Return the published plans that bind the person's agencies, with their answers.

    Four queries.
    """
    if not user.has_perm(WRITE):
        return []
    agencies = {one.pk: one for one in user.organisations.exclude(kind="group")}
    slots = Slot.objects.expected().filter(
        organisation__in=agencies, activity__plan__live=True, activity__plan__parent=None
    )
    pairs = set(slots.order_by().values_list("activity__plan", "organisation").distinct())
    plans = Plan.objects.select_related("issuer").in_bulk({plan for plan, _agency in pairs})
    answers = {
        (own.parent_id, own.organisation_id): own
        for own in OwnPlan.objects.filter(organisation__in=agencies).select_related("plan")
    }
    found = [(plans[plan], agencies[agency], answers.get((plan, agency))) for plan, agency in pairs]
    return sorted(found, key=lambda row: (-row[0].year, row[0].pk, row[1].name, row[1].pk))
