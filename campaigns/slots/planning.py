"""Bringing the slots of activities in line with the plan: shown first, then done.

A slot keeps its identity: its activity, agency, period and number within the period. One with
evidence or a decision is never deleted; if the plan no longer asks for it, it is kept aside.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db import transaction
from django.db.models import QuerySet

from campaigns.evidence import recording
from campaigns.evidence.models import Evidence
from campaigns.models import Activity, Plan
from campaigns.reporting.periods import due_days
from campaigns.slots.models import Slot
from campaigns.slots.shaping import parts
from campaigns.slots.status import Status
from organisations.history import History
from organisations.models import Organisation

#: What the plan decides of a slot; the rest is its identity or its history.
FIELDS = ("opens_on", "due_on", "target", "instalments", "in_plan")
BATCH = 500
KINDS = ("added", "changed", "removed", "kept")


@dataclass
class Changes:
    """What differs between the slots that are there and those the plan asks for."""

    added: list[Slot] = field(default_factory=list)
    changed: list[tuple[Slot, Slot]] = field(default_factory=list)  # as it is, as it will be
    removed: list[Slot] = field(default_factory=list)
    kept: list[Slot] = field(default_factory=list)  # no longer asked for, but on record
    #: Activities that ask for work of an agency nobody knows: they have no slots.
    without_agency: list[Activity] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.kept)


class Roll:
    """Who must deliver on a day: members of groups, successors of agencies that closed.

    Reads the agencies once, with the first question, and so the days on which reports are due.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, date], list[Organisation]] = {}

    @cached_property
    def history(self) -> History:
        """All agencies through all time."""
        return History.load()

    @cached_property
    def report_days(self) -> dict[date, date]:
        """When reports are due, as far as reporting periods are on record."""
        return due_days()

    def of(self, lead: Organisation, day: date) -> list[Organisation]:
        """Return the agencies that a lead agency of the plan stands for on that day."""
        key = (lead.pk, day)
        if key not in self._known:
            self._known[key] = self._look_up(lead, day)
        return self._known[key]

    def _look_up(self, lead: Organisation, day: date) -> list[Organisation]:
        group = Organisation.Kind.GROUP
        if lead.kind != group and lead.is_valid_on(day):
            return [lead]
        there = [lead] if lead.kind == group else self.history.successors_on(lead.pk, day)
        members = [self.history.members_on(one.pk, day) for one in there]
        found = [member.organisation for several in members for member in several]
        return [one for one in found if one.is_valid_on(day) and one.kind != group]

    def due(self, leads: Iterable[Organisation], day: date) -> list[Organisation]:
        """Return everybody who must deliver on that day, each once."""
        return list({one.pk: one for lead in leads for one in self.of(lead, day)}.values())


def wanted(activity: Activity, roll: Roll) -> list[Slot]:
    """Return the slots the activity asks for, unsaved.

    The agencies of a slot are those that exist on its last day. A line that carries out one of the
    superior plan asks for nothing: its slots are those of that line.
    """
    if activity.origin_id is not None:
        return []
    leads = list(activity.leads.all())
    return [
        Slot(
            activity=activity,
            organisation=organisation,
            period=part.window.period,
            period_start=part.window.start,
            ordinal=part.window.ordinal,
            instalments=part.window.of,
            opens_on=part.window.first,
            due_on=part.window.last,
            target=part.target,
        )
        for part in parts(activity, dues_of(activity, roll))
        for organisation in roll.due(leads, part.window.last)
    ]


def dues_of(activity: Activity, roll: Roll) -> dict[date, date]:
    """Return when reports are due; nothing is read for an activity that asks for no reports."""
    return roll.report_days if activity.recurrence == Activity.Recurrence.REPORTING else {}


def identity(slot: Slot) -> tuple[int, int, str, date, int]:
    """Return what makes it that slot, whatever its dates."""
    return (
        slot.activity_id,
        slot.organisation_id,
        slot.period,
        slot.period_start,
        slot.ordinal,
    )


