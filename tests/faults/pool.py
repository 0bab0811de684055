#!/usr/bin/env python
"""A pool of workers on PostgreSQL: shares the work, is killed, restarted and changed over.

    PROCESS_DATABASE_URL=postgres://… python tests/faults/pool.py

Real processes against a web hook receiver in this one. Prints what came of each scene as one line
of JSON; nothing is asserted here, tests/faults/test_pool.py does.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]

from tests import databases  # noqa: E402

CHANNELS = 6
ANSWER_SECONDS = 0.03
LIMIT_SECONDS = 120
WORKERS = 3


class Receiver(ThreadingHTTPServer):
    """Counts what arrives, by channel and key, after a moment."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.arrived: Counter[tuple[str, str]] = Counter()
        self.order: dict[str, list[str]] = {}
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, channel: str, key: str) -> None:
        with self.lock:
            self.arrived[channel, key] += 1
            self.order.setdefault(channel, []).append(key)


class Answer(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.take(self.path.strip("/"), self.headers["Idempotency-Key"])
        time.sleep(ANSWER_SECONDS)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def environment(folder: str, url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "VAR_DIR": folder,
        "ENGINE": "procrastinate",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
        "PYTHONUNBUFFERED": "1",
        "DELIVERY_TIMEOUT_SECONDS": "4",
        "DELIVERY_LEASE_SECONDS": "6",
    }


def start(engine: str = "procrastinate") -> subprocess.Popen[str]:
    """Start a worker process."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT, env=os.environ | {"ENGINE": engine}, text=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip


def ready(*workers: subprocess.Popen[str]) -> None:
    for worker in workers:
        assert worker.stdout is not None
        while "Worker ready" not in (line := worker.stdout.readline()):
            if not line:
                raise SystemExit("A worker did not start")


def end(*workers: subprocess.Popen[str]) -> list[int]:
    """Tell the workers to stop. Returns how they ended; 0 is well."""
    for worker in workers:
        worker.terminate()
    return [worker.wait(LIMIT_SECONDS) for worker in workers]


def wait_until(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + LIMIT_SECONDS
    while not condition() and time.monotonic() < limit:
        time.sleep(0.05)


class Stage:
    """The outbox, its channels and what they show."""

    def __init__(self) -> None:
        from channels.models import Channel  # noqa: PLC0415 - after django.setup()
        from core.crypto import encrypt  # noqa: PLC0415

        self.receiver = Receiver()
        for number in range(CHANNELS):
            Channel.objects.create(
                name=f"Kênh {number}", slug=f"kenh-{number}", kind="webhook", is_active=True,
                secret=encrypt("k1:a-secret-of-more-than-thirty-two-characters"),
                options={
                    "address": f"http://127.0.0.1:{self.receiver.server_port}/kenh-{number}",
                    "per_minute": 600,
                },
            )  # fmt: skip

    def publish(self, items: int) -> int:
        """Publish so many items. Returns the number of the last row before them."""
        from django.db import transaction  # noqa: PLC0415

        from channels import outbox  # noqa: PLC0415
        from tests import factories  # noqa: PLC0415

        last = self.rows(0).order_by("-pk").values_list("pk", flat=True).first() or 0
        for number in range(items):
            with transaction.atomic():
                outbox.publish(factories.story(title=f"Tin thử số {number}"))
        return last

    @staticmethod
    def rows(after: int) -> Any:
        from channels.models import Delivery  # noqa: PLC0415

        return Delivery.objects.filter(pk__gt=after)

    def settle(self, after: int) -> None:
        wait_until(lambda: not self.rows(after).unsettled().exists())

    def figures(self, after: int) -> dict[str, Any]:
        """Compare what the outbox says with what arrived."""
        states: Counter[str] = Counter()
        lost = doubled = disordered = 0
        for row in self.rows(after).select_related("channel"):
            states[row.state] += 1
            count = self.receiver.arrived[row.channel.slug, row.payload["key"]]
            lost += row.state not in {"delivered", "uncertain"} or (
                row.state == "delivered" and not count
            )
            doubled += count > 1 and row.state != "uncertain"
        for slug, keys in self.receiver.order.items():
            sent = self.rows(after).filter(channel__slug=slug).order_by("pk")
            wanted = [row.payload["key"] for row in sent]
            got = [key for key in keys if key in set(wanted)]
            disordered += got != [key for key in wanted if key in set(got)]
        return {"states": states, "lost": lost, "doubled": doubled, "disordered": disordered}


def present() -> int:
    """Return how many worker processes say that they are there."""
    from django.utils import timezone  # noqa: PLC0415

    from channels import heartbeat  # noqa: PLC0415

    return len(heartbeat.present(timezone.now()))


def sharing(stage: Stage, pool: list[subprocess.Popen[str]]) -> dict[str, Any]:
    after = stage.publish(10)
    stage.settle(after)
    return stage.figures(after) | {"present": present()}


def killing(stage: Stage, pool: list[subprocess.Popen[str]]) -> dict[str, Any]:
    """Kill whoever is sending, in the middle."""
    for other in pool[1:]:
        other.send_signal(signal.SIGSTOP)  # so that it is the first who sends
    before = stage.receiver.arrived.total()
    after = stage.publish(8)
    wait_until(lambda: stage.receiver.arrived.total() > before + 2 * CHANNELS)
    pool[0].kill()
    pool[0].wait()
    for other in pool[1:]:
        other.send_signal(signal.SIGCONT)
    stage.settle(after)
    pool[0] = start()
    return stage.figures(after)


def rolling(stage: Stage, pool: list[subprocess.Popen[str]]) -> dict[str, Any]:
    """Replace one worker after the other while items go out without a pause."""
    new = [start(), start()]
    ready(pool[0], *new)
    after = stage.publish(1)
    stopping = threading.Event()

    def go_on() -> None:
        from django.db import connection  # noqa: PLC0415

        while not stopping.wait(0.5):
            stage.publish(1)
        connection.close()

    editors = threading.Thread(target=go_on)
    editors.start()
    before = stage.receiver.arrived.total() + 2 * CHANNELS
    ended = end(pool[1])
    wait_until(lambda: stage.receiver.arrived.total() > before)
    ended += end(pool[2])
    pool[1:] = new
    stopping.set()
    editors.join()
    stage.settle(after)
    return stage.figures(after) | {"ended": ended}


def indexing(stage: Stage, pool: list[subprocess.Popen[str]]) -> dict[str, Any]:
    """Let the pool do what Wagtail asks for when something is saved."""
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: PLC0415
    from wagtail.models import Page  # noqa: PLC0415
    from wagtail.search.models import IndexEntry  # noqa: PLC0415

    IndexEntry.objects.all().delete()
    Page.objects.get(depth=1).save()
    tasks = ProcrastinateJob.objects.filter(queue_name="tasks")
    asked = tasks.count()
    wait_until(lambda: not tasks.filter(status__in=["todo", "doing"]).exists())
    return {"asked": asked, "indexed": IndexEntry.objects.count(), "left": tasks.count()}


def changing(stage: Stage, pool: list[subprocess.Popen[str]]) -> dict[str, Any]:
    """Change the engine there and back, each time with deliveries and tasks waiting."""
    from django_tasks_db import DatabaseBackend  # noqa: PLC0415
    from modelsearch.tasks import insert_or_update_object_task as index  # noqa: PLC0415
    from wagtail.models import Page  # noqa: PLC0415
    from wagtail.search.models import IndexEntry  # noqa: PLC0415

    from config.pool.background import PoolBackend  # noqa: PLC0415

    end(*pool)
    first = None
    done: dict[str, int] = {}
    page = Page.objects.get(depth=1)
    for engine, former in (("outbox", PoolBackend), ("procrastinate", DatabaseBackend)):
        IndexEntry.objects.all().delete()
        after = stage.publish(3)
        first = after if first is None else first
        former("default", {}).enqueue(index, ["wagtailcore", "page", str(page.pk)], {})
        worker = start(engine)
        stage.settle(after)
        wait_until(IndexEntry.objects.exists)
        done[engine] = IndexEntry.objects.count()
        end(worker)
    return stage.figures(first or 0) | {"tasks": done}


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Give the address of a database, copied from the suite's migrated one if there is one."""
    server = os.environ["PROCESS_DATABASE_URL"]
    template, name = f"nhipcau_template_{databases.digest()}", f"pool_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        copied = connection.execute(known, [template]).fetchone()
        made = f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if copied else "")
        connection.execute(made)
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


SCENES = (sharing, killing, rolling, indexing, changing)


@contextlib.contextmanager
def scenery() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="nhipcau-pool-") as folder, database() as url:
        os.environ |= environment(folder, url)
        import django  # noqa: PLC0415 - needs the environment above

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        try:
            yield Stage()
        finally:
            connections.close_all()


def main() -> int:
    with scenery() as stage:
        pool = [start() for _ in range(WORKERS)]
        try:
            ready(*pool)
            for scene in SCENES:
                began = time.monotonic()
                told = scene(stage, pool)
                seconds = round(time.monotonic() - began, 1)
                print(json.dumps({"scene": scene.__name__, "seconds": seconds, **told}), flush=True)
        finally:
            for worker in pool:
                worker.kill()
                worker.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
