#!/usr/bin/env python
"""How long the board of deliveries takes with 100,000 of them, each beside a small board's time.

make bench                                          among the other measurements
DATABASE_URL=… python tests/bench_board.py          alone, on a database that may be filled
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ITEMS, CHANNELS = 5000, 20
TURNS = 7
QUERIES = {
    "board": "",
    "board, by words": "?q=mot cua so 77",
    "board, one state": "?state=failed",
    "board, one channel and since": "?channel=kenh-3&since=2020-01-01&state=delivered",
    "board, far back": "?before=60",
}


def measured(items: int = ITEMS, channels: int = CHANNELS) -> Iterator[tuple[str, float]]:
    """Plant the deliveries, then yield what was asked for and the seconds it took."""
    from django.test import Client  # noqa: PLC0415 - needs Django set up

    from organisations.models import User  # noqa: PLC0415
    from tests.planted_deliveries import plant  # noqa: PLC0415

    plant(items, channels)
    analyse()
    client = Client()
    client.force_login(User.objects.create_superuser("bench-board", "", "x"))
    for what, query in QUERIES.items():
        yield what, median(lambda query=query: client.get(f"/admin/board/{query}"))
    yield "board, refresh of the table", median(lambda: client.get("/admin/board/list/"))
    for form in ("csv", "xlsx"):
        address = f"/admin/board/export/?format={form}"
        yield f"export, {form}, first piece", median(lambda at=address: first(client.get(at)))
        yield f"export, {form}, all", seconds(lambda at=address: b"".join(client.get(at)))
    yield "figures for Prometheus", median(lambda: client.get("/metrics"))


def analyse() -> None:
    """Let the database know its rows, as it does by itself after a while."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def first(response: Any) -> bytes:
    pieces = iter(response.streaming_content)
    return next(pieces) + next(pieces, b"")


def seconds(function: Callable[[], Any]) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def median(function: Callable[[], Any]) -> float:
    function()
    return statistics.median(seconds(function) for _ in range(TURNS))


def main() -> None:
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root / "site"), str(root)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django  # noqa: PLC0415 - needs the environment above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    for what, took in measured():
        print(f"{what:<40} {took * 1000:8.0f} ms", flush=True)


if __name__ == "__main__":
    main()