def compare(activities: QuerySet[Activity], stop: date | None = None) -> Changes:
    """Return what generating the slots of these activities would change. Changes nothing.

    ``stop``: as if their plans were withdrawn on that day. Costs a fixed number of queries.
    """
    rows = list(
        activities.select_related("plan")
        .order_by("plan", "position", "pk")
        .prefetch_related("leads")
    )
    slots = Slot.objects.filter(activity__in=[row.pk for row in rows])
    there = {identity(slot): slot for slot in slots.select_related("organisation", "activity")}
    on_record = set(slots.on_record().values_list("pk", flat=True))
    changes, roll = Changes(), Roll()
    stops = {row.pk: stop or row.plan.withdrawn_on for row in rows}
    done = completed(slots) if any(stops.values()) else set()
    for row in rows:
        asked = wanted(row, roll) if row.removed_by_id is None else []
        if not asked and row.removed_by_id is None and row.origin_id is None:
            changes.without_agency.append(row)
        for slot in asked:
            if is_stopped(slot, there.get(identity(slot)), stops[row.pk], done):
                continue
            old = there.pop(identity(slot), None)
            if old is None:
                changes.added.append(slot)
            elif any(getattr(old, name) != getattr(slot, name) for name in FIELDS):
                changes.changed.append((old, slot))
    for slot in there.values():
        if slot.pk not in on_record:
            changes.removed.append(slot)
        elif slot.in_plan:
            changes.kept.append(slot)
    return changes


def completed(slots: QuerySet[Slot]) -> set[int]:
    """Return the slots that are done: what a withdrawn plan has already been given."""
    rows = Slot.objects.filter(pk__in=slots.values("pk")).in_status(*Status.completed())
    return set(rows.order_by().values_list("pk", flat=True))


def is_stopped(slot: Slot, old: Slot | None, stop: date | None, done: set[int]) -> bool:
    """Whether a slot falls due after its plan was withdrawn, and is not done already."""
    if stop is None or (old is not None and old.pk in done):
        return False
    extended = old.extended_to if old is not None else None
    return (extended or slot.due_on) > stop


@transaction.atomic
def generate(activities: QuerySet[Activity]) -> Changes:
    """Bring the slots of the activities in line with the plan, and return what was changed.

    Doing it again changes nothing. Two people who do it at once wait for each other.
    """
    keys = list(activities.values_list("pk", flat=True))
    chosen = Activity.objects.filter(pk__in=keys)
    list(chosen.order_by("pk").select_for_update().values_list("pk", flat=True))
    changes = compare(chosen)
    Slot.objects.filter(pk__in=[slot.pk for slot in changes.removed]).delete()
    Slot.objects.filter(pk__in=[slot.pk for slot in changes.kept]).update(in_plan=False)
    _take_over(changes.changed)
    Slot.objects.bulk_create(changes.added, batch_size=BATCH)
    if changes:
        recording.catch_up(keys)
    return changes


def _take_over(pairs: Sequence[tuple[Slot, Slot]]) -> None:
    """Write into the slots that are there what the plan says of them now."""
    changed = []
    for old, new in pairs:
        copy = Slot(pk=old.pk)
        for name in FIELDS:
            setattr(copy, name, getattr(new, name))
        changed.append(copy)
    Slot.objects.bulk_update(changed, FIELDS, batch_size=BATCH)


def on_record(activities: Collection[int]) -> set[int]:
    """Return those of the activities for which there is evidence or a decision. Two queries."""
    slots = Slot.objects.filter(activity__in=activities).on_record()
    proofs = Evidence.objects.filter(activity__in=activities).order_by()
    return {
        pk
        for rows in (slots.order_by(), proofs)
        for pk in rows.values_list("activity_id", flat=True)
        if pk is not None
    }


def generate_plan(plan: Plan) -> Changes:
    """Bring all slots of a plan in line with it."""
    return generate(Activity.objects.filter(plan=plan))


@dataclass(frozen=True, slots=True)
class Part:
    """Changes of one kind for a page: how many there are, and the first of them in words."""

    kind: str
    count: int
    lines: list[tuple[str, str, str]]  # activity, slot, what of it


def described(changes: Changes, most: int) -> list[Part]:
    """Return the changes by kind, at most so many of each in words."""
    found = []
    for kind in KINDS:
        rows = getattr(changes, kind)
        shown = [_line(row) for row in rows[:most]]
        found.append(Part(kind, len(rows), shown))
    return found


def _line(row: Slot | tuple[Slot, Slot]) -> tuple[str, str, str]:
    if isinstance(row, Slot):
        return str(row.activity), str(row), _days(row)
    old, new = row
    return str(old.activity), str(new), f"{_days(old)} → {_days(new)}"


def _days(slot: Slot) -> str:
    return f"{slot.opens_on:%d/%m/%Y} – {slot.due_on:%d/%m/%Y} ({slot.target})"
