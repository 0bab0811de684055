"""Who owes what today, and whom the system can tell: the table the planner works from."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from campaigns.chasing import dues, people
from campaigns.chasing.dues import Due
from campaigns.chasing.gathering import BACK
from campaigns.chasing.models import Pause, Told, UrgedLine
from campaigns.chasing.people import Person
from organisations.models import Organisation


@dataclass(slots=True)
class Debtor:
    """One agency: what it owes, who is told, and what was done about it."""

    agency: Organisation
    late: list[Due] = field(default_factory=list)
    officers: list[Person] = field(default_factory=list)
    heads: list[Person] = field(default_factory=list)
    pause: Pause | None = None
    told_on: date | None = None
    urged_on: date | None = None
    longest: int = 0

    @property
    def first(self) -> list[Due]:
        return self.late[:3]

    @property
    def more(self) -> int:
        return max(len(self.late) - 3, 0)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether nobody of the agency can be written to."""
        return not any(one.address for one in self.officers)


def overdue(today: date, plan: int | None = None) -> list[Due]:
    """Return what is overdue, of one plan or of all."""
    found = dues.between(today - BACK, today - timedelta(days=1))
    return [due for due in found if plan is None or due.plan == plan]


def debtors(found: list[Due], today: date) -> list[Debtor]:
    """Return the agencies that owe these things, the longest overdue first. Eight queries."""
    late: dict[int, list[Due]] = defaultdict(list)
    for due in found:
        late[due.agency].append(due)
    officers, heads = people.officers(list(late)), people.heads(list(late))
    pauses = Pause.objects.in_force(today).filter(organisation__in=late)
    paused = {pause.organisation_id: pause for pause in pauses.select_related("paused_by")}
    told = last(Told.objects.filter(agency__in=late), "mail__day")
    urged = last(
        UrgedLine.objects.filter(agency__in=late, letter__issued_at__isnull=False),
        "letter__issued_on",
    )
    rows = [
        Debtor(
            agency,
            late[agency.pk],
            officers.get(agency.pk, []),
            heads.get(agency.pk, []),
            paused.get(agency.pk),
            told.get(agency.pk),
            urged.get(agency.pk),
            max(due.late(today) for due in late[agency.pk]),
        )
        for agency in Organisation.objects.filter(pk__in=late)
    ]
    return sorted(rows, key=lambda row: (-len(row.late), -row.longest, row.agency.name))


def last(rows: QuerySet[Any], column: str) -> dict[int, date]:
    """Return the newest day of that column for each agency. One query."""
    found = rows.order_by().values_list("agency").annotate(day=Max(column))
    return dict(found)
