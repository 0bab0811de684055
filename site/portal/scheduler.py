"""Publishes what is scheduled and takes off what has expired, each page by itself.

In place of Wagtail's ``publish_scheduled``, where one page that fails leaves itself live, without
deliveries, and all the others waiting.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from wagtail.models import Page, Revision

from core.connections import reconnect_if_broken
from core.throttle import Limit
from portal.stories import prepare_pictures

logger = logging.getLogger(__name__)

TOLD = Limit("schedule", most=1, seconds=300)


def run(now: datetime) -> int:
    """Do everything that is due. Returns how many pages changed."""
    due = list(
        Revision.page_revisions.filter(approved_go_live_at__lte=now)
        .order_by("approved_go_live_at", "pk")
        .values_list("pk", flat=True)
    )
    expired = list(
        Page.objects.filter(live=True, expire_at__lte=now)
        .order_by("expire_at", "pk")
        .values_list("pk", flat=True)
    )
    return sum(alone(expire, pk, now) for pk in expired) + sum(
        alone(go_live, pk, now) for pk in due
    )


def alone(job: Callable[[int, datetime], bool], pk: int, now: datetime) -> bool:
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
    """Publish a scheduled revision. Returns whether it was still due."""
    prepare_pictures(Revision.objects.get(pk=pk).as_object())
    with transaction.atomic():
        still_due = Revision.objects.select_for_update().filter(approved_go_live_at__lte=now)
        revision = still_due.filter(pk=pk).first()
        if revision is None:
            return False
        revision.publish(log_action="wagtail.publish.scheduled")
        return True


def expire(pk: int, now: datetime) -> bool:
    """Take an expired page off. Returns whether it was still live."""
    with transaction.atomic():
        still_live = Page.objects.select_for_update().filter(live=True, expire_at__lte=now)
        page = still_live.filter(pk=pk).first()
        if page is None:
            return False
        page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        return True
