"""Counting what was due and what was done in a window, from slots and evidence. Four queries.

A slot belongs to the window in which its last day lies, extensions included. It is judged as of the
window's last day: evidence of later days is of the next period. What was delivered belongs to the
window in which the evidence is dated, whichever slot it serves.

A province's year is 40,000 rows: the queries compare the days, so that no row has a value which
Python would have to make of what the database gave, and the loops hold little.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.models import Activity
from campaigns.reporting.figures import GROUP_OF, Figures, Line
from campaigns.reporting.genres import genres_of
from campaigns.reporting.models import ReportingPeriod
from campaigns.slots import status
from campaigns.slots.models import Slot
from campaigns.slots.status import Facts

ARTICLE = Evidence.Kind.ARTICLE.value
UNKNOWN = ""  # the genre of an article of which nobody told it


def in_force(prefix: str) -> Q:
    """Return the condition on plans whose activities count: published, or accepted as own plans."""
    return Q(**{f"{prefix}live": True}) | Q(**{f"{prefix}own__state": "accepted"})


#: A piece of evidence that serves a slot: dated by its last day, its story, the quantity.
Piece = tuple[str, str | None, int]


@cache
def _group(is_filled: bool, is_in_time: bool, is_dropped: str, is_past: str) -> str:
    """Return the group of a slot of which so much is known, by the one rule of slots."""
    today = date(2000, 1, 1)  # only before and after matter
    due = today - timedelta(days=1) if is_past else today
    facts = Facts(1, int(is_filled), int(is_in_time), due, is_dropped=bool(is_dropped))
    return GROUP_OF[status.of(facts, today)]


def delivered(pieces: Sequence[Piece]) -> int:
    """Return what pieces come to: each story once, other evidence by its quantity."""
    if len(pieces) == 1:
        return 1 if pieces[0][1] else pieces[0][2]
    stories, loose = set(), 0
    for _in_time, story, amount in pieces:
        if story:
            stories.add(story)
        else:
            loose += amount
    return len(stories) + loose


@dataclass(slots=True)
class _Cell:
    """One activity of one agency while it is counted."""

    slots: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    proofs: set[int] = field(default_factory=set)
    delivered: set[int] = field(default_factory=set)
    stories: set[str] = field(default_factory=set)
    outputs: int = 0

    def line(self, activity: int) -> Line:
        outputs = self.outputs + len(self.stories)
        return Line(
            activity, dict(self.slots), sorted(self.proofs), sorted(self.delivered), outputs
        )


@dataclass
class Counted:
    """Figures by agency and activity, for a table of both, and what they add up to."""

    cells: dict[int, dict[int, Line]] = field(default_factory=dict)
    kinds: dict[int, dict[str, set[int]]] = field(default_factory=dict)
    genres: dict[int, dict[str, set[int]]] = field(default_factory=dict)

    def of(self, organisations: Collection[int] | None = None) -> Figures:
        """Return the figures of these agencies together, or of all.

        Evidence that serves several of them counts once among the kinds; the outputs of a line are
        those of each agency.
        """
        chosen = self.cells if organisations is None else organisations
        cells: dict[int, list[Line]] = defaultdict(list)
        kinds: dict[str, set[int]] = defaultdict(set)
        genres: dict[str, set[int]] = defaultdict(set)
        for agency in sorted(chosen):
            for activity, cell in self.cells.get(agency, {}).items():
                cells[activity].append(cell)
            for into, found in ((kinds, self.kinds), (genres, self.genres)):
                for name, pieces in found.get(agency, {}).items():
                    into[name] |= pieces
        lines = {activity: _together(activity, found) for activity, found in cells.items()}
        return Figures(lines, _sorted(kinds), _sorted(genres))


def _together(activity: int, cells: list[Line]) -> Line:
    """Return one line of an activity for several agencies; each piece stands in it once."""
    if len(cells) == 1:
        return cells[0]
    line = Line(activity, outputs=sum(cell.outputs for cell in cells))
    for cell in cells:
        for group, slots in cell.slots.items():
            line.slots.setdefault(group, []).extend(slots)
    line.evidence = sorted({pk for cell in cells for pk in cell.evidence})
    line.delivered = sorted({pk for cell in cells for pk in cell.delivered})
    return line


def _sorted(found: dict[str, set[int]]) -> dict[str, list[int]]:
    return {name: sorted(found[name]) for name in sorted(found)}


def count(
    period: ReportingPeriod,
    today: date,
    organisations: Collection[int] | None = None,
    *,
    with_genres: bool = True,
) -> Counted:
    """Return the figures of the window as they stand ``today``, of these agencies or of all.

    ``with_genres``: whether articles are told apart, which the newsroom is asked for.
    """
    window = _Window(period, today, organisations)
    tally = _Tally()
    due = list(window.slots())
    proofs: dict[int, list[Piece]] = {row[0]: [] for row in due}
    tally.take(window.fulfilments(), proofs)
    for loose in window.loose():
        tally.deliver(*loose)
    tally.judge(due, proofs)
    genres = genres_of(window.stories()) if with_genres else {}
    return tally.counted(genres)


def _yes(condition: Q) -> Case:
    """Return "1" where the condition holds, else ""; a number would be converted row by row."""
    return Case(When(condition, then=Value("1")), default=Value(""), output_field=CharField())


class _Window:
    """The queries of one window."""

    def __init__(
        self, period: ReportingPeriod, today: date, organisations: Collection[int] | None
    ) -> None:
        self.first, self.last = period.first, period.last
        #: The day on which slots are judged: the day after the last, or today if that is before.
        self.day = min(today, period.last + timedelta(days=1))
        self.organisations = organisations

    def mine(self, prefix: str = "") -> Q:
        """Return the condition on these agencies and on activities of plans in force."""
        activities = Activity.objects.filter(in_force("plan__")).order_by().values("pk")
        found = Q(**{f"{prefix}activity__in": activities})
        if self.organisations is not None:
            found &= Q(**{f"{prefix}organisation__in": sorted(self.organisations)})
        return found

    def slots(self) -> Iterator[tuple[Any, ...]]:
        """Yield what is due: slot, agency, activity, target, whether given up, whether past."""
        rows: Any = Slot.objects.expected().filter(self.mine())
        rows = rows.annotate(day=Coalesce("extended_to", "due_on"))
        rows = rows.filter(day__range=(self.first, self.last)).order_by("pk")
        dropped, past = _yes(Q(dropped_at__isnull=False)), _yes(Q(day__lt=self.day))
        columns = ("pk", "organisation_id", "activity_id", "target")
        return iter(rows.values_list(*columns, dropped, past))

    def fulfilments(self) -> Iterator[tuple[Any, ...]]:
        """Yield what serves the slots due here, and what was delivered in the window to others.

        Slot, agency, activity, evidence, its kind and story, the quantity; whether it is dated by
        the slot's last day, and whether in the window.
        """
        rows: Any = Fulfilment.objects.filter(self.mine("slot__"))
        rows = rows.filter(evidence__withdrawn_at=None, evidence__dated__lte=self.last)
        rows = rows.annotate(day=Coalesce("slot__extended_to", "slot__due_on")).order_by()
        is_inside = Q(evidence__dated__gte=self.first)
        rows = rows.filter(is_inside | Q(day__range=(self.first, self.last)))
        columns = ("slot_id", "slot__organisation_id", "slot__activity_id", "evidence_id")
        in_time = _yes(Q(evidence__dated__lte=F("day")))
        story = Cast("evidence__story", CharField())
        found = rows.values_list(
            *columns, "evidence__kind", story, "amount", in_time, _yes(is_inside)
        )
        return iter(found)

    def loose(self) -> Iterator[tuple[Any, ...]]:
        """Yield what an agency delivered for an activity without serving a slot of it."""
        rows: Any = Evidence.objects.standing().filter(self.mine(), dated__gte=self.first)
        rows = rows.filter(organisation__isnull=False, dated__lte=self.last).order_by()
        rows = rows.filter(~Exists(Fulfilment.objects.filter(evidence=OuterRef("pk"))))
        columns = ("organisation_id", "activity_id", "pk", "kind")
        return iter(rows.values_list(*columns, Cast("story", CharField()), Value(1)))

    def stories(self) -> QuerySet[Evidence]:
        rows = Evidence.objects.filter(
            kind=Evidence.Kind.ARTICLE, dated__range=(self.first, self.last), story__isnull=False
        )
        return rows.order_by().values("story")  # type: ignore[return-value]


class _Tally:
    """Adds the rows up."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], _Cell] = defaultdict(_Cell)
        self.kinds: dict[tuple[int, str], set[int]] = defaultdict(set)
        self.stories: dict[int, str | None] = {}  # of pieces of evidence

    def take(self, rows: Iterable[tuple[Any, ...]], proofs: Mapping[int, list[Piece]]) -> None:
        """Keep each piece for the slot it serves if that is due, and count what was delivered."""
        deliver = self.deliver
        for slot, agency, activity, evidence, kind, story, amount, in_time, is_inside in rows:
            served = proofs.get(slot)
            if served is not None:
                served.append((in_time, story, amount))
            if is_inside:
                deliver(agency, activity, evidence, kind, story, amount)
            elif served is not None:
                self.cells[agency, activity].proofs.add(evidence)

    def deliver(
        self, agency: int, activity: int, evidence: int, kind: str, story: str | None, amount: int
    ) -> None:
        cell = self.cells[agency, activity]
        cell.delivered.add(evidence)
        if story is None:
            cell.outputs += amount
        else:
            cell.stories.add(story)
        self.kinds[agency, kind].add(evidence)
        self.stories[evidence] = story

    def judge(self, due: Iterable[tuple[Any, ...]], proofs: Mapping[int, list[Piece]]) -> None:
        cells = self.cells
        for slot, agency, activity, target, is_dropped, is_past in due:
            is_filled = is_in_time = False
            if pieces := proofs[slot]:
                is_filled = delivered(pieces) >= target
                in_time = [one for one in pieces if one[0]] if is_filled else ()
                is_in_time = len(in_time) == len(pieces) or delivered(in_time) >= target
            group = _group(is_filled, is_in_time, is_dropped, is_past)
            cells[agency, activity].slots[group].append(slot)

    def counted(self, genres: Mapping[UUID, str]) -> Counted:
        words = {story.hex: genre for story, genre in genres.items()}
        found = Counted()
        for (agency, activity), cell in self.cells.items():
            cell.proofs |= cell.delivered
            found.cells.setdefault(agency, {})[activity] = cell.line(activity)
        for (agency, kind), pieces in self.kinds.items():
            found.kinds.setdefault(agency, {})[kind] = pieces
            if kind == ARTICLE:
                told = found.genres[agency] = {}
                for piece in pieces:
                    story = (self.stories[piece] or "").replace("-", "")
                    told.setdefault(words.get(story, UNKNOWN), set()).add(piece)
        return found
