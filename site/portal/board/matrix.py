"""Items against channels: what was the last word of each channel on each item.

Nothing here reads more than one page of it: items are found by the key of their newest publication,
going back from the last one seen, and never counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from channels import late
from channels.feeds.models import StationReport
from channels.models import Channel, Delivery, DeliveryQuerySet, Publication, State
from portal.publishing import STORY_PAGES

ROWS = 25  # items on one page of the board
COLUMNS = 12  # channels beside each other; a province has a thousand loudspeakers
MOST_COUNTED = 1000  # a gauge that says "1000 and more" says enough
#: How long a due delivery may lie before somebody should ask why no worker takes it.
SLOW = timedelta(minutes=1)
AIRED = StationReport.Kind.AIRED
PROBLEMS = (State.FAILED, State.UNCERTAIN)
OF_ITEMS = {"channel__is_test": False}


@dataclass(frozen=True, slots=True)
class Row:
    """One item: its cells stand in the order of the board's channels."""

    story: UUID
    title: str
    page: int | None  # of the item in the admin; ``None`` when it was deleted
    cells: list[Delivery | None]
    totals: list[tuple[str, int]]  # over all channels: label of a state, how many


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person looks for."""

    words: str = ""
    state: str = ""  # one of ``State``, one of ``LOOKS``, or "" for all
    kind: str = ""
    channel: Channel | None = None
    since: datetime | None = None
    until: datetime | None = None  # not included

    @property
    def asks_for_deliveries(self) -> bool:
        """Whether an item is wanted for one of its deliveries."""
        return bool(self.state or self.kind or self.channel or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the board: older than one publication, newer than one, or at the top."""

    before: int | None = None
    after: int | None = None
    columns: int = 0  # channels passed over


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board."""

    channels: list[Channel]
    channel_count: int  # of all that could stand beside each other
    rows: list[Row]
    newer: int | None  # go to what is newer than this publication; ``None``: nothing is
    older: int | None
    gauges: Mapping[str, int] = field(default_factory=dict)
    reports: Mapping[int, StationReport] = field(default_factory=dict)  # by delivery


class _Last(NamedTuple):
    pk: int
    state: str


def board(wanted: Wanted, place: Place, now: datetime) -> Board:
    """Return one page of the items that are wanted, the newest publication first."""
    newest, newer, older = page_of_publications(wanted, place, now)
    keys = [story for _pk, story, _title in newest]
    last = last_words(keys)
    found = columns(wanted, {channel for _story, channel in last})
    shown = found[place.columns : place.columns + COLUMNS]
    cells = whole_cells(last, keys, shown)
    pages = pages_of(keys)
    totals = totals_of(last) if len(found) > len(shown) else {}
    rows = [
        Row(
            story=story,
            title=title,
            page=pages.get(story),
            cells=[cells.get((story, channel.pk)) for channel in shown],
            totals=totals.get(story, []),
        )
        for _pk, story, title in newest
    ]
    said = reports_on(cells.values())
    return Board(shown, len(found), rows, newer, older, gauges(now), said)


def page_of_publications(
    wanted: Wanted, place: Place, now: datetime
) -> tuple[list[tuple[int, UUID, str]], int | None, int | None]:
    """Return (key, story, headline) of one page, and where the pages beside it begin."""
    found = newest_publications(wanted, now).values_list("pk", "story", "title")
    if place.after is not None:
        rows = list(found.filter(pk__gt=place.after).order_by("pk")[: ROWS + 1])
        more_newer, rows = len(rows) > ROWS, rows[:ROWS][::-1]
        return rows, rows[0][0] if more_newer else None, place.after + 1
    if place.before is not None:
        found = found.filter(pk__lt=place.before)
    rows = list(found.order_by("-pk")[: ROWS + 1])
    more_older, rows = len(rows) > ROWS, rows[:ROWS]
    newer = place.before - 1 if place.before is not None else None
    return rows, newer, rows[-1][0] if more_older else None


def newest_publications(wanted: Wanted, now: datetime) -> QuerySet[Publication]:
    """Return the newest version of each item that is wanted."""
    later = Publication.objects.filter(story=OuterRef("story"), sequence__gt=OuterRef("sequence"))
    found = Publication.objects.items().exclude(Exists(later))
    if wanted.words:
        named = Publication.objects.titled(wanted.words)
        found = found.filter(story__in=named.order_by().values("story"))
    if wanted.asks_for_deliveries:
        found = found.filter(story__in=deliveries(wanted, now).order_by().values("story"))
    return found


def deliveries(wanted: Wanted, now: datetime) -> DeliveryQuerySet:
    """Return the deliveries that are wanted, apart from the words."""
    rows = looked_for(wanted.state, now)
    if wanted.kind:
        rows = rows.filter(channel__in=list(of_kind(wanted.kind)))
    if wanted.channel is not None:
        rows = rows.for_channel(wanted.channel)
    if wanted.since is not None:
        rows = rows.filter(created_at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(created_at__lt=wanted.until)
    return rows


def worded(wanted: Wanted, now: datetime) -> DeliveryQuerySet:
    """Return the deliveries that are wanted, the words included."""
    rows = deliveries(wanted, now)
    if wanted.words:
        titled = Publication.objects.titled(wanted.words)
        rows = rows.filter(publication__in=titled.order_by().values("pk"))
    return rows


def of_kind(kind: str) -> QuerySet[Channel, int]:
    return Channel.objects.of_kind(kind).values_list("pk", flat=True)


def looked_for(state: str, now: datetime) -> DeliveryQuerySet:
    """Return the deliveries in a state, or of one of the ``LOOKS``; all of them for ""."""
    rows: DeliveryQuerySet = Delivery.objects.all()
    if state in LOOKS:
        return LOOKS[state](rows, now)
    if state in {"", State.DELIVERED}:
        return rows.filter(state=state) if state else rows
    return rows.undelivered().filter(state=state)


Look = Callable[[DeliveryQuerySet, datetime], DeliveryQuerySet]
#: What a person may look for beside the states. Most gauges lead to one of them. Trial messages
#: are on no board, so that nobody is sent there to look for one.
LOOKS: dict[str, Look] = {
    "problem": lambda rows, now: rows.needing_a_person(now),
    "failing": lambda rows, now: rows.undelivered().filter(state__in=PROBLEMS, **OF_ITEMS),
    "overdue": lambda rows, now: rows.overdue(now).filter(**OF_ITEMS),
    "untaken": lambda rows, now: late.untaken(now, SLOW).filter(**OF_ITEMS),
}
GAUGES = {"problems": "failing", "overdue": "overdue", "not_taken": "untaken"}


def last_words(keys: Iterable[UUID]) -> dict[tuple[UUID, int], _Last]:
    """Return the newest delivery of each story on each channel; one that was replaced gives way."""
    last: dict[tuple[UUID, int], _Last] = {}
    rows = Delivery.objects.filter(story__in=list(keys)).order_by("pk")
    for story, channel, pk, state in rows.values_list("story", "channel", "pk", "state"):
        if state != State.CANCELLED or (story, channel) not in last:
            last[story, channel] = _Last(pk, state)
    return last


def whole_cells(
    last: Mapping[tuple[UUID, int], _Last], keys: Iterable[UUID], shown: Iterable[Channel]
) -> dict[tuple[UUID, int], Delivery]:
    """Return the deliveries that are shown, each with its channel."""
    beside = {channel.pk: channel for channel in shown}
    places = [(story, pk) for story in keys for pk in beside if (story, pk) in last]
    rows = Delivery.objects.defer("payload", "receipt").in_bulk([last[at].pk for at in places])
    cells = {at: rows[last[at].pk] for at in places if last[at].pk in rows}
    for row in cells.values():
        row.channel = beside[row.channel_id]
    return cells


def reports_on(cells: Iterable[Delivery]) -> dict[int, StationReport]:
    """Return the last word of stations on each delivery; that it was aired goes before receipt."""
    keys = [cell.pk for cell in cells]
    rows = StationReport.objects.standing().filter(delivery__in=keys).select_related("key")
    said: dict[int, StationReport] = {}
    for report in rows.order_by("at", "pk"):
        before = said.get(report.delivery_id)
        if before is None or report.kind in {AIRED, before.kind}:
            said[report.delivery_id] = report
    return said


def totals_of(last: Mapping[tuple[UUID, int], _Last]) -> dict[UUID, list[tuple[str, int]]]:
    """Return how many channels are in each state, by story."""
    counted: dict[UUID, Counter[str]] = {}
    for (story, _channel), word in last.items():
        counted.setdefault(story, Counter())[word.state] += 1
    return {
        story: [(str(state.label), counts[state]) for state in State if counts[state]]
        for story, counts in counted.items()
    }


def columns(wanted: Wanted, used: Iterable[int]) -> list[Channel]:
    """Return the chosen channel, or those that are on and those that something went to."""
    if wanted.channel is not None:
        return [wanted.channel]
    channels = Channel.objects.filter(Q(is_active=True) | Q(pk__in=used), is_test=False)
    if wanted.kind:
        channels = channels.of_kind(wanted.kind)
    return list(channels.defer("secret"))


def pages_of(keys: Iterable[UUID]) -> dict[UUID, int]:
    """Return the page of each story that still has one."""
    keys = list(keys)
    return {
        story: pk
        for kind in STORY_PAGES
        for story, pk in kind.objects.filter(story__in=keys, alias_of=None).values_list(
            "story", "pk"
        )
    }


def gauges(now: datetime) -> dict[str, int]:
    """Return how many deliveries failed or are in doubt, are overdue, or are not taken.

    At most ``MOST_COUNTED`` each.
    """
    return {name: some(looked_for(look, now)) for name, look in GAUGES.items()}


def some(rows: DeliveryQuerySet) -> int:
    """Count, but not for ever."""
    return rows.order_by()[:MOST_COUNTED].count()
