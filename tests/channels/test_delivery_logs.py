"""What the worker's log says of a delivery, and what it never says."""

import json
import logging
from io import StringIO

import pytest

from channels.contract import PermanentError
from channels.models import Channel
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from core import logs
from core.crypto import encrypt
from tests import factories

TOKEN = "5551234567:AAH-q0Zx9vLw3RtYuIoPasDfGhJkLzXcVbN"


@pytest.mark.django_db
@pytest.mark.one_database
def test_every_line_of_a_try_names_its_delivery(
    room: Channel, memory: type[MemoryAdapter], monkeypatch: pytest.MonkeyPatch
) -> None:
    Channel.objects.update(secret=encrypt(TOKEN))

    async def chatty() -> None:
        logging.getLogger("a.library").info("connecting to /bot%s/send", TOKEN)
        raise PermanentError("Nhóm đã xóa bot.")

    memory.faults.append(chatty)
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.formatter("json"))
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    factories.article(live=True)
    deliver_due()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    tried = [line for line in lines if line.get("delivery")]
    assert {line["logger"] for line in tried} >= {"a.library", "channels.sending"}
    [result] = [line for line in tried if line["event"] == "Tried"]
    assert (result["channel"], result["kind"], result["action"]) == ("phong", "memory", "publish")
    assert (result["attempt"], result["outcome"]) == (1, "failed")
    assert result["reason"] == "Nhóm đã xóa bot."
    assert result["seconds"] >= 0
    assert TOKEN not in written.getvalue()
