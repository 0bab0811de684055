"""A channel kind that keeps everything in memory and fails on demand, for tests and rehearsals."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext_noop
from pydantic import BaseModel

from channels.contract import Adapter, Message, Receipt, Story


class MemoryAdapter(Adapter):
    """Keeps what it was told to show in ``shown``, by receipt id, and each call in ``calls``.

    ``faults`` are raised, or called and their result awaited, one for each call, before anything
    else happens; ``None`` lets a call pass. All of it is shared by every instance: ``reset`` first.
    """

    kind = "memory"
    label = gettext_noop("Memory")
    summary = gettext_noop("Keeps messages in memory.")
    can_update = True
    can_retract = True

    shown: ClassVar[dict[str, Message]] = {}
    calls: ClassVar[list[tuple[str, Message]]] = []
    faults: ClassVar[list[Exception | Callable[[], Any] | None]] = []

    class Options(BaseModel):
        room: str = "room"

    @classmethod
    def reset(cls) -> None:
        cls.shown.clear()
        cls.calls.clear()
        cls.faults.clear()

    def compose(self, story: Story) -> Message:
        return Message(
            key=f"{story.key}:{story.sequence}",
            story=story.key,
            title=story.title,
            text=story.text,
            address=story.address,
            level=story.level,
            published=story.published,
            updated=story.updated,
        )

    async def send(self, message: Message) -> Receipt:
        await self.call("send", message)
        name = f"{self.options.room}-{len(self.calls)}"
        self.shown[name] = message
        return Receipt(external_id=name)

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        await self.call("update", message)
        self.shown[receipt.external_id] = message
        return receipt

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        await self.call("retract", message)
        self.shown.pop(receipt.external_id, None)
        return receipt

    async def call(self, verb: str, message: Message) -> None:
        self.calls.append((verb, message))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        if fault is not None:
            await fault()
