"""Next year's plan from this year's: agencies that succeeded, dates moved, doubts listed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from campaigns.agencies import Directory, Reading
from campaigns.deadlines import ImpossibleDateError, parse_timing
from campaigns.models import Activity, Annex, LegalBasis, Plan, PlanBasis
from campaigns.plans.annexes import annexes_of
from campaigns.plans.bases import bases_of
from campaigns.slots import planning
from campaigns.understanding import save_understood, understand
from core.text import fold
from organisations.models import Organisation

# Words that begin the name of a law or a document: the year after them belongs to that name.
_CITATION = re.compile(
    r"\b(?:hiến pháp|bộ luật|luật|pháp lệnh|nghị quyết|nghị định|quyết định|thông tư|chỉ thị|"
    r"kết luận|công văn|thông báo|văn bản|số\s+\d|\d+[-/][\w/-]*[A-ZĐ]{2})",
    re.IGNORECASE,
)
_DATED = re.compile(r"(/|\bnăm\s+)(\d{4})(?!\d)")
_SEPARATOR = re.compile(r"[;,.()“”\"\n]")
_SECTIONS = (
    "introduction",
    "purposes",
    "requirements",
    "contents",
    "forms",
    "audiences",
    "timing",
    "funding",
    "implementation",
)
_COPIED = (
    *_SECTIONS,
    "recipients",
    "signer",
    "signer_title",
    "authority",
    "authority_of",
    "responsible",
    "kind",
)
_UNCHANGED = ("serial", "heading", "form", "quantity_text", "product", "budget_text")

# Why a person should look; ``review_notes`` stores the key and the text it is about.
REASONS = {
    "agency-gone": _("An agency no longer exists and has no successor on record"),
    "agency-replaced": _("An agency was replaced by its successor"),
    "year-kept": _("The old year was left, because it belongs to a name or a citation"),
    "date-impossible": _("The date does not exist in the new year and was left"),
    "period-unclear": _("A remark in the period was left as it was"),
    "old-name": _("The text names an agency that no longer exists"),
    "district": _("The text speaks of the district level, which no longer exists"),
    "basis-ended": _("A legal basis is no longer in force, and was left or replaced"),
    "section-year": _("The text of a section names the old year"),
}
PLAN_ITSELF = pgettext_lazy("place of a note", "the plan itself")


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to look at: a key of ``REASONS``, the activity's number, the text in question."""

    reason: str
    serial: str
    text: str

    def as_json(self) -> dict[str, str]:
        return {"reason": self.reason, "serial": self.serial, "text": self.text}


@transaction.atomic
def derive(plan: Plan, year: int, number: str, issued_on: date, user: Any = None) -> Plan:
    """Create and return a draft plan for another year, with this one's activities.

    Agencies closed by ``issued_on`` give way to their successors; the plan's own year changes in
    titles and periods, never in citations. ``review_notes`` lists what a person should look at.
    Raises ``django.core.exceptions.ValidationError`` if the number is taken.
    """
    now = Directory.on(issued_on)
    then = now.as_of(plan.issued_on or date(plan.year, 1, 1))
    title, notes = moved_title(plan.title, plan.year, year)
    new = Plan(
        number=number,
        title=title,
        issuer=successor_of_issuer(plan.issuer, issued_on),
        issued_on=issued_on,
        year=year,
        derived_from=plan,
        is_illustrative=plan.is_illustrative,
        live=False,
        **{name: getattr(plan, name) for name in _COPIED},
    )
    notes += section_notes(plan)
    notes += copy_attached(plan, new)
    new.full_clean(exclude=["slug"])
    new.save()
    move = Move(new, then, now, district_level_is_closed(issued_on))
    for activity in plan.activities.for_reading():
        notes += move.copy(activity)
    planning.generate_plan(new)
    new.review_notes = [note.as_json() for note in notes]
    new.save()
    new.save_revision(user=user)
    log(new, "wagtail.create", user=user, content_changed=True)
    return new


def successor_of_issuer(issuer: Organisation, day: date) -> Organisation:
    """Return the one successor of the issuing authority, or itself if that is not one agency."""
    successors = issuer.successors(day)
    return successors[0] if len(successors) == 1 else issuer


def move_year(text: str, old: int, new: int) -> tuple[str, bool]:
    """Return the text with "năm <old>" moved, and whether the old year was left somewhere.

    A year in the name of a law, resolution or numbered document stays, and so does a bare year,
    as in "nhiệm kỳ 2021-2026".
    """

    def moved(match: re.Match[str]) -> str:
        before = _SEPARATOR.split(text[: match.start()])[-1]
        return match[0] if _CITATION.search(before) else f"{match[1]}{new}"

    result = re.sub(rf"(\bnăm\s+){old}\b(?!\s*[-–]\s*\d)", moved, text, flags=re.IGNORECASE)
    return result, bool(re.search(rf"(?<!\d){old}(?!\d)", result))


def moved_title(title: str, old: int, new: int) -> tuple[str, list[Note]]:
    moved, left = move_year(title, old, new)
    return moved, [Note("year-kept", "", moved)] if left else []


def section_notes(plan: Plan) -> list[Note]:
    """Return a note for each section that names the old year; sections are copied unchanged."""
    return [
        Note("section-year", "", str(plan._meta.get_field(name).verbose_name))
        for name in _SECTIONS
        if re.search(rf"(?<!\d){plan.year}(?!\d)", getattr(plan, name))
    ]


