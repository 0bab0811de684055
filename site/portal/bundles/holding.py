"""Keeps an item that waits in a bundle from going out alone, whichever way it is published."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.errors import RefusedError
from portal import timing
from portal.models.bundles import Bundle, BundleItem

if TYPE_CHECKING:
    from wagtail.models import Revision

    from portal.models import StoryPage

_INSTANT: ContextVar[datetime | None] = ContextVar("instant", default=None)


@contextmanager
def releasing(instant: datetime) -> Iterator[None]:
    """Let the items published inside go out, all of them at this instant."""
    token = _INSTANT.set(instant)
    try:
        yield
    finally:
        _INSTANT.reset(token)


def instant() -> datetime | None:
    """Return the one moment at which a bundle is being released just now, if one is."""
    return _INSTANT.get()


def go_live_time(page: "StoryPage", now: datetime) -> datetime | None:
    """Return when a version of the page may go live.

    Wagtail asks the version itself on every way to publish, so what stands here holds for all of
    them. An item of an open bundle waits for ever: the release is what lets it go, and the release
    overrides the item's own time, but not its embargo.
    """
    own = timing.own_time(page.go_live_at)
    if instant() is not None:
        return timing.not_before(None, page.embargo_until, now)
    if BundleItem.objects.holds(page.pk):
        return timing.FAR
    return timing.not_before(own, page.embargo_until, now)


def require_bundle(revision: "Revision") -> None:
    """Make sure, under its lock, that the bundle a version is to wait for has not just gone out.

    Raises ``RefusedError``: otherwise the version would wait for ever.
    """
    if revision.approved_go_live_at is None or revision.approved_go_live_at < timing.FAR:
        return
    held = Bundle.objects.open().filter(items__page=revision.object_id, items__is_open=True)
    if not list(held.select_for_update(of=("self",)).values_list("pk", flat=True)):
        raise RefusedError(
            _("The bundle of this item was released or cancelled just now. Please try again.")
        )
