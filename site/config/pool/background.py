"""Wagtail's own background tasks (search, use of pictures, files) as jobs of the pool."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import SuspiciousOperation
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskContext, TaskError, TaskResult, TaskResultStatus
from django_tasks.signals import task_enqueued, task_finished, task_started
from django_tasks.utils import get_exception_traceback, get_module_path, normalize_json

from config.pool.queues import APP, RUN, TASKS, put


class PoolBackend(BaseTaskBackend):
    """A backend of Django Tasks over procrastinate. Results are not kept: nobody reads them.

    The job is written with the rows it is about: both are there after the commit, or neither.
    """

    supports_async_task = True
    supports_defer = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        job = put(RUN, TASKS, arguments(task.module_path, args, kwargs),
                  priority=task.priority, run_after=task.run_after)  # fmt: skip
        waiting = result_of(task, job, args, kwargs, enqueued_at=timezone.now())
        task_enqueued.send(type(self), task_result=waiting)
        return waiting

    def check(self, **kwargs: Any) -> Iterable[checks.CheckMessage]:
        if not apps.is_installed(APP):
            yield checks.Error(f"Background tasks need {APP} in INSTALLED_APPS.", id="config.E001")


def arguments(path: str, args: Any, kwargs: Any) -> dict[str, Any]:
    """Return what a job must hold of a task."""
    return {"path": path, "args": normalize_json(list(args)), "kwargs": normalize_json(kwargs)}


def result_of(task: Task[Any, Any], job: int, args: Any, kwargs: Any, **values: Any) -> Any:
    """Return the record of a task that listeners are told of."""
    empty: dict[str, Any] = {"enqueued_at": None, "started_at": None, "last_attempted_at": None,
                             "finished_at": None, "errors": [], "worker_ids": []}  # fmt: skip
    return TaskResult(
        task=task, id=str(job), args=args, kwargs=kwargs, backend=task.backend,
        **({"status": TaskResultStatus.READY} | empty | values),
    )  # fmt: skip


def run(job: int, worker: str, path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Carry out a task. Raises whatever it raises, after telling the listeners."""
    task = import_string(path)
    if not isinstance(task, Task):
        raise SuspiciousOperation(f"{path} is no background task")
    began = timezone.now()
    known = {"started_at": began, "last_attempted_at": began, "worker_ids": [worker]}
    running = result_of(task, job, args, kwargs, status=TaskResultStatus.RUNNING, **known)
    backend = type(task.get_backend())
    task_started.send(backend, task_result=running)
    try:
        task.call(*([TaskContext(task_result=running)] if task.takes_context else []),
                  *running.args, **running.kwargs)  # fmt: skip
    except Exception as error:
        trace = TaskError(exception_class_path=get_module_path(type(error)),
                          traceback=get_exception_traceback(error))  # fmt: skip
        ended = {"status": TaskResultStatus.FAILED, "errors": [trace]}
        raise
    else:
        ended = {"status": TaskResultStatus.SUCCESSFUL}
    finally:
        known["finished_at"] = timezone.now()
        finished = result_of(task, job, args, kwargs, **known, **ended)
        task_finished.send(backend, task_result=finished)
