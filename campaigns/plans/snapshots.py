"""A row of a plan as plain data, and back: what amendments propose and versions keep."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from campaigns.models import Activity, Plan

Snapshot = dict[str, Any]
TEXTS = (
    "serial", "heading", "content", "form", "lead_text", "partner_text", "deadline_text",
    "quantity_text", "product", "budget_text", "note",
)  # fmt: skip
DATES = ("start", "end")
READ = (
    "recurrence", "rule", "target", "unit", "per", "per_agency", "total", "budget_planned",
    "budget_spent", "is_checked",
)  # fmt: skip
AGENCIES = ("leads", "partners")
FIELDS = (*TEXTS, *DATES, *READ)


def snapshot(activity: Activity) -> Snapshot:
    """Return the row as plain data. Its agencies are best prefetched."""
    found: Snapshot = {name: getattr(activity, name) for name in (*TEXTS, *READ)}
    for name in DATES:
        day = getattr(activity, name)
        found[name] = day.isoformat() if day else None
    for name in AGENCIES:
        found[name] = sorted(one.pk for one in getattr(activity, name).all())
    return {"pk": activity.pk, "position": activity.position, **found}


def apply(shot: Snapshot, activity: Activity, names: Sequence[str] = FIELDS) -> None:
    """Set the fields of these names on the row as the snapshot has them. Saves nothing."""
    for name in names:
        if name in DATES:
            day = shot.get(name)
            setattr(activity, name, date.fromisoformat(day) if day else None)
        elif name in FIELDS and name in shot:
            setattr(activity, name, shot[name])


def as_activity(shot: Snapshot) -> Activity:
    """Return the row as an unsaved activity, for documents and pages."""
    activity = Activity(pk=shot.get("pk"), position=shot.get("position") or 0)
    apply(shot, activity)
    return activity


def rows_of(plan: Plan) -> list[Snapshot]:
    """Return all rows of a plan that hold. Three queries."""
    return [snapshot(activity) for activity in plan.activities.for_reading()]


def plan_of(content: dict[str, Any]) -> Plan:
    """Return a plan out of stored content; what was deleted meanwhile is left out."""
    plan: Plan | None = Plan.from_serializable_data(content, check_fks=True, strict_fks=False)
    if plan is None:
        raise ValueError("The content names an issuer that is no longer there.")
    return plan


def changed(before: Snapshot, after: Snapshot) -> list[str]:
    """Return the names of the fields in which two snapshots differ."""
    return [name for name in (*FIELDS, *AGENCIES) if before.get(name) != after.get(name)]
