"""What an urgent announcement sets going besides its deliveries: calls of named officers."""

from datetime import datetime
from typing import TYPE_CHECKING

from channels.calling import engine
from channels.models import Publication
from portal.models.urgent import UrgentSettings

if TYPE_CHECKING:
    from portal.models import StoryPage


def reason_of(page: "StoryPage") -> str:
    """Return why the item cannot wait for quiet hours to end; "" for what is no announcement."""
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


def ends_at(page: "StoryPage") -> datetime | None:
    """Return when nobody needs to be called any more: the earlier one of the page's two ends."""
    ends = [end for end in (getattr(page, "ends_at", None), page.expire_at) if end]
    return min(ends, default=None)
