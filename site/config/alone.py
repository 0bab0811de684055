"""The engine that needs nothing but the database: one process does everything."""

import asyncio
import logging
import threading

from django.db import Error as DatabaseFault
from django_tasks_db.management.commands.db_worker import Worker as TasksWorker

from channels import heartbeat
from channels.worker import Worker
from config import clock, tasks

logger = logging.getLogger(__name__)

TASK_SECONDS = 60.0  # that a background task may still take when the worker is told to stop


class Alone:
    """The worker that needs nothing but the database, with the background tasks beside it."""

    def __init__(self, *, with_clock: bool, with_tasks: bool) -> None:
        self.worker = Worker(clock=clock.tick if with_clock else None)
        self.tasks = BackgroundTasks() if with_tasks else None

    def stop(self) -> None:
        self.worker.stop()
        if self.tasks is not None:
            self.tasks.stop()

    async def run(self) -> None:
        if self.tasks is not None:
            self.tasks.start()
        await self.worker.run()
        if self.tasks is not None:
            await asyncio.to_thread(self.tasks.join, TASK_SECONDS)


class BackgroundTasks(threading.Thread):
    """django-tasks-db's worker beside ours, until it is told to stop; then it ends its task."""

    def __init__(self) -> None:
        super().__init__(name="tasks", daemon=True)
        self.stopping = threading.Event()
        self.worker: TasksWorker | None = None

    def stop(self) -> None:
        self.stopping.set()
        if self.worker is not None:
            self.worker.running = False

    def run(self) -> None:
        try:
            tasks.reclaim(heartbeat.this_worker())
        except DatabaseFault:
            logger.exception("Tasks that a killed worker left could not be looked for")
        while True:
            self.worker = TasksWorker(
                queue_names=["*"],
                interval=1,
                batch=False,
                backend_name="default",
                startup_delay=False,
                max_tasks=None,
                worker_id=heartbeat.this_worker(),
                excluded_queue_names=[],
            )
            if self.stopping.is_set():
                return
            try:
                self.worker.run()
            except Exception:
                logger.exception("The background task worker stopped; starting it again")
                self.stopping.wait(5)
