import asyncio
import contextlib
import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any, Protocol

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseFault
from django.utils import timezone

from channels import heartbeat
from channels.watching import rounds
from channels.worker import provide_files, provide_threads
from config.alone import Alone
from core import memory
from core.connections import reconnect_if_broken


class Engine(Protocol):
    """What works off the outbox until it is stopped, and then finishes what is in flight."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...


class Command(BaseCommand):
    help = "Sends what is due, runs the clock, and works off Wagtail's own background tasks."

    engine: Engine | None = None
    loop: asyncio.AbstractEventLoop

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-clock", action="store_true", help="only free leases and send")
        parser.add_argument("--no-tasks", action="store_true", help="leave background tasks alone")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.on_signal)
        wanted = {"with_clock": not options["no_clock"], "with_tasks": not options["no_tasks"]}
        # The event loop runs in a thread of its own; this one does the database work for it.
        async_to_sync(self.work)(**wanted)

    async def work(self, *, with_clock: bool, with_tasks: bool) -> None:
        self.loop = asyncio.get_running_loop()
        provide_threads()
        provide_files()
        memory.settle()
        make = pool_of_workers if settings.ENGINE == "procrastinate" else Alone
        self.engine = make(with_clock=with_clock, with_tasks=with_tasks)
        self.stdout.write("Worker ready")
        self.stdout.flush()
        beating = asyncio.create_task(beat_along())
        watch = rounds.Watch() if with_clock else None
        try:
            await self.engine.run()
        finally:
            beating.cancel()
            if watch is not None:
                watch.stop()
            with contextlib.suppress(DatabaseFault):
                await sync_to_async(heartbeat.leave)()

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.engine is None:
            raise SystemExit(128 + number)
        self.loop.call_soon_threadsafe(self.engine.stop)


async def beat_along() -> None:
    """Say every few seconds that this process is there."""
    while True:
        try:
            await sync_to_async(heartbeat.be_present)(timezone.now())
        except DatabaseFault:
            await sync_to_async(reconnect_if_broken)()
        await asyncio.sleep(heartbeat.EVERY.total_seconds())


def pool_of_workers(*, with_clock: bool, with_tasks: bool) -> Engine:
    """Return this process's part of the pool on PostgreSQL."""
    from config.pool.crew import Crew  # noqa: PLC0415 - procrastinate is for PostgreSQL only
    from config.pool.queues import CLOCK, DELIVERIES, TASKS  # noqa: PLC0415

    wanted = {DELIVERIES: True, CLOCK: with_clock, TASKS: with_tasks}
    return Crew([queue for queue, works in wanted.items() if works])
