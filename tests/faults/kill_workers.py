#!/usr/bin/env python
"""Kills workers and database connections at random while items go out, then counts what arrived.

    python tests/faults/kill_workers.py [--items 10000] [--kills 50] [--cuts 10] [--workers 4]
                                        [--corrections 20] [--jumps 0] [--seed N]

Real worker processes, web hooks to a receiver that keeps a record of all that arrives; a new SQLite
file, or the PostgreSQL server named by PROCESS_DATABASE_URL. A cut ends a connection in the middle
of whatever it does; SQLite has none, so there the file is locked for longer than anybody waits.
With ``--jumps`` everybody's clock jumps, forward past every lease or back.
What is uncertain in the end is decided as a person would: by looking at the receiver. Prints the
figures as JSON; exit status 1 when an item was lost, arrived twice without having been uncertain,
overtook another, or came after its correction, or when one was in flight for longer than a lease
and the jumps back together.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.faults import clock, processes

TARGETS = 50
SECONDS = 0.15  # until the receiver answers: most kills come in the middle of something
LIMIT_SECONDS = 900
SWEPT = 15.0  # seconds until some worker's clock sweeps, on a busy machine
PATIENCE = 0.3  # seconds a worker waits for a locked SQLite file, in place of twenty
Arrival = tuple[str, str, int]  # target, story, version


def worker() -> None:
    """Be a worker that soon gives up on a locked file."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = PATIENCE
    processes.worker()


class Torment:
    """Workers, and what is done to them."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.dice = random.Random(options.seed)
        self.workers = [processes.fork(worker) for _ in range(options.workers)]
        self.left = ["kill"] * options.kills + ["cut"] * options.cuts
        self.left += ["correct"] * options.corrections + ["jump"] * options.jumps
        self.dice.shuffle(self.left)
        self.done: Counter[str] = Counter()
        self.jumped_back = 0.0  # seconds, all together

    def next(self, stories: list[Any]) -> None:
        """Do the next harm, if any is left."""
        if not self.left:
            return
        harm = self.left.pop()
        self.done[harm] += 1
        if harm == "kill":
            place = self.dice.randrange(len(self.workers))
            processes.end(self.workers[place], signal.SIGKILL)
            self.workers[place] = processes.fork(worker)
        elif harm == "cut":
            cut(self.dice)
        elif harm == "jump":
            self.jumped_back += jump(self.dice)
        else:
            correct(stories, self.dice)

    def end(self) -> None:
        for pid in self.workers:
            processes.end(pid, signal.SIGKILL)


def cut(dice: random.Random) -> None:
    """End one of the workers' connections, or keep all of them from writing."""
    from django.db import connection, transaction  # noqa: PLC0415

    if connection.vendor == "sqlite":
        with transaction.atomic():  # IMMEDIATE: nobody else writes
            time.sleep(PATIENCE * 3)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if pids := [pid for (pid,) in cursor.fetchall()]:
            cursor.execute("SELECT pg_terminate_backend(%s)", [dice.choice(pids)])


def jump(dice: random.Random) -> float:
    """Let the clock jump past every lease, or back. Returns the seconds it jumped back."""
    seconds = dice.choice([1, -1]) * dice.uniform(1, 3 * processes.LEASE)
    clock.jump(seconds)
    return max(-seconds, 0.0)


def correct(stories: list[Any], dice: random.Random) -> None:
    """Publish a new version of a story, wherever the old one is just then."""
    from django.db import transaction  # noqa: PLC0415

    from channels import outbox  # noqa: PLC0415

    place = dice.randrange(len(stories))
    stories[place] = replace(stories[place], title=f"{stories[place].title} (đính chính)")
    with transaction.atomic():
        outbox.publish(stories[place])


def run(torment: Torment, stories: list[Any], total: int) -> float:
    """Go on until nothing moves by itself. Returns the longest time that one was in flight."""
    harms, longest, end = len(torment.left), 0.0, time.monotonic() + LIMIT_SECONDS
    flying: dict[tuple[int, Any], float] = {}
    while time.monotonic() < end:
        left, tick = moving().count(), time.monotonic()
        seen = sending().values_list("pk", "lease_token")
        flying = {one: flying.get(one, tick) for one in seen}
        longest = max(longest, *(tick - since for since in flying.values()), 0.0)
        # Spread over the whole run, however fast it goes.
        while torment.left and left < total * len(torment.left) / (harms or 1):
            torment.next(stories)
        if not left and not torment.left:
            return longest
        time.sleep(0.05)
    raise SystemExit("The workers come to no end")


def sending() -> Any:
    from channels.models import Delivery  # noqa: PLC0415

    return Delivery.objects.filter(state="sending")


def moving() -> Any:
    """What a worker still has to do something about; behind a doubt it waits for a person."""
    from django.db.models import Exists, OuterRef  # noqa: PLC0415

    from channels.models import Delivery  # noqa: PLC0415

    same = {"channel": OuterRef("channel"), "story": OuterRef("story"), "pk__lt": OuterRef("pk")}
    doubt = Delivery.objects.filter(state="uncertain", **same)
    return Delivery.objects.filter(~Exists(doubt), state__in=["pending", "sending"])


