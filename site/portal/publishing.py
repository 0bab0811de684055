"""What happens to the channels when a page goes live, changes its address or is taken back.

Runs inside the transaction that changes the page: see ``core.middleware.AtomicAdmin`` for requests
and ``portal.scheduler`` for the clock.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page, Revision

from channels import outbox
from channels.models import Publication
from portal.models import AnnouncementPage, ArticlePage, StoryPage
from portal.stories import address_of, story_of

SCHEDULE_GRACE = timedelta(minutes=2)  # the clock comes round every few seconds

STORY_PAGES: tuple[type[StoryPage], ...] = (ArticlePage, AnnouncementPage)


def publish(page: StoryPage) -> None:
    """Freeze a live page and queue it for its channels. Aliases never deliver."""
    if page.live and not page.alias_of_id:
        outbox.publish(story_of(page), off=page.channels_off or (), expires_at=page.expire_at)


def withdraw(page: StoryPage) -> None:
    """Take the page back from everybody who got it; if it expired, only from those who fetch."""
    if page.alias_of_id:
        return
    if page.expired:
        outbox.expire(page.story, timezone.now())
    else:
        outbox.retract(page.story)


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


def is_fresh_copy(page: Any, revision: Any) -> bool:
    """Whether a page came to life as a copy of another, which nobody published yet.

    Wagtail announces such a page as published; it gives it its revision's own moment of creation
    as the time of publication, which a real publication, made after its revision, never has.
    """
    return revision is not None and page.first_published_at == revision.created_at


def missed(now: datetime) -> int:
    """Return how many pages should have gone live or been taken off by ``now`` and were not."""
    late = Page.objects.filter(live=True, expire_at__lt=now).count()
    return late + Revision.page_revisions.filter(approved_go_live_at__lt=now).count()
