"""An assessment at a glance: points, what would raise them, where the year will end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import Coalesce

from campaigns.scoring.figures import plain
from campaigns.scoring.forecast import Forecast, QuarterScore, Verdict, forecast
from campaigns.scoring.gains import Gain, gain
from campaigns.scoring.models import Answer, Assessment, Criterion, CriterionSet, readings
from campaigns.scoring.tree import totals
from organisations.models import Organisation

ZERO = Decimal(0)


def share(points: Decimal, maximum: Decimal) -> str:
    """Return the width of a bar, in hundredths, as markup wants it: never localised."""
    return plain((points * 100 / maximum).quantize(Decimal("0.1"))) if maximum else "0"


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion with what is known of it. Those with parts have the sums of their parts."""

    criterion: Criterion
    points: Decimal
    answer: Answer | None = None
    outlook: Forecast | None = None
    gain: Gain | None = None

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and self.answer.points is not None

    @property
    def width(self) -> str:
        return share(self.points, self.criterion.maximum)


@dataclass(frozen=True, slots=True)
class Overview:
    """All lines in order, and what follows from them."""

    lines: list[Line]
    points: Decimal
    maximum: Decimal
    quarters: list[QuarterScore]
    at_end: Decimal

    @property
    def scored(self) -> list[Line]:
        return [line for line in self.lines if line.criterion.is_scored]

    @property
    def answered(self) -> int:
        return sum(line.is_answered for line in self.scored)

    @property
    def gains(self) -> list[Line]:
        """Lines with points still to be won, the most first."""
        found = [line for line in self.scored if line.gain and line.gain.points]
        return sorted(found, key=lambda line: (-line.gain.points, line.criterion.position))  # type: ignore[union-attr]

    @property
    def weak(self) -> list[Line]:
        """Lines that will score nothing, then those that will not score in full."""
        found = [line for line in self.scored if line.outlook]
        by_verdict = {Verdict.NOTHING: 0, Verdict.PARTLY: 1}
        weak = [line for line in found if line.outlook and line.outlook.verdict in by_verdict]
        return sorted(
            weak,
            key=lambda line: (by_verdict[line.outlook.verdict], line.criterion.position),  # type: ignore[union-attr]
        )

    @property
    def width(self) -> str:
        return share(self.points, self.maximum)


def overview(assessment: Assessment, today: date) -> Overview:
    """Return the assessment as it stands on that day. Costs four queries, whatever its size."""
    criteria = list(assessment.criteria_set.criteria.order_by("position", "pk"))
    answers = {
        answer.criterion_id: answer
        for answer in assessment.answers.prefetch_related("entries", "proofs")
    }
    known = {key: answer.points for key, answer in answers.items()}
    sums = totals(criteria, known)
    lines = [line_of(one, sums[one.pk], answers.get(one.pk), assessment, today) for one in criteria]
    outlooks = [line.outlook for line in lines if line.outlook is not None]
    return Overview(
        lines,
        sum((sums[one.pk] for one in criteria if one.parent_id is None), ZERO),
        sum((one.maximum for one in criteria if one.parent_id is None), ZERO),
        added(outlooks),
        sum((outlook.at_end.points for outlook in outlooks), ZERO),
    )


def line_of(
    one: Criterion, points: Decimal, answer: Answer | None, assessment: Assessment, today: date
) -> Line:
    if not one.is_scored:
        return Line(one, points)
    rule = one.reading()
    value = answer.reading(rule) if answer else None
    found = readings(answer.entries.all(), rule) if answer else {}
    expected = answer.expectation(rule) if answer else None
    outlook = forecast(rule, found, assessment.year, today, expected)
    return Line(one, points, answer, outlook, gain(rule, value, today))


def added(outlooks: list[Forecast]) -> list[QuarterScore]:
    """Return the quarters of all criteria together."""
    columns = zip(*(outlook.quarters for outlook in outlooks), strict=True)
    return [
        QuarterScore(
            column[0].number,
            column[0].end,
            sum((quarter.points for quarter in column), ZERO),
            column[0].is_expected,
        )
        for column in columns
    ]


@dataclass(frozen=True, slots=True)
class Year:
    """An assessment of an agency with its sum, for the history."""

    assessment: Assessment
    points: Decimal
    maximum: Decimal

    @property
    def width(self) -> str:
        return share(self.points, self.maximum)


POINTS = Sum(Coalesce("answers__verified_points", "answers__self_points"))


def history(organisation: Organisation, most: int = 20) -> list[Year]:
    """Return the agency's assessments with their sums, newest year first. Two queries."""
    found = organisation.assessments.select_related("criteria_set").annotate(sum=POINTS)
    rows = list(found.order_by("-year", "-pk")[:most])
    most_of = maxima([row.criteria_set_id for row in rows])
    return [Year(row, row.sum or ZERO, most_of.get(row.criteria_set_id, ZERO)) for row in rows]


def maxima(sets: list[int]) -> Mapping[int, Decimal]:
    """Return the points of each set, by id. One query."""
    top = Criterion.objects.filter(criteria_set__in=sets, parent=None).order_by()
    return dict(top.values_list("criteria_set").annotate(sum=Sum("maximum")))


@dataclass(frozen=True, slots=True)
class Row:
    """One agency in the comparison: the points of each criterion, in the order of the set."""

    assessment: Assessment
    cells: list[Decimal | None]
    total: Decimal
    width: str


def comparison(criteria_set: CriterionSet) -> tuple[list[Criterion], list[Row]]:
    """Return the criteria, and the agencies by their sum, the highest first. Three queries."""
    criteria = list(criteria_set.criteria.order_by("position", "pk"))
    maximum = sum((one.maximum for one in criteria if one.parent_id is None), ZERO)
    rows = []
    found = criteria_set.assessments.select_related("organisation").prefetch_related("answers")
    for assessment in found.order_by("organisation__name", "pk"):
        known = {answer.criterion_id: answer.points for answer in assessment.answers.all()}
        sums = totals(criteria, known)
        total = sum((sums[one.pk] for one in criteria if one.parent_id is None), ZERO)
        cells = [known.get(one.pk) if one.is_scored else sums[one.pk] for one in criteria]
        rows.append(Row(assessment, cells, total, share(total, maximum)))
    return criteria, sorted(rows, key=lambda row: -row.total)
