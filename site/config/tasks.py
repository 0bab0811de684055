"""Rows of django-tasks-db that its own worker leaves behind: tended to by our clock.

A task whose worker was killed would stay "running" for ever, and finished ones would pile up.
Every background task here may be done again: of Wagtail they are indexes and files, ours are mails
and rehearsals, and a mail that comes twice costs less than one that never comes.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from channels import heartbeat

logger = logging.getLogger(__name__)

TRIES = 5  # as in the pool: a task that brings its worker down must not do so for ever
EVERY = timedelta(minutes=1)  # between two looks of a process; the clock comes round more often
STRANGE = timedelta(days=1)  # a worker that is not ours (``manage.py db_worker``) is given so long
KEPT = {TaskResultStatus.SUCCESSFUL: timedelta(days=1), TaskResultStatus.FAILED: timedelta(days=7)}
AT_ONCE = 1000
VANISHED = "config.tasks.WorkerVanished"


def tend(now: datetime) -> int:
    """Take tasks from workers that vanished and forget old ones, now and then.

    Returns how many rows were changed.
    """
    if not cache.add("config.tasks.tend", 1, EVERY.total_seconds()):
        return 0
    return recover(now) + prune(now)


def recover(now: datetime) -> int:
    """Queue what vanished workers were doing once more. Returns how many tasks."""
    present = set(heartbeat.present(now))

    def vanished(worker: str, started: datetime) -> bool:
        ours = worker.startswith(f"{heartbeat.WORKER}@")
        wait = heartbeat.SILENT if ours else STRANGE
        return worker not in present and started < now - wait

    return _take_from(vanished, now)


def reclaim(worker: str) -> int:
    """Queue what a process of this name left, which this one has just taken over.

    In a container every worker has the same number, so that its name alone does not tell.
    """
    return _take_from(lambda name, _started: name == worker, timezone.now())


def _take_from(gone: Callable[[str, datetime], bool], now: datetime) -> int:
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).order_by("started_at")
    taken = 0
    for row in running.only("worker_ids", "started_at", "task_path")[:AT_ONCE]:
        worker = row.worker_ids[-1] if row.worker_ids else ""
        if gone(worker, row.started_at or now):
            taken += _give_back(row, now)
    return taken


def _give_back(row: "DBTaskResult[Any, Any]", now: datetime) -> int:
    """Queue it again, or give it up after ``TRIES``; unless it ended, or somebody was faster."""
    same = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING,
                                       started_at=row.started_at)  # fmt: skip
    about = {"task": row.task_path, "tries": len(row.worker_ids)}
    if len(row.worker_ids) < TRIES:
        changed = same.update(status=TaskResultStatus.READY, started_at=None)
        if changed:
            logger.warning("A background task is done again: its worker vanished", extra=about)
        return changed
    changed = same.update(
        status=TaskResultStatus.FAILED,
        finished_at=now,
        exception_class_path=VANISHED,
        traceback=f"Its worker vanished {len(row.worker_ids)} times.",
    )
    if changed:
        logger.error("A background task is given up: its workers vanish", extra=about)
    return changed


def prune(now: datetime) -> int:
    """Delete what ended long ago. Returns how many rows."""
    old = Q()
    for status, kept in KEPT.items():
        old |= Q(status=status, finished_at__lt=now - kept)
    rows = DBTaskResult.objects.filter(old).order_by("finished_at").values_list("pk", flat=True)
    deleted, _of = DBTaskResult.objects.filter(pk__in=list(rows[:AT_ONCE])).delete()
    return deleted
