"""The queues of the pool, and how something is put into one.

Jobs are written over Django's own connection: inside a transaction they are there once it commits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

APP = "procrastinate.contrib.django"  # in INSTALLED_APPS on PostgreSQL, whatever engine is chosen

DELIVERIES = "deliveries"
CLOCK = "clock"
TASKS = "tasks"  # Wagtail's
QUEUES = (DELIVERIES, CLOCK, TASKS)

DELIVER = "nhipcau.deliver"
RUN = "nhipcau.run"


def manager() -> JobManager:
    """Return access to jobs over this thread's Django connection, within its transaction."""
    return JobManager(DjangoConnector())


def jobs() -> QuerySet[Any]:
    """Return the jobs as rows, to be read; procrastinate's functions change them."""
    label, name = "procrastinate", "ProcrastinateJob"  # no model where the app is not installed
    return apps.get_model(label, name)._default_manager.all()


def put(
    name: str,
    queue: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    priority: int = 0,
    run_after: datetime | None = None,
) -> int:
    """Put a job into a queue. Returns its number."""
    deferrer = configure_task(
        name=name,
        job_manager=manager(),
        queue=queue,
        priority=priority,
        schedule_at=run_after,
        task_kwargs=dict(arguments or {}),
    )
    return deferrer.defer()


def call_a_worker() -> None:
    """Let a worker that is free look at the outbox. Does nothing when one is called already."""
    if jobs().filter(queueing_lock=DELIVER, status="todo").exists():
        return  # a conflict each time would fill the database's log
    deferrer = configure_task(
        name=DELIVER, job_manager=manager(), queue=DELIVERIES, queueing_lock=DELIVER
    )
    try:
        with transaction.atomic():
            deferrer.defer()
    except AlreadyEnqueued:  # somebody was faster
        return
