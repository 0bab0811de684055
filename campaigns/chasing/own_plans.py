"""Agencies' own plans as something due: what a province's line asks for, until it is handed in."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.chasing.dues import Agencies, Due, register_source
from campaigns.chasing.slots import asking, wanted
from campaigns.ownplans.models import OwnPlan


@register_source
def own_plans(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the plans that agencies were asked for and have not handed in. Two queries.

    They are due under the key of the slot they fulfil, so that a pause of the slot holds for them.
    """
    rows = wanted(asking(), first, last, agencies).select_related("activity__plan")
    slots = list(rows.order_by("pk"))
    answers = {
        (own.parent_id, own.organisation_id): own
        for own in OwnPlan.objects.filter(
            parent__in={slot.activity.plan_id for slot in slots}
        ).order_by("pk")
    }
    for slot in slots:
        plan, agency = slot.activity.plan_id, slot.organisation_id
        own = answers.get((plan, agency))
        if own is not None and not own.is_open:
            continue
        yield Due(
            key=f"slot:{slot.pk}",
            title=_("The agency's own plan for %(plan)s") % {"plan": slot.activity.plan},
            agency=agency,
            day=slot.due,
            url=reverse("campaigns_own_plan", args=[own.pk])
            if own
            else reverse("campaigns_own_plan_choose", args=[plan, agency]),
            plan=plan,
            serial=slot.activity.serial,
            state=str(own.get_state_display()) if own else _("not begun"),
        )
