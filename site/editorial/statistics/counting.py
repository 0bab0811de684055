"""Counts what was published, each breakdown in one query."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from channels.archive.models import ArchivedDelivery
from channels.feeds.models import StationFetch, StationReport
from channels.models import Action, Channel, Delivery, State
from editorial.statistics.periods import Period
from portal.models import (
    AnnouncementPage,
    ArticlePage,
    Authorship,
    Correction,
    CorrectionKind,
    SectionPage,
)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Table:
    """One breakdown: rows from the most to the least."""

    key: str
    title: str
    first_column: str
    rows: list[Row]

    @property
    def total(self) -> int:
        return sum(row.count for row in self.rows)

    @property
    def most(self) -> int:
        return max((row.count for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is counted: items first published in the period, of one section if chosen."""

    period: Period
    section: SectionPage | None = None

    def articles(self) -> QuerySet[ArticlePage]:
        """Return the articles. Withdrawn ones count: they were published."""
        found = ArticlePage.objects.filter(**self.published()).filter(alias_of=None)
        return found.filter(section=self.section) if self.section else found

    def announcements(self) -> QuerySet[AnnouncementPage]:
        found = AnnouncementPage.objects.filter(**self.published()).filter(alias_of=None)
        return found.none() if self.section else found

    def published(self) -> dict[str, Any]:
        return {
            "first_published_at__gte": self.period.start,
            "first_published_at__lt": self.period.end,
        }


def tables(wanted: Wanted) -> list[Table]:
    """Return every breakdown, in the order reports have them."""
    return [
        by_genre(wanted),
        by_section(wanted),
        by_unit(wanted),
        by_author(wanted),
        by_channel(wanted),
        by_station(wanted),
        by_change(wanted),
    ]


def by_genre(wanted: Wanted) -> Table:
    counted = grouped(wanted.articles(), "genre")
    rows = [Row(str(ArticlePage.Genre(key).label), count) for key, count in counted]
    announcements = wanted.announcements().count()
    if announcements:
        rows.append(Row(_("announcement"), announcements))
    return Table("genre", _("By genre"), _("Genre"), sorted(rows, key=lambda row: -row.count))


def by_section(wanted: Wanted) -> Table:
    counted = grouped(wanted.articles(), "section__title")
    rows = [Row(key or _("(without a section)"), count) for key, count in counted]
    return Table("section", _("By section"), _("Section"), rows)


def by_unit(wanted: Wanted) -> Table:
    sums: dict[str, int] = {}
    for items in (wanted.articles(), wanted.announcements()):
        for key, count in grouped(items, "unit"):
            sums[key] = sums.get(key, 0) + count
    rows = [Row(key or _("(no unit named)"), count) for key, count in sums.items()]
    return Table("unit", _("By unit"), _("Unit"), sorted(rows, key=lambda row: -row.count))


def by_author(wanted: Wanted) -> Table:
    """Count each author's articles; one by several authors counts for each of them."""
    parts = Authorship.objects.filter(page__in=wanted.articles().values("pk"))
    named = grouped(parts, "author__name")
    rows = [Row(key, count) for key, count in named]
    nameless = wanted.articles().filter(authorships=None)
    for key, count in grouped(nameless, "byline"):
        rows.append(Row(key or _("(no author named)"), count))
    return Table("author", _("By author"), _("Author"), sorted(rows, key=lambda row: -row.count))


def by_channel(wanted: Wanted) -> Table:
    """Count the items each channel delivered for the first time within the period.

    An old delivery may have been archived since: it counts as before, and no item counts twice.
    """
    delivered = _published(Delivery.objects.all(), wanted)
    here = delivered.filter(channel=OuterRef("channel"), story=OuterRef("story"))
    old = _published(ArchivedDelivery.objects.all(), wanted).exclude(Exists(here))
    stories: Counter[int] = Counter()
    for found in (delivered, old):
        counts = found.order_by().values("channel").annotate(count=Count("story", distinct=True))
        stories.update(dict(counts.values_list("channel", "count")))
    shown = Channel.objects.filter(Q(is_active=True) | Q(pk__in=stories), is_test=False)
    rows = [Row(channel.name, stories.get(channel.pk, 0)) for channel in shown]
    rows.sort(key=lambda row: -row.count)
    return Table("channel", _("By channel"), _("Channel"), rows)


def _published(rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    rows = rows.filter(
        channel__is_test=False,  # trial messages are no items
        action=Action.PUBLISH,
        state=State.DELIVERED,
        settled_at__gte=wanted.period.start,
        settled_at__lt=wanted.period.end,
    )
    if wanted.section:
        rows = rows.filter(story__in=wanted.articles().values("story"))
    return rows


def by_station(wanted: Wanted) -> Table:
    """Count the items each station took, confirmed and aired within the period."""
    fetched = _of_stations(StationFetch.objects.all(), "first_at", wanted)
    reported = _of_stations(StationReport.objects.standing(), "at", wanted)
    counts = [(name, _("taken"), count) for name, count in grouped_stories(fetched)]
    for kind in StationReport.Kind:
        found = grouped_stories(reported.filter(kind=kind))
        counts += [(name, str(kind.label), count) for name, count in found]
    rows = [Row(f"{name}: {what}", count) for name, what, count in sorted(counts)]
    return Table("station", _("By station"), _("Station"), rows)


def _of_stations(found: QuerySet[Any], moment: str, wanted: Wanted) -> QuerySet[Any]:
    period = {f"{moment}__gte": wanted.period.start, f"{moment}__lt": wanted.period.end}
    found = found.filter(**period)
    if wanted.section:
        found = found.filter(delivery__story__in=wanted.articles().values("story"))
    return found


def grouped_stories(found: QuerySet[Any]) -> list[tuple[str, int]]:
    """Return how many items there are of each station, however many versions it had of them."""
    counts = found.order_by().values(name=F("key__name"))
    counts = counts.annotate(count=Count("delivery__story", distinct=True))
    return [(row["name"], row["count"]) for row in counts]


def by_change(wanted: Wanted) -> Table:
    """Count corrections and withdrawals made within the period."""
    made = Correction.objects.filter(at__gte=wanted.period.start, at__lt=wanted.period.end)
    if wanted.section:
        made = made.filter(story__in=wanted.articles().values("story"))
    rows = [Row(str(CorrectionKind(key).label), count) for key, count in grouped(made, "kind")]
    title = _("Corrections and withdrawals")
    return Table("correction", title, pgettext("statistics", "Kind"), rows)


def grouped(items: QuerySet[Any], name: str) -> list[tuple[Any, int]]:
    """Return how many there are of each value, the most first."""
    counts = items.order_by().values(key=F(name)).annotate(count=Count("pk", distinct=True))
    return [(row["key"], row["count"]) for row in counts.order_by("-count", "key")]
