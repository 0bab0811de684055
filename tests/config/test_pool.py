"""The pool on PostgreSQL: who is called when, background tasks, and changing the engine."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.conf import LazySettings
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks.signals import task_finished, task_started
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from channels import delivery, heartbeat, outbox
from channels.contract import TemporaryError
from channels.feeds.models import HubNotice
from channels.models import Delivery, State
from channels.testing import MemoryAdapter
from config.pool import adopting, background
from config.pool.background import PoolBackend
from config.pool.passes import Pass
from config.pool.queues import APP, DELIVER, RUN, TASKS, call_a_worker, put
from tests import factories
from tests.channels.hub_server import hub_server
from tests.channels.parts import in_three_parts

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not apps.is_installed(APP), reason="the pool needs PostgreSQL"),
]
DONE: list[tuple[Any, ...]] = []


@task()
def note(*words: str, loud: bool = False) -> str:
    DONE.append((*words, loud))
    if "stumble" in words:
        raise ValueError("stumbled")
    return "noted"


@pytest.fixture(autouse=True)
def pool(settings: LazySettings) -> None:
    settings.ENGINE = "procrastinate"
    settings.TASKS = {"default": {"BACKEND": "config.pool.background.PoolBackend"}}
    DONE.clear()


def jobs(**wanted: Any) -> Any:
    return apps.get_model("procrastinate", "ProcrastinateJob").objects.filter(**wanted)


def worker_that_fell_silent(job: int, seconds: int = 60) -> None:
    """Give the job to a worker that was last heard of so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - %s * interval '1 second') RETURNING id) "
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = gone.id FROM gone "
            "WHERE procrastinate_jobs.id = %s",
            [seconds, job],
        )


def publish(*slugs: str) -> None:
    for slug in slugs:
        factories.channel(slug, "memory")
    with transaction.atomic():
        outbox.publish(factories.story())


