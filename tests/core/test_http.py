"""The guarded HTTP client, against real servers on the loopback."""

import asyncio
import gzip
import ipaddress
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from core.guard import Guard
from core.http import (
    Answer,
    Client,
    HttpFailure,
    Reason,
    Unanswered,
    Unsent,
)
from tests.certificates import server_context

LOOPBACK = ["127.0.0.1/32"]
Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def site(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await listener.start()
    port = runner.addresses[0][1]
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw_server(speak: Speak) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await speak(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def says(payload: bytes, *, reset: bool = False) -> Speak:
    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(payload)
        await writer.drain()
        if reset:
            writer.transport.abort()

    return speak


class Names(AbstractResolver):
    """A name server whose answers the test decides; each look-up takes the next."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not found:
            raise OSError("no such name")
        return [
            ResolveResult(
                hostname=host, host=ip, port=port, proto=0, flags=0,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
            )
            for ip in found
        ]  # fmt: skip

    async def close(self) -> None:
        pass


def client(allow: list[str] | None = None, **kwargs) -> Client:
    return Client(Guard(LOOPBACK if allow is None else allow), **kwargs)


async def failure(awaitable: Awaitable[Answer]) -> HttpFailure:
    with pytest.raises(HttpFailure) as caught:
        await awaitable
    # Neither the text nor a chained exception that a log would print may hold the address.
    assert "127.0.0.1" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


# --- what may be reached -----------------------------------------------------------------------

PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1",
    "fec0::1", "ff02::1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8", "1.1.1.1", "149.154.167.220", "172.32.0.1", "172.15.0.1", "100.128.0.1",
    "192.0.1.1", "11.0.0.1", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::808:808",
    "2001:67c:4e8::1", "2606:4700::1111", "2a00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_and_reserved_addresses_are_refused(address: str) -> None:
    assert not Guard().allows_address(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert Guard().allows_address(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_disguise_is_judged_as_itself(address: ipaddress.IPv4Address) -> None:
    guard = Guard()
    plain = guard.allows_address(str(address))
    assert guard.allows_address(f"::ffff:{address}") == plain
    assert guard.allows_address(f"64:ff9b::{address}") == plain
    assert not guard.allows_address(f"::{address}")


@given(st.ip_addresses())
def test_nothing_passes_that_python_itself_calls_private(address) -> None:
    nat64 = address.version == 6 and address in ipaddress.ip_network("64:ff9b::/96")
    mapped = address.version == 6 and address.ipv4_mapped is not None
    if Guard().allows_address(str(address)) and not nat64 and not mapped:
        assert address.is_global
        assert not address.is_multicast


def test_the_operator_names_networks_addresses_and_hosts() -> None:
    guard = Guard(["10.1.0.0/16", "fd00::/8", "192.168.7.7", "Loa.Truyen-Thanh.vn."])
    assert guard.allows_address("10.1.9.9")
    assert guard.allows_address("::ffff:10.1.9.9")
    assert guard.allows_address("fd00::5")
    assert guard.allows_address("192.168.7.7")
    assert guard.allows_name("loa.truyen-thanh.VN")
    assert not guard.allows_address("10.2.0.1")
    assert not guard.allows_address("192.168.7.8")
    assert not guard.allows_name("truyen-thanh.vn")


def test_a_bad_network_stops_the_start() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.1/8"):
        Guard(["10.0.0.1/8"])


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/", "http://[::1]:9/", "http://[::ffff:127.0.0.1]:9/",
     "http://2130706433:9/", "http://127.1:9/", "http://0x7f.0.0.1:9/", "http://localhost:9/"],
)  # fmt: skip
async def test_private_targets_are_refused_however_they_are_written(url: str) -> None:
    caught = await failure(client(allow=[]).request("GET", url))
    assert isinstance(caught, Unsent)
    assert caught.reason in {Reason.FORBIDDEN, Reason.ADDRESS}


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "//127.0.0.1/", "http://",
                                 "", "http://[", "gopher://127.0.0.1/"])  # fmt: skip
async def test_only_web_addresses(url: str) -> None:
    caught = await failure(client().request("GET", url))
    assert (type(caught), caught.reason) == (Unsent, Reason.ADDRESS)


async def test_private_addresses_of_a_mixed_name_are_left_out() -> None:
    async with site(answer_here) as url:
        names = Names(["10.0.0.1", "127.0.0.1", "fe80::1"])
        answer = await client(resolver=names).request("GET", named(url))
    assert answer.body == b"here"


async def answer_here(_request: web.Request) -> web.Response:
    return web.Response(text="here")


def named(url: str) -> str:
    return url.replace("127.0.0.1", "news.example")


async def test_a_name_that_changes_its_address_is_judged_each_time() -> None:
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    http = client(resolver=names)
    async with site(answer_here) as url:
        assert (await http.request("GET", named(url))).status == 200
        caught = await failure(http.request("GET", named(url)))
    assert (type(caught), caught.reason) == (Unsent, Reason.FORBIDDEN)
    assert names.asked == ["news.example", "news.example"]


async def test_a_host_the_operator_named_may_be_anywhere() -> None:
    async with site(answer_here) as url:
        http = client(["news.example"], resolver=Names(["127.0.0.1"]))
        assert (await http.request("GET", named(url))).body == b"here"


async def test_proxies_of_the_environment_are_not_used(monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with site(answer_here) as url:
        assert (await client().request("GET", url)).body == b"here"


# --- not sent ----------------------------------------------------------------------------------


async def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    caught = await failure(client().request("POST", f"http://127.0.0.1:{port}/"))
    assert (type(caught), caught.reason) == (Unsent, Reason.CONNECT)


async def test_no_such_name() -> None:
    caught = await failure(client(resolver=Names([])).request("POST", "http://nowhere.example/"))
    assert (type(caught), caught.reason) == (Unsent, Reason.NAME)


async def test_dead_name_servers_do_not_hold_up_others(monkeypatch) -> None:
    """More stuck look-ups than the event loop has threads, and a healthy one after them."""
    dead = threading.Event()
    real = socket.getaddrinfo

    def look_up(host, *args, **kwargs):
        if host == "dead.example":
            dead.wait(10)
            raise OSError("no answer")
        return real("127.0.0.1", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    async with site(answer_here) as url:
        stuck = [
            asyncio.create_task(client().request("GET", "http://dead.example")) for _ in range(50)
        ]
        await asyncio.sleep(0)
        answer = await client().request("GET", named(url), timeout=5)
        assert not any(task.done() for task in stuck)
        dead.set()
        failures = await asyncio.gather(*stuck, return_exceptions=True)
    assert answer.body == b"here"
    assert {type(failure) for failure in failures} == {Unsent}


async def test_out_of_time_before_the_connection_stands() -> None:
    class Stuck(Names):
        async def resolve(self, *args, **kwargs):
            await asyncio.Event().wait()

    http = client(resolver=Stuck([]))
    caught = await failure(http.request("POST", "http://slow.example/", timeout=0.05))
    assert (type(caught), caught.reason) == (Unsent, Reason.TIME)


async def test_certificates_are_verified(tmp_path: Path) -> None:
    async with site(answer_here, tls=server_context(tmp_path)) as url:
        caught = await failure(client().request("POST", url))
        assert (type(caught), caught.reason) == (Unsent, Reason.CERTIFICATE)
        trusted = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        assert (await client(tls=trusted).request("POST", url)).status == 200


# --- no answer ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "reset"),
    [(b"", False), (b"", True), (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", True),
     (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", False), (b"nonsense\r\n\r\n", False),
     (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", False)],
)  # fmt: skip
async def test_connections_that_break_leave_it_open(payload: bytes, reset: bool) -> None:
    async with raw_server(says(payload, reset=reset)) as url:
        caught = await failure(client().request("POST", url, body=b"news"))
    assert (type(caught), caught.reason) == (Unanswered, Reason.BROKEN)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha"])
async def test_silence_after_the_request(start: bytes) -> None:
    async def mute(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await asyncio.Event().wait()

    async with raw_server(mute) as url:
        caught = await failure(client().request("POST", url, body=b"news", timeout=0.1))
    assert (type(caught), caught.reason) == (Unanswered, Reason.TIME)


async def test_an_endless_body_is_cut() -> None:
    async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    async with raw_server(endless) as url:
        caught = await failure(client().request("GET", url, max_bytes=100_000))
    assert (type(caught), caught.reason) == (Unanswered, Reason.SIZE)


def packed(body: bytes, coding: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Encoding": coding})

    return handler


async def test_compressed_answers_are_unpacked() -> None:
    body = gzip.compress(b"mot ", mtime=0) + gzip.compress(b"hai", mtime=0)
    async with site(packed(body, "gzip")) as url:
        assert (await client().request("GET", url)).body == b"mot hai"


async def test_a_body_of_exactly_the_limit_passes_and_one_more_does_not() -> None:
    async with site(packed(gzip.compress(b"x" * 1000, mtime=0), "gzip")) as url:
        assert len((await client().request("GET", url, max_bytes=1000)).body) == 1000
        assert (await failure(client().request("GET", url, max_bytes=999))).reason is Reason.SIZE


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [(gzip.compress(b"\0" * 50_000_000, mtime=0), "gzip", Reason.SIZE),
     (gzip.compress(b"news" * 1000, mtime=0)[:-12], "gzip", Reason.BROKEN),
     (b"not packed at all", "gzip", Reason.CODING), (b"x", "br", Reason.CODING)],
)  # fmt: skip
async def test_bombs_and_damage_in_compressed_answers(
    body: bytes, coding: str, reason: Reason
) -> None:
    async with site(packed(body, coding)) as url:
        caught = await failure(client().request("GET", url, max_bytes=1_000_000))
    assert (type(caught), caught.reason) == (Unanswered, reason)


async def test_cancelling_closes_the_connection() -> None:
    closed = asyncio.Event()
    begun = asyncio.Event()

    async def wait_for_end(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        begun.set()
        await reader.read()
        closed.set()

    async with raw_server(wait_for_end) as url:
        task = asyncio.create_task(client().request("GET", url))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(closed.wait(), 5)


# --- redirects ---------------------------------------------------------------------------------


def moving(status: int, target: str) -> tuple[list[web.Request], Callable]:
    seen: list[tuple[str, str, bytes, dict[str, str]]] = []

    async def handler(request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        seen.append((request.method, request.path, body, headers))
        if request.path == "/start":
            return web.Response(status=status, headers={"Location": target})
        return web.Response(text="arrived")

    return seen, handler


async def test_redirects_are_not_followed_unless_asked() -> None:
    _seen, handler = moving(302, "/end")
    async with site(handler) as url:
        assert (await client().request("GET", f"{url}/start")).status == 302


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [(301, "GET", "GET"), (301, "POST", "GET"), (302, "POST", "GET"), (303, "POST", "GET"),
     (303, "PUT", "GET"), (302, "PUT", "PUT"), (307, "POST", "POST"), (308, "POST", "POST"),
     (303, "HEAD", "HEAD")],
)  # fmt: skip
async def test_redirects_keep_or_change_the_method(status: int, method: str, then: str) -> None:
    seen, handler = moving(status, "/end")
    async with site(handler) as url:
        await client().request(
            method, f"{url}/start", body=b"news", headers={"Content-Type": "text/plain"},
            follow_redirects=True,
        )  # fmt: skip
    reached = seen[1]
    assert reached[:2] == (then, "/end")
    assert reached[2] == (b"news" if then == method and method != "HEAD" else reached[2])
    if then != method:
        assert reached[2] == b""
        assert "text/plain" not in reached[3].get("content-type", "")


async def test_credentials_stay_with_their_host() -> None:
    headers = {"Authorization": "Bearer s3cret", "Cookie": "a=b", "X-Kind": "news"}
    seen, handler = moving(200, "")
    async with site(handler) as other:
        first, redirecting = moving(307, f"{other}/end")
        async with site(redirecting) as url:
            await client().request("POST", f"{url}/start", headers=headers, follow_redirects=True)
    assert first[0][3]["authorization"] == "Bearer s3cret"
    assert not {"authorization", "cookie"} & set(seen[0][3])
    assert seen[0][3]["x-kind"] == "news"


async def test_credentials_go_along_on_the_same_host() -> None:
    seen, handler = moving(307, "/end")
    async with site(handler) as url:
        await client().request(
            "GET", f"{url}/start", headers={"Authorization": "x"}, follow_redirects=True
        )
    assert seen[1][3]["authorization"] == "x"


@pytest.mark.parametrize("target", ["http://127.0.0.2:9/", "http://[::1]/", "//10.0.0.1/x",
                                    "http://169.254.169.254/latest/meta-data/"])  # fmt: skip
async def test_redirects_to_private_targets_are_refused(target: str) -> None:
    _seen, handler = moving(302, target)
    async with site(handler) as url:
        caught = await failure(client().request("GET", f"{url}/start", follow_redirects=True))
    assert (type(caught), caught.reason) == (Unsent, Reason.FORBIDDEN)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://[", "javascript:alert(1)"])
async def test_redirects_to_other_schemes_are_refused(target: str) -> None:
    _seen, handler = moving(302, target)
    async with site(handler) as url:
        caught = await failure(client().request("GET", f"{url}/start", follow_redirects=True))
    assert (type(caught), caught.reason) == (Unsent, Reason.ADDRESS)


async def test_a_post_that_was_acted_upon_is_never_called_unsent() -> None:
    """The receiver took the POST and pointed to the result; that the result is out of reach says
    nothing about the POST."""
    _seen, handler = moving(303, "http://10.0.0.1/")
    async with site(handler) as url:
        caught = await failure(client().request("POST", f"{url}/start", follow_redirects=True))
    assert (type(caught), caught.reason) == (Unanswered, Reason.FORBIDDEN)


async def test_encryption_is_not_given_up_on_the_way(tmp_path: Path) -> None:
    _seen, handler = moving(307, "http://127.0.0.1:9/")
    async with site(handler, tls=server_context(tmp_path)) as url:
        trusted = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        http = client(tls=trusted)
        caught = await failure(http.request("POST", f"{url}/start", follow_redirects=True))
    assert (type(caught), caught.reason) == (Unsent, Reason.TLS)


async def test_permanent_moves_are_told_as_far_as_they_are_permanent() -> None:
    async def handler(request: web.Request) -> web.Response:
        steps = {"/a": (301, "/b"), "/b": (308, "/c"), "/c": (302, "/d"), "/d": (301, "/e")}
        status, target = steps.get(request.path, (200, ""))
        return web.Response(status=status, headers={"Location": target} if target else {})

    async with site(handler) as url:
        answer = await client().request("GET", f"{url}/a", follow_redirects=True)
        assert answer.moved == f"{url}/c"
        assert (await client().request("GET", f"{url}/c", follow_redirects=True)).moved == ""


async def test_circles_end() -> None:
    seen, handler = moving(302, "/start")
    async with site(handler) as url:
        caught = await failure(client().request("GET", f"{url}/start", follow_redirects=True))
    assert (type(caught), caught.reason) == (Unsent, Reason.REDIRECTS)
    assert len(seen) == 6


async def test_the_time_limit_covers_all_hops() -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/end":
            await asyncio.Event().wait()
        return web.Response(status=302, headers={"Location": "/end"})

    async with site(handler) as url:
        caught = await failure(
            client().request("GET", f"{url}/start", follow_redirects=True, timeout=0.2)
        )
    assert caught.reason is Reason.TIME


async def test_header_names_come_in_lower_case_and_repeats_are_joined() -> None:
    payload = b'HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nETag: "q"\r\nContent-Length: 0\r\n\r\n'
    async with raw_server(says(payload)) as url:
        answer = await client().request("GET", url)
    assert answer.headers["x-a"] == "1, 2"
    assert answer.headers["etag"] == '"q"'
