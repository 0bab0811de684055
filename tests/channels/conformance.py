"""What every adapter that speaks HTTP must survive: one table of faults, one row per kind.

A new kind adds a ``Subject``; the faults and what they must lead to are the same for all.
"""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from channels.contract import (
    Adapter,
    DeliveryError,
    HttpResponse,
    PermanentError,
    Picture,
    Receipt,
    Story,
    TemporaryError,
    UncertainError,
)
from channels.http import OutboundClient
from channels.registry import ADAPTERS

HOST = "receiver.example"
MOMENT = datetime(2026, 5, 12, 3, 30, tzinfo=UTC)
PICTURE = Picture(
    url="https://tinh.example.vn/uploads/a.jpg", file="a.jpg", mime="image/jpeg",
    size=1000, width=1600, height=900,
)  # fmt: skip
STORY = Story(
    key="5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11",
    sequence=3,
    title="Khai trương <bộ phận> một cửa & hẹn trả kết quả",
    summary="Từ ngày 01/6, xã nhận hồ sơ trực tuyến.",
    text="Đoạn một.\n\nĐoạn hai có dấu * và _ và 😀.",
    html="<p>Đoạn một.</p>",
    spoken="Đoạn một.",
    address="https://tinh.example.vn/tin-tuc/mot-cua/",
    section="cai-cach-hanh-chinh",
    section_name="Cải cách hành chính",
    published=MOMENT,
    updated=MOMENT,
)


@dataclass(frozen=True)
class Subject:
    """How one kind of adapter is set up here, and how its receivers word their refusals."""

    secret: str
    options: Mapping[str, Any]
    address_setting: str  # the setting that holds the receiver's address; "": an option does
    receipt: Receipt  # of something it sent
    refusal: Callable[[int], bytes]  # body of the receiver's own answer with this status
    wait: Callable[[int], tuple[Mapping[str, str], bytes]]  # headers and body of "come back in n"
    address_option: str = ""  # the option that holds the address, when no setting does
    accepts: frozenset[str] = frozenset()  # names of faults that are a receipt to this kind
    # What a page in place of its answer means: it comes from something before the service, which
    # then has seen nothing, unless the receiver may be any program.
    page: type[DeliveryError] = PermanentError


def _telegram_refusal(status: int) -> bytes:
    words = {401: "Unauthorized", 403: "Forbidden: bot was kicked from the group chat",
             404: "Not Found"}  # fmt: skip
    description = words.get(status, "Internal Server Error")
    return json.dumps({"ok": False, "error_code": status, "description": description}).encode()


def _telegram_wait(seconds: int) -> tuple[Mapping[str, str], bytes]:
    body = {"ok": False, "error_code": 429, "parameters": {"retry_after": seconds},
            "description": f"Too Many Requests: retry after {seconds}"}  # fmt: skip
    return {}, json.dumps(body).encode()


def _zalo_refusal(status: int) -> bytes:
    code = {401: -216, 403: -209, 404: -106}.get(status, -100)
    return json.dumps({"error": code, "message": f"refused with {status}"}).encode()


def _facebook_refusal(status: int) -> bytes:
    code = {401: 190, 403: 200, 404: 803}.get(status, 2)
    return json.dumps({"error": {"code": code, "message": "no", "type": "OAuthException"}}).encode()


ZALO_SECRET = json.dumps(
    {
        "app_secret": "appSecretSecretSecret",
        "refresh_token": "refreshSecretSecretSecretSecret",
        "access_token": "accessSecretSecretSecretSecret",
        "expires": 4_102_444_800,  # 2100: nothing is to be renewed here
        "renewed": 4_102_444_800,
    }
)

