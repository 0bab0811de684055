"""All agencies of a period in one table: who reported and when, and how far each line is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext_lazy

from campaigns.models import Activity
from campaigns.reporting.counting import Counted, count
from campaigns.reporting.figures import Figures, Line, added
from campaigns.reporting.lines import activities_of
from campaigns.reporting.models import Report, ReportingPeriod
from campaigns.reporting.whose import Row, rows
from organisations.history import History

STANDINGS = {
    "on-time": pgettext_lazy("standing of a report", "on time"),
    "late": pgettext_lazy("standing of a report", "submitted late"),
    "returned": pgettext_lazy("standing of a report", "returned, to be submitted again"),
    "missing": pgettext_lazy("standing of a report", "missing"),
    "awaited": pgettext_lazy("standing of a report", "not due yet"),
}


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency: its report, how that stands, its totals, and its figures by activity."""

    row: Row
    report: Report | None
    standing: str
    whole: Line
    cells: tuple[Line | None, ...]

    @property
    def label(self) -> str:
        return str(STANDINGS[self.standing])


@dataclass(frozen=True, slots=True)
class Table:
    """Agency × line. ``activities`` are the columns, ``sums`` stand below them."""

    activities: list[Activity]
    rows: list[AgencyRow]
    sums: list[Line]
    whole: Line

    def standing(self, name: str) -> int:
        return sum(row.standing == name for row in self.rows)

    @property
    def standings(self) -> list[tuple[str, str, int]]:
        """How many agencies stand how: key, words, number."""
        return [(key, str(words), self.standing(key)) for key, words in STANDINGS.items()]


def standing_of(report: Report | None, period: ReportingPeriod, today: date) -> str:
    """Return how an agency stands with its report, as a key of ``STANDINGS``."""
    if report is not None and report.state == Report.State.RETURNED:
        return "returned"
    if report is not None and report.first_submitted_at is not None:
        return "on-time" if report.was_on_time else "late"
    return "missing" if today > period.internal_due else "awaited"


def table(
    period: ReportingPeriod,
    today: date,
    mode: str,
    plan: int | None = None,
    counted: Counted | None = None,
) -> Table:
    """Return the table of the period; ``plan``: only that plan's lines are columns.

    ``counted``: the figures of all agencies, where they are at hand. Fifteen queries, however many
    agencies and lines there are.
    """
    history = History.load()
    counted = counted or count(period, today, with_genres=False)
    reports = {
        report.organisation_id: report
        for report in Report.objects.filter(period=period, kind=Report.Kind.AGENCY)
        .defer("figures")
        .order_by("pk")
    }
    whole = counted.of()
    columns = [one for one in activities_of(whole) if plan in {None, one.plan_id}]
    lines = rows(history, {*counted.cells, *reports}, period, mode, today)
    found = [_row(line, counted, columns, reports, period, today) for line in lines]
    sums = [whole.lines[one.pk] for one in columns]
    return Table(columns, found, sums, added(sums))


def _row(
    row: Row,
    counted: Counted,
    columns: Iterable[Activity],
    reports: dict[int, Report],
    period: ReportingPeriod,
    today: date,
) -> AgencyRow:
    figures: Figures = counted.of(row.members)
    report = next((reports[pk] for pk in (*row.heirs, *row.members) if pk in reports), None)
    cells = tuple(figures.lines.get(one.pk) for one in columns)
    whole = added(cell for cell in cells if cell is not None)
    return AgencyRow(row, report, standing_of(report, period, today), whole, cells)
