"""An agency's own plan from the province's: the lines that bind it, alone or in a group."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.html import format_html
from django.utils.translation import gettext as _

from campaigns.models import Activity, Plan
from campaigns.slots.models import Slot
from core.errors import RefusedError
from organisations.models import Organisation

#: Texts of a line that the agency takes over and adapts.
COPIED = (
    "serial",
    "heading",
    "content",
    "form",
    "partner_text",
    "deadline_text",
    "start",
    "end",
    "recurrence",
    "rule",
    "quantity_text",
    "target",
    "unit",
    "per",
    "per_agency",
    "product",
    "budget_text",
    "note",
)
SECTIONS = ("purposes", "contents", "forms", "audiences", "funding")


def binding(parent: Plan, organisation: Organisation) -> list[Activity]:
    """Return the lines of which the agency owes slots, in their order.

    The line that asks for this very plan is not one of its lines.
    """
    owed = Slot.objects.expected().filter(organisation=organisation, activity__plan=parent)
    rows = Activity.objects.filter(pk__in=owed.values("activity"), asks_for_plan=False)
    return list(
        rows.annotate(
            agencies=Count("slots__organisation", filter=Q(slots__in_plan=True), distinct=True)
        )
        .order_by("position", "pk")
        .prefetch_related("partners")
    )


def new_plan(parent: Plan, organisation: Organisation, title: str) -> Plan:
    """Return the agency's draft, stored, with its lines. Raises ``RefusedError`` without any."""
    lines = binding(parent, organisation)
    if not lines:
        raise RefusedError(_("No line of the plan binds this agency, as its slots stand."))
    plan = Plan(
        number="",
        title=title,
        issuer=organisation,
        year=parent.year,
        parent=parent,
        live=False,
        is_illustrative=parent.is_illustrative,
        introduction=format_html("<p>{}</p>", opening(parent, organisation)),
        **{name: getattr(parent, name) for name in SECTIONS},
    )
    plan.save()
    for line in lines:
        copy_line(line, plan, organisation)
    return plan


def opening(parent: Plan, organisation: Organisation) -> str:
    """Return the lead-in of the agency's plan. Documents are Vietnamese."""
    issued = f" ngày {parent.issued_on:%d/%m/%Y}" if parent.issued_on else ""
    return (
        f"Thực hiện Kế hoạch số {parent.label}{issued} của {parent.issuer.name}, "
        f"{organisation.name} ban hành Kế hoạch như sau:"
    )


def title_for(parent: Plan, organisation: Organisation) -> str:
    """Return the abstract that is suggested."""
    return f"Tuyên truyền cải cách hành chính năm {parent.year} của {organisation.name}"[:500]


def copy_line(line: Activity, plan: Plan, organisation: Organisation) -> Activity:
    """Store the agency's copy of a line, which remembers whose it is."""
    copy = Activity(plan=plan, position=line.position, origin=line)
    for name in COPIED:
        setattr(copy, name, getattr(line, name))
    copy.lead_text = organisation.name
    alone: bool = line.agencies <= 1
    if alone:  # totals and money of many are not those of one
        copy.total, copy.budget_planned = line.total, line.budget_planned
    copy.save()
    copy.leads.set([organisation])
    copy.partners.set(line.partners.all())
    return copy


def add_line(plan: Plan, organisation: Organisation) -> Activity:
    """Return a new line of the agency's own, unsaved, at the end of its plan."""
    last = plan.activities.order_by("position", "pk").last()
    heading = last.heading if last else ""
    position = last.position + 1 if last else 1
    return Activity(plan=plan, position=position, heading=heading, lead_text=organisation.name)


def folded(
    parent: Plan,
    organisation: Organisation,
    number: str,
    issued_on: date,
    title: str,
    document: Any,
) -> Plan:
    """Return the reform plan that took the lines in, stored."""
    plan = Plan(
        number=number,
        title=title,
        issuer=organisation,
        issued_on=issued_on,
        year=parent.year,
        parent=parent,
        kind=Plan.Kind.COMBINED,
        document=document,
        live=False,
        is_illustrative=parent.is_illustrative,
    )
    plan.full_clean(exclude=["slug"])
    plan.save()
    return plan
