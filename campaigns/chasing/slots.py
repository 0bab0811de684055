"""Slots as something due."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.chasing.dues import Agencies, Due, register_source
from campaigns.models import Plan
from campaigns.showing.filters import due_between
from campaigns.slots.models import Slot
from campaigns.slots.status import Status

SHOWN = 160  # characters of an activity, which plans write as a paragraph


@register_source
def open_slots(first: date, last: date, agencies: Agencies) -> Iterable[Due]:
    """Yield the open and overdue slots of public plans. One query."""
    today = timezone.localdate()
    rows = Slot.objects.expected().filter(activity__plan__in=Plan.objects.in_force())
    if agencies is not None:
        rows = rows.filter(organisation__in=agencies)
    wanted = due_between(rows, first, last).in_status(*Status.open(), Status.OVERDUE, today=today)
    for slot in wanted.select_related("activity").order_by("pk"):
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
