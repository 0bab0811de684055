"""What a report counts: every figure is a list of slots or of evidence, and its length or sum.

So each figure leads to what it was counted from, also after it was kept in a submitted report.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from django.utils.formats import number_format

from campaigns.slots.status import Status

#: How a report names the statuses of slots: what is still in time is one group.
GROUPS: Mapping[str, tuple[Status, ...]] = {
    "on-time": (Status.DONE_ON_TIME,),
    "late": (Status.DONE,),
    "overdue": (Status.OVERDUE,),
    "open": tuple(Status.open()),
    "dropped": (Status.DROPPED,),
}
GROUP_OF = {status: name for name, statuses in GROUPS.items() for status in statuses}


class Total(StrEnum):
    """The figures of a report that stand in its first table, in their order."""

    EXPECTED = "expected"
    DONE = "done"
    ON_TIME = "on-time"
    LATE = "late"
    OVERDUE = "overdue"
    OPEN = "open"
    DROPPED = "dropped"
    OUTPUTS = "outputs"


def shown(number: int) -> str:
    """Return the number as people write it, its thousands parted."""
    return str(number) if number < 1000 else number_format(number)


@dataclass(slots=True)
class Line:
    """One activity: its slots due in the window by group, and what was delivered in the window.

    ``outputs`` counts each story once, other evidence by its quantity; ``delivered`` is what it
    counts, and ``evidence`` beside it what slots due here had before the window.
    """

    activity: int
    slots: dict[str, list[int]] = field(default_factory=dict)
    evidence: list[int] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    outputs: int = 0

    def add(self, other: "Line") -> None:
        """Count another line in."""
        for group, slots in other.slots.items():
            self.slots.setdefault(group, []).extend(slots)
        self.evidence.extend(other.evidence)
        self.delivered.extend(other.delivered)
        self.outputs += other.outputs

    def of(self, *groups: str) -> int:
        return sum([len(self.slots.get(group, ())) for group in groups])

    @property
    def expected(self) -> int:
        return sum(map(len, self.slots.values()))

    @property
    def done(self) -> int:
        return self.of("on-time", "late")

    @property
    def on_time(self) -> int:
        return self.of("on-time")

    @property
    def late(self) -> int:
        return self.of("late")

    @property
    def overdue(self) -> int:
        return self.of("overdue")

    @property
    def open(self) -> int:
        return self.of("open")

    @property
    def dropped(self) -> int:
        return self.of("dropped")

    @property
    def share(self) -> float:
        """Completed of expected, from 0 to 1."""
        return self.done / self.expected if self.expected else 0.0

    @property
    def in_short(self) -> str:
        """Completed of expected; where nothing was due, "+" and what was delivered."""
        if expected := self.expected:
            return f"{shown(self.done)}/{shown(expected)}"
        return f"+{shown(self.outputs)}" if self.outputs else ""

    def total(self, name: str) -> int:
        """Return a figure by its name in ``Total``."""
        if name == Total.EXPECTED:
            return self.expected
        if name == Total.DONE:
            return self.done
        return self.outputs if name == Total.OUTPUTS else self.of(name)


@dataclass
class Figures:
    """The figures of one report."""

    lines: dict[int, Line] = field(default_factory=dict)
    #: Evidence of the window by its kind, and articles among it by genre in words.
    kinds: dict[str, list[int]] = field(default_factory=dict)
    genres: dict[str, list[int]] = field(default_factory=dict)

    @property
    def whole(self) -> Line:
        """All lines together."""
        return added(self.lines.values())

    @property
    def evidence(self) -> set[int]:
        """Every piece that stands behind a figure, of the window or of a slot due in it."""
        return {pk for line in self.lines.values() for pk in line.evidence} | {
            pk for pieces in self.kinds.values() for pk in pieces
        }

    def stored(self) -> dict[str, Any]:
        """Return the figures as JSON takes them."""
        return {
            "lines": [
                {
                    "activity": line.activity,
                    "slots": line.slots,
                    "evidence": line.evidence,
                    "delivered": line.delivered,
                    "outputs": line.outputs,
                }
                for line in self.lines.values()
            ],
            "kinds": self.kinds,
            "genres": self.genres,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Return what ``stored`` gave."""
        lines = {row["activity"]: Line(**row) for row in stored["lines"]}
        return cls(lines, dict(stored["kinds"]), dict(stored["genres"]))


def added(lines: Iterable[Line]) -> Line:
    """Return several lines as one, without an activity."""
    whole = Line(0)
    for line in lines:
        whole.add(line)
    return whole


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside what it was: in the period before, or when the report was submitted."""

    now: int
    then: int | None

    @property
    def difference(self) -> int | None:
        return None if self.then is None else self.now - self.then

    @property
    def signed(self) -> str:
        """The difference with its sign; empty where there is nothing to compare with."""
        if self.difference is None:
            return ""
        return f"+{self.difference}" if self.difference > 0 else str(self.difference)
