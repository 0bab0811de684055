"""One process of the pool."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app, connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from channels import heartbeat
from channels.claiming import Adapters
from channels.worker import FAULT_PAUSE
from config.pool.passes import Pass
from config.pool.queues import DELIVERIES, call_a_worker
from core.connections import reconnect_if_broken

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0  # for jobs that no notification announces


class Crew:
    """The procrastinate workers of this process: one for each queue, so none waits for another.

    ``stop`` lets what they are at finish and takes nothing new.
    """

    def __init__(self, queues: Collection[str]) -> None:
        self.queues = queues
        self.stopping = asyncio.Event()
        self.current: Pass | None = None
        self.adapters = Adapters()  # from one pass to the next
        self.threads = {queue: ThreadPoolExecutor(1, queue) for queue in queues}

    def stop(self) -> None:
        self.stopping.set()
        if self.current is not None:
            self.current.stop()

    async def run(self) -> None:
        """Work until stopped. A database that goes away is waited for."""
        with translation.override(settings.LANGUAGE_CODE):
            while not self.stopping.is_set():
                try:
                    await self.work()
                except Exception:
                    logger.exception("The workers could not be started")
                    await self.pause_after_fault()

    async def work(self) -> None:
        """Keep a worker at each queue until all are told to stop."""
        connector = PsycopgConnector(
            kwargs=connector_params(), min_size=1, max_size=len(self.queues) + 1
        )
        with app.replace_connector(connector):
            async with app.open_async():
                keepers = [asyncio.create_task(self.keep(queue)) for queue in self.queues]
                await self.stopping.wait()
                for keeper in keepers:
                    keeper.cancel()  # to procrastinate: finish the job at hand, then end
                await asyncio.gather(*keepers, return_exceptions=True)

    async def keep(self, queue: str) -> None:
        """Run a worker at the queue, and another one when it breaks down."""
        while not self.stopping.is_set():
            try:
                await app.run_worker_async(
                    queues=[queue],
                    name=heartbeat.this_worker(),
                    additional_context={"crew": self},
                    listen_notify=queue == DELIVERIES,
                    fetch_job_polling_interval=POLL_SECONDS,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            except Exception:
                logger.exception("The worker of the queue %s broke down", queue)
            await self.pause_after_fault()

    async def pause_after_fault(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAULT_PAUSE):
                await self.stopping.wait()

    async def deliver(self) -> None:
        """Make one pass over the outbox. What is left when this process stops is for another."""
        if not self.stopping.is_set():
            self.current = Pass(self.adapters)
            try:
                await self.current.run_until_idle()
            finally:
                self.current = None
        if self.stopping.is_set():
            await sync_to_async(call_a_worker)()

    async def in_thread(self, queue: str, function: Callable[..., None], *args: Any) -> None:
        """Run database work beside the deliveries, in the queue's own thread and connection."""

        def work() -> None:
            reconnect_if_broken()
            function(*args)

        await sync_to_async(work, thread_sensitive=False, executor=self.threads[queue])()
