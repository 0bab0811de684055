"""Background tasks whose worker was killed, and those that ended long ago."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from channels import heartbeat
from config import alone, clock, tasks

pytestmark = pytest.mark.django_db
DONE: list[int] = []


@task()
def remember(number: int) -> None:
    DONE.append(number)


def row(
    worker: str, *, ago: int = 600, status: Any = TaskResultStatus.RUNNING, **values: Any
) -> Any:
    """Return a task as a worker left it so many seconds ago."""
    moment = timezone.now() - timedelta(seconds=ago)
    known = {"task_path": f"{__name__}.remember", "backend_name": "default",
             "args_kwargs": {"args": [1], "kwargs": {}}, "run_after": get_date_max(),
             "worker_ids": [worker], "started_at": moment}  # fmt: skip
    if status != TaskResultStatus.RUNNING:
        known["finished_at"] = moment
    return DBTaskResult.objects.create(status=status, **known | values)


def status(found: Any) -> str:
    found.refresh_from_db()
    return str(found.status)


def test_what_a_vanished_worker_did_is_done_again() -> None:
    left = row("worker@may-1:77")
    assert tasks.tend(timezone.now()) == 1
    assert status(left) == "READY"
    assert left.started_at is None
    assert tasks.tend(timezone.now()) == 0  # one look a minute


@pytest.mark.parametrize(
    ("worker", "ago"),
    [("worker@may-1:1", 600), ("worker@may-2:2", 30), ("db_worker-tay", 3600)],
    ids=["at work", "just begun", "not ours"],
)
def test_who_may_be_at_work_keeps_its_task(
    worker: str, ago: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "this_worker", lambda: "worker@may-1:1")
    heartbeat.be_present(timezone.now())
    left = row(worker, ago=ago)
    assert tasks.recover(timezone.now()) == 0
    assert status(left) == "RUNNING"


def test_a_stranger_is_given_a_day() -> None:
    left = row("db_worker-tay", ago=90_000)
    assert tasks.recover(timezone.now()) == 1
    assert status(left) == "READY"


def test_a_task_that_brings_its_workers_down_is_given_up() -> None:
    left = row("", worker_ids=[f"worker@may:{number}" for number in range(tasks.TRIES)])
    assert tasks.recover(timezone.now()) == 1
    assert status(left) == "FAILED"
    assert "5 times" in left.traceback
    assert left.task_result.errors  # the row can be read as ever


def test_one_that_ended_meanwhile_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    left = row("worker@may-1:77")
    stale = DBTaskResult.objects.get()
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
    assert tasks._give_back(stale, timezone.now()) == 0
    assert status(left) == "SUCCESSFUL"


def test_old_ones_are_forgotten() -> None:
    day, week = 86_400, 7 * 86_400
    kept = [
        row("w", ago=day - 60, status=TaskResultStatus.SUCCESSFUL),
        row("w", ago=week - 60, status=TaskResultStatus.FAILED),
        row("w", ago=9 * week, status=TaskResultStatus.READY),
    ]
    row("w", ago=day + 60, status=TaskResultStatus.SUCCESSFUL)
    row("w", ago=week + 60, status=TaskResultStatus.FAILED)
    assert tasks.prune(timezone.now()) == 2
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == {one.pk for one in kept}
    assert tasks.tend in clock.JOBS


def test_a_worker_begins_with_what_one_of_its_name_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container, where each has number 1: its name is present, and the task is not its."""
    monkeypatch.setattr(heartbeat, "this_worker", lambda: "worker@hop:1")
    heartbeat.be_present(timezone.now())
    left, other = row("worker@hop:1", ago=3), row("worker@khac:1", ago=3)
    DONE.clear()
    background = alone.BackgroundTasks()

    class Once(alone.TasksWorker):  # type: ignore[misc]
        """Works off what is there, and tells the thread to end."""

        def run(self) -> None:
            self.batch = True
            super().run()
            background.stop()

    monkeypatch.setattr(alone, "TasksWorker", Once)
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", int)
    background.run()
    assert DONE == [1]
    assert (status(left), status(other)) == ("SUCCESSFUL", "RUNNING")
    assert left.worker_ids == ["worker@hop:1", "worker@hop:1"]
