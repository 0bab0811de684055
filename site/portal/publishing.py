"""What happens to the channels when a page goes live, changes its address or is taken back.

Runs inside the transaction that changes the page: see ``core.middleware.AtomicAdmin`` for requests
and ``portal.scheduler`` for the clock.
"""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.utils import timezone
from wagtail.models import Page, Revision

from channels import outbox
from channels.calling import engine as calling
from channels.models import Publication
from portal import embargo, urgent
from portal.corrections import recording
from portal.models import AnnouncementPage, ArticlePage, StoryPage
from portal.stories import address_of, story_of

STORY_PAGES: tuple[type[StoryPage], ...] = (ArticlePage, AnnouncementPage)


def publish(page: StoryPage) -> None:
    """Freeze a live page and queue it for its channels. Aliases never deliver.

    One that is approved for later goes to the stations named to have it before, if any.
    """
    if page.alias_of_id:
        return
    if not page.live:
        embargo.settle(page)
    else:
        publication = outbox.publish(
            story_of(page),
            off=page.channels_off or (),
            expires_at=page.expire_at,
            urgent_reason=urgent.reason_of(page),
        )
        urgent.call_officers(page, publication)


def publish_corrected(page: StoryPage, revision: Revision | None) -> None:
    """Publish, with the correction that this version is on record for, if it is one."""
    correction = recording.before_publishing(page, revision) if page.live else None
    publish(page)
    recording.after_publishing(correction)


def withdraw(page: StoryPage) -> None:
    """Take the page back from everybody who got it; if it expired, only from those who fetch."""
    if page.alias_of_id:
        return
    if page.expired:
        outbox.expire(page.story, timezone.now())
        calling.end(page.story, calling.OVER)
    else:
        outbox.retract(page.story)
        calling.end(page.story, calling.WITHDRAWN)


def relocate(root: Page) -> None:
    """Tell the receivers the new addresses of the live items at and under ``root``, if any."""
    for page in story_pages_under(root):
        last = Publication.objects.latest_of(page.story)
        if last is None:
            continue  # nobody was ever told: a fresh copy
        if last.content["address"] == address_of(page):
            return  # addresses under one root change all together or not at all
        publish(page)


def story_pages_under(root: Page) -> Iterable[StoryPage]:
    for model in STORY_PAGES:
        live = model.objects.descendant_of(root, inclusive=True).live()
        yield from live.filter(alias_of=None).order_by("pk")


def page_of_story(story: uuid.UUID | str) -> StoryPage | None:
    """Return the page a story was frozen from, if it still exists."""
    for model in STORY_PAGES:
        page: StoryPage | None = model.objects.filter(story=story).first()
        if page is not None:
            return page
    return None


def pages_of_stories(stories: Collection[uuid.UUID]) -> dict[uuid.UUID, StoryPage]:
    """Return the pages that stories were frozen from, by story, of those that still exist."""
    found: dict[uuid.UUID, StoryPage] = {}
    for model in STORY_PAGES:
        for page in model.objects.filter(story__in=stories):
            found.setdefault(page.story, page)
    return found


def is_fresh_copy(page: Any, revision: Any) -> bool:
    """Whether a page came to life as a copy of another, which nobody published yet.

    Wagtail announces such a page as published; it gives it its revision's own moment of creation
    as the time of publication, which a real publication, made after its revision, never has.
    """
    return revision is not None and page.first_published_at == revision.created_at
