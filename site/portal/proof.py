"""What of the newsroom proves work on plans: items published, delivered, taken and aired.

Campaigns lie below and know nothing of pages: this tells them. An item counts for the activity or
slot that its article names, at the agency it comes from; a delivery for the owner of the channel.
"""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from campaigns.agencies import Directory
from campaigns.evidence import recording
from campaigns.evidence.matching import Found
from campaigns.evidence.models import Evidence
from channels.feeds.models import StationKey, StationReport
from channels.models import Action, Channel, Delivery
from portal.models import ArticlePage, StoryPage
from portal.stories import address_of

Kind = Evidence.Kind
#: Verbs of deliveries after which an item is where it should be.
ARRIVED = {"delivered", "confirmed"}
BRINGING = {Action.PUBLISH, Action.UPDATE}
_GATHERED: ContextVar[list[Found] | None] = ContextVar("gathered", default=None)


def published(page: StoryPage) -> None:
    """Record a published item for the activity it names; nothing for one that names none."""
    if isinstance(page, ArticlePage) and not page.alias_of_id:
        known = page.activity_id is not None
        if known or Evidence.objects.filter(source_key=_key(page)).exists():
            recording.renew(of_article(page, agencies_of(page)))


def withdrawn(page: StoryPage) -> None:
    """Let an item count no more that was taken back; one that expired has been published."""
    if isinstance(page, ArticlePage) and not page.alias_of_id and not page.expired:
        recording.withdraw_story(page.story)


@recording.register_finder
def articles(activities: Collection[int]) -> Iterable[Found]:
    """Find the live articles of these activities, for slots that came after them."""
    live = ArticlePage.objects.live().filter(activity__in=activities, alias_of=None)
    pages = list(live.select_related("owner").prefetch_related("owner__organisations"))
    directory = Directory.today() if any(page.unit for page in pages) else None
    for page in pages:
        yield of_article(page, agencies_of(page, directory))


def of_article(page: ArticlePage, agencies: Sequence[int]) -> Found:
    """Return a published article as something found; ``agencies``: whose work it may be."""
    return Found(
        key=_key(page),
        kind=Kind.ARTICLE,
        title=page.title,
        dated=day_of(page),
        activity=page.activity_id,
        slot=page.slot_id,
        organisations=tuple(agencies),
        story=page.story,
        url=address_of(page),
    )


def _key(page: ArticlePage) -> str:
    return f"article:{page.story}"


def day_of(page: ArticlePage) -> date:
    """Return the day an item is of: its own, else that of its publication."""
    moment: datetime = page.dated or page.first_published_at or timezone.now()
    return timezone.localdate(moment)


def agencies_of(page: ArticlePage, directory: Directory | None = None) -> list[int]:
    """Return the agency the item names as its unit; else those its author belongs to."""
    if page.unit:
        found = (directory or Directory.today()).find(page.unit)
        if found is not None:
            return [found.pk]
    owner: Any = page.owner
    return [one.pk for one in owner.organisations.all()] if owner is not None else []


def delivered(
    pages: Mapping[uuid.UUID, StoryPage], deliveries: Sequence[Delivery], verb: str
) -> None:
    """Record receipts for the articles among ``pages`` that serve a plan.

    Runs while deliveries are settled, for all of them at once.
    """
    if verb not in ARRIVED:
        return
    today = timezone.localdate()
    receipts = []
    for row in deliveries:
        page = serving(pages.get(row.story))
        if page is not None and row.action in BRINGING:
            receipts.append(receipt(page, row.channel, Kind.DELIVERY, "delivery", today))
    gathered = _GATHERED.get()
    if gathered is None:
        recording.record(receipts)
    else:
        gathered += receipts


@contextmanager
def gathering() -> Iterator[None]:
    """Record the receipts of what is settled inside all at once, at the end.

    Channels that are pulled from settle one by one while an item is published.
    """
    gathered: list[Found] = []
    token = _GATHERED.set(gathered)
    try:
        yield
    finally:
        _GATHERED.reset(token)
    recording.record(gathered)


def taken(key: StationKey, deliveries: Collection[int], when: datetime) -> None:
    """Record that a station took items at its own feed for the first time."""
    rows = Delivery.objects.filter(pk__in=deliveries).values_list("story", flat=True)
    pages = ArticlePage.objects.filter(story__in=list(rows), activity__isnull=False)
    day = timezone.localdate(when)
    recording.record(
        [receipt(page, key.channel, Kind.PICK_UP, f"taken:{key.pk}", day) for page in pages]
    )


def reported(report: StationReport, *, stands: bool) -> None:
    """Record that a station aired an item, or that it took that back."""
    if report.kind != StationReport.Kind.AIRED:
        return
    key = f"aired:{report.pk}"
    if not stands:
        recording.withdraw_keys([key])
        return
    page = ArticlePage.objects.filter(story=report.delivery.story, activity__isnull=False).first()
    if page is not None:
        day = timezone.localdate(report.at)
        recording.record([receipt(page, report.key.channel, Kind.AIRED, key, day, whole=True)])


def serving(page: StoryPage | None) -> ArticlePage | None:
    """Return the article if it serves a plan."""
    if isinstance(page, ArticlePage) and page.activity_id is not None and not page.alias_of_id:
        return page
    return None


def receipt(
    page: ArticlePage,
    channel: Channel,
    kind: Kind,
    key: str,
    day: date,
    *,
    whole: bool = False,
) -> Found:
    """Return a proof that a channel's receiver has the article.

    It belongs to the period of the article, whenever it came, and to the slots which that serves.
    ``whole``: the key is complete; else story and channel make it so.
    """
    return Found(
        key=key if whole else f"{key}:{page.story}:{channel.pk}",
        kind=kind,
        title=f"{channel.name}: {page.title}",
        dated=day,
        activity=page.activity_id,
        organisations=(channel.owner_id,) if channel.owner_id else (),
        story=page.story,
        url=address_of(page),
        placed_on=day_of(page),
        supports_only=True,
    )
