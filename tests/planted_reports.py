"""A period of the year with the report of every agency submitted, and the province's begun."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Reports:
    """What was planted: the period, the report of one agency, and the province's."""

    period: Any
    one: Any
    province: Any


def plant(year: Any, reporting: int = 20) -> Reports:
    """Write the reports of the whole year, of so many of the agencies submitted."""
    from campaigns.reporting import actions, periods  # noqa: PLC0415 - needs Django set up
    from campaigns.reporting.models import Report, ReportingPeriod  # noqa: PLC0415

    periods.create_year(year.plan.year)
    period = ReportingPeriod.objects.get(year=year.plan.year, code=ReportingPeriod.Code.YEAR)
    made = [actions.begin(period, agency, None) for agency in year.agencies]
    Report.objects.filter(period=period).update(results="Đã tuyên truyền theo kế hoạch.")
    for report in made[:reporting]:
        actions.submit(report, None)
    province = actions.roll_up(period, year.plan.issuer, None)
    return Reports(period, Report.objects.get(pk=made[0].pk), province)
