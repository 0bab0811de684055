"""Counting what was due and what was done in a window, from slots and evidence. Five queries.

A slot belongs to the window in which its last day lies, extensions included. It is judged as of the
window's last day: evidence of later days is of the next period. What was delivered belongs to the
window in which the evidence is dated, whichever slot it serves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast, Coalesce

from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.reporting.figures import GROUP_OF, Figures, Line
from campaigns.reporting.genres import genres_of
from campaigns.reporting.models import ReportingPeriod
from campaigns.slots import status
from campaigns.slots.models import Slot
from campaigns.slots.status import Facts

UNKNOWN = ""  # the genre of an article of which nobody told it


def in_force(prefix: str) -> Q:
    """Return the condition on plans whose activities count: published, or accepted as own plans."""
    return Q(**{f"{prefix}live": True}) | Q(**{f"{prefix}own__state": "accepted"})


@dataclass(slots=True)
class _Due:
    """A slot due in the window, and what is known of its evidence."""

    pk: int
    organisation: int
    activity: int
    target: int
    due: date
    is_extended: bool
    is_dropped: bool
    amounts: list[tuple[date, str | None, int]] = field(default_factory=list)

    def group(self, day: date) -> str:
        """Return the group of its status on that day, by the one rule of slots."""
        counted, in_time = delivered(self.amounts), 0
        if counted:
            in_time = delivered(one for one in self.amounts if one[0] <= self.due)
        facts = Facts(
            self.target, counted, in_time, self.due, self.is_extended, self.is_dropped
        )  # fmt: skip
        return GROUP_OF[status.of(facts, day)]


def delivered(amounts: Iterable[tuple[date, str | None, int]]) -> int:
    """Return what pieces come to: each story once, other evidence by its quantity."""
    stories, loose = set(), 0
    for _dated, story, amount in amounts:
        if story:
            stories.add(story)
        else:
            loose += amount
    return len(stories) + loose


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
    due = {row.pk: row for row in window.slots()}
    tally = _Tally(window.first)
    for served in window.fulfilments(due):
        tally.take(served, due.get(served.slot))
    for loose in window.loose():
        tally.deliver(loose)
    tally.judge(due.values(), window.day)
    genres = genres_of(window.stories()) if with_genres else {}
    return tally.counted(genres)


class _Piece(NamedTuple):
    """One piece of evidence, serving a slot of an agency (0: none)."""

    slot: int
    organisation: int
    activity: int
    evidence: int
    kind: str
    story: str | None  # as the database writes it: reading identities takes longer than counting
    dated: date
    amount: int = 1


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
        if self.organisations is None:
            return Q()
        return Q(**{f"{prefix}organisation__in": sorted(self.organisations)})

    def slots(self) -> Iterable[_Due]:
        rows = (
            Slot.objects.expected()
            .filter(in_force("activity__plan__"), self.mine())
            .annotate(day=Coalesce("extended_to", "due_on"))
            .filter(day__range=(self.first, self.last))
            .order_by("pk")
        )
        names = ("pk", "organisation_id", "activity_id", "target", "day")
        for row in rows.values_list(*names, "extended_to", "dropped_at"):
            pk, agency, activity, target, day, extended, dropped = row
            put_off, given_up = extended is not None, dropped is not None
            yield _Due(pk, agency, activity, target, day, put_off, given_up)

    def fulfilments(self, due: Collection[int]) -> Iterable[_Piece]:
        """Yield what serves the slots due here, and what was delivered in the window to others."""
        rows = (
            Fulfilment.objects.filter(in_force("slot__activity__plan__"), self.mine("slot__"))
            .filter(evidence__withdrawn_at=None, evidence__dated__lte=self.last)
            .annotate(day=Coalesce("slot__extended_to", "slot__due_on"))
            .filter(Q(evidence__dated__gte=self.first) | Q(day__range=(self.first, self.last)))
            .order_by("pk")
        )
        columns = ("slot", "slot__organisation", "slot__activity", "evidence", "evidence__kind")
        story = Cast("evidence__story", CharField())
        for row in rows.values_list(*columns, story, "evidence__dated", "amount"):
            yield _Piece(*row)

    def loose(self) -> Iterable[_Piece]:
        """Yield what an agency delivered for an activity without serving a slot of it."""
        rows = (
            Evidence.objects.standing()
            .filter(in_force("activity__plan__"), self.mine(), fulfilments=None)
            .filter(organisation__isnull=False, dated__range=(self.first, self.last))
            .order_by("pk")
        )
        columns = ("organisation_id", "activity_id", "pk", "kind")
        for row in rows.values_list(*columns, Cast("story", CharField()), "dated"):
            yield _Piece(0, *row)

    def stories(self) -> QuerySet[Evidence]:
        rows = Evidence.objects.filter(
            kind=Evidence.Kind.ARTICLE, dated__range=(self.first, self.last), story__isnull=False
        )
        return rows.order_by().values("story")  # type: ignore[return-value]


class _Tally:
    """Adds the rows up."""

    def __init__(self, first: date) -> None:
        self.first = first
        self.cells: dict[int, dict[int, Line]] = defaultdict(dict)
        self.proofs: dict[tuple[int, int], set[int]] = defaultdict(set)
        self.delivered: dict[tuple[int, int], set[int]] = defaultdict(set)
        self.stories: dict[tuple[int, int], set[str]] = defaultdict(set)
        self.kinds: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.articles: dict[int, dict[int, str | None]] = defaultdict(dict)

    def cell(self, organisation: int, activity: int) -> Line:
        cells = self.cells[organisation]
        found = cells.get(activity)
        if found is None:
            found = cells[activity] = Line(activity)
        return found

    def take(self, piece: _Piece, due: _Due | None) -> None:
        """Count a piece for the slot it serves, and as delivered if it is of the window."""
        if due is not None:
            due.amounts.append((piece.dated, piece.story, piece.amount))
            self.proofs[piece.organisation, piece.activity].add(piece.evidence)
        if piece.dated >= self.first:
            self.deliver(piece)

    def deliver(self, piece: _Piece) -> None:
        key = (piece.organisation, piece.activity)
        cell = self.cell(*key)
        self.proofs[key].add(piece.evidence)
        self.delivered[key].add(piece.evidence)
        if piece.story is None:
            cell.outputs += piece.amount
        else:
            self.stories[key].add(piece.story)
        self.kinds[piece.organisation][piece.kind].add(piece.evidence)
        if piece.kind == Evidence.Kind.ARTICLE:
            self.articles[piece.organisation][piece.evidence] = piece.story

    def judge(self, due: Iterable[_Due], day: date) -> None:
        for slot in due:
            cell = self.cell(slot.organisation, slot.activity)
            cell.slots.setdefault(slot.group(day), []).append(slot.pk)

    def counted(self, genres: dict[UUID, str]) -> Counted:
        for (organisation, activity), stories in self.stories.items():
            self.cell(organisation, activity).outputs += len(stories)
        for (organisation, activity), proofs in self.proofs.items():
            self.cell(organisation, activity).evidence = sorted(proofs)
        for (organisation, activity), pieces in self.delivered.items():
            self.cell(organisation, activity).delivered = sorted(pieces)
        words = {story.hex: genre for story, genre in genres.items()}
        found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for organisation, articles in self.articles.items():
            for evidence, story in articles.items():
                genre = words.get(story.replace("-", ""), UNKNOWN) if story else UNKNOWN
                found[organisation][genre].add(evidence)
        return Counted(dict(self.cells), dict(self.kinds), dict(found))
