"""A receiver that takes one part of a message in each call."""

from dataclasses import replace
from typing import Any

import pytest

from channels.contract import Message, Receipt
from channels.testing import MemoryAdapter


def in_three_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call of the memory adapter brings one part of three; receipts say how many stand."""

    def after(proof: Receipt, message: Message, there: int) -> Receipt:
        there = min(there + 1, 3)
        details = {"parts": there, "said": message.title}
        return replace(proof, details=details, unfinished=there < 3, note=f"{there}/3")

    send, update = MemoryAdapter.send, MemoryAdapter.update

    async def first(self: Any, message: Message) -> Receipt:
        return after(await send(self, message), message, 0)

    async def further(self: Any, message: Message, receipt: Receipt) -> Receipt:
        proof = await update(self, message, receipt)
        return after(proof, message, receipt.details["parts"])

    monkeypatch.setattr(MemoryAdapter, "send", first)
    monkeypatch.setattr(MemoryAdapter, "update", further)
