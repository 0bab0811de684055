"""Slots as something due."""

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.chasing.dues import Agencies, Due, register_source
from campaigns.models import Activity, Plan
from campaigns.showing.filters import due_between
from campaigns.slots.models import Slot, SlotQuerySet
from campaigns.slots.status import Status

SHOWN = 160  # characters of an activity, which plans write as a paragraph


def asking() -> SlotQuerySet:
    """Return the slots that an agency's own plan fulfils: ``ownplans.actions.slot_of`` for all."""
    lines = Activity.objects.filter(plan=OuterRef("activity__plan"), asks_for_plan=True)
    mine = Slot.objects.expected().filter(
        activity=OuterRef("activity"), organisation=OuterRef("organisation")
    )
    rows: SlotQuerySet = Slot.objects.expected().filter(
        activity__asks_for_plan=True,
        activity=Subquery(lines.order_by("position", "pk").values("pk")[:1]),
        pk=Subquery(mine.order_by("due_on", "pk").values("pk")[:1]),
    )
    return rows


def wanted(rows: SlotQuerySet, first: date, last: date, agencies: Agencies) -> SlotQuerySet:
    """Return which of them are open or overdue, of plans in force, and due on these days."""
    today = timezone.localdate()
    rows = rows.filter(activity__plan__in=Plan.objects.in_force())
    if agencies is not None:
        rows = rows.filter(organisation__in=agencies)
    return due_between(rows, first, last).in_status(*Status.open(), Status.OVERDUE, today=today)


@register_source
def open_slots(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the open and overdue slots of public plans. One query.

    Those that an agency's own plan fulfils are due as that plan: see ``chasing.own_plans``.
    """
    rows = Slot.objects.expected().exclude(pk__in=asking().values("pk"))
    for slot in wanted(rows, first, last, agencies).select_related("activity").order_by("pk"):
        yield due_of(slot)


def due_of(slot: Slot) -> Due:
    """Return the slot as something due; it was read with its status and its activity."""
    content = slot.activity.content
    if len(content) > SHOWN:
        content = f"{content[: SHOWN - 1].rstrip()}…"
    return Due(
        key=f"slot:{slot.pk}",
        title=_("%(activity)s, %(period)s") % {"activity": content, "period": slot.label},
        agency=slot.organisation_id,
        day=slot.due,
        url=reverse("campaigns_slots:one", args=[slot.pk]),
        plan=slot.activity.plan_id,
        serial=slot.activity.serial,
        state=_("delivered %(counted)d of %(target)d")
        % {"counted": slot.counted, "target": slot.target},
    )
