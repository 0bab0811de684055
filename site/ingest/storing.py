"""Keeps what was decided about the entries of a feed: rows of the inbox, pick-ups, counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID, uuid4

from django.db.models import F

from core.audit import record
from core.text import fold
from ingest import proof
from ingest.feeds.deciding import Kind, Ours, Stored, Verdict, decide, without_scheme
from ingest.feeds.likeness import Neighbourhood, print_of
from ingest.feeds.parsed import ParsedEntry
from ingest.feeds.texts import shortened, words_of
from ingest.models import InboxItem, MutedTitle, PickUp, Source
from portal.models import AnnouncementPage, ArticlePage, StoryPage

NEAR = timedelta(days=3)  # within which items of several sources tell of the same
MOST_NEAR = 3_000
OURS = timedelta(days=30)  # how long after publishing we look for our items elsewhere
MOST_OURS = 500
SEEN_EVERY = timedelta(days=1)  # how exactly "last seen" is kept
PICK_UP_ACTION = "ingest.pick_up"


@dataclass
class Surroundings:
    """What new entries are compared with, fetched once for a round of polls, when first needed."""

    now: datetime
    muted: list[str] = field(default_factory=list)

    @cached_property
    def near(self) -> Neighbourhood[UUID]:
        """Recent items of all sources, by group."""
        found: Neighbourhood[UUID] = Neighbourhood()
        rows = InboxItem.objects.filter(listed_at__gte=self.now - NEAR).order_by(
            "-listed_at", "-pk"
        )
        for group, title, html in rows.values_list("group", "title", "html")[:MOST_NEAR]:
            if group not in found:
                found.add(group, print_of(title, words_of(html)))
        return found

    @cached_property
    def ours(self) -> Ours:
        """Our own recent items."""
        items: Neighbourhood[int] = Neighbourhood()
        addresses: dict[str, int] = {}
        for page in our_items(self.now):
            items.add(page.pk, print_of(page.title, page.found_in))
            addresses[without_scheme(page.full_url or "")] = page.pk
        return Ours(items, addresses)


def our_items(now: datetime) -> Iterator[StoryPage]:
    """Yield what we published of late, announcements included."""
    for model in (ArticlePage, AnnouncementPage):
        recent = model.objects.live().filter(first_published_at__gte=now - OURS)
        yield from recent.order_by("-first_published_at", "-pk")[:MOST_OURS]


def surroundings(now: datetime) -> Surroundings:
    """Return what this round's entries are compared with."""
    return Surroundings(now, list(MutedTitle.objects.values_list("folded", flat=True)))


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts on a feed's entries, and the rows whose "last seen" is out of date."""

    verdicts: list[Verdict]
    stale: list[int]


def judge(source: Source, entries: tuple[ParsedEntry, ...], around: Surroundings) -> Judged:
    """Decide about the entries of a feed. Reads only, so it needs no transaction."""
    keys = [entry.key for entry in entries]
    rows = source.items.filter(key__in=keys).values_list("key", "pk", "digest", "seen_at")
    known = {key: (pk, digest, seen_at) for key, pk, digest, seen_at in rows}
    any_new = len(known) < len(entries)
    verdicts = decide(
        entries,
        source=source.pk,
        stored={key: Stored(pk, digest) for key, (pk, digest, _seen) in known.items()},
        near=around.near if any_new else Neighbourhood(),
        ours=around.ours if any_new else Ours(),
        muted=around.muted,
        now=around.now,
    )
    stale = [pk for pk, _digest, seen_at in known.values() if seen_at < around.now - SEEN_EVERY]
    return Judged(verdicts, stale)


def take_in(source: Source, judged: Judged, now: datetime) -> int:
    """Keep what was decided; return how many entries were new. To be called in a transaction."""
    new = [verdict for verdict in judged.verdicts if verdict.kind is Kind.NEW]
    items = InboxItem.objects.bulk_create(_row(source, verdict, now) for verdict in new)
    for item, verdict in zip(items, new, strict=True):
        if verdict.carried:
            _pick_up(item, verdict.carried.page, verdict.carried.likeness)
    InboxItem.objects.filter(pk__in=judged.stale).update(seen_at=now)
    _change([verdict for verdict in judged.verdicts if verdict.kind is Kind.CHANGED], now)
    Source.objects.filter(pk=source.pk).update(item_count=F("item_count") + len(new))
    return len(new)


def _row(source: Source, verdict: Verdict, now: datetime) -> InboxItem:
    entry = verdict.entry
    state = InboxItem.State.NEW
    if verdict.carried:
        state = InboxItem.State.CARRIED
    elif verdict.muted or source.is_muted:
        state = InboxItem.State.MUTED
    return InboxItem(
        source=source,
        key=entry.key,
        published=entry.published,
        fetched_at=now,
        listed_at=entry.published or now,
        seen_at=now,
        state=state,
        group=verdict.group or uuid4(),
        **_said(verdict),
    )


def _said(verdict: Verdict) -> dict[str, object]:
    """Return the fields that follow what the source says."""
    entry = verdict.entry
    summary = shortened(words_of(entry.summary_html or entry.content_html), 1_000)
    return {
        "digest": verdict.digest,
        "title": entry.title,
        "address": entry.address,
        "summary": summary,
        "html": entry.html,
        "author": entry.author,
        "pictures": list(entry.pictures),
        "folded": fold(f"{entry.title} {summary}"),
    }


def _change(verdicts: Iterable[Verdict], now: datetime) -> None:
    for verdict in verdicts:
        InboxItem.objects.filter(pk=verdict.stored or 0).update(
            **_said(verdict), seen_at=now, changed_at=now
        )


def _pick_up(item: InboxItem, page: int, likeness: float) -> None:
    found = PickUp.objects.create(
        page_id=page,
        source=item.source,
        source_name=item.source.name,
        item=item,
        title=item.title,
        address=item.address,
        published=item.listed_at,
        likeness=likeness,
        state=PickUp.State.CONFIRMED if likeness >= 1 else PickUp.State.OPEN,
    )
    data = {"source": item.source.name, "address": item.address, "likeness": round(likeness, 2)}
    record(found.page, PICK_UP_ACTION, None, **data)
    if found.state == PickUp.State.CONFIRMED:
        proof.carried(found)


def prune(now: datetime, most: int = 500) -> int:
    """Delete items that nobody adopted and that left their feed long ago; return how many."""
    stale = list(InboxItem.objects.stale(now).values_list("pk", flat=True)[:most])
    return InboxItem.objects.filter(pk__in=stale).delete()[0] if stale else 0