SUBJECTS: dict[str, Subject] = {
    "telegram": Subject(
        secret="987654:AASecretSecretSecretSecretSecretSecret",
        options={"chat_id": -42},
        address_setting="TELEGRAM_API_URL",
        receipt=Receipt(
            external_id="5",
            details={"chat_id": -42, "message_id": 5, "photo": False, "picture": ""},
        ),
        refusal=_telegram_refusal,
        wait=_telegram_wait,
    ),
    "webhook": Subject(
        secret="conformance-key:SecretSecretSecretSecretSecretSecret",
        options={"address": "https://receiver.example/ninjs"},
        address_setting="",
        address_option="address",
        receipt=Receipt(external_id=f"urn:uuid:{STORY.key}", details={"key": f"{STORY.key}:3"}),
        refusal=lambda status: json.dumps({"note": f"refused with {status}"}).encode(),
        wait=lambda seconds: ({"Retry-After": str(seconds)}, b""),
        accepts=frozenset({"200 with nothing", "200 with other JSON"}),
        page=UncertainError,
    ),
    "zalo": Subject(
        secret=ZALO_SECRET,
        options={"app_id": "1234567890", "cover": "https://tinh.example.vn/bia.jpg"},
        address_setting="ZALO_API_URL",
        receipt=Receipt(external_id="abcdef0123456789", details={"article": True}),
        refusal=_zalo_refusal,
        wait=lambda seconds: (
            {"Retry-After": str(seconds)},
            json.dumps({"error": -32, "message": "too fast"}).encode(),
        ),
    ),
    "facebook": Subject(
        secret=json.dumps(
            {"page_token": "EAASecretSecretSecretSecretSecret", "app_secret": "0123456789abcdef01"}
        ),
        options={"page_id": "104123456789012"},
        address_setting="FACEBOOK_GRAPH_URL",
        receipt=Receipt(external_id="104123456789012_5", details={"picture": ""}),
        refusal=_facebook_refusal,
        wait=lambda seconds: (
            {"Retry-After": str(seconds)},
            json.dumps({"error": {"code": 32, "message": "Page request limit reached"}}).encode(),
        ),
    ),
}

# Kinds that do not speak HTTP through ``self.http``: their own tests hold the same faults.
OWN_TRANSPORT: set[str] = {
    "apprise",
    "hand",  # sends nothing
    "file",
    "loudspeaker",
    "email",
    "mqtt",
}

# What those kinds cannot be set up without.
NEEDED_OPTIONS: dict[str, Mapping[str, Any]] = {
    "file": {"address": "file:///bao"},
    "loudspeaker": {"address": "file:///loa"},
    "email": {"recipients": ["toasoan@bao.example"]},
    "mqtt": {"host": "broker.example.vn"},
}


# --- a receiver that misbehaves ----------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What the receiver does with a request: bytes to say, then close, break off or wait."""

    payload: bytes = b""
    ending: str = "close"  # close, reset, wait


@dataclass(frozen=True)
class Fault:
    """One row of the table."""

    name: str
    expected: tuple[type[DeliveryError], ...]
    answer: Callable[[Subject], Answer] = lambda _subject: Answer()
    setup: str = "listen"  # listen, nobody, no_name, stuck, tls
    retry_after: timedelta | None = None
    stops_channel: bool | None = None


