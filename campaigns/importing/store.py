"""Storing an imported plan: all of it or nothing, and the same file twice is one plan."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from campaigns.agencies import Directory
from campaigns.counting import counts
from campaigns.events.models import Event
from campaigns.importing.facts import Facts, find_issuer, read_facts
from campaigns.importing.founding import find_bases
from campaigns.importing.parts import Parts, read_parts
from campaigns.importing.problems import ImportFailedError, Problem
from campaigns.importing.rows import PlanRow, faults, read_rows
from campaigns.importing.table import RawTable
from campaigns.models import Activity, Annex, LegalBasis, Plan, PlanBasis
from campaigns.slots import planning
from campaigns.slots.planning import Changes
from campaigns.understanding import (
    Understanding,
    save_agencies,
    save_row,
    save_understood,
    understand,
)
from organisations.models import Organisation

Told = Callable[[int, int], object]  # is told how many steps are done, of how many


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as understood, before anything is stored; ``day`` decides which agencies exist."""

    facts: Facts
    rows: tuple[PlanRow, ...]
    understood: tuple[Understanding, ...]
    warnings: tuple[str, ...]
    day: date
    parts: Parts = field(default_factory=Parts)
    #: Which of the bases nobody knows a person wants on the list, by their place among the bases.
    new_bases: frozenset[int] = frozenset()
    #: Agencies by the unknown names that a person said they go by.
    known: Mapping[str, int] = field(default_factory=dict)

    def row_warnings(self) -> list[tuple[int, str]]:
        """Return each doubt about a row with the row's line."""
        return [
            (row.line, doubt)
            for row, understanding in zip(self.rows, self.understood, strict=True)
            for doubt in understanding.doubts()
        ]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What storing did."""

    plan: Plan
    is_new: bool
    added: int = 0
    updated: int = 0
    removed: int = 0
    warnings: list[str] = field(default_factory=list)
    slots: Changes = field(default_factory=Changes)


def read_draft(table: RawTable, given: Facts, today: date) -> Draft:
    """Return the file as understood. What was given by a person wins over what the file says.

    ``today`` stands in for a date of issue nobody knows. Raises ``ImportFailedError``.
    """
    facts = given.filled_from(read_facts(table.preface))
    year = facts.plan_year or today.year
    plan_table = read_rows(table, year)
    parts = read_parts(table.preface, table.afterword)
    day = facts.issued_on or today
    return draft_of(facts, plan_table.rows, plan_table.warnings, day, parts)


def draft_of(
    facts: Facts,
    rows: Sequence[PlanRow],
    warnings: Sequence[str],
    day: date,
    parts: Parts | None = None,
    known: Mapping[str, int] | None = None,
) -> Draft:
    """Return rows that were read before, understood by the agencies of that day.

    ``known``: agencies by names that only this file calls them. Raises ``ImportFailedError`` for a
    date that does not exist.
    """
    directory = Directory.on(day)
    agencies = Organisation.objects.in_bulk(list((known or {}).values()))
    for name, key in (known or {}).items():
        if key in agencies:
            directory.call(name, agencies[key])
    year = facts.plan_year or day.year
    if problems := [problem for row in rows for problem in faults(row, year)]:
        raise ImportFailedError(problems)
    understood = tuple(understand(activity_of(row), year, directory) for row in rows)
    found = (facts, tuple(rows), understood, tuple(warnings), day, parts or Parts())
    return Draft(*found, known=known or {})


def activity_of(row: PlanRow) -> Activity:
    activity = Activity()
    row.apply(activity)
    return activity


def missing_facts(facts: Facts) -> list[Problem]:
    """Return a problem for each fact without which a plan cannot be stored."""
    needed = (
        (facts.number, _("The number of the plan is not known; give it.")),
        (facts.issued_on, _("The date of issue is not known; give it.")),
        (facts.title, _("The abstract of the plan is not known; give it.")),
        (facts.issuer, _("The issuing authority is not known; give it.")),
    )
    return [Problem(message) for value, message in needed if not value]


@transaction.atomic
def store(draft: Draft, user: Any = None, told: Told = lambda done, total: None) -> Outcome:
    """Create the plan as a draft, or bring the one of that number, authority and year up to date.

    Activities keep their identity by number, else by content, so that articles stay attached.
    Raises ``ImportFailedError``; nothing is saved then.
    """
    facts = draft.facts
    if problems := missing_facts(facts):
        raise ImportFailedError(problems)
    issuer = find_issuer(facts.issuer, Directory.on(draft.day))
    year = facts.plan_year or draft.day.year
    plan = Plan.objects.numbered(facts.number).filter(issuer=issuer, year=year).first()
    is_new = plan is None
    if plan is None:
        plan = Plan(number=facts.number, issuer=issuer, year=year, live=False)
    warnings = save_plan(plan, draft, user)
    log(plan, "wagtail.create" if is_new else "wagtail.edit", user=user, content_changed=True)
    outcome = store_rows(plan, draft, Outcome(plan, is_new, warnings=warnings), told)
    return replace(outcome, slots=planning.generate_plan(plan))


def save_plan(plan: Plan, draft: Draft, user: Any) -> list[str]:
    """Store what the file says of the plan. Of a published one a person's file is a draft."""
    facts = draft.facts
    is_live = plan.live
    if is_live and (user is not None or plan.has_unpublished_changes):
        later = plan.get_latest_revision_as_object()
        take_texts(later, draft)
        refuse_invalid(later)
        later.save_revision(user=user, clean=False)
        return [_("The texts of the published plan are kept as a draft, not yet published.")]
    plan.title, plan.issued_on = facts.title, facts.issued_on
    refuse_invalid(plan)
    take_texts(plan, draft)
    plan.save()
    revision = plan.save_revision(user=user)
    if is_live:
        revision.publish(user=user)
    return []


