"""What somebody wants to happen to agencies."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Self

from organisations.models.changes import Change


@dataclass(frozen=True, slots=True)
class NewName:
    """The name of an agency that is to be, or of one that is to be called so."""

    name: str
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """One reorganisation.

    ``olds`` are the agencies it happens to, ``into`` existing ones that take their work over,
    ``new`` agencies to be made for it; of a change of name, the one new name. ``goes_on``: an
    agency that is split only gives off a part. ``heir`` is the place, among ``into`` then ``new``,
    of the one that takes over what cannot be divided: people, contacts, channels.
    """

    kind: Change
    olds: tuple[int, ...]
    date: dt.date
    decision: str
    decided_on: dt.date | None = None
    into: tuple[int, ...] = ()
    new: tuple[NewName, ...] = ()
    goes_on: bool = False
    heir: int = 0

    @property
    def closes(self) -> bool:
        """Whether the old agencies end."""
        return self.kind != Change.RENAME and not (self.kind == Change.SPLIT and self.goes_on)

    @property
    def involved(self) -> set[int]:
        """The existing agencies it is about."""
        return {*self.olds, *self.into}

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "kind": self.kind.value,
            "olds": list(self.olds),
            "date": self.date.isoformat(),
            "decision": self.decision,
            "decided_on": self.decided_on.isoformat() if self.decided_on else None,
            "into": list(self.into),
            "new": [[one.name, one.short_name] for one in self.new],
            "goes_on": self.goes_on,
            "heir": self.heir,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return what ``as_json`` was made from."""
        decided = data["decided_on"]
        return cls(
            kind=Change(data["kind"]),
            olds=tuple(data["olds"]),
            date=dt.date.fromisoformat(data["date"]),
            decision=data["decision"],
            decided_on=dt.date.fromisoformat(decided) if decided else None,
            into=tuple(data["into"]),
            new=tuple(NewName(name, short) for name, short in data["new"]),
            goes_on=data["goes_on"],
            heir=data["heir"],
        )
