"""Outbound HTTP that cannot be led astray: no private targets, bounded time, bounded answers.

Every name is resolved anew for every connection and only addresses that pass the guard are
connected to, so a name that changes its address between a check and its use gains nothing.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from types import SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.guard import Guard, is_address

MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0
CHUNK = 64 * 1024
USER_AGENT = "NhipCau/1.0"
NAME_THREADS = ThreadPoolExecutor(64, thread_name_prefix="names")


class Reason(StrEnum):
    """Why a request failed. Callers put it into words; it never holds an address."""

    ADDRESS = "address"  #: not a usable http(s) address
    FORBIDDEN = "forbidden"  #: a private or reserved target
    NAME = "name"  #: the name could not be resolved
    CONNECT = "connect"  #: refused or unreachable
    CERTIFICATE = "certificate"  #: not the receiver's, run out, or vouched for by nobody
    TLS = "tls"  #: no encrypted connection for another reason
    TIME = "time"  #: out of time
    BROKEN = "broken"  #: the connection broke off, or what came is not HTTP
    SIZE = "size"  #: the answer is larger than allowed
    CODING = "coding"  #: the answer is compressed in a way that was not asked for, or damaged
    REDIRECTS = "redirects"  #: too many


class HttpFailure(Exception):
    """No usable answer."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Unsent(HttpFailure):
    """The request certainly did not reach the receiver."""


class Unanswered(HttpFailure):
    """The request may have reached the receiver."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said. Header names are in lower case, the body is decompressed.

    ``moved`` is where permanent redirects (301, 308) from the first address on led; "" if none did.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: str = ""


class SystemResolver(AbstractResolver):
    """Asks the operating system, in threads of its own.

    The event loop's few threads would all be taken by names whose servers are dead, and every
    other receiver would wait for them. Whoever asks for many names brings ``threads`` of their own.
    """

    def __init__(self, threads: ThreadPoolExecutor = NAME_THREADS) -> None:
        self._threads = threads

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return every address of the name. Raises ``OSError``."""
        look_up = partial(
            socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG
        )
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _type, protocol, _name, address in found
        ]

    async def close(self) -> None:
        """Nothing is open."""


class GuardedResolver(AbstractResolver):
    """Resolves names and leaves out every address the guard refuses."""

    def __init__(self, guard: Guard, inner: AbstractResolver) -> None:
        self._guard = guard
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the permitted addresses. Raises ``Unsent`` when there are others only."""
        found = await self._inner.resolve(host, port, family)
        if self._guard.allows_name(host):
            return found
        permitted = [entry for entry in found if self._guard.allows_address(entry["host"])]
        if found and not permitted:
            raise Unsent(Reason.FORBIDDEN)
        return permitted

    async def close(self) -> None:
        """Close the resolver underneath."""
        await self._inner.close()


@dataclass(slots=True)
class _Hop:
    """One request of a chain of redirects."""

    method: str
    url: URL
    headers: dict[str, str]
    body: bytes | None
    # A receiver that answered an unsafe request with "now GET that" has acted on it.
    acted_upon: bool = False

    def failed(self, reason: Reason) -> HttpFailure:
        """Return the failure that holds when this hop did not even leave."""
        return Unanswered(reason) if self.acted_upon else Unsent(reason)


@dataclass(slots=True)
class _Progress:
    """How far a request came; filled in by aiohttp's trace."""

    connected: bool = field(default=False)


class Client:
    """A guarded HTTP client. It keeps no connection open, so there is nothing to close.

    ``resolver`` replaces the system's name resolution; ``tls`` the default trust.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._guard = guard
        self._resolver = resolver
        self._tls = tls
        self._connectors: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.TCPConnector] = (
            WeakKeyDictionary()
        )

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = 20.0,
        max_bytes: int = 5_000_000,
        follow_redirects: bool = False,
    ) -> Answer:
        """Return the answer whatever its status.

        ``timeout`` is for everything, in seconds; ``max_bytes`` bounds the decompressed body.
        Raises ``Unsent`` or ``Unanswered``.
        """
        hop = _Hop(method.upper(), _parse(url), dict(headers or {}), body)
        deadline = asyncio.get_running_loop().time() + timeout
        moved, moving = "", True
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._exchange(hop, deadline, max_bytes)
            if not follow_redirects or not _redirects(answer):
                return replace(answer, moved=moved)
            hop = _next_hop(hop, answer)
            moving = moving and answer.status in {301, 308}
            moved = str(hop.url) if moving else moved
        raise hop.failed(Reason.REDIRECTS)

    async def _exchange(self, hop: _Hop, deadline: float, max_bytes: int) -> Answer:
        self._check(hop)
        progress = _Progress()
        try:
            async with asyncio.timeout_at(deadline):
                return await self._speak(hop, progress, max_bytes)
        except HttpFailure as failure:
            if isinstance(failure, Unsent) and hop.acted_upon:
                raise Unanswered(failure.reason) from None
            raise
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # ``from None``: aiohttp's errors carry the address, which may hold a secret.
            reason = _reason(error)
            raise (Unanswered(reason) if progress.connected else hop.failed(reason)) from None

    def _check(self, hop: _Hop) -> None:
        """Refuse what the resolver never sees: other schemes, and hosts written as addresses."""
        host = hop.url.host
        if hop.url.scheme not in {"http", "https"} or not host:
            raise hop.failed(Reason.ADDRESS)
        if is_address(host) and not self._guard.allows_address(host):
            raise hop.failed(Reason.FORBIDDEN)

    async def _speak(self, hop: _Hop, progress: _Progress, max_bytes: int) -> Answer:
        async with (
            self._session(progress) as session,
            session.request(
                hop.method, hop.url, headers=hop.headers, data=hop.body, allow_redirects=False
            ) as response,
        ):
            raw = _capped(response, max_bytes)
            body = await _decompressed(raw, response, max_bytes)
            return Answer(response.status, _flat(response.headers), body)

    def _session(self, progress: _Progress) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=self._connector(),
            connector_owner=False,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[_trace(progress)],
            auto_decompress=False,
            trust_env=False,
        )

    def _connector(self) -> aiohttp.TCPConnector:
        """Return what makes the connections of the running loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._connectors:
            resolver = GuardedResolver(self._guard, self._resolver or SystemResolver())
            self._connectors[loop] = _connector(resolver, self._tls)
        return self._connectors[loop]


