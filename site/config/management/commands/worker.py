import asyncio
import logging
import signal
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand
from django_tasks_db.management.commands.db_worker import Worker as TasksWorker

from channels.worker import Worker, provide_threads
from config import clock

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Sends what is due, runs the clock, and works off Wagtail's own background tasks."

    worker: Worker | None = None
    loop: asyncio.AbstractEventLoop

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-clock", action="store_true", help="only free leases and send")
        parser.add_argument("--no-tasks", action="store_true", help="leave background tasks alone")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.on_signal)
        if not options["no_tasks"]:
            threading.Thread(target=work_off_tasks, name="tasks", daemon=True).start()
        # The event loop runs in a thread of its own; this one does the database work for it.
        async_to_sync(self.work)(with_clock=not options["no_clock"])

    async def work(self, *, with_clock: bool) -> None:
        self.loop = asyncio.get_running_loop()
        provide_threads()
        self.worker = Worker(clock=clock.tick if with_clock else None)
        self.stdout.write("Worker ready")
        self.stdout.flush()
        await self.worker.run()

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.worker is None:
            raise SystemExit(128 + number)
        self.loop.call_soon_threadsafe(self.worker.stop)


def work_off_tasks() -> None:
    """Run django-tasks-db's worker beside ours, for as long as the process lives."""
    while True:
        try:
            TasksWorker(
                queue_names=["*"],
                interval=1,
                batch=False,
                backend_name="default",
                startup_delay=False,
                max_tasks=None,
                worker_id="worker",
                excluded_queue_names=[],
            ).run()
        except Exception:
            logger.exception("The background task worker stopped; starting it again")
            time.sleep(5)
