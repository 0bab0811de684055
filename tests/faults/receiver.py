#!/usr/bin/env python
"""A receiver of web hooks that costs next to nothing: it answers after a while and keeps a record.

    python tests/faults/receiver.py PORT SECONDS [RECORD]

Answers every POST with 200 after SECONDS; what comes to ``/hang/…`` after half a minute. Into the
file RECORD it writes a line for each request as it has arrived: time, path, idempotency key.
"""

import asyncio
import sys
import time
from typing import IO

HANGING = 30.0
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
)


class Conversation(asyncio.Protocol):
    """One request and its answer."""

    def __init__(self, seconds: float, record: IO[str] | None) -> None:
        self.seconds, self.record = seconds, record
        self.received = b""
        self.complete = 0  # bytes of the whole request, once known

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, parted, _ = self.received.partition(b"\r\n\r\n")
        if parted and not self.complete:
            self.complete = len(head) + 4 + int(_value(head, b"content-length") or 0)
        if self.complete and len(self.received) >= self.complete:
            self.arrived(head)

    def arrived(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        if self.record:
            self.record.write(f"{time.time()} {path} {_value(head, b'idempotency-key').decode()}\n")
            self.record.flush()  # whoever reads it must not miss what was answered
        wait = HANGING if path.startswith("/hang/") else self.seconds
        asyncio.get_running_loop().call_later(wait, self.answer)

    def answer(self) -> None:
        self.transport.write(ANSWER)
        self.transport.close()


def _value(head: bytes, name: bytes) -> bytes:
    """Return a header of the request; empty when it is not there."""
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip()
    return b""


async def serve(port: int, seconds: float, record: IO[str] | None) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: Conversation(seconds, record), "127.0.0.1", port, backlog=4096
    )
    await server.serve_forever()


if __name__ == "__main__":
    file = open(sys.argv[3], "a") if len(sys.argv) > 3 else None  # noqa: SIM115 - until it is killed
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), file))
