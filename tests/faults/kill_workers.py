#!/usr/bin/env python
"""Kills workers with SIGKILL at random moments while items go out, then counts what arrived.

    python tests/faults/kill_workers.py [--items 200] [--kills 10] [--workers 1] [--seed N]

Real processes against the Telegram sandbox over HTTP; the database is a new SQLite file, or the
PostgreSQL server named by PROCESS_DATABASE_URL. Prints the figures as JSON; exit status 1 when an
item was lost, or sent twice without being shown as uncertain.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
CHATS = 10
TOKEN = "123456:kill-test-token-of-the-sandbox-0000"
LIMIT_SECONDS = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def database(folder: str) -> Iterator[str]:
    """Give the address of an empty database."""
    server = os.environ.get("PROCESS_DATABASE_URL")
    if not server:
        yield f"sqlite:///{folder}/faults.sqlite3"
        return
    import psycopg  # noqa: PLC0415 - only needed here

    name = f"faults_{os.getpid()}_{random.randrange(10**6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(folder: str, url: str, port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "VAR_DIR": folder,
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
        "TELEGRAM_API_URL": f"http://127.0.0.1:{port}/sandbox/telegram",
        "DELIVERY_TIMEOUT_SECONDS": "4",
        "DELIVERY_LEASE_SECONDS": "6",
    }


def start(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def serve(port: int) -> subprocess.Popen[bytes]:
    """Start the sandbox's server and wait until it answers."""
    options = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws")
    server = start("-m", "granian", *options, "--port", str(port), "config.wsgi:application")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2)
            return server
        time.sleep(0.1)
    raise SystemExit("The sandbox's server does not answer")


def publish(items: int) -> None:
    """Queue the items: each of ``items / CHATS`` stories goes to every chat."""
    from django.db import transaction  # noqa: PLC0415 - after django.setup()

    from channels import outbox  # noqa: PLC0415
    from channels.models import Channel  # noqa: PLC0415
    from channels.sandbox import seed  # noqa: PLC0415
    from core.crypto import encrypt  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    for number in range(1, CHATS + 1):
        seed(number, f"Chat {number}", TOKEN)
        Channel.objects.create(
            name=f"Chat {number}", slug=f"chat-{number}", kind="telegram", is_active=True,
            options={"chat_id": number}, secret=encrypt(TOKEN),
        )  # fmt: skip
    for number in range(items // CHATS):
        with transaction.atomic():
            outbox.publish(factories.story(title=f"Tin thử số {number}"))


def unsettled() -> int:
    from channels.models import Delivery  # noqa: PLC0415

    return Delivery.objects.unsettled().count()


def torment(workers: int, kills: int, dice: random.Random) -> int:
    """Run workers until everything is settled, killing one now and then. Returns the kills."""
    running = [start("manage.py", "worker", "--no-tasks") for _ in range(workers)]
    killed, next_kill = 0, time.monotonic() + 3
    end = time.monotonic() + LIMIT_SECONDS
    try:
        while unsettled() and time.monotonic() < end:
            time.sleep(0.05)
            if killed < kills and time.monotonic() >= next_kill:
                victim = dice.randrange(workers)
                running[victim].send_signal(signal.SIGKILL)
                running[victim].wait()
                running[victim] = start("manage.py", "worker", "--no-tasks")
                killed += 1
                # A worker takes some two seconds to start; then it has a moment to live.
                next_kill = time.monotonic() + 2 + dice.random() * 1.5
    finally:
        for worker in running:
            worker.terminate()
            worker.wait()
    return killed


def figures() -> dict[str, Any]:
    """Compare what the outbox says with what the chats show."""
    from channels.models import Delivery  # noqa: PLC0415
    from channels.sandbox.models import SandboxMessage  # noqa: PLC0415

    arrived: dict[tuple[int, str], int] = {}
    for chat, text in SandboxMessage.objects.values_list("chat__chat_id", "text"):
        key = (chat, text.partition("\n")[0].strip())
        arrived[key] = arrived.get(key, 0) + 1
    states: dict[str, int] = {}
    lost = doubled = doubled_uncertain = 0
    for row in Delivery.objects.select_related("channel", "publication"):
        states[row.state] = states.get(row.state, 0) + 1
        count = arrived.get((row.channel.options["chat_id"], row.publication.title), 0)
        lost += row.state not in {"delivered", "uncertain"} or (
            row.state == "delivered" and not count
        )
        doubled += count > 1 and row.state != "uncertain"
        doubled_uncertain += count > 1 and row.state == "uncertain"
    return {
        "items": sum(states.values()),
        "states": states,
        "arrived": sum(arrived.values()),
        "lost": lost,
        "doubled": doubled,
        "doubled_but_uncertain": doubled_uncertain,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nhipcau-faults-") as folder, database(folder) as url:
        os.environ |= environment(folder, url, port := free_port())
        sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
        import django  # noqa: PLC0415 - needs the environment above

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        publish(options.items)
        server = serve(port)
        began = time.monotonic()
        try:
            killed = torment(options.workers, options.kills, random.Random(options.seed))
        finally:
            server.terminate()
            server.wait()
        result = figures()
        connections.close_all()
    took = round(time.monotonic() - began, 1)
    print(json.dumps({"seed": options.seed, "workers": options.workers, "kills": killed,
                      "seconds": took, **result}))  # fmt: skip
    return int(bool(result["lost"] or result["doubled"] or killed < options.kills))


if __name__ == "__main__":
    sys.exit(main())
