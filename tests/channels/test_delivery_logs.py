"""What the worker's log says of a delivery, and what it never says."""

import json
import logging
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest

from channels import delivery, worker
from channels.contract import PermanentError
from channels.models import Channel, Delivery, State
from channels.signals import channel_changed, deliveries_changed
from channels.testing import MemoryAdapter
from channels.worker import deliver_due
from core import logs
from core.crypto import encrypt
from tests import factories

TOKEN = "5551234567:AAH-q0Zx9vLw3RtYuIoPasDfGhJkLzXcVbN"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """Return what was logged since, as the collector reads it."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.formatter("json"))
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def refuse(**_values: Any) -> None:
    raise ValueError("a listener's own fault")


@pytest.mark.django_db
@pytest.mark.one_database
def test_what_goes_wrong_while_settling_names_the_delivery(
    room: Channel, lines: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryAdapter, "faults", [PermanentError("Hỏng", stops_channel=True)])
    factories.article(live=True)
    deliveries_changed.connect(refuse)
    channel_changed.connect(refuse)
    try:
        deliver_due()
    finally:
        deliveries_changed.disconnect(refuse)
        channel_changed.disconnect(refuse)
    row = Delivery.objects.get()
    said = [line for line in lines() if line["event"].startswith("A listener failed")]
    settling = [line for line in said if "queued" not in line["event"]]
    assert len(settling) == 2
    for line in settling:
        assert (line["delivery"], line["channel"], line["kind"]) == (row.pk, "phong", "memory")


@pytest.mark.django_db
@pytest.mark.one_database
def test_what_cannot_be_settled_is_named(
    room: Channel, lines: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.article(live=True)
    monkeypatch.setattr(delivery, "_settle", refuse)
    row = Delivery.objects.get()
    assert worker.settle_all([(row, delivery.Outcome(State.FAILED, "Hỏng"))]) == []
    together, alone = [line for line in lines() if line["level"] == "error"]
    for line in (together, alone):
        assert (line["delivery"], line["channel"]) == (row.pk, "phong")


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
