#!/usr/bin/env python
"""What the worker's looks cost beside a million deliveries that were made. Prints JSON.

    python tests/bench_millions.py [--rows 1000000]

On a new SQLite file, or on the PostgreSQL server named by PROCESS_DATABASE_URL.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.faults import processes

CHANNELS = 1000
TURNS = 15
COLUMNS = (
    "publication_id, channel_id, story, sequence, action, payload, state, priority, forced,"
    " quiet_waiver, due_at, attempt_count, reason, receipt, settled_at, created_at"
)


def fill(rows: int) -> None:
    """Multiply one delivered row of every channel, in the database itself."""
    from django.db import connection  # noqa: PLC0415 - needs Django set up

    from channels.models import Publication  # noqa: PLC0415
    from tests.planted_deliveries import plant, publication  # noqa: PLC0415

    plant(1, CHANNELS, open_per_100=0)
    Publication.objects.bulk_create(publication(number) for number in range(rows // CHANNELS - 1))
    columns = COLUMNS.replace("publication_id", "p.id").replace(" story", " p.story")
    columns = columns.replace("sequence", "d.sequence").replace("created_at", "d.created_at")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO channels_delivery ({COLUMNS}) SELECT {columns} FROM channels_delivery d"  # noqa: S608 - our own columns
            " CROSS JOIN channels_publication p WHERE p.id <> d.publication_id"
        )
        cursor.execute("ANALYZE")


def looks() -> dict[str, Callable[[], Any]]:
    """Return what a worker does again and again when nothing is due, and what watches it."""
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from channels import claiming, delivery, worker  # noqa: PLC0415

    client = Client()
    return {
        "next due": lambda: claiming.next_due(timezone.now()),
        "sweep": lambda: delivery.sweep(timezone.now()),
        "doubts to look up": worker.look_up,
        "receivers to probe": worker.to_probe,
        "figures for Prometheus": lambda: client.get("/metrics"),
    }


def median(function: Callable[[], Any]) -> float:
    """Return milliseconds."""
    function()
    times = []
    for _ in range(TURNS):
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return round(statistics.median(times) * 1000, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="nhipcau-bench-") as folder,
        processes.database(folder) as url,
    ):
        processes.set_up(**processes.environment(folder, url, 9))
        from django.db import connection, connections  # noqa: PLC0415

        from channels.models import Delivery  # noqa: PLC0415

        fill(options.rows)
        figures = {what: median(function) for what, function in looks().items()}
        rows = Delivery.objects.filter(state="delivered").count()
        print(json.dumps({"database": connection.vendor, "rows": rows, **figures}))
        connections.close_all()


if __name__ == "__main__":
    main()
