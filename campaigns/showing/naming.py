"""Under which name an agency's slots stand: as it was when they were due, or as it is now."""

from datetime import date
from enum import StrEnum

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
