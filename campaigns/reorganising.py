"""What becomes of plans, activities and slots when agencies are reorganised."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Activity
from campaigns.slots.models import Slot
from campaigns.slots.planning import generate
from organisations.reorganising.holdings import Fate, register_follow_up, register_holding


def due_from(day: date) -> Q:
    """Return which slots are not over yet on that day."""
    return Q(due_on__gte=day) | Q(extended_to__gte=day)


@register_follow_up
def share_out(agencies: Collection[int], day: date, before: Collection[int]) -> Collection[int]:
    """Give the slots due from that day on to whoever carries on the work, or back.

    Slots with evidence or a decision stay with the agency that has them on record. Takes and
    returns the numbers of the activities.
    """
    slots = Slot.objects.filter(due_from(day))
    own = slots.filter(organisation__in=agencies)
    taken = slots.filter(organisation__succeeds__old__in=agencies)
    leads = Activity.objects.filter(leads__in=agencies).filter(slots__in=slots)
    found = {
        *before,
        *own.values_list("activity", flat=True),
        *taken.values_list("activity", flat=True),
    }
    found |= set(leads.values_list("pk", flat=True))
    if found:
        generate(Activity.objects.filter(pk__in=found))
    return found


register_holding("campaigns.Slot", "organisation", Fate.PASSES, open_on=due_from)
register_holding("campaigns.Activity", "leads", Fate.STAYS, _("activities they lead"))
register_holding("campaigns.Activity", "partners", Fate.STAYS, _("activities they take part in"))
register_holding("campaigns.Plan", "issuer", Fate.STAYS, _("plans they issued"))
register_holding("campaigns.Report", "organisation", Fate.STAYS, _("reports they made"))
register_holding("campaigns.OwnPlan", "organisation", Fate.STAYS, _("plans of their own"))
