"""Two states of a plan side by side: words of texts marked, rows added, taken out, changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.compare import diff_text

from campaigns.models import Activity, Amendment, Plan, PlanVersion
from campaigns.plans.annexes import annexes_of
from campaigns.plans.bases import bases_of
from campaigns.plans.snapshots import AGENCIES, DATES, Snapshot, changed, plan_of, rows_of
from organisations.models import Organisation

COMPARED = (
    "title", "number", "issued_on", "signer", "signer_title", "authority", "authority_of", "kind",
    "combined_number", "combined_on", "responsible", "introduction", "purposes", "requirements",
    "contents", "forms", "audiences", "timing", "funding", "implementation", "recipients",
)  # fmt: skip
_BLOCKS = ["p", "li", "h2", "h3", "h4", "br"]


@dataclass(frozen=True, slots=True)
class State:
    """A plan at one moment: as a version, as it is now, or as the open amendment wants it."""

    plan: Plan
    rows: Sequence[Snapshot]


@dataclass(frozen=True, slots=True)
class Change:
    """A text or a field that differs: its name, and both words marked in one text."""

    label: str
    marked: SafeString


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs: ``kind`` is added, removed or changed."""

    kind: str
    serial: str
    content: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two states."""

    texts: tuple[Change, ...]
    rows: tuple[RowChange, ...]

    def __bool__(self) -> bool:
        return bool(self.texts or self.rows)


def of_version(version: PlanVersion) -> State:
    return State(plan_of(version.content), version.rows)


def of_now(plan: Plan) -> State:
    """Return the plan as it is public."""
    return State(plan, rows_of(plan))


def of_amendment(amendment: Amendment) -> State:
    """Return the plan as it would be if the amendment were issued now."""
    plan = amendment.plan
    draft = plan.get_latest_revision_as_object() if plan.has_unpublished_changes else plan
    proposals = {row.activity_id: row for row in amendment.rows.order_by("pk") if row.activity_id}
    rows = []
    for shot in rows_of(plan):
        row = proposals.get(shot["pk"])
        if row is None:
            rows.append(shot)
        elif row.kind != row.Kind.REMOVED:
            names = changed(row.before, row.after)
            rows.append(shot | {name: row.after[name] for name in names})
    added = amendment.rows.filter(activity=None).order_by("pk")
    return State(draft, [*rows, *({**row.after, "pk": f"new-{row.pk}"} for row in added)])


def compare(old: State, new: State) -> Comparison:
    """Return what differs. Two queries for agencies' names, beside those of bases and annexes."""
    before, after = texts_of(old.plan), texts_of(new.plan)
    texts = [marked(label, before[label], after[label]) for label in after]
    return Comparison(tuple(filter(None, texts)), tuple(row_changes(old.rows, new.rows)))


def texts_of(plan: Plan) -> dict[str, str]:
    """Return the plan's texts by their names, without markup."""
    found = {}
    for name in COMPARED:
        field: Any = Plan._meta.get_field(name)
        found[capfirst(str(field.verbose_name))] = worded(plan, name)
    found[_("Legal bases")] = "\n".join(basis.words for basis in bases_of(plan))
    found[_("Annexes")] = "\n".join(
        f"{annex.title}\n{plain(annex.text)}".strip() for annex in annexes_of(plan)
    )
    return found


def worded(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if hasattr(value, "year"):
        return date_format(value, "d/m/Y")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return plain(str(value)) if value is not None else ""


def plain(html: str) -> str:
    """Return the words of a rich text, a line for each paragraph."""
    if "<" not in html:
        return html
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(_BLOCKS):
        tag.append("\n")
    return soup.get_text().strip()


def marked(label: str, old: str, new: str) -> Change | None:
    """Return the difference of two texts with added and removed words marked."""
    if old == new:
        return None
    return Change(label, diff_text(old, new).to_html())


def row_changes(old: Sequence[Snapshot], new: Sequence[Snapshot]) -> list[RowChange]:
    """Return the rows that differ, in the order of the new table, those taken out at the end."""
    names = agency_names([*old, *new])
    before = {shot["pk"]: shot for shot in old}
    found = []
    for shot in new:
        former = before.pop(shot["pk"], None)
        if former is None:
            found.append(RowChange("added", shot["serial"], shot["content"]))
        elif differing := changed(former, shot):
            changes = (field_change(name, former, shot, names) for name in differing)
            shown = tuple(change for change in changes if change is not None)
            found.append(RowChange("changed", shot["serial"], shot["content"], shown))
    gone = [RowChange("removed", shot["serial"], shot["content"]) for shot in before.values()]
    return [*found, *gone]


def field_change(
    name: str, old: Snapshot, new: Snapshot, names: Mapping[int, str]
) -> Change | None:
    field: Any = Activity._meta.get_field(name)
    words = [value_words(name, shot.get(name), field, names) for shot in (old, new)]
    return marked(capfirst(str(field.verbose_name)), *words)


def value_words(name: str, value: Any, field: Any, names: Mapping[int, str]) -> str:
    """Return a value of a snapshot as people read it."""
    if name in AGENCIES:
        return "; ".join(names.get(key, "") for key in value or [])
    if name in DATES and value:
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices and value:
        return str(dict(field.flatchoices).get(value, value))
    return "" if value is None else str(value)


def agency_names(shots: Sequence[Snapshot]) -> dict[int, str]:
    keys = {key for shot in shots for name in AGENCIES for key in shot.get(name, [])}
    found = Organisation.objects.filter(pk__in=keys).order_by().values_list("pk", "name")
    return dict(found)
