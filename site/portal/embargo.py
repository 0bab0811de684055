"""Items that named stations get before the public: handed out, kept right, taken back."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from channels import outbox, registry
from channels.models import Channel
from portal.stories import embargo_of, story_of

if TYPE_CHECKING:
    from portal.models import StoryPage


def choices(channels: Iterable[Channel], chosen: set[str]) -> list[tuple[str, str]]:
    """Return the channels that may have an item early, and those chosen when they still could."""
    kinds = [kind for kind, adapter in registry.ADAPTERS.items() if adapter.takes_embargoed]
    return [
        (channel.slug, channel.name)
        for channel in channels
        if (channel.is_for_items and channel.kind in kinds) or channel.slug in chosen
    ]


def settle(page: "StoryPage") -> None:
    """Make what stations hold fit the version that waits: hand it out, change it or take it back.

    Runs inside the transaction that approves the version.
    """
    to = set(page.early_channels or ()) - set(page.channels_off or ())
    if to and embargo_of(page, timezone.now()):
        outbox.publish_early(story_of(page), to=to, expires_at=page.expire_at)
    else:
        outbox.retract_early(page.story)


def take_back(page: "StoryPage") -> None:
    """Take the item back from stations that had it early: its version waits no longer."""
    outbox.retract_early(page.story)