def take_texts(plan: Plan, draft: Draft) -> None:
    """Set on the plan what the file says of it: abstract, date, sections, bases, annexes."""
    plan.title, plan.issued_on = draft.facts.title, draft.facts.issued_on
    draft.parts.apply(plan)
    take_bases(plan, draft)
    files = {one.title: one.document for one in plan.annexes.all()} if plan.pk else {}
    if draft.parts.annexes:
        plan.annexes = [
            Annex(title=title, text=text, document=files.get(title), sort_order=order)
            for order, (title, text) in enumerate(draft.parts.annexes)
        ]


def take_bases(plan: Plan, draft: Draft) -> None:
    """Found the plan on the records that the file names; the others stay words in the lead-in."""
    chosen: list[LegalBasis] = []
    typed = ""
    for place, named in enumerate(find_bases(draft.parts.bases)):
        basis = named.known
        if basis is None and named.proposed is not None and place in draft.new_bases:
            basis = named.proposed
            basis.save()
        if basis is not None:
            chosen.append(basis)
        else:
            typed += f"<p>Căn cứ {escape(named.words, quote=False)};</p>"
    if draft.parts.bases:
        plan.plan_bases = [
            PlanBasis(basis=basis, sort_order=order)
            for order, basis in enumerate(dict.fromkeys(chosen))
        ]
        plan.introduction = typed + draft.parts.texts.get("introduction", "")


def refuse_invalid(plan: Plan) -> None:
    """Raise ``ImportFailedError`` with the faults the model finds, named by field."""
    try:
        plan.full_clean(exclude=["slug"])
    except ValidationError as error:
        raise ImportFailedError(
            [
                Problem(f"{label_of(plan, field)}{message}")
                for field, messages in error.message_dict.items()
                for message in messages
            ]
        ) from error


def label_of(plan: Plan, field: str) -> str:
    if field == NON_FIELD_ERRORS:
        return ""
    verbose_name = Plan._meta.get_field(field).verbose_name
    return f"{capfirst(verbose_name)}: "


def store_rows(plan: Plan, draft: Draft, outcome: Outcome, told: Told) -> Outcome:
    """Bring the plan's activities in line with the file."""
    old = list(plan.activities.in_force())
    new: list[tuple[Activity, Understanding]] = []
    updated = 0
    for position, row in enumerate(draft.rows, start=1):
        activity = take_matching(old, row)
        understood = draft.understood[position - 1]
        is_new = activity is None
        activity = activity or Activity(plan=plan)
        row.apply(activity)
        activity.position = position
        if is_new:
            save_row(activity, understood)
            new.append((activity, understood))
        else:
            activity.edition += 1  # whoever has its form open is told
            save_understood(activity, understood)
            updated += 1
        told(position, len(draft.rows) + 1)  # the slots are the last step
    save_agencies(new)
    removed = remove_leftovers(old, len(draft.rows), outcome.warnings)
    return Outcome(plan, outcome.is_new, len(new), updated, removed, outcome.warnings)


def take_matching(old: list[Activity], row: PlanRow) -> Activity | None:
    """Return and strike off the stored activity that the row is: same number, or same content."""
    same_serial = [one for one in old if row["serial"] and one.serial == row["serial"]]
    same_content = [one for one in old if one.content == row["content"]]
    both = [one for one in same_serial if one in same_content]
    for candidates in (both, same_content, same_serial):
        if candidates:
            old.remove(candidates[0])
            return candidates[0]
    return None


def remove_leftovers(old: list[Activity], last: int, warnings: list[str]) -> int:
    """Delete activities the file no longer has, except those something was done for."""
    keys = [activity.pk for activity in old]
    published, proved = counts(keys), set(planning.on_record(keys))
    proved.update(Event.objects.filter(activity__in=keys).values_list("activity_id", flat=True))
    removed = 0
    for activity in old:
        if published[activity.pk] or activity.pk in proved:
            last += 1
            Activity.objects.filter(pk=activity.pk).update(position=last)
            warnings.append(
                _("“%s” is no longer in the file, but was kept: work on it is on record.")
                % activity
            )
        else:
            activity.delete()
            removed += 1
    return removed
