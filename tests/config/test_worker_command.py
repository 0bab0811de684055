"""``manage.py worker`` as a process: it starts, and it ends when it is told to."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django_tasks import task

ROOT = Path(__file__).resolve().parents[2]
TASKS = "django_tasks_database_dbtaskresult"
MODULE = "tests.config.test_worker_command"
pytestmark = pytest.mark.processes


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An empty database of its own, ready for use."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{tmp_path}/worker.sqlite3",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return environment


@contextmanager
def working(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a worker, from when it said it is ready."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    with process:
        until(process, "Worker ready")
        yield process
        process.kill()


def until(process: subprocess.Popen[str], words: str) -> None:
    """Read what the process says until it says this."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return
    raise AssertionError("".join(said))


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A worker that said it is ready."""
    with working(environment) as process:
        yield process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_when_it_is_told_to(
    worker: subprocess.Popen[str], number: signal.Signals
) -> None:
    worker.send_signal(number)
    rest, _ = worker.communicate(timeout=30)
    assert worker.returncode == 0, rest
    assert "Traceback" not in rest


@task()
def hang() -> None:
    """Never ends by itself."""
    print("Task begun", flush=True)
    threading.Event().wait()


def test_a_task_whose_worker_was_killed_is_done_again(environment: dict[str, str]) -> None:
    database = environment["DATABASE_URL"].removeprefix("sqlite:///")
    values = {"id": uuid4().hex, "status": "READY", "enqueued_at": "2026-01-01", "priority": 0,
              "args_kwargs": '{"args": [], "kwargs": {}}', "queue_name": "default",
              "task_path": f"{MODULE}.hang", "worker_ids": "[]", "backend_name": "default",
              "run_after": "9999-01-01 00:00:00", "exception_class_path": "", "traceback": "",
              "return_value": "null"}  # fmt: skip

    def write(statement: str, *values: Any) -> None:
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute(statement, values)

    names, marks = ", ".join(values), ", ".join("?" * len(values))
    write(f"INSERT INTO {TASKS} ({names}) VALUES ({marks})", *values.values())  # noqa: S608
    with working(environment) as process:
        until(process, "Task begun")
        process.send_signal(signal.SIGKILL)
    write("UPDATE channels_heartbeat SET beat_at = ?", "2026-01-01 00:00:00")  # long ago
    write(f"UPDATE {TASKS} SET started_at = ?", "2026-01-01 00:00:00")  # noqa: S608
    with working(environment) as process:
        until(process, "Task begun")