def copy_attached(plan: Plan, new: Plan) -> list[Note]:
    """Copy bases and annexes. A basis that gave way to another on record is that other."""
    notes: list[Note] = []
    bases: list[LegalBasis] = []
    for basis in bases_of(plan):
        if new.issued_on and not basis.is_in_force_on(new.issued_on):
            successor = basis.successor_on(new.issued_on)
            arrow = f" → {successor}" if successor else ""
            notes.append(Note("basis-ended", "", f"{basis}{arrow}"))
            bases.append(successor or basis)
        else:
            bases.append(basis)
    new.plan_bases = [
        PlanBasis(basis=basis, sort_order=order) for order, basis in enumerate(dict.fromkeys(bases))
    ]
    new.annexes = [
        Annex(title=one.title, text=one.text, document=one.document, sort_order=order)
        for order, one in enumerate(annexes_of(plan))
    ]
    return notes


@dataclass(frozen=True, slots=True)
class Move:
    """What copying an activity needs to know: the agencies then and now, and of which level."""

    plan: Plan
    then: Directory
    now: Directory
    districts_closed: bool

    def copy(self, old: Activity) -> list[Note]:
        """Store the activity's copy in the new plan, and return what to look at."""
        copy = Activity(plan=self.plan, position=old.position)
        for name in _UNCHANGED:
            setattr(copy, name, getattr(old, name))
        copy.content, year_left = move_year(old.content, old.plan.year, self.plan.year)
        notes = [Note("year-kept", old.serial, copy.content)] if year_left else []
        closed: list[Organisation] = []
        for name in ("lead_text", "partner_text"):
            reading = self.then.read(getattr(old, name))
            text, found = succeed(getattr(old, name), reading, self.now.day, old.serial)
            setattr(copy, name, text)
            notes += found
            closed += [agency for agency in reading.found if not agency.is_valid_on(self.now.day)]
        copy.deadline_text, found = move_deadline(old, self.plan.year)
        save_understood(copy, understand(copy, self.plan.year, self.now))
        return [*notes, *found, *self.stale_words(copy, closed)]

    def stale_words(self, activity: Activity, closed: list[Organisation]) -> Iterator[Note]:
        """Yield notes on other texts that still name closed agencies or the district level."""
        names = [f" {fold(agency.name)} " for agency in closed]
        texts = (activity.content, activity.quantity_text, activity.product, activity.budget_text)
        for text in filter(None, texts):
            folded = f" {fold(text)} "
            if any(name in folded for name in names):
                yield Note("old-name", activity.serial, text)
            elif self.districts_closed and " huyen " in folded:
                yield Note("district", activity.serial, text)


def succeed(text: str, reading: Reading, day: date, serial: str) -> tuple[str, list[Note]]:
    """Return the text with each closed agency's name replaced by those of its successors."""
    notes: list[Note] = []
    for piece in reversed(reading.pieces):
        if not piece.agency or piece.agency.is_valid_on(day):
            continue
        names = [successor.name for successor in piece.agency.successors(day)]
        if not names:
            notes.append(Note("agency-gone", serial, piece.text))
            continue
        text = f"{text[: piece.start]}{', '.join(names)}{text[piece.end :]}"
        notes.append(Note("agency-replaced", serial, f"{piece.text} → {', '.join(names)}"))
    return without_repeats(text), notes[::-1]


def without_repeats(text: str) -> str:
    """Drop a second mention of an agency, as when two merged ones stood side by side."""
    seen: set[str] = set()
    kept: list[str] = []
    for part in re.split(r"\s*;\s*", text):
        key = fold(part)
        if key not in seen:
            kept.append(part)
        seen.add(key)
    return "; ".join(kept)


def move_deadline(activity: Activity, year: int) -> tuple[str, list[Note]]:
    """Return the period as written for the new year.

    The plan's year and its neighbours move by the same step. Remarks that no rule understands
    are left, and so is a period that would name a day the new year does not have.
    """
    old_year, text = activity.plan.year, activity.deadline_text
    unclear = parse_timing(text, old_year).unclear
    parts = re.split("|".join(f"({re.escape(remark)})" for remark in unclear) or r"(?!)", text)
    moved = "".join(
        part if part in unclear else move_dates(part, old_year, year) for part in parts if part
    )
    notes = [Note("period-unclear", activity.serial, remark) for remark in unclear]
    try:
        parse_timing(moved, year)
    except ImpossibleDateError as error:
        return text, [*notes, Note("date-impossible", activity.serial, str(error.args[0]))]
    return moved, notes


def move_dates(text: str, old: int, new: int) -> str:
    """Return the text with "/2021" and "năm 2021" moved, the years before and after included."""

    def moved(match: re.Match[str]) -> str:
        own = int(match[2])
        return f"{match[1]}{own + new - old}" if abs(own - old) <= 1 else match[0]

    return _DATED.sub(moved, text)


def district_level_is_closed(day: date) -> bool:
    """Tell whether districts are on record, and none of them exists on that day."""
    districts = Organisation.objects.filter(level=Organisation.Level.DISTRICT)
    return districts.exists() and not districts.valid_on(day).exists()
