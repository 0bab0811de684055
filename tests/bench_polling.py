"""How long 500 sources take, and how long the healthy ones take when a tenth of them hangs."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

from aiohttp import web
from django.utils import timezone

SOURCES = 500
HANGING = 50
DELAY = 0.2  # seconds a healthy server takes, as over a real network
ENTRIES = 20


def measured() -> Iterator[tuple[str, float, float]]:
    """Yield what was measured, the seconds, and the seconds with a tenth hanging."""
    from tests.ingest.test_polling import feed, serving  # noqa: PLC0415 - needs Django set up

    with serving() as server:
        body = feed(*(f"Tin số {number} của nguồn" for number in range(ENTRIES)))
        seconds(server, body, 10, 0)  # warms up: names, modules, the database
        healthy = seconds(server, body, SOURCES, 0)
        hanging = seconds(server, body, SOURCES - HANGING, HANGING)
    yield f"poll {SOURCES} sources of {ENTRIES} items, {HANGING} hanging", healthy, hanging


def seconds(server: object, body: bytes, healthy: int, hanging: int) -> float:
    """Return how long it takes until the healthy sources are settled."""
    from ingest import polling  # noqa: PLC0415
    from ingest.models import Source  # noqa: PLC0415

    release = asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def answer(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(DELAY)
        return web.Response(body=body)

    async def hang(_request: web.Request) -> web.StreamResponse:
        loops.append(asyncio.get_running_loop())
        await release.wait()
        return web.Response(status=503)

    Source.objects.all().delete()
    due = timezone.now() - timedelta(minutes=1)
    rows = []
    for number in range(healthy + hanging):
        # Every tenth hangs, wherever it stands in the queue.
        is_hanging = hanging and number % ((healthy + hanging) // hanging) == 0
        server.handlers[f"/{number}"] = hang if is_hanging else answer  # type: ignore[attr-defined]
        address = f"{server.url}/{number}"  # type: ignore[attr-defined]
        rows.append(Source(name=str(number), address=address, next_poll_at=due))
    Source.objects.bulk_create(rows)
    took: list[float] = []
    settled: list[str] = []
    original = polling.settle

    def settle(claim, *rest):
        found = original(claim, *rest)
        settled.append(claim.source.address)
        if len(settled) == healthy:
            took.append(time.perf_counter())
            for loop in loops[:1]:
                loop.call_soon_threadsafe(release.set)
        return found

    began = time.perf_counter()
    with mock.patch.object(polling, "settle", settle):
        polling.poll_due()
    return took[0] - began
