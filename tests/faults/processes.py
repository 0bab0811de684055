"""Databases, receivers and workers as processes, for the fault runs and the measurements."""

import contextlib
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import databases
from tests.faults import clock

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "123456:kill-test-token-of-the-sandbox-0000"
LEASE, TIMEOUT = 6, 4  # seconds; short, so that a run need not wait for long
RECEIVER = str(Path(__file__).with_name("receiver.py"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def database(folder: str) -> Iterator[str]:
    """Give the address of a database: SQLite, or on PROCESS_DATABASE_URL's server.

    It is a copy of a migrated one if the suite keeps one, else empty: see ``set_up``.
    """
    server = os.environ.get("PROCESS_DATABASE_URL")
    if not server:
        file = Path(folder) / "faults.sqlite3"
        if (copy := databases.FOLDER / f"{databases.digest()}.sqlite3").exists():
            shutil.copy(copy, file)
        yield f"sqlite:///{file}"
        return
    name = f"faults_{os.getpid()}_{random.randrange(10**6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        template = f"nhipcau_template_{databases.digest()}"
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        copied = f' TEMPLATE "{template}"' if found.fetchone() else ""
        connection.execute(f'CREATE DATABASE "{name}"{copied}')
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def keep_copy() -> None:
    """Let the next run begin with a copy of what this one had to migrate."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "sqlite":
        databases.FOLDER.mkdir(parents=True, exist_ok=True)
        file = databases.FOLDER / f"{databases.digest()}.sqlite3"
        part = file.with_suffix(f".{os.getpid()}")
        with contextlib.closing(sqlite3.connect(part)) as stored:
            connection.ensure_connection()
            connection.connection.backup(stored)
        part.rename(file)
        return
    name = connection.settings_dict["NAME"]
    connection.close()
    with psycopg.connect(os.environ["PROCESS_DATABASE_URL"], autocommit=True) as server:
        template = f"nhipcau_template_{databases.digest()}"
        with contextlib.suppress(psycopg.errors.DuplicateDatabase):
            server.execute(f'CREATE DATABASE "{template}" TEMPLATE "{name}"')


def environment(folder: str, url: str, port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "VAR_DIR": folder,
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
        "TELEGRAM_API_URL": f"http://127.0.0.1:{port}/sandbox/telegram",
        "DELIVERY_TIMEOUT_SECONDS": str(TIMEOUT),
        "DELIVERY_LEASE_SECONDS": str(LEASE),
    }


def set_up(**values: str) -> None:
    """Start Django in this process, on a database that it fills with our tables if it is empty."""
    os.environ |= values
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    import django  # noqa: PLC0415 - needs the environment above

    clock.install()
    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    settings.DEBUG = False  # as in production: no list of queries is kept
    if "channels_delivery" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
        keep_copy()


@contextlib.contextmanager
def receiver(seconds: float, record: str = "") -> Iterator[str]:
    """Give the address of a receiver that answers after so many seconds."""
    port = free_port()
    command = [sys.executable, RECEIVER, str(port), str(seconds), *([record] if record else [])]
    process = subprocess.Popen(command)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2):
            return
        time.sleep(0.05)
    raise SystemExit("The receiver does not answer")


def fork(work: Callable[[], Any]) -> int:
    """Run the function in a process of its own and return its id.

    A fork of this one, which has everything loaded: a worker that is killed is there again at once.
    """
    from django.db import connections  # noqa: PLC0415 - after ``set_up``

    connections.close_all()  # no two processes share one
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - nothing of the parent may run in the child
        os._exit(1)


def worker() -> None:
    """Be a worker until told to stop."""
    import logging  # noqa: PLC0415

    from django.core.management import call_command  # noqa: PLC0415

    logging.disable(logging.NOTSET if os.environ.get("LOUD") else logging.CRITICAL)
    with open(os.devnull, "w") as nowhere:
        call_command("worker", "--no-tasks", stdout=nowhere)


def end(pid: int, number: int = signal.SIGTERM) -> None:
    """Send the signal to a process of ours and wait until it is gone."""
    os.kill(pid, number)
    os.waitpid(pid, 0)


def channels(address: str, number: int, *, hanging: int = 0) -> None:
    """Write that many web hooks, each to an address of its own; the last ones hang."""
    from channels.models import Channel  # noqa: PLC0415
    from core.crypto import encrypt  # noqa: PLC0415

    secret = encrypt("khoa:" + "mot-bi-mat-du-dai-cho-hmac-sha256-0123456789")
    kinds = ["hang" if n >= number - hanging else "to" for n in range(number)]
    Channel.objects.bulk_create(
        Channel(
            name=f"Nơi nhận {n}", slug=f"{kind}-{n}", kind="webhook", is_active=True, secret=secret,
            options={"address": f"{address}/{kind}/{n}", "per_minute": 600},
        )
        for n, kind in enumerate(kinds)
    )  # fmt: skip


def publish(number: int, **values: Any) -> list[Any]:
    """Publish that many stories to every channel. Returns the stories."""
    from django.db import transaction  # noqa: PLC0415

    from channels import outbox  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    stories = [factories.story(title=f"Tin thử số {n}", **values) for n in range(number)]
    for story in stories:
        with transaction.atomic():
            outbox.publish(story)
    return stories
