#!/usr/bin/env python
"""One item to many groups of one bot: how much of Telegram's 30 a second is used.

    python tests/bench_telegram.py [--groups 600] [--workers 1]

The stand-in enforces the real limits (30 a second for the bot, 1 a second and 20 a minute for a
group) and asks the bot once, half-way, to wait for five seconds. It runs as a server of its own, on
a database of its own; the worker on SQLite, or on the PostgreSQL server that PROCESS_DATABASE_URL
names. Prints the figures as JSON; exit status 1 when a promised number is missed.
"""

import argparse
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
from tests.faults.processes import database, environment, free_port  # noqa: E402

TOKEN = "123456:bench-token-of-the-sandbox-00000000"
ALLOWED = 30  # a second
WAIT = 5  # seconds the stand-in asks for
LIMIT_SECONDS = 240
SHARE = 0.95


def start(*command: str) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=quiet, stderr=quiet)


def serve(port: int) -> subprocess.Popen[bytes]:
    """Start the stand-in's server and wait until it answers."""
    options = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws")
    server = start("-m", "granian", *options, "--port", str(port), "config.wsgi:application")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2)
            return server
        time.sleep(0.1)
    raise SystemExit("The stand-in's server does not answer")


def order(port: int, **wanted: Any) -> None:
    """Give the stand-in an order."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/sandbox/telegram/control/",
        json.dumps(wanted).encode(),
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=30).read()


def set_up(port: int, groups: int) -> None:
    """Make the groups there and the channels here. The middle one will be asked to wait."""
    from channels.models import Channel  # noqa: PLC0415 - after django.setup()
    from core.crypto import encrypt  # noqa: PLC0415

    secret = encrypt(TOKEN)
    for number in range(1, groups + 1):
        faults = [{"fault": "too_many_requests", "seconds": WAIT}] if number == groups // 2 else []
        order(port, chat_id=-number, token=TOKEN, title=f"Nhóm {number}", keeps_rates=True,
              faults=faults)  # fmt: skip
        Channel.objects.create(
            name=f"Nhóm {number}", slug=f"nhom-{number}", kind="telegram", is_active=True,
            options={"chat_id": -number}, secret=secret,
        )  # fmt: skip


def run(workers: int) -> None:
    """Publish one item and let workers carry it to every group."""
    from django.db import transaction  # noqa: PLC0415

    from channels import outbox  # noqa: PLC0415
    from channels.models import Delivery  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    with transaction.atomic():
        outbox.publish(factories.story(title="Tin gửi mọi nhóm"))
    running = [start("manage.py", "worker", "--no-tasks") for _ in range(workers)]
    end = time.monotonic() + LIMIT_SECONDS
    try:
        while Delivery.objects.unsettled().exists() and time.monotonic() < end:
            time.sleep(0.5)
    finally:
        for worker in running:
            worker.terminate()
            worker.wait()


def figures(folder: str) -> dict[str, Any]:
    """Read what arrived, and when, out of the stand-in's own database."""
    from channels.models import Attempt  # noqa: PLC0415

    with sqlite3.connect(f"{folder}/standin.sqlite3") as there:
        rows = there.execute("SELECT sent_at FROM channels_sandboxmessage ORDER BY sent_at")
        times = [datetime.fromisoformat(sent).replace(tzinfo=UTC).timestamp() for (sent,) in rows]
        (early,) = there.execute("SELECT early_calls FROM channels_sandboxbot").fetchone()
    active = times[-1] - times[0] - WAIT
    return {
        "messages": len(times),
        "seconds": round(times[-1] - times[0], 2),
        "share": round((len(times) - 1) / active / ALLOWED, 3),
        "most_in_a_second": max(sum(at <= one < at + 1 for one in times) for at in times),
        "told_to_wait": Attempt.objects.filter(outcome="pending").count(),
        "calls_while_told_to_wait": early,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=600)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nhipcau-telegram-") as folder, database(folder) as url:
        port = free_port()
        ours = environment(folder, url, port)
        # The house's own limits of time, not the short ones that killing workers needs.
        ours = {name: value for name, value in ours.items() if not name.startswith("DELIVERY_")}
        os.environ |= ours
        import django  # noqa: PLC0415 - needs the environment above

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/standin.sqlite3"
        start("manage.py", "migrate", "--verbosity=0").wait()
        server = serve(port)
        os.environ["DATABASE_URL"] = url
        try:
            set_up(port, options.groups)
            run(options.workers)
        finally:
            server.terminate()
            server.wait()
        result = figures(folder)
        connections.close_all()
    print(json.dumps(result))
    kept = result["share"] >= SHARE and not result["calls_while_told_to_wait"]
    return int(not kept or result["messages"] != options.groups)


if __name__ == "__main__":
    sys.exit(main())
