"""Which slots a thing fulfils: by agency and by date. Nothing is guessed: no rule, no slot."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from campaigns.evidence.models import Evidence


@dataclass(frozen=True, slots=True)
class Found:
    """Something the system found for an activity.

    ``key`` names it for ever: "article:<story>". ``organisations``: whose work it is, as far as
    that is known. ``placed_on``: the day that decides on the period, where it is not ``dated``:
    a receipt belongs to the period of the item it is for. ``supports_only``: it is proof for slots
    which its story serves already, or for an agency that is named, and else of nothing.
    """

    key: str
    kind: Evidence.Kind
    title: str
    dated: date
    activity: int | None = None
    slot: int | None = None
    organisations: tuple[int, ...] = ()
    story: uuid.UUID | None = None
    url: str = ""
    place: str = ""
    placed_on: date | None = None
    supports_only: bool = False

    @property
    def day(self) -> date:
        return self.placed_on or self.dated


@dataclass
class Candidate:
    """A slot as far as matching needs it; ``counted`` grows while a batch is placed."""

    pk: int
    activity: int
    organisation: int
    period: str
    period_start: date
    opens_on: date
    due: date
    target: int
    counted: int
    stories: set[uuid.UUID | None] = field(default_factory=set)  # that fill it, never None

    @property
    def is_open(self) -> bool:
        return self.counted < self.target

    def holds(self, day: date) -> bool:
        return self.opens_on <= day <= self.due


def choose(found: Found, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the slots that the thing fulfils, at most one of each agency.

    A slot that is named wins. Then those of the agencies it comes from; else those that its story
    serves already; else the only agency that has slots at all.
    """
    if found.slot is not None:
        return [one for one in candidates if one.pk == found.slot]
    own = [one for one in candidates if one.activity == found.activity]
    same = [one for one in own if found.story in one.stories]
    chosen: list[Candidate] = []
    for organisation in found.organisations:
        theirs = [one for one in own if one.organisation == organisation]
        chosen += _first([one for one in same if one in theirs]) or _by_day(found.day, theirs)
    if chosen or same:
        return chosen or same
    agencies = {one.organisation for one in own}
    if len(agencies) == 1 and not found.supports_only:
        return _by_day(found.day, own)
    return []


def _by_day(day: date, slots: Sequence[Candidate]) -> list[Candidate]:
    """Return the slot of one agency into which that day falls; none where it falls into none.

    One that is filled lets the others of its period go before it. What is done but once is filled
    at any time, early or late.
    """
    if len(slots) == 1 and slots[0].period == "once":
        return list(slots)
    around = sorted((one for one in slots if one.holds(day)), key=_order)
    unfilled = [one for one in around if one.is_open]
    if unfilled or not around:
        return _first(unfilled)
    there = around[0]
    mates = [
        one
        for one in sorted(slots, key=_order)
        if one.is_open and (one.period, one.period_start) == (there.period, there.period_start)
    ]
    return _first(mates) or [there]


def _first(slots: Iterable[Candidate]) -> list[Candidate]:
    return list(slots)[:1]


def _order(one: Candidate) -> tuple[date, int]:
    return one.due, one.pk
