"""Publishes what is scheduled and takes off what has expired, each page or bundle by itself.

In place of Wagtail's ``publish_scheduled``, where one page that fails leaves itself live, without
deliveries, and all the others waiting. After hours without a clock everything that is late goes
out at once, in the order of its times.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from wagtail.models import Page, Revision

from core.connections import reconnect_if_broken
from core.throttle import Limit
from portal.bundles import release as bundles
from portal.models.bundles import Bundle, BundleItem
from portal.stories import prepare_pictures

logger = logging.getLogger(__name__)

TOLD = Limit("schedule", most=1, seconds=300)

Job = Callable[[int, datetime], bool]


def run(now: datetime) -> int:
    """Do everything that is due. Returns how many pages and bundles changed."""
    expired = list(
        Page.objects.filter(live=True, expire_at__lte=now)
        .order_by("expire_at", "pk")
        .values_list("pk", flat=True)
    )
    return sum(alone(expire, pk, now) for pk in expired) + sum(
        alone(job, pk, now) for job, pk in due(now)
    )


def due(now: datetime) -> list[tuple[Job, int]]:
    """Return what should go out by now, the longest overdue first."""
    pages = (
        Revision.page_revisions.filter(approved_go_live_at__lte=now)
        .exclude(object_id__in=held_pages())
        .values_list("approved_go_live_at", "pk")
    )
    released = Bundle.objects.due(now).values_list("release_at", "pk")
    found: list[tuple[datetime, int, Job, int]] = [(at, 0, go_live, pk) for at, pk in pages if at]
    found += [(at, 1, release, pk) for at, pk in released if at]
    found.sort(key=lambda each: (each[0], each[1], each[3]))
    return [(job, pk) for _at, _kind, job, pk in found]


def held_pages() -> list[str]:
    """Return the ids, as revisions write them, of the pages that wait for a bundle."""
    return [str(pk) for pk in BundleItem.objects.open().values_list("page", flat=True)]


def alone(job: Job, pk: int, now: datetime) -> bool:
    """Run one page's job in one transaction. A failure is logged, and tried again next time."""
    try:
        return job(pk, now)
    except Exception:
        what = f"{job.__name__}:{pk}"
        if not TOLD.reached(what):  # the clock comes round every few seconds
            TOLD.count(what)
            logger.exception("Scheduled %s of %s failed", job.__name__, pk)
        reconnect_if_broken()
        return False


def go_live(pk: int, now: datetime) -> bool:
    """Publish a scheduled revision. Returns whether it was still due.

    One that expired while no clock was running is not shown for a moment first.
    """
    version = Revision.objects.get(pk=pk).as_object()
    prepare_pictures(version)
    with transaction.atomic():
        still_due = Revision.objects.select_for_update().filter(approved_go_live_at__lte=now)
        revision = still_due.filter(pk=pk).first()
        if revision is None:
            return False
        if version.expire_at and version.expire_at <= now:
            pass_over(revision)
        else:
            revision.publish(log_action="wagtail.publish.scheduled")
        return True


def pass_over(revision: Revision) -> None:
    """Leave out a version whose time is over already, and let what stands expire."""
    Page.objects.filter(pk=revision.object_id, live=False).update(expired=True)
    Page.objects.filter(pk=revision.object_id, live=True).update(
        expire_at=revision.as_object().expire_at
    )
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])


def expire(pk: int, now: datetime) -> bool:
    """Take an expired page off. Returns whether it was still live."""
    with transaction.atomic():
        still_live = Page.objects.select_for_update().filter(live=True, expire_at__lte=now)
        page = still_live.filter(pk=pk).first()
        if page is None:
            return False
        page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        return True


def release(pk: int, now: datetime) -> bool:
    """Release a bundle. Returns whether it went out; if not, it says why from now on."""
    try:
        return bundles.release(pk, now)
    except bundles.NotReleased as refusal:
        if bundles.note(pk, str(refusal)):
            logger.warning("Bundle %s was not released: %s", pk, refusal)
        return False
