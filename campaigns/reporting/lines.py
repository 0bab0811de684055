"""The tables of a report: its lines in the order of the plans, money, and other periods beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from campaigns.models import Activity
from campaigns.reporting import periods
from campaigns.reporting.actions import figures_of
from campaigns.reporting.figures import Change, Figures, Line, Total, added
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.slots.models import Slot
from organisations.history import History


@dataclass(frozen=True, slots=True)
class LineRow:
    """One activity with its figures and its money in đồng, as far as they are known."""

    activity: Activity
    line: Line
    planned: int | None
    spent: int | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What was delivered, by the unit in which plans count it: 20.000 tờ."""

    unit: str
    outputs: int


def activities_of(figures: Figures) -> list[Activity]:
    """Return the activities of the lines, in the order of the plans. One query."""
    # Grouped apart: with the rows of the activities, the texts of all would be carried along.
    slots: Any = Slot.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
    agencies = slots.annotate(agencies=Count("organisation", distinct=True)).values("agencies")
    return list(
        Activity.objects.filter(pk__in=sorted(figures.lines))
        .select_related("plan__issuer__parent__parent")
        .annotate(agencies=Coalesce(Subquery(agencies), Value(0)))
        .order_by("plan__year", "plan__pk", "position", "pk")
    )


def rows_of(report: Report, figures: Figures) -> list[LineRow]:
    """Return the lines. One query; for a roll-up one more, for the money agencies reported."""
    spent = spending_of(report)
    return [
        LineRow(
            activity,
            figures.lines[activity.pk],
            # What a line costs is one agency's only where one agency carries it out.
            activity.budget_planned if report.is_roll_up or alone(activity) else None,
            spent.get(activity.pk),
        )
        for activity in activities_of(figures)
    ]


def alone(activity: Activity) -> bool:
    """Whether one agency delivers the line, for an activity read by ``activities_of``."""
    count: int = activity.agencies
    return count <= 1


def spending_of(report: Report) -> dict[int, int]:
    """Return the money spent by activity: of the report, or of all that were handed in."""
    if not report.is_roll_up:
        return {int(pk): amount for pk, amount in report.spending.items()}
    handed = Report.objects.filter(period=report.period_id, kind=Report.Kind.AGENCY).handed_in()
    sums: dict[int, int] = {}
    for spending in handed.order_by("pk").values_list("spending", flat=True):
        for pk, amount in spending.items():
            sums[int(pk)] = sums.get(int(pk), 0) + amount
    return sums


def units_of(rows: list[LineRow]) -> list[UnitRow]:
    """Return what was delivered by unit, the most first; lines without a unit are left out."""
    sums: dict[str, int] = {}
    for row in rows:
        unit = " ".join(row.activity.unit.lower().split())
        if unit and row.line.outputs:
            sums[unit] = sums.get(unit, 0) + row.line.outputs
    found = [UnitRow(unit, outputs) for unit, outputs in sums.items()]
    return sorted(found, key=lambda row: (-row.outputs, row.unit))


def by_form(rows: list[LineRow]) -> list[tuple[str, Line]]:
    """Return the lines added up by the form of outreach, in the order of the plan."""
    forms: dict[str, list[Line]] = {}
    for row in rows:
        forms.setdefault(" ".join(row.activity.form.split()), []).append(row.line)
    return [(form, added(lines)) for form, lines in forms.items()]


@dataclass
class Compared:
    """A report's totals beside those of the period before and of a year before."""

    report: Report
    figures: Figures
    today: date
    history: History

    @cached_property
    def earlier(self) -> Mapping[str, ReportingPeriod | None]:
        before, year_before = periods.earlier(self.report.period)
        return {"before": before, "year": year_before}

    @cached_property
    def others(self) -> dict[str, Figures | None]:
        """Return the figures of both: those that were submitted, else counted now.

        A time of which nothing at all is on record is nothing to compare with.
        """
        return {name: self._figures(period) for name, period in self.earlier.items()}

    def _figures(self, period: ReportingPeriod | None) -> Figures | None:
        if period is None:
            return None
        same = Report.objects.filter(
            period=period, kind=self.report.kind, organisation=self.report.organisation_id
        ).first()
        unsaved = Report(
            period=period,
            kind=self.report.kind,
            organisation=self.report.organisation,
            agencies=self.report.agencies,
        )
        found = figures_of(same or unsaved, self.today, self.history, with_genres=False)
        return found if found.lines else None

    def totals(self) -> list[tuple[str, Change, Change]]:
        """Return each total with its changes against the period before and the year before."""
        whole = self.figures.whole
        wholes = {name: found.whole if found else None for name, found in self.others.items()}
        return [
            (
                name.value,
                Change(whole.total(name), _total(wholes["before"], name)),
                Change(whole.total(name), _total(wholes["year"], name)),
            )
            for name in Total
        ]

    def kinds(self) -> list[tuple[str, Change, Change]]:
        """Return the kinds of evidence likewise."""
        mine = sizes(self.figures.kinds)
        before, year = (
            sizes(found.kinds) if found else None
            for found in (self.others["before"], self.others["year"])
        )
        names = sorted({*mine, *(before or {}), *(year or {})})
        return [
            (
                name,
                Change(mine.get(name, 0), None if before is None else before.get(name, 0)),
                Change(mine.get(name, 0), None if year is None else year.get(name, 0)),
            )
            for name in names
        ]


def _total(whole: Line | None, name: Total) -> int | None:
    return None if whole is None else whole.total(name)


def sizes(found: Mapping[str, list[int]]) -> dict[str, int]:
    return {name: len(pieces) for name, pieces in found.items()}


def differences(kept: Figures, now: Figures) -> list[tuple[int, str, Change]]:
    """Return what a recount would change: activity (0: all), name of the figure, both values."""
    found = []
    for activity in sorted({*kept.lines, *now.lines}):
        old = kept.lines.get(activity) or Line(activity)
        new = now.lines.get(activity) or Line(activity)
        for name in Total:
            if old.total(name) != new.total(name):
                found.append((activity, name.value, Change(new.total(name), old.total(name))))
    return found
