#!/usr/bin/env python
"""What an item costs that goes to many targets, beside one that goes to none. Prints JSON.

    python tests/bench_publishing.py [--targets 1000]

Published, corrected while all of it still waits, and withdrawn, each in one transaction as an
editor's request is; on a new SQLite file, or on the PostgreSQL server named by
PROCESS_DATABASE_URL. In seconds, medians.
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

TURNS = 5


def costs(name: str) -> dict[str, float]:
    """Return the seconds that each step in an article's life takes."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    from tests import factories  # noqa: PLC0415

    def seconds(change: Callable[[], Any]) -> float:
        began = time.perf_counter()
        with transaction.atomic():
            change()
        return time.perf_counter() - began

    samples = []
    for turn in range(TURNS):
        # Not live yet: it is published below.
        page = factories.article(title=f"Một cửa {turn}", slug=f"{name}-{turn}", live=False)
        first = page.save_revision()
        published = seconds(first.publish)
        page.refresh_from_db()
        page.title += " (đính chính)"
        second = page.save_revision()
        corrected = seconds(second.publish)
        page.refresh_from_db()
        samples.append((published, corrected, seconds(page.unpublish)))
    steps = ("publish", "correct", "withdraw")
    return {
        step: round(statistics.median(column), 3)
        for step, column in zip(steps, zip(*samples, strict=True), strict=True)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=1000)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="nhipcau-bench-") as folder,
        processes.database(folder) as url,
    ):
        processes.set_up(**processes.environment(folder, url, 9))
        from django.db import connection, connections  # noqa: PLC0415

        from channels.models import Delivery  # noqa: PLC0415

        none = costs("khong-kenh")
        processes.channels("http://127.0.0.1:9", options.targets)
        many = costs("nhieu-kenh")
        assert Delivery.objects.count() == 2 * options.targets * TURNS
        more = {step: round(many[step] - none[step], 3) for step in none}
        figures = {"database": connection.vendor, "none": none, "many": many, "more": more}
        print(json.dumps({**vars(options), **figures}))
        connections.close_all()


if __name__ == "__main__":
    main()
