"""Under which name an agency's slots stand: as it was when they were due, or as it is now."""

from datetime import date
from enum import StrEnum

from campaigns.models import Activity
from organisations.history import History


class Names(StrEnum):
    """What a person may ask for; what is not named is as now."""

    NOW = "now"
    THEN = "then"

    @classmethod
    def read(cls, asked: str) -> "Names":
        return cls.THEN if asked == cls.THEN else cls.NOW


class Naming:
    """Names agencies for lines of a table. Costs the queries of ``History.load``, once."""

    def __init__(self, names: Names, today: date) -> None:
        self.names, self.today = names, today
        self.history = History.load()
        self.known: dict[tuple[int, date], str] = {}

    def of(self, agency: int, due: date) -> str:
        """Return the line on which a slot of the agency stands that is due on that day.

        As now, the agencies that carry its work on stand together for one line.
        """
        is_then = self.names is Names.THEN
        key = (agency, due if is_then else self.today)
        if key not in self.known:
            name = self.history.name_on if is_then else self.history.label_now
            self.known[key] = name(*key)
        return self.known[key]

    def members(self, agency: int) -> set[int]:
        """Return the agencies whose slots stand on the line of this one.

        As then, it alone; as now, with it those whose work went on to the same agencies.
        """
        if self.names is Names.THEN:
            return {agency}
        line = self.history.now(agency, self.today)
        closed = (pk for pk, one in self.history.agencies.items() if one.valid_to is not None)
        gone = {pk for pk in closed if self.history.now(pk, self.today) == line}
        return gone | {agency} | ({line[0].pk} if len(line) == 1 else set())

    def leads(self, activity: Activity, issued_on: date) -> str:
        """Return who leads the activity: as the plan of that day says, or who that is now.

        The plan's own words stand as long as nothing was renamed or reorganised since.
        """
        leads = sorted(activity.leads.all(), key=lambda one: (one.name, one.pk))
        then = [self.history.name_on(one.pk, issued_on) for one in leads]
        now = [self.history.label_now(one.pk, self.today) for one in leads]
        if self.names is Names.NOW and now != then:
            return "; ".join(dict.fromkeys(now))
        return activity.lead_text or "; ".join(then)
