"""Background tasks that were put down for the other engine: taken over when the setting changes.

While processes of both settings run side by side, each round takes over what the others put down.
"""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django_tasks.base import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from config.pool.background import arguments
from config.pool.queues import APP, RUN, TASKS, jobs, manager, put

AT_ONCE = 200  # a round; the clock has other things to do
SILENT = timedelta(seconds=30)


def adopt(now: datetime) -> int:
    """Move waiting background tasks to the engine that is set. Returns how many."""
    if not apps.is_installed(APP):
        return 0  # SQLite has one engine
    return into_pool() if settings.ENGINE == "procrastinate" else out_of_pool(now)


def into_pool() -> int:
    """Make jobs of the tasks that no other engine has begun."""
    moved = 0
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    for pk in waiting.values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            row = waiting.filter(pk=pk).select_for_update(skip_locked=True).first()
            if row is None:
                continue
            held = arguments(row.task_path, row.args_kwargs["args"], row.args_kwargs["kwargs"])
            run_after = None if row.run_after == get_date_max() else row.run_after
            put(RUN, TASKS, held, priority=row.priority, run_after=run_after)
            row.delete()
            moved += 1
    return moved


def out_of_pool(now: datetime) -> int:
    """Give jobs of the pool, also those whose worker vanished, to the database's own queue."""
    moved = 0
    for job in left_in_pool(now)[:AT_ONCE]:
        with transaction.atomic():
            if job.status == "doing":
                manager().retry_job_by_id(job.pk, retry_at=now)
            if manager().cancel_job_by_id(job.pk, delete_job=True):
                held = {name: job.args[name] for name in ("args", "kwargs")}
                DBTaskResult.objects.create(
                    task_path=job.args["path"], args_kwargs=held, priority=job.priority,
                    run_after=job.scheduled_at or get_date_max(),
                    backend_name=DEFAULT_TASK_BACKEND_ALIAS,
                )  # fmt: skip
                moved += 1
    return moved


def left_in_pool(now: datetime) -> QuerySet[Any]:
    vanished = Q(worker=None) | Q(worker__last_heartbeat__lt=now - SILENT)
    left = Q(status="todo") | Q(vanished, status="doing")
    return jobs().filter(left, queue_name=TASKS).order_by("pk")