def http(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return Answer("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def own(status: int) -> Callable[[Subject], Answer]:
    return lambda subject: http(status, subject.refusal(status))


def page(status: int) -> Callable[[Subject], Answer]:
    return lambda _subject: http(status, b"<html><h1>Nginx</h1></html>")


def waiting(subject: Subject) -> Answer:
    headers, body = subject.wait(7)
    return http(429, body, headers)


FAULTS = [
    Fault("connection refused", (TemporaryError,), setup="nobody"),
    Fault("name not found", (TemporaryError,), setup="no_name"),
    Fault("time-out before the connection", (TemporaryError,), setup="stuck"),
    Fault("wrong certificate", (PermanentError,), setup="tls", stops_channel=True),
    Fault("closed without an answer", (UncertainError,)),
    Fault("silence", (UncertainError,), lambda _s: Answer(ending="wait")),
    Fault(
        "reset in the middle",
        (UncertainError,),
        lambda _s: Answer(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"ok"', "reset"),
    ),
    Fault(
        "silence in the middle",
        (UncertainError,),
        lambda _s: Answer(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"ok"', "wait"),
    ),
    Fault("not HTTP", (UncertainError,), lambda _s: Answer(b"SSH-2.0-OpenSSH_9\r\n\r\n")),
    Fault("500", (TemporaryError,), own(500)),
    Fault("502 with a page", (TemporaryError,), page(502)),
    Fault("503 with a page", (TemporaryError,), page(503)),
    Fault("504: perhaps done", (UncertainError,), page(504)),
    Fault("200 with a page", (), page(200)),  # ``Subject.page``
    Fault("413 with a page", (PermanentError,), page(413), stops_channel=False),
    Fault("200 with nothing", (UncertainError,), lambda _s: http(200, b"")),
    Fault("200 with other JSON", (UncertainError,), lambda _s: http(200, b"[1, null]")),
    Fault("huge answer", (UncertainError,), lambda _s: http(200, b" " * 6_000_000)),
    Fault("429", (TemporaryError,), waiting, retry_after=timedelta(seconds=7)),
    Fault("401", (PermanentError,), own(401), stops_channel=True),
    Fault("403", (PermanentError,), own(403), stops_channel=True),
    Fault("404", (PermanentError,), own(404), stops_channel=True),
    Fault(
        "redirect to a private address",
        (PermanentError,),
        lambda _s: http(302, b"", {"Location": "http://10.0.0.1/"}),
        stops_channel=True,
    ),
]


@dataclass
class Receiver:
    """Where requests arrived, and the client that reaches it under a public-looking name."""

    url: str
    client: "ImpatientClient"
    received: list[bytes] = field(default_factory=list)
    finished: asyncio.Event = field(default_factory=asyncio.Event)


class Names(AbstractResolver):
    """Resolves every name as the fault says."""

    def __init__(self, setup: str) -> None:
        self.setup = setup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        if self.setup == "no_name":
            raise OSError("no such name")
        if self.setup == "stuck":
            await asyncio.Event().wait()
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        """Nothing is open."""


class ImpatientClient(OutboundClient):
    """The real client, but no wait is longer than a moment."""

    async def request(
        self, method: str, url: str, *, timeout: float = 20.0, **kwargs: Any
    ) -> HttpResponse:
        return await super().request(method, url, timeout=min(timeout, 0.5), **kwargs)


@asynccontextmanager
async def receiver(
    subject: Subject, fault: Fault, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """Run a receiver with this fault."""
    answer = fault.answer(subject)
    client = ImpatientClient(allow=["127.0.0.0/8"], resolver=Names(fault.setup))
    there = Receiver("", client)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there.received.append(await reader.readuntil(b"\r\n\r\n"))
        try:
            writer.write(answer.payload)
            await writer.drain()
            if answer.ending == "reset":
                writer.transport.abort()
            elif answer.ending == "wait":
                while await reader.read(65_536):
                    pass  # until the client gives up
        except ConnectionError:
            pass  # the client gave up first
        finally:
            writer.close()
            there.finished.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    there.url = f"{'https' if tls else 'http'}://{HOST}:{port}"
    if fault.setup == "nobody":
        server.close()
        await server.wait_closed()
    async with server:
        yield there


class Files:
    """Every file is a small picture."""

    def read(self, name: str) -> bytes:
        return b"\xff\xd8\xff\xe0 picture"


def adapter(kind: str, client: OutboundClient, url: str = "") -> Adapter:
    """Return the adapter of a subject, leading to ``url`` if its options hold the address."""
    subject = SUBJECTS[kind]
    there = {subject.address_option: url} if url and subject.address_option else {}
    chosen = ADAPTERS[kind].Options.model_validate({**subject.options, **there})
    return ADAPTERS[kind](chosen, subject.secret, http=client, files=Files())
