"""What the clock does for the office: reminds, once, of steps and releases that are late."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from wagtail.models import Revision, TaskState

from editorial.models import Notice, ReviewTask
from editorial.review import telling
from portal.missed import GRACE
from portal.models import StoryPage

EVERY = 30  # seconds; the clock itself comes round every two


def run(now: datetime) -> int:
    """Tell people what is late by ``now``. Returns how many were told."""
    if not cache.add("editorial.review.clock", now, EVERY):
        return 0
    return remind_of_steps(now) + tell_of_missed(now)


def remind_of_steps(now: datetime) -> int:
    told = 0
    for state, deadline in overdue_steps(now):
        if not Notice.objects.filter(about=f"overdue:{state.pk}").exists():
            with transaction.atomic():
                told += telling.of_overdue(state, deadline)
    return told


def overdue_steps(now: datetime) -> Iterator[tuple[TaskState, datetime]]:
    """Yield the steps that should be done by now, with their deadline."""
    for task in ReviewTask.objects.filter(hours__isnull=False, active=True):
        waiting = TaskState.objects.filter(task=task, status=TaskState.STATUS_IN_PROGRESS)
        late = waiting.filter(started_at__lt=now - timedelta(hours=task.hours or 0))
        for state in late.select_related("task", "workflow_state").order_by("started_at", "pk"):
            yield state, state.started_at + timedelta(hours=task.hours or 0)


def overdue_count(now: datetime) -> int:
    """Return how many steps are late."""
    return sum(1 for _ in overdue_steps(now))


def tell_of_missed(now: datetime) -> int:
    """Tell of approved versions whose time passed without their going out."""
    told = 0
    late = Revision.page_revisions.filter(approved_go_live_at__lt=now - GRACE)
    for revision in late.order_by("approved_go_live_at", "pk"):
        about = f"missed:{revision.pk}"
        page = revision.content_object.specific
        if isinstance(page, StoryPage) and not Notice.objects.filter(about=about).exists():
            with transaction.atomic():
                told += telling.of_missed(page, revision.approved_go_live_at, about)
    return told
