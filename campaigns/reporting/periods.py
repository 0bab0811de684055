"""Periods of a year as the Ministry's document 581/BNV-CCHC has them, and their order in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.reporting.models import ReportingPeriod

Code = ReportingPeriod.Code


@dataclass(frozen=True, slots=True)
class Default:
    """A period as it is shipped: days as (month, day); ``begins_before``: in the year before."""

    first: tuple[int, int]
    last: tuple[int, int]
    begins_before: bool = True


# 581/BNV-CCHC: figures of these windows, sent to the Ministry by the 20th of the last month.
DEFAULTS: Mapping[Code, Default] = {
    Code.FIRST_QUARTER: Default((12, 15), (3, 14)),
    Code.HALF_YEAR: Default((12, 15), (6, 14)),
    Code.THIRD_QUARTER: Default((6, 15), (9, 14), begins_before=False),
    Code.YEAR: Default((12, 15), (12, 14)),
}
EXTERNAL_DAY = 20
#: Agencies report so many days before the province does, so that there is time to roll up.
INTERNAL_BEFORE = timedelta(days=3)


def default(year: int, code: Code) -> ReportingPeriod:
    """Return the period as shipped, unsaved."""
    shape = DEFAULTS[code]
    due = date(year, shape.last[0], EXTERNAL_DAY)
    return ReportingPeriod(
        year=year,
        code=code,
        first=date(year - shape.begins_before, *shape.first),
        last=date(year, *shape.last),
        internal_due=due - INTERNAL_BEFORE,
        external_due=due,
    )


def create_year(year: int) -> list[ReportingPeriod]:
    """Make the periods of a year that are missing, and return these.

    What people have set stays as it is.
    """
    there = set(ReportingPeriod.objects.filter(year=year).values_list("code", flat=True))
    missing = [default(year, code) for code in DEFAULTS if code not in there]
    for period in missing:
        period.full_clean()
        period.save()
    return missing


def due_days() -> dict[date, date]:
    """Return when reports are due, by the first day of the month that the period is named by."""
    return {
        date(period.year, DEFAULTS[Code(period.code)].last[0], 1): period.external_due
        for period in ReportingPeriod.objects.order_by("pk")
    }


def earlier(
    period: ReportingPeriod,
) -> tuple[ReportingPeriod | None, ReportingPeriod | None]:
    """Return the period that ended last before this one did, and the same one a year before."""
    past = list(ReportingPeriod.objects.filter(last__lt=period.last).order_by("last", "pk"))
    same = [one for one in past if (one.year, one.code) == (period.year - 1, period.code)]
    return (past[-1] if past else None), (same[0] if same else None)
