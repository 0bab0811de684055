"""The versions of a story, and whose turn it is to change its deliveries."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.db.models import Q

from core.text import fold

if TYPE_CHECKING:
    from channels.models import Publication

SHARE_FREE = """
    SELECT story FROM channels_publication AS first
    WHERE story = ANY(%s) AND NOT EXISTS (
        SELECT 1 FROM channels_publication AS earlier
        WHERE earlier.story = first.story AND earlier.sequence < first.sequence
    )
    FOR SHARE OF first SKIP LOCKED
"""


class PublicationQuerySet(models.QuerySet["Publication"]):
    def of_story(self, story: uuid.UUID | str) -> Self:
        return self.filter(story=story)

    def lock(self, story: uuid.UUID | str) -> None:
        """Let nobody else change the deliveries of the story until this transaction ends.

        The first version stands for all: it is there as long as the story is. SQLite needs no
        lock, its transactions run one by one.
        """
        first = self.of_story(story).order_by("sequence").select_for_update(no_key=True)
        list(first.values_list("pk", flat=True)[:1])

    def lock_free(self, stories: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Lock what ``lock`` locks, of those stories only that nobody else holds; return them."""
        earlier = self.model.objects.filter(
            story=models.OuterRef("story"), sequence__lt=models.OuterRef("sequence")
        )
        first = self.filter(~models.Exists(earlier), story__in=stories)
        locked = first.select_for_update(skip_locked=True, no_key=True)
        return set(locked.values_list("story", flat=True))

    def share_free(self, stories: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Keep ``lock`` from the stories that nobody has locked, and no other sharer; return them.

        For changes that read no other delivery of their story: what becomes of it on one channel
        need not wait for another. Django has no FOR SHARE of its own.
        """
        if connection.vendor != "postgresql":
            return self.lock_free(stories)
        with connection.cursor() as cursor:
            cursor.execute(SHARE_FREE, [list(stories)])
            return {story for (story,) in cursor.fetchall()}

    def over(self, stories: Iterable[uuid.UUID], now: datetime) -> set[uuid.UUID]:
        """Return those of the stories whose newest version expired."""
        newest: dict[uuid.UUID, datetime | None] = {}
        versions = self.filter(story__in=stories).order_by("sequence")
        for story, expires_at in versions.values_list("story", "expires_at"):
            newest[story] = expires_at
        return {story for story, end in newest.items() if end is not None and end <= now}

    def latest_of(self, story: uuid.UUID | str) -> "Publication | None":
        """Return the newest version; ``None`` when the story was never published."""
        return self.of_story(story).order_by("-sequence").first()

    def items(self) -> Self:
        """What people published: no trial messages of the system's own."""
        return self.filter(is_canary=False)

    def titled(self, query: str) -> Self:
        """Those whose headline holds every word of the query, with or without diacritics."""
        found = self
        for word in fold(query).split():
            found = found.filter(words__contains=word)
        return found if fold(query) else self.none()

    def shown(self, now: datetime) -> Self:
        """Not expired: what pull channels may still list."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now))
