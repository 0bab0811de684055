#!/usr/bin/env python
"""What it costs to publish an item to many targets, beside publishing it to none. Prints JSON.

    python tests/bench_publishing.py [--targets 1000]

A new version of an article each time, in one transaction as an editor's request is; on a new SQLite
file, or on the PostgreSQL server named by PROCESS_DATABASE_URL.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.faults import processes

TURNS = 7


def median(page: Any) -> float:
    """Return the seconds that publishing one more version takes."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    times = []
    for turn in range(TURNS):
        page.title = f"Một cửa liên thông, bản {turn}"
        revision = page.save_revision()
        began = time.perf_counter()
        with transaction.atomic():
            revision.publish()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


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

        from channels.models import Channel, Delivery  # noqa: PLC0415
        from tests import factories  # noqa: PLC0415

        none = median(factories.article(slug="khong-kenh"))
        processes.channels("http://127.0.0.1:9", options.targets)
        page = factories.article(slug="nhieu-kenh")
        many = median(page)
        assert Delivery.objects.count() >= options.targets * TURNS
        assert Channel.objects.count() >= options.targets
        figures = {"database": connection.vendor, "none": none, "many": many, "more": many - none}
        print(json.dumps({**vars(options), **figures}))
        connections.close_all()


if __name__ == "__main__":
    main()
