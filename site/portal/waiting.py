"""How an approved item that waits is locked, and what people are told about it."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.locks import BaseLock, ScheduledForPublishLock

from portal import timing
from portal.models.bundles import Bundle

if TYPE_CHECKING:
    from portal.models.stories import StoryPage


class WaitingLock(ScheduledForPublishLock):
    """Wagtail's lock of a scheduled page, saying in our words until when, or for what, it waits."""

    def get_message(self, user: Any) -> str:
        return until_when(self.object, bundle_of(self.object))

    def get_locked_by(self, user: Any) -> str:
        return _("Approved and waiting")

    def get_description(self, user: Any) -> str:
        return _("To change it, cancel its release first. It then has to be approved again.")


def waiting_lock(page: "StoryPage", lock: BaseLock | None) -> BaseLock | None:
    """Return the lock that holds, given Wagtail's own."""
    if not isinstance(lock, ScheduledForPublishLock):
        return lock
    waits = page.scheduled_revision.content
    ends = parse_datetime(waits.get("embargo_until") or "")
    with_stations = ends is not None and ends > timezone.now() and waits.get("early_channels")
    return None if with_stations else WaitingLock(page)


def bundle_of(page: "StoryPage") -> Bundle | None:
    """Return the open bundle that holds the page."""
    return Bundle.objects.open().filter(items__page=page.pk).first()


def until_when(page: "StoryPage", bundle: Bundle | None) -> str:
    """Return when the approved version of the page goes out, as a sentence; "" if none waits."""
    revision = page.scheduled_revision
    if revision is None:
        return ""
    moment = bundle.release_at if bundle else revision.approved_go_live_at
    if bundle is None:
        words = _("“{title}” is approved and goes out at {moment}.")
    elif moment:
        words = _("“{title}” is approved and goes out with the bundle “{bundle}” at {moment}.")
    else:
        words = _("“{title}” is approved and waits for the release of the bundle “{bundle}”.")
    return format_html(
        words,
        title=revision.object_str,
        bundle=bundle,
        moment=timing.in_words(moment) if moment else "",
    )


def tell(request: HttpRequest, page: "StoryPage") -> None:
    """Tell the person who has just approved an item when it goes out, unless it did already."""
    fresh = type(page).objects.filter(pk=page.pk, has_unpublished_changes=True).first()
    words = until_when(fresh, bundle_of(fresh)) if fresh else ""
    if words:
        messages.info(request, words)


def hide_far(*versions: Any) -> None:
    """Let Wagtail's status panel not show the time of what waits for no time."""
    for version in versions:
        if version is not None:
            version.go_live_at = timing.own_time(version.go_live_at)