def arrivals(record: str) -> list[Arrival]:
    """Return what arrived, in its order."""
    found = []
    for line in Path(record).read_text().splitlines():
        _moment, path, key = line.split(" ")
        story, parted, version = key.partition(":")
        if parted:  # a probe, which asks whether anybody is there, has no key
            found.append((path.rpartition("/")[2], story, int(version)))
    return found


def decide(record: str) -> int:
    """Settle what is uncertain by looking at the receiver. Returns how much there was."""
    from channels import delivery  # noqa: PLC0415
    from channels.models import Delivery  # noqa: PLC0415

    there = set(arrivals(record))
    rows = Delivery.objects.filter(state="uncertain").select_related("channel", "publication")
    for row in rows.order_by("pk"):
        try:
            if arrival(row) in there:
                delivery.confirm(row, None, "Có ở nơi nhận.")
            else:
                delivery.send_again(row, None)
        except delivery.NotAllowed:  # a newer version waits for the answer
            delivery.cancel(row)
    return len(rows)


def arrival(row: Any) -> Arrival:
    return row.channel.slug.rpartition("-")[2], str(row.story), row.sequence


def figures(record: str, doubts: set[Arrival]) -> dict[str, Any]:
    """Compare what the outbox says with what arrived."""
    from channels.models import Delivery  # noqa: PLC0415

    came = arrivals(record)
    counts, states = Counter(came), Counter[str]()
    newest: dict[tuple[str, str], int] = {}
    delivered: dict[tuple[str, str], int] = {}
    lost = doubled = 0
    for row in Delivery.objects.select_related("channel").order_by("pk"):
        states[row.state] += 1
        place = arrival(row)[:2]
        if row.state == "delivered":
            delivered[place] = row.sequence
        # What somebody saw arrive has no number: its correction is handed to a person, not lost,
        # and what was delivered stands, whatever the correction took the place of.
        newest[place] = delivered[place] if row.state == "awaiting" else row.sequence
        lost += row.state == "delivered" and not counts[arrival(row)]
        doubled += counts[arrival(row)] > 1 and arrival(row) not in doubts
    held = {(target, story): version for target, story, version in came}
    lost += sum(held.get(key) != version for key, version in newest.items())
    return {
        "states": dict(states),
        "arrived": len(came),
        "lost": lost,
        "doubled": doubled,
        "old_after_new": backwards([(target + story, version) for target, story, version in came]),
        "overtaken": overtaken(came, doubts),
    }


def backwards(seen: Sequence[tuple[str, int]]) -> int:
    """Return how often a number is lower than an earlier one under the same name."""
    highest: dict[str, int] = {}
    wrong = 0
    for name, number in seen:
        wrong += number < highest.get(name, 0)
        highest[name] = max(number, highest.get(name, 0))
    return wrong


def overtaken(came: Sequence[Arrival], doubts: set[Arrival]) -> int:
    """Return how many came to a target after what was written later.

    Apart from what had to be tried again, which lets others pass meanwhile, and from what waited
    behind a doubt about an earlier version.
    """
    from channels.models import Delivery  # noqa: PLC0415

    rows = Delivery.objects.filter(attempt_count=1, action="publish").select_related("channel")
    order = {arrival(row): row.pk for row in rows}
    behind = {one[:2] for one in doubts}
    once = [one for one in dict.fromkeys(came) if one in order and one[:2] not in behind]
    return backwards([(one[0], order[one]) for one in once])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--cuts", type=int, default=10)
    parser.add_argument("--corrections", type=int, default=20)
    parser.add_argument("--jumps", type=int, default=0)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nhipcau-faults-") as folder:
        record = f"{folder}/arrivals"
        Path(record).touch()
        with processes.database(folder) as url, processes.receiver(SECONDS, record) as address:
            result = tormented(options, processes.environment(folder, url, 9), address, record)
    print(json.dumps({**vars(options), **result}))
    bad = ("lost", "doubled", "old_after_new", "overtaken")
    slow = result["longest_in_flight"] > processes.LEASE + SWEPT + result["jumped_back"]
    return int(any(result[name] for name in bad) or bool(result["left"]) or slow)


def tormented(
    options: argparse.Namespace, values: dict[str, str], address: str, record: str
) -> dict[str, Any]:
    processes.set_up(**values)
    from django.db import connections  # noqa: PLC0415

    from channels.models import Delivery  # noqa: PLC0415

    processes.channels(address, TARGETS)
    stories = processes.publish(max(options.items // TARGETS, 1))
    began = time.monotonic()
    torment, doubts, longest = Torment(options), set[Arrival](), 0.0
    try:
        while True:
            longest = max(longest, run(torment, stories, options.items))
            rows = Delivery.objects.filter(state="uncertain").select_related("channel")
            doubts |= {arrival(row) for row in rows}
            if not decide(record) and not moving().count():  # a receiver may have settled it
                break
    finally:
        torment.end()
    result = figures(record, doubts)
    left = sum(result["states"].get(state, 0) for state in ("pending", "sending", "failed"))
    connections.close_all()
    return {
        "seconds": round(time.monotonic() - began, 1),
        "did": dict(torment.done),
        "uncertain": len(doubts),
        "longest_in_flight": round(longest, 1),
        "jumped_back": round(torment.jumped_back, 1),
        "left": left,
        **result,
    }


if __name__ == "__main__":
    sys.exit(main())
