#!/usr/bin/env python
"""How fast deliveries go out, and what each costs. Prints the figures as JSON.

    python tests/bench_delivery.py [--targets 200] [--items 10] [--workers 1] [--hanging 0]
                                   [--share 0.4]

Real worker processes, web hooks to a loopback receiver that answers in 30 ms; a new SQLite file, or
the PostgreSQL server named by PROCESS_DATABASE_URL. ``cpu`` is seconds of the workers' processor
for 1,000 deliveries: on a shared machine it says more than the rate. ``--share`` gives each worker
that much of a core and no more, as on hosts of their own: what a second worker adds shows only
where workers, database and receiver together do not fill the machine (Linux, as root).
"""

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.faults import processes

SECONDS = 0.03  # until the receiver answers
TICK = os.sysconf("SC_CLK_TCK")


def cpu(pid: int) -> float:
    """Return the seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def confine(pid: int, share: float) -> Path:
    """Give the process that much of a core; return its cgroup. Raises ``OSError`` without any."""
    period = 100_000  # microseconds
    top = Path("/sys/fs/cgroup")
    one = (top / "cpu" if (top / "cpu").is_dir() else top) / f"nhipcau-bench-{pid}"
    one.mkdir()
    if (one / "cpu.cfs_quota_us").exists():
        (one / "cpu.cfs_period_us").write_text(str(period))
        (one / "cpu.cfs_quota_us").write_text(str(int(share * period)))
    else:
        (one / "cpu.max").write_text(f"{int(share * period)} {period}")
    (one / "cgroup.procs").write_text(str(pid))
    return one


def yardstick() -> float:
    """Return the seconds of processor that a fixed piece of work takes here and now."""
    began = time.process_time()
    sum(number * number for number in range(1_000_000))
    return time.process_time() - began


def measured(options: argparse.Namespace) -> dict[str, Any]:
    from channels.models import Channel, Delivery  # noqa: PLC0415

    expected = (options.targets - options.hanging) * options.items
    healthy = Delivery.objects.exclude(channel__slug__startswith="hang-")
    began_publishing = time.perf_counter()
    processes.publish(options.items)
    published = time.perf_counter() - began_publishing
    workers = [processes.fork(processes.worker) for _ in range(options.workers)]
    groups: list[Path] = []
    try:
        for pid in workers if options.share else ():
            groups.append(confine(pid, options.share))
        _first(healthy)
        used, began = sum(map(cpu, workers)), time.perf_counter()
        before = healthy.filter(state="delivered").count()
        while (done := healthy.filter(state="delivered").count()) < expected:
            time.sleep(0.1)
        took = time.perf_counter() - began
        each = [cpu(pid) for pid in workers]
        spent = sum(each) - used
    finally:
        for pid in workers:
            processes.end(pid, 9)
        for group in groups:
            group.rmdir()
    delays = [
        (settled - created).total_seconds()
        for settled, created in healthy.values_list("settled_at", "created_at")
        if settled
    ]
    assert Channel.objects.filter(stopped_at=None).count() == options.targets
    return {
        "deliveries": done,
        "rate": round((done - before) / took, 1),
        "cpu": round(spent / (done - before) * 1000, 2),
        "each": [round(seconds, 1) for seconds in each],
        "delay": round(statistics.median(delays), 3),
        "published": round(published, 2),
        "yardstick": round(yardstick(), 2),
    }


def _first(rows: Any) -> None:
    """Wait until the workers are at it: their start is no part of the rate."""
    end = time.monotonic() + 60
    while not rows.filter(state="delivered").exists():
        if time.monotonic() > end:
            raise SystemExit("The workers deliver nothing")
        time.sleep(0.02)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=200)
    parser.add_argument("--items", type=int, default=10)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--hanging", type=int, default=0)
    parser.add_argument("--share", type=float, default=0, help="of a core, for each worker")
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with (
        tempfile.TemporaryDirectory(prefix="nhipcau-bench-") as folder,
        processes.database(folder) as url,
        processes.receiver(SECONDS) as address,
    ):
        usual = {"DELIVERY_TIMEOUT_SECONDS": "45", "DELIVERY_LEASE_SECONDS": "75"}
        processes.set_up(**processes.environment(folder, url, 9) | usual)
        from django.db import connections  # noqa: PLC0415

        processes.channels(address, options.targets, hanging=options.hanging)
        figures = measured(options)
        connections.close_all()
    print(json.dumps({**vars(options), **figures}))


if __name__ == "__main__":
    main()