def test_one_worker_is_called_when_deliveries_are_committed(
    memory: object, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        publish("a", "b", "c")
    assert callbacks.count(call_a_worker) == 1
    assert jobs(task_name=DELIVER, status="todo").count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        publish("d")
    assert jobs(task_name=DELIVER).count() == 1  # one that waits is enough


def test_another_worker_may_be_called_while_one_is_at_work() -> None:
    call_a_worker()
    worker_that_fell_silent(jobs(task_name=DELIVER).get().pk, seconds=0)
    call_a_worker()
    assert sorted(jobs(task_name=DELIVER).values_list("status", flat=True)) == ["doing", "todo"]


def test_a_person_who_sends_again_calls_a_worker(
    room: Any, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.ENGINE = "outbox"
    publish()
    Delivery.objects.update(state=State.FAILED)
    settings.ENGINE = "procrastinate"
    with django_capture_on_commit_callbacks() as callbacks:
        delivery.send_again(Delivery.objects.get(), user=None)
    assert call_a_worker in callbacks


def test_nobody_is_called_for_what_is_rolled_back_or_where_one_worker_polls(
    room: Any, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        with transaction.atomic():
            outbox.publish(factories.story())
            transaction.set_rollback(True)
        settings.ENGINE = "outbox"
        publish()
    assert call_a_worker not in callbacks


def test_every_round_of_the_clock_calls_a_worker() -> None:
    from config.pool.jobs import go_round  # noqa: PLC0415 - only where the pool is installed

    go_round()
    go_round()
    assert heartbeat.last_seen() is not None
    assert jobs(task_name=DELIVER).count() == 1


def test_a_pass_stays_while_something_is_due_and_ends_when_nothing_is(room: Any) -> None:
    publish()
    assert not async_to_sync(Pass().is_idle)()
    async_to_sync(Pass().run_until_idle)()
    assert Delivery.objects.get().state == State.DELIVERED
    assert jobs(task_name=DELIVER).count() == 1  # who finds work calls for help
    jobs_before = jobs().count()
    async_to_sync(Pass().run_until_idle)()
    assert jobs().count() == jobs_before


def test_a_delivery_of_several_parts_goes_on_with_the_next_worker(
    room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker is told to stop during the second part of three, as when all are started anew."""
    from config.pool.crew import Crew  # noqa: PLC0415 - only where the pool is installed
    from config.pool.jobs import deliver  # noqa: PLC0415

    in_three_parts(monkeypatch)
    leaving, coming = Crew(()), Crew(())

    async def leave() -> None:
        leaving.stop()

    MemoryAdapter.faults[:] = [None, leave]
    publish()
    async_to_sync(deliver.func)(SimpleNamespace(additional_context={"crew": leaving}))
    row = Delivery.objects.get()
    assert (row.state, row.receipt["details"]["parts"]) == (State.PENDING, 2)
    assert jobs(task_name=DELIVER, status="todo").count() == 1  # another one is called
    async_to_sync(deliver.func)(SimpleNamespace(additional_context={"crew": coming}))
    row.refresh_from_db()
    assert (row.state, row.receipt["details"]["parts"]) == (State.DELIVERED, 3)
    assert [name for name, _message in MemoryAdapter.calls] == ["send", "update", "update"]
    assert [one.outcome for one in row.attempts.all()] == ["pending", "pending", "delivered"]


@pytest.mark.parametrize("place", [1, 2])
def test_a_part_that_failed_is_made_good_by_another_worker(
    room: Any, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    in_three_parts(monkeypatch)
    MemoryAdapter.faults[:] = [None] * place + [TemporaryError("away")]
    publish()
    async_to_sync(Pass().run_until_idle)()
    row = Delivery.objects.get()
    assert (row.state, row.receipt["details"]["parts"]) == (State.PENDING, place)
    Delivery.objects.update(due_at=timezone.now())
    async_to_sync(Pass().run_until_idle)()
    row.refresh_from_db()
    assert (row.state, row.receipt["details"]["parts"]) == (State.DELIVERED, 3)
    assert [name for name, _message in MemoryAdapter.calls].count("send") == 1


def test_a_hub_is_told_though_no_delivery_is_due() -> None:
    from config.pool.jobs import go_round  # noqa: PLC0415 - only where the pool is installed

    with hub_server() as hub:
        factories.channel("tin", "feed", options={"limit": 20, "hubs": [hub.address]})
        with transaction.atomic():
            outbox.publish(factories.story())
        assert not Delivery.objects.due(timezone.now()).exists()
        go_round()
        assert jobs(task_name=DELIVER, status="todo").count() == 1
        async_to_sync(Pass().run_until_idle)()
        assert hub.complaints == []
    notice = HubNotice.objects.get()
    assert (notice.is_waiting, notice.failure) == (False, "")


def test_the_rounds_of_the_pool_are_those_of_the_clock(settings: LazySettings) -> None:
    from config.pool import jobs as pool_jobs  # noqa: PLC0415

    rounds = {
        periodic.task.name: periodic.cron
        for periodic in pool_jobs.app.periodic_registry.periodic_tasks.values()
    }
    assert rounds["nhipcau.tick"] == f"*/{settings.CLOCK_SECONDS} * * * * *"


def test_a_background_task_is_there_with_the_rows_it_is_about() -> None:
    backend = PoolBackend("default", {})
    with transaction.atomic():
        backend.enqueue(note, ["a"], {})
        transaction.set_rollback(True)
    assert not jobs().exists()
    later = timezone.now() + timedelta(hours=1)
    result = backend.enqueue(note.using(run_after=later), ["b"], {"loud": True})
    job = jobs(pk=result.id, queue_name=TASKS, scheduled_at=later).get()
    background.run(job.pk, "here", **job.args)
    assert DONE == [("b", True)]


def test_listeners_are_told_how_a_background_task_ended() -> None:
    heard: list[str] = []

    def listen(task_result: Any, **_others: Any) -> None:
        heard.append(task_result.status)

    task_started.connect(listen)
    task_finished.connect(listen)
    try:
        background.run(1, "here", note.module_path, [], {})
        with pytest.raises(ValueError, match="stumbled"):
            background.run(2, "here", note.module_path, ["stumble"], {})
    finally:
        task_started.disconnect(listen)
        task_finished.disconnect(listen)
    running, good, bad = (TaskResultStatus[name] for name in ("RUNNING", "SUCCESSFUL", "FAILED"))
    assert heard == [running, good, running, bad]


def test_tasks_that_wait_change_over_with_the_engine(settings: LazySettings) -> None:
    later = timezone.now() + timedelta(hours=1)
    alone = DatabaseBackend("default", {})
    alone.enqueue(note, ["a"], {"loud": True})
    alone.enqueue(note.using(run_after=later, priority=5), ["b"], {})
    assert adopting.adopt(timezone.now()) == 2
    assert not DBTaskResult.objects.exists()
    held = jobs(task_name=RUN).values_list("args__args__0", "priority", "scheduled_at")
    assert set(held) == {("a", 0, None), ("b", 5, later)}

    settings.ENGINE = "outbox"
    assert adopting.adopt(timezone.now()) == 2
    assert not jobs(task_name=RUN).exists()
    rows = {row.args_kwargs["args"][0]: row for row in DBTaskResult.objects.all()}
    assert rows["a"].args_kwargs["kwargs"] == {"loud": True}
    assert list(DBTaskResult.objects.ready()) == [rows["a"]]
    assert (rows["b"].run_after, rows["b"].priority) == (later, 5)
    assert adopting.adopt(timezone.now()) == 0


def test_a_task_of_a_vanished_worker_changes_over_and_one_at_work_does_not(
    settings: LazySettings,
) -> None:
    held = background.arguments(note.module_path, ["a"], {})
    worker_that_fell_silent(put(RUN, TASKS, held))
    worker_that_fell_silent(put(RUN, TASKS, held), seconds=5)
    settings.ENGINE = "outbox"
    assert adopting.adopt(timezone.now()) == 1
    assert jobs(status="doing").count() == 1


def test_only_background_tasks_of_vanished_workers_are_done_again() -> None:
    from config.pool import jobs as pool_jobs  # noqa: PLC0415

    call_a_worker()
    held = background.arguments(note.module_path, [], {})
    lost, poison = put(RUN, TASKS, held), put(RUN, TASKS, held)
    for job in jobs():
        worker_that_fell_silent(job.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s",
                       [pool_jobs.TRIES, poison])  # fmt: skip
    context: Any = SimpleNamespace(app=pool_jobs.app)
    async_to_sync(pool_jobs.rescue.func)(context, timestamp=0)
    assert set(jobs().values_list("pk", "status")) == {(lost, "todo"), (poison, "failed")}
