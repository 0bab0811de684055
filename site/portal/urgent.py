"""What an urgent announcement sets going besides its deliveries: calls of named officers."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from channels import outbox
from channels.calling import engine
from channels.models import Action, Delivery, Publication, State
from portal.models import AnnouncementPage
from portal.models.urgent import UrgentSettings

if TYPE_CHECKING:
    from portal.models import StoryPage

EVERY = timedelta(minutes=1)
LATE = timedelta(days=2)


def reason_of(page: "StoryPage") -> str:
    """Return why the item cannot wait for quiet hours to end; "" where nobody said so."""
    return str(getattr(page, "urgent_reason", ""))


def call_officers(page: "StoryPage", publication: Publication | None) -> None:
    """Call the officers named on an urgent announcement, or nobody any more.

    Runs in the transaction that publishes.
    """
    officers = getattr(page, "officers", None)
    if officers is None or publication is None:
        return
    if page.level != "urgent":
        engine.end(page.story, engine.NOT_URGENT)
        return
    settings = UrgentSettings.load()
    engine.start(
        publication,
        officers.all(),
        rhythm=settings.rhythm,
        until=ends_at(page),
        bot=settings.bot,
    )


def run(now: datetime) -> int:
    """Take messages of announcements that left the strip from the top of their groups.

    Returns for how many channels. One that expires is seen to where it is taken off. Looked for
    once a minute, and for ``LATE`` after the end in case no worker ran.
    """
    if not cache.add("portal.urgent.run", 1, EVERY.total_seconds()):
        return 0
    # A correction takes the place of an end that waits: it is the corrected message's turn then.
    done = Delivery.objects.filter(action=Action.END, created_at__gt=now - 2 * LATE).exclude(
        state=State.CANCELLED
    )
    over = AnnouncementPage.objects.live().filter(
        level="urgent", alias_of=None, ends_at__lte=now, ends_at__gt=now - LATE
    )
    over = over.exclude(story__in=done.values("story"))
    return sum(end(page.story) for page in over.order_by("pk").only("story"))


@transaction.atomic
def end(story: UUID) -> int:
    return outbox.end(story)


def ends_at(page: "StoryPage") -> datetime | None:
    """Return when nobody needs to be called any more: the earlier one of the page's two ends."""
    ends = [end for end in (getattr(page, "ends_at", None), page.expire_at) if end]
    return min(ends, default=None)
