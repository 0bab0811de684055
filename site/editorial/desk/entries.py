"""What stands in the calendar: items and bundles with their times, and the days of the plans."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import pgettext_lazy
from wagtail.models import Revision

from campaigns.models import Activity
from editorial.desk import due
from portal import timing
from portal.bundles.actions import RELEASE
from portal.models import AnnouncementPage, ArticlePage, Bundle, BundleItem, BundleState
from portal.models.authors import Authorship

FACTS = ("pk", "title", "owner_id", "live", "listed_at", "expire_at", "channels_off")


class Kind(models.TextChoices):
    """What an entry of the calendar says."""

    SCHEDULED = "scheduled", pgettext_lazy("calendar", "Goes out")
    EMBARGO = "embargo", pgettext_lazy("calendar", "Embargo ends")
    BUNDLE = "bundle", pgettext_lazy("calendar", "Bundle goes out")
    PUBLISHED = "published", pgettext_lazy("calendar", "Published")
    EXPIRES = "expires", pgettext_lazy("calendar", "Expires")
    DUE = "due", pgettext_lazy("calendar", "Due by plan")


WAITING = (Kind.SCHEDULED, Kind.EMBARGO, Kind.BUNDLE)


@dataclass(frozen=True, slots=True)
class Item:
    """What the calendar knows of a page."""

    pk: int
    title: str
    owner: int | None
    live: bool
    published: datetime | None
    expires: datetime | None
    channels_off: Collection[str]
    section: int | None = None
    activity: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar. ``moment`` is None for what has a day and no time."""

    kind: Kind
    day: date
    moment: datetime | None
    title: str
    url: str
    key: str  # the same for the same thing, whenever it is
    note: str = ""
    move_url: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person wants to see; empty values restrict nothing."""

    kinds: Collection[str] = ()
    section: int | None = None
    channel: str = ""
    agency: Any = None
    mine: bool = False

    @property
    def of_items_only(self) -> bool:
        """Whether something is asked for that only an item has."""
        return bool(self.section or self.channel or self.mine)


@dataclass
class Reader:
    """One person looking at a span of days."""

    user: Any
    first: date
    last: date
    wanted: Wanted = field(default_factory=Wanted)

    def __post_init__(self) -> None:
        self.since = start_of(self.first)
        self.until = start_of(self.last + timedelta(days=1))
        self.writes = due.writes(self.user)

    def entries(self) -> list[Entry]:
        """Return what there is, by time; what has no time comes first on its day."""
        found = [*self.of_pages(), *self.of_plans()]
        kinds = set(self.wanted.kinds)
        shown = [entry for entry in found if not kinds or entry.kind in kinds]
        return sorted(shown, key=lambda each: (each.day, each.moment or start_of(each.day)))

    def of_pages(self) -> Iterator[Entry]:
        """Yield items and bundles. What is not public yet is for those who write."""
        waiting = list(self.waiting()) if self.writes else []
        bundles = list(self.bundles()) if self.writes else []
        held = {page for bundle in bundles for page in pages_of(bundle)}
        items = self.items([int(row.object_id) for row in waiting], held)
        keep = self.kept(items)
        of_items = self.wanted.of_items_only or self.wanted.agency
        for revision in waiting:
            if int(revision.object_id) in keep:
                yield self.waiting_entry(revision)
        for bundle in bundles:
            if bundle.release_at and (not of_items or keep & pages_of(bundle)):
                yield self.bundle_entry(bundle, bundle.release_at)
        for pk in keep:
            yield from self.public_entries(items[pk])

    def waiting(self) -> models.QuerySet[Revision]:
        rows = Revision.page_revisions.filter(approved_go_live_at__lt=timing.FAR)
        return rows.filter(approved_go_live_at__gte=self.since, approved_go_live_at__lt=self.until)

    def bundles(self) -> models.QuerySet[Bundle]:
        set_for = Q(state=BundleState.SCHEDULED, release_at__gte=self.since)
        return Bundle.objects.filter(set_for, release_at__lt=self.until).prefetch_related("items")

    def items(self, waiting: Collection[int], held: Collection[int]) -> dict[int, Item]:
        """Return the pages that any entry is about, by id. Two queries."""
        span = (self.since, self.until - timedelta(microseconds=1))
        public = Q(live=True, listed_at__range=span)
        wanted = public | Q(live=True, expire_at__range=span) | Q(pk__in={*waiting, *held})
        articles = ArticlePage.objects.filter(wanted).values_list(*FACTS, "section", "activity")
        notices = AnnouncementPage.objects.filter(wanted).values_list(*FACTS)
        return {row[0]: Item(*row) for row in (*articles, *notices)}

    def kept(self, items: dict[int, Item]) -> set[int]:
        """Return the ids of the items that the person wants to see."""
        wanted = self.wanted
        keep = set(items)
        if wanted.section:
            keep &= {pk for pk, item in items.items() if item.section == wanted.section}
        if wanted.channel:
            keep &= {pk for pk, item in items.items() if wanted.channel not in item.channels_off}
        if wanted.agency:
            theirs = set(of_agency(wanted.agency).values_list("pk", flat=True))
            keep &= {pk for pk, item in items.items() if item.activity in theirs}
        if wanted.mine:
            signed = written_by(self.user, items)
            keep &= {pk for pk, item in items.items() if item.owner == self.user.pk} | signed
        return keep

    def waiting_entry(self, revision: Revision) -> Entry:
        moment = revision.approved_go_live_at
        ends = parse_datetime(revision.content.get("embargo_until") or "")
        kind = Kind.EMBARGO if timing.same_minute(ends, moment) else Kind.SCHEDULED
        pk = int(revision.object_id)
        return Entry(
            kind,
            day_of(moment),
            moment,
            revision.object_str,
            edit_url(pk),
            f"page-{pk}",
            move_url=reverse("editorial_move_page", args=[pk]),
            page=pk,
        )

    def bundle_entry(self, bundle: Bundle, moment: datetime) -> Entry:
        move = reverse("editorial_move_bundle", args=[bundle.pk])
        return Entry(
            Kind.BUNDLE,
            day_of(moment),
            moment,
            bundle.name,
            reverse("portal_bundles:inspect", args=[bundle.pk]),
            f"bundle-{bundle.pk}",
            move_url=move if self.user.has_perm(RELEASE) else "",
        )

    def public_entries(self, item: Item) -> Iterator[Entry]:
        moments = ((Kind.PUBLISHED, item.published), (Kind.EXPIRES, item.expires))
        for kind, moment in moments:
            if item.live and moment and self.since <= moment < self.until:
                key = f"{kind}-{item.pk}"
                url = edit_url(item.pk) if self.writes else ""
                yield Entry(kind, day_of(moment), moment, item.title, url, key, page=item.pk)

    def of_plans(self) -> Iterator[Entry]:
        if self.wanted.of_items_only:
            return
        rows = due.activities_for(self.user)
        if self.wanted.agency:
            rows = rows.filter(pk__in=of_agency(self.wanted.agency).values("pk"))
        for each in due.between(rows, self.first, self.last):
            yield due_entry(each)


def due_entry(each: due.Due) -> Entry:
    key = f"due-{each.activity.pk}-{each.day:%Y%m%d}"
    note = each.activity.plan.label
    return Entry(Kind.DUE, each.day, None, str(each.activity), each.url, key, note=note)


def pages_of(bundle: Bundle) -> set[int]:
    found: Iterable[BundleItem] = bundle.items.all()
    return {item.page_id for item in found}


def of_agency(agency: Any) -> models.QuerySet[Activity]:
    """Return the activities that the agency leads, alone or as a member of a group."""
    return Activity.objects.of_agencies(type(agency).objects.filter(pk=agency.pk))


def written_by(user: Any, pages: Collection[int]) -> set[int]:
    """Return which of the pages name the person among their authors."""
    rows = Authorship.objects.filter(author__user=user.pk, page__in=pages)
    return set(rows.values_list("page", flat=True))


def start_of(day: date) -> datetime:
    """Return midnight in the province's time."""
    return timezone.make_aware(datetime.combine(day, time()))


def day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def edit_url(page: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page])
