"""One job of delivering: the worker of the outbox, run until nothing is due."""

import time

from asgiref.sync import sync_to_async
from django.utils import timezone

from channels.claiming import Adapters
from channels.models import Delivery
from channels.worker import Worker
from config.pool.queues import call_a_worker

CALL_EVERY = 1.0  # seconds between calls for help while there is work


class Pass(Worker):
    """Sends what is due, with many sends in flight, and calls other workers to help.

    It stays while anything is due, also what a rate or a busy channel holds back for a moment.
    """

    def __init__(self, adapters: Adapters | None = None) -> None:
        super().__init__(clock=lambda: None)  # the clock has jobs of its own
        self.adapters = adapters or self.adapters
        self.next_call = 0.0

    async def run_until_idle(self) -> None:
        """Work until nothing is due, or until stopped."""
        try:
            while not self.stopping.is_set():
                claimed = await self.step()
                if not claimed and await self.is_idle():
                    break
                await self.pause(busy=bool(claimed))
        finally:
            await self.drain()

    async def step(self) -> int:
        claimed = await super().step()
        if claimed and time.monotonic() >= self.next_call:
            self.next_call = time.monotonic() + CALL_EVERY
            await sync_to_async(call_a_worker)()
        return claimed

    async def is_idle(self) -> bool:
        return await super().is_idle() and not await sync_to_async(is_due)()


def is_due() -> bool:
    """Whether anything waits to be sent now."""
    return Delivery.objects.due(timezone.now()).exists()