def _connector(resolver: AbstractResolver, tls: ssl.SSLContext | None) -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(
        resolver=resolver,
        use_dns_cache=False,
        ssl=tls or True,
        limit=0,  # how much is in flight is decided by whoever asks
        # A kept connection that the receiver closes just as we send leaves us not knowing
        # whether the request arrived. A fresh one costs a round trip and no doubt.
        force_close=True,
    )


def _trace(progress: _Progress) -> aiohttp.TraceConfig:
    async def connected(session: aiohttp.ClientSession, context: SimpleNamespace, _: Any) -> None:
        progress.connected = True

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(connected)
    return trace


def _parse(url: str) -> URL:
    try:
        return URL(url)
    except ValueError:
        raise Unsent(Reason.ADDRESS) from None


def _reason(error: Exception) -> Reason:
    kinds: list[tuple[type[Exception] | tuple[type[Exception], ...], Reason]] = [
        (TimeoutError, Reason.TIME),
        (aiohttp.ClientConnectorDNSError, Reason.NAME),
        (
            (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError),
            Reason.CERTIFICATE,
        ),
        ((aiohttp.ClientSSLError, ssl.SSLError), Reason.TLS),
        (aiohttp.ClientConnectorError, Reason.CONNECT),
        ((aiohttp.InvalidURL, ValueError), Reason.ADDRESS),
    ]
    return next((reason for kind, reason in kinds if isinstance(error, kind)), Reason.BROKEN)


def _redirects(answer: Answer) -> bool:
    return answer.status in {301, 302, 303, 307, 308} and "location" in answer.headers


def _next_hop(hop: _Hop, answer: Answer) -> _Hop:
    """Return the request a redirect asks for (RFC 9110, 15.4). Raises ``HttpFailure``."""
    rewritten = hop.method not in {"GET", "HEAD"} and (
        answer.status == 303 or (answer.status in {301, 302} and hop.method == "POST")
    )
    try:
        url = hop.url.join(URL(answer.headers["location"])).with_user(None).with_fragment(None)
    except ValueError:
        raise hop.failed(Reason.ADDRESS) from None
    if hop.url.scheme == "https" and url.scheme == "http":
        raise hop.failed(Reason.TLS)
    return _Hop(
        method="GET" if rewritten else hop.method,
        url=url,
        headers=_carried(hop, url, with_body=not rewritten),
        body=None if rewritten else hop.body,
        acted_upon=hop.acted_upon or rewritten,
    )


def _carried(hop: _Hop, url: URL, *, with_body: bool) -> dict[str, str]:
    dropped = set() if with_body else {"content-type", "content-length", "content-encoding"}
    if url.origin() != hop.url.origin():
        dropped |= {"authorization", "cookie", "proxy-authorization", "host"}
    return {name: value for name, value in hop.headers.items() if name.lower() not in dropped}


def _flat(headers: Mapping[str, str]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        flat[key] = f"{flat[key]}, {value}" if key in flat else value
    return flat


async def _capped(response: aiohttp.ClientResponse, max_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes, compressed or not. Raises ``Unanswered`` beyond the limit."""
    seen = 0
    async for chunk in response.content.iter_chunked(CHUNK):
        seen += len(chunk)
        if seen > max_bytes:
            raise Unanswered(Reason.SIZE)
        yield chunk


async def _decompressed(
    raw: AsyncIterator[bytes], response: aiohttp.ClientResponse, max_bytes: int
) -> bytes:
    """Return the whole body. Never holds more than the limit and one chunk in memory."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise Unanswered(Reason.CODING)
    unpack = _Unpacker(max_bytes) if coding not in {"", "identity"} else None
    body = bytearray()
    async for chunk in raw:
        body += unpack.feed(chunk) if unpack else chunk
    if unpack is not None and unpack.incomplete:
        raise Unanswered(Reason.BROKEN)
    return bytes(body)


class _Unpacker:
    """Inflates gzip (also of several members) or zlib, and stops at ``max_bytes`` of output."""

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes
        self._inflate = zlib.decompressobj(wbits=47)  # 47: gzip or zlib, whichever it is
        self._begun = False

    @property
    def incomplete(self) -> bool:
        """Whether the data broke off. Nothing at all is complete: answers without a body exist."""
        return self._begun and not self._inflate.eof

    def feed(self, chunk: bytes) -> bytes:
        """Return what ``chunk`` unpacks to. Raises ``Unanswered``."""
        out = bytearray()
        self._begun = self._begun or bool(chunk)
        while chunk:
            if self._inflate.eof:
                self._inflate = zlib.decompressobj(wbits=47)
            out += self._bounded(chunk, self._left - len(out) + 1)
            if len(out) > self._left:
                raise Unanswered(Reason.SIZE)
            chunk = self._inflate.unused_data or self._inflate.unconsumed_tail
        self._left -= len(out)
        return bytes(out)

    def _bounded(self, chunk: bytes, limit: int) -> bytes:
        try:
            return self._inflate.decompress(chunk, limit)
        except zlib.error:
            raise Unanswered(Reason.CODING) from None
