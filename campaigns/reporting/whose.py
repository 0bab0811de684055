"""Whose figures a report has, and under which name: agencies as they were, or as they are today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from campaigns.reporting.models import Report, ReportingPeriod
from organisations.history import History


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of agencies: its name, and the agencies whose figures it adds up.

    ``heirs``: the agencies that report for it; two after a split, which stand together.
    """

    name: str
    members: tuple[int, ...]
    heirs: tuple[int, ...]


def rows(
    history: History, agencies: Iterable[int], period: ReportingPeriod, mode: str, today: date
) -> list[Row]:
    """Return these agencies by name: each as it was on the window's last day, or as it is today."""
    if mode == Report.Agencies.THEN:
        found = [Row(history.name_on(pk, period.last), (pk,), (pk,)) for pk in set(agencies)]
        return sorted(found, key=lambda row: (row.name, row.members))
    merged: dict[tuple[int, ...], list[int]] = {}
    for pk in sorted(set(agencies)):
        heirs = tuple(one.pk for one in history.now(pk, today))
        merged.setdefault(heirs, []).append(pk)
    found = [
        Row(history.label_now(members[0], today), tuple(members), heirs)
        for heirs, members in merged.items()
    ]
    return sorted(found, key=lambda row: (row.name, row.members))


def members_of(history: History, report: Report, today: date) -> list[int]:
    """Return the agencies whose figures an agency's report has.

    As they are today, that is the agency and those which it alone succeeded.
    """
    own = report.organisation_id
    if report.agencies == Report.Agencies.THEN:
        return [own]
    found = {
        pk
        for pk, agency in history.agencies.items()
        if agency.valid_to is not None and [one.pk for one in history.now(pk, today)] == [own]
    }
    return sorted(found | {own})


def name_of(history: History, report: Report, today: date) -> str:
    """Return the name of the report's agency, as it was on the last day or as it is."""
    day = report.period.last if report.agencies == Report.Agencies.THEN else today
    return history.name_on(report.organisation_id, day)
