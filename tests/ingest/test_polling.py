"""Sources asked over HTTP on the loopback: what they answer, and what is kept of it."""

import asyncio
import gzip
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from asgiref.sync import async_to_sync
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.guard import Guard
from core.http import Client
from ingest import polling, retrieving, storing
from ingest.feeds.apart import Parser
from ingest.feeds.pacing import pause
from ingest.feeds.parsed import MAX_BYTES, ParsedFeed
from ingest.feeds.parsing import parse
from ingest.models import InboxItem, PickUp, Source
from tests import factories

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def feed(*titles: str, text: str = "") -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://nguon.example.vn/{number}-{len(title)}</link>"
        f"<description>{text}</description></item>"
        for number, title in enumerate(titles)
    )
    return f'<rss version="2.0"><channel><title>N</title>{items}</channel></rss>'.encode()


class InProcess(Parser):
    """Parses at once: starting a process costs more than these feeds."""

    def parse(self, data: bytes, *, base: str, now: datetime, charset: str = "") -> ParsedFeed:
        return parse(data, base=base, now=now, charset=charset)


@dataclass
class Server:
    """A web server in a thread of its own, with a handler for each path."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    seen: list[web.Request] = field(default_factory=list)
    url: str = ""

    def says(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def handler(_request: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status, headers=named)

        self.handlers[path] = handler
        return f"{self.url}{path}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        return await self.handlers[request.path](request)


@contextmanager
def serving() -> Iterator[Server]:
    server, ready = Server(), threading.Event()
    loop = asyncio.new_event_loop()
    done = asyncio.Event()

    async def main() -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", server.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await done.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(main()))
    thread.start()
    ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def poll(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Source]:
    """Give a function that polls a source, or all that are due, and returns it as it is then."""
    monkeypatch.setattr(polling, "Parser", InProcess)

    def once(source: Source, now: datetime = NOW) -> Source:
        Source.objects.filter(pk=source.pk).update(next_poll_at=now)
        polling.poll_due(lambda: now)
        return Source.objects.get(pk=source.pk)

    return once


def source(address: str, **values: object) -> Source:
    defaults = {"name": f"Nguồn {Source.objects.count()}", "next_poll_at": NOW}
    return Source.objects.create(address=address, **(defaults | values))


@pytest.mark.django_db
def test_items_come_in_once(server: Server, poll: Callable[..., Source]) -> None:
    one = source(server.says("/rss", feed("Khai trương quầy lưu động", "Công bố 15 thủ tục mới")))
    after = poll(one)
    poll(one)
    assert [item.title for item in InboxItem.objects.order_by("pk")] == [
        "Khai trương quầy lưu động",
        "Công bố 15 thủ tục mới",
    ]
    assert (after.last_ok_at, after.failures, after.item_count) == (NOW, 0, 2)
    assert after.lease_until is None
    wait = after.next_poll_at - NOW
    assert timedelta(minutes=15) <= wait <= timedelta(minutes=16, seconds=30)


@pytest.mark.django_db
def test_nothing_is_sent_twice_when_nothing_changed(
    server: Server, poll: Callable[..., Source]
) -> None:
    async def conditional(request: web.Request) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == '"a"':
            assert request.headers["If-Modified-Since"] == "Fri, 20 Nov 2026 08:00:00 GMT"
            return web.Response(status=304)
        headers = {"ETag": '"a"', "Last-Modified": "Fri, 20 Nov 2026 08:00:00 GMT"}
        return web.Response(body=feed("Tin"), headers=headers)

    server.handlers["/rss"] = conditional
    one = source(f"{server.url}/rss")
    poll(one)
    after = poll(one, NOW + timedelta(hours=1))
    assert after.last_ok_at == NOW + timedelta(hours=1)
    assert after.etag == '"a"'
    assert "NhipCau" in server.seen[0].headers["User-Agent"]


@pytest.mark.django_db
def test_what_the_source_changes_is_changed_here(
    server: Server, poll: Callable[..., Source]
) -> None:
    one = source(server.says("/rss", feed("Họp giao ban", text="Sáng nay.")))
    poll(one)
    server.says("/rss", feed("Họp giao ban", text="Chiều nay."))
    poll(one, NOW + timedelta(hours=1))
    item = InboxItem.objects.get()
    assert (item.summary, item.changed_at) == ("Chiều nay.", NOW + timedelta(hours=1))


@pytest.mark.django_db
def test_a_permanent_move_is_remembered_and_a_passing_one_is_not(
    server: Server, poll: Callable[..., Source]
) -> None:
    new = server.says("/moi", feed("Tin"))
    passing = source(server.says("/tam", status=302, Location="/moi"))
    moved = source(server.says("/cu", status=301, Location="/moi"))
    assert poll(passing).address == passing.address
    assert poll(moved).address == new


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ({"status": 404}, "404"),
        ({"status": 500}, "500"),
        ({"status": 302, "Location": "http://10.0.0.1/rss"}, "OUTBOUND_ALLOW"),
        ({"status": 302, "Location": "/loi"}, "vòng"),
        ({"body": b"<!doctype html><html>"}, "RSS"),
        ({"body": b""}, "trống"),
        ({"body": gzip.compress(bytes(60_000_000)), "Content_Encoding": "gzip"}, "5 MB"),
        ({"body": gzip.compress(b"x")[:-4], "Content_Encoding": "gzip"}, "dở dang"),
    ],
)
def test_what_goes_wrong_is_said_and_slows_down(
    server: Server, poll: Callable[..., Source], answer: dict, word: str
) -> None:
    one = source(server.says("/loi", **answer))
    after = poll(one)
    assert word in after.last_error
    assert (after.failures, after.last_ok_at, after.is_active) == (1, None, True)
    assert after.next_poll_at >= NOW + timedelta(minutes=30)
    assert not InboxItem.objects.exists()


@pytest.mark.django_db
def test_a_feed_of_100_mb_is_not_read_to_its_end(
    server: Server, poll: Callable[..., Source]
) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<rss><channel>")
        try:
            while sent < 100_000_000:
                await response.write(b"<item><title>x</title></item>" * 2000)
                sent += 58_000
        except ConnectionError:
            pass
        return response

    server.handlers["/rss"] = endless
    assert "5 MB" in poll(source(f"{server.url}/rss")).last_error
    assert sent < MAX_BYTES * 5  # what the sockets hold comes on top


@pytest.mark.django_db
def test_a_feed_that_is_gone_is_switched_off(server: Server, poll: Callable[..., Source]) -> None:
    after = poll(source(server.says("/rss", status=410)))
    assert not after.is_active
    assert "410" in after.last_error


@pytest.mark.django_db
def test_a_server_says_when_to_come_again(server: Server, poll: Callable[..., Source]) -> None:
    after = poll(source(server.says("/rss", status=429, Retry_After="7200")))
    assert after.next_poll_at == NOW + timedelta(hours=2)


@pytest.mark.django_db
def test_a_name_that_turns_private_is_refused(server: Server, settings) -> None:
    """The guard judges the address that is connected to, whatever the name was before."""
    from tests.core.test_http import Names  # noqa: PLC0415

    address = server.says("/rss", feed("Tin")).replace("127.0.0.1", "nguon.example")
    http = Client(Guard(["127.0.0.1/32"]), resolver=Names(["127.0.0.1"], ["10.0.0.7"]))
    ask = async_to_sync(retrieving.retrieve)
    assert isinstance(ask(retrieving.Question(address), http), retrieving.Fetched)
    assert isinstance(ask(retrieving.Question(address), http), retrieving.Failure)


@pytest.mark.django_db
def test_hanging_sources_hold_up_nobody(server: Server, poll: Callable[..., Source]) -> None:
    """All healthy sources are settled while the hanging ones are still open."""
    hanging, healthy = 5, 20
    release = asyncio.Event()
    opened = threading.Semaphore(0)
    loops: list[asyncio.AbstractEventLoop] = []

    async def hang(_request: web.Request) -> web.StreamResponse:
        loops.append(asyncio.get_running_loop())
        opened.release()
        await release.wait()
        return web.Response(body=feed("Muộn"))

    for number in range(hanging):
        server.handlers[f"/treo-{number}"] = hang
        source(f"{server.url}/treo-{number}")
    for number in range(healthy):
        source(server.says(f"/{number}", feed(f"Tin riêng của nguồn thứ {number}")))
    settled: list[str] = []
    original = polling.settle

    def settle(claim, *rest):
        settled.append(claim.source.address)
        if len(settled) == healthy:  # every healthy one: only now may the others answer
            assert not any("treo" in address for address in settled)
            loops[0].call_soon_threadsafe(release.set)
        return original(claim, *rest)

    polling.settle, kept = settle, polling.settle
    try:
        assert polling.poll_due(lambda: NOW) == hanging + healthy
    finally:
        polling.settle = kept
    assert len(settled) == hanging + healthy


@pytest.mark.django_db
def test_two_workers_never_ask_one_source() -> None:
    one = source("https://nguon.example.vn/rss")
    lease = Source.objects.claim(one.pk, NOW, polling.LEASE)
    assert lease == NOW + polling.LEASE
    assert Source.objects.claim(one.pk, NOW, polling.LEASE) is None
    assert polling.claim_due(10, NOW) == []
    later = NOW + polling.LEASE + timedelta(seconds=1)
    assert len(polling.claim_due(10, later)) == 1  # the worker died


@pytest.mark.django_db
def test_what_comes_after_the_lease_is_dropped() -> None:
    one = source("https://nguon.example.vn/rss")
    (claim,) = polling.claim_due(1, NOW)
    Source.objects.filter(pk=one.pk).update(lease_until=NOW + timedelta(hours=1))
    answer = retrieving.Fetched(body=b"x")
    read = parse(feed("Tin"), base=one.address, now=NOW)
    assert polling.settle(claim, answer, read, storing.surroundings(NOW)) is None
    assert not InboxItem.objects.exists()


@pytest.mark.django_db
def test_the_clock_looks_with_one_query_and_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = threading.Event()
    release = threading.Event()
    monkeypatch.setattr(polling, "_round", None)
    monkeypatch.setattr(polling, "_next_round", None)
    monkeypatch.setattr(polling, "_in_thread", lambda: (started.set(), release.wait(10)))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert polling.wake(NOW) == 0
    assert len(queries) == 1
    source("https://nguon.example.vn/rss")
    assert polling.wake(NOW) == 1
    assert started.wait(10)
    assert polling.wake(NOW + timedelta(hours=1)) == 0  # the round is still on its way
    release.set()


@pytest.mark.django_db
def test_what_the_press_takes_from_us_is_found(server: Server, poll: Callable[..., Source]) -> None:
    text = (
        "Sáng 20/11, Trung tâm Phục vụ hành chính công bắt đầu nhận hồ sơ của người dân các xã "
        "vùng cao. Cán bộ hướng dẫn từng bước, không thu thêm khoản nào."
    )
    ours = factories.article(
        title="Trung tâm Phục vụ hành chính công nhận hồ sơ người dân xã vùng cao",
        body=[("paragraph", f"<p>{text}</p>")],
        live=True,
    )
    type(ours).objects.update(first_published_at=NOW - timedelta(days=2))
    title = "Lạng Sơn nhận hồ sơ hành chính ngay tại các xã vùng cao"
    poll(source(server.says("/rss", feed(title, text=text)), kind="press"))
    poll(source(server.says("/khac", feed("Giá vàng hôm nay trong nước")), kind="press"))
    found = PickUp.objects.get()
    assert (found.page_id, found.title, found.state) == (ours.pk, title, "open")
    states = dict(InboxItem.objects.values_list("title", "state"))
    assert states[title] == "carried"


@pytest.mark.django_db
def test_old_items_go_when_their_feed_forgot_them(
    server: Server, poll: Callable[..., Source]
) -> None:
    one = source(server.says("/rss", feed("Tin cũ của nguồn", "Tin đã nhận của nguồn")))
    poll(one)
    InboxItem.objects.filter(title="Tin đã nhận của nguồn").update(state="adopted")
    server.says("/rss", feed())
    poll(one, NOW + timedelta(days=89))
    assert InboxItem.objects.count() == 2
    poll(one, NOW + timedelta(days=91))
    assert InboxItem.objects.get().title == "Tin đã nhận của nguồn"


def test_back_off_doubles_up_to_a_day() -> None:
    quarter = timedelta(minutes=15)
    waits = [pause(quarter, failures, 0) for failures in (0, 1, 2, 3, 50)]
    assert waits == [quarter, quarter * 2, quarter * 4, quarter * 8, timedelta(days=1)]
    assert pause(quarter, 0, 1) == quarter * 1.1
    assert pause(quarter, 1, 0, timedelta(seconds=5)) == quarter * 2
    assert pause(quarter, 1, 0, timedelta(days=99)) == timedelta(days=7)
    assert pause(timedelta(days=1), 3, 0) == timedelta(days=1)


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retrieving.retry_after("120", NOW) == timedelta(minutes=2)
    assert retrieving.retry_after("Sat, 21 Nov 2026 04:00:00 GMT", NOW) == timedelta(hours=1)
    assert retrieving.retry_after("Sat, 21 Nov 2020 04:00:00 GMT", NOW) == timedelta()
    assert retrieving.retry_after("bao giờ cũng được", NOW) is None
