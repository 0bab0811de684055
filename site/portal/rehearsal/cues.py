"""Which items a rehearsal publishes, and when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet
from wagtail.models import Revision

from channels.rehearsal.playing import Cue
from core.errors import RefusedError
from portal import urgent
from portal.bundles.readiness import approved_revisions
from portal.models import ArticlePage, Rehearsal, StoryPage
from portal.models.bundles import BundleItem
from portal.publishing import STORY_PAGES
from portal.stories import story_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version of an item, and its time if it has one."""

    page: StoryPage
    at: datetime | None


def cues(rehearsal: Rehearsal) -> tuple[list[Cue], list[tuple[StoryPage, str]]]:
    """Return what is published in the rehearsal, and the items that cannot be, each with why.

    Items with a time come at their time; the others, if wanted, evenly spread over the period.
    """
    found = list(candidates(rehearsal))
    spread = iter(evenly(rehearsal, sum(each.at is None for each in found)))
    told: list[Cue] = []
    left: list[tuple[StoryPage, str]] = []
    for each in found:
        at = each.at or next(spread)
        try:
            told += cues_of(each.page, at, rehearsal.begins_at)
        except (RefusedError, ObjectDoesNotExist) as error:
            left.append((each.page, str(error)))
    return told, left


def cues_of(page: StoryPage, at: datetime, begins: datetime) -> Iterator[Cue]:
    """Yield the moments at which the item goes to channels: to stations early, then to all."""
    story = replace(story_of(page), published=at, updated=at, embargo=None)
    off = frozenset(page.channels_off or ())
    if page.embargo_until is not None and page.early_channels and page.embargo_until > begins:
        early = frozenset(page.early_channels)
        held = replace(story, embargo=page.embargo_until)
        yield Cue(begins, held, page.pk, off, early)
    yield Cue(at, story, page.pk, off, patient=not urgent.reason_of(page))


def candidates(rehearsal: Rehearsal) -> Iterator[Candidate]:
    """Yield every item in question, the ones with a time within the period only if it is."""
    for model in STORY_PAGES:
        for page in items(model, rehearsal):
            version, at = scheduled(page)
            if at is not None and rehearsal.begins_at <= at <= rehearsal.ends_at:
                yield Candidate(version, at)
            elif at is None and rehearsal.with_drafts:
                yield Candidate(version, None)


def items(model: type[StoryPage], rehearsal: Rehearsal) -> QuerySet[StoryPage]:
    pages = model.objects.filter(alias_of=None, expired=False).order_by("pk")
    if rehearsal.plan_id is None:
        return pages
    if model is not ArticlePage:
        return pages.none()  # only articles serve an activity
    return pages.filter(Q(activity__plan=rehearsal.plan_id))


def scheduled(page: StoryPage) -> tuple[StoryPage, datetime | None]:
    """Return the version that would be published, and its time: its bundle's or its own."""
    approved = approved_revisions([page.pk]).get(page.pk)
    version: Revision | None = approved or page.latest_revision
    shown: StoryPage = version.as_object() if version else page
    waiting = BundleItem.objects.open().filter(page=page.pk).select_related("bundle").first()
    if waiting is not None:
        return shown, waiting.bundle.release_at
    return shown, approved.approved_go_live_at if approved else None


def evenly(rehearsal: Rehearsal, number: int) -> Iterator[datetime]:
    """Yield that many moments, spread over the period, none at its very edges."""
    step = (rehearsal.ends_at - rehearsal.begins_at) / (number + 1)
    for place in range(1, number + 1):
        yield (rehearsal.begins_at + step * place).replace(microsecond=0)
