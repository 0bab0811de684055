"""The Apprise adapter, against receivers on this machine, and what it refuses to be set up for."""

import asyncio
import json
import traceback
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.utils.translation import gettext

from channels.adapters import apprise as module
from channels.adapters.apprise import TEXT_LIMIT, Apprise
from channels.contract import (
    DeliveryError,
    PermanentError,
    Receipt,
    TemporaryError,
    UncertainError,
)
from channels.http import OutboundNetwork
from tests.channels.conformance import STORY

NOT_PERMITTED = gettext(
    "Address number %s is of a service, or has a setting, that is not permitted here."
)
TOKEN = "secret-token-of-the-service"


def adapter(*addresses: str, allow: list[str] | None = None) -> Apprise:
    permitted = ["127.0.0.0/8"] if allow is None else allow
    return Apprise(
        Apprise.Options(),
        "\n".join(addresses),
        http=None,  # type: ignore[arg-type]
        files=None,  # type: ignore[arg-type]
        network=OutboundNetwork(allow=permitted),
    )


async def outcome(act: Awaitable[object]) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await act
    return caught.value


@dataclass
class Service:
    """A web server: what it was sent."""

    port: int
    heads: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/{TOKEN}"


@asynccontextmanager
async def service(
    status: str = "200 OK", *, headers: str = "", ending: str = "close"
) -> AsyncIterator[Service]:
    there = Service(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = int(head.lower().partition("content-length: ")[2].partition("\r")[0] or 0)
            there.heads.append(head)
            there.bodies.append(json.loads(await reader.readexactly(length) or "{}"))
            if ending == "wait":
                await reader.read()  # until the client gives up
            elif ending == "reset":
                writer.transport.abort()
            else:
                writer.write(
                    f"HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\n"
                    "Connection: close\r\n\r\n".encode()
                )
                await writer.drain()
        except ConnectionError:
            pass  # the client hung up
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    there.port = server.sockets[0].getsockname()[1]
    async with server:
        yield there


def keeps_secret(error: BaseException, logged: str) -> None:
    told = [str(error), repr(error), "".join(traceback.format_exception(error)), logged]
    assert not any(TOKEN in words or "127.0.0.1" in words for words in told)


# --- what is said ------------------------------------------------------------------------------


def test_a_notice_is_the_headline_the_summary_and_the_link() -> None:
    message = adapter().compose(STORY)
    assert message.title == STORY.title
    assert message.text == f"{STORY.summary}\n\n{STORY.address}"


def test_an_item_without_a_summary_is_cut_at_a_word_and_keeps_its_link() -> None:
    message = adapter().compose(replace(STORY, summary="", text="Một câu dài. " * 500))
    text, link = message.text.split("\n\n")
    assert len(text) <= TEXT_LIMIT
    assert text.endswith("…")
    assert link == STORY.address


def test_urgent_and_corrected_items_are_marked() -> None:
    message = adapter().compose(replace(STORY, level="urgent", correction="Giờ là 9 giờ."))
    assert message.title == f"KHẨN CẤP: [Đính chính] {STORY.title}"
    assert message.text.startswith("Đính chính: Giờ là 9 giờ.")


def test_a_person_corrects_and_takes_back() -> None:
    assert not Apprise.can_update
    assert not Apprise.can_retract


# --- sending -----------------------------------------------------------------------------------


async def test_every_service_is_told() -> None:
    async with service() as one, service("201 Created") as two:
        sender = adapter(one.address, two.address)
        message = sender.compose(STORY)
        receipt = await sender.send(message)
    assert receipt == Receipt(external_id=message.key, note="JSON, JSON")
    for there in (one, two):
        (body,) = there.bodies
        assert body["title"] == STORY.title
        assert body["message"] == message.text
        assert f"POST /{TOKEN} " in there.heads[0]


async def test_checking_sends_nothing() -> None:
    async with service() as there:
        assert await adapter(there.address).check() == "JSON"
    assert there.heads == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("400 Bad", PermanentError), ("401 No", PermanentError), ("404 No", PermanentError),
        ("413 Big", PermanentError), ("429 Slow", TemporaryError), ("500 Oh", TemporaryError),
        ("503 Oh", TemporaryError), ("504 Late", UncertainError),
    ],
)  # fmt: skip
async def test_what_a_service_refuses(
    status: str, expected: type[DeliveryError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with service(status) as there:
        sender = adapter(there.address)
        error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, expected)
    assert "JSON" in str(error)
    keeps_secret(error, caplog.text)


@pytest.mark.parametrize("ending", ["wait", "reset"])
async def test_silence_and_a_break_are_in_doubt(
    ending: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setattr(module, "SOCKET_SECONDS", 0.3)
    async with service(ending=ending) as there:
        sender = adapter(there.address)
        error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, UncertainError)
    keeps_secret(error, caplog.text)


async def test_nobody_there_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with service() as there:
        pass
    sender = adapter(there.address)
    error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, TemporaryError)
    keeps_secret(error, caplog.text)


async def test_one_of_two_that_fails_is_in_doubt_and_named() -> None:
    async with service() as one, service("500 Oh") as two:
        sender = adapter(one.address, two.address.replace("json:", "xml:"))
        error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, UncertainError)
    assert "XML" in str(error)
    assert "JSON" not in str(error)


async def test_redirects_are_not_followed() -> None:
    async with service() as private:
        location = f"Location: http://127.0.0.1:{private.port}/\r\n"
        async with service("302 Found", headers=location) as there:
            sender = adapter(there.address)
            assert isinstance(await outcome(sender.send(sender.compose(STORY))), PermanentError)
    assert private.heads == []


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "windows://", "dbus://", "kde://", "glib://", "gnome://", "macosx://", "syslog://",
        "rsyslog://localhost", "mqtt://10.0.0.1/topic", "mailto://a:b@example.vn", "xmpp://a:b@c.vn",
        "irc://a.vn/x", "vapid://a@example.vn", "aprs://user:pass@DF1ABC", "blink1://",
        "smpp://a:b@c.vn/1/2",
        "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz?template=/etc/passwd",
        "json://example.vn/?redirect=yes", "jsons://example.vn/?verify=no",
        "json://example.vn/?retry=9", "json://example.vn/?Template=x",
        "fcm://project@device?keyfile=/etc/passwd",
    ],
)  # fmt: skip
async def test_services_of_this_machine_and_dangerous_settings_are_refused(address: str) -> None:
    sender = adapter(address)
    for act in (sender.check(), sender.send(sender.compose(STORY))):
        error = await outcome(act)
        assert isinstance(error, PermanentError)
        assert error.stops_channel
        assert str(error) == NOT_PERMITTED % 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "file:///etc/passwd",
        "word",
        "http://example.vn/",
        "json://",
        "discord://1/",
        "slack://a",
    ],
)
async def test_what_is_no_address_of_a_service_is_refused(address: str) -> None:
    error = await outcome(adapter(address).check())
    assert isinstance(error, PermanentError)
    assert error.stops_channel
    assert "passwd" not in str(error)


@pytest.mark.parametrize(
    "address",
    [
        "json://10.0.0.1/x", "xmls://192.168.1.1/x", "form://127.0.0.1:8000/x", "gotify://10.0.0.1/tok",
        "ntfy://10.0.0.1/topic", "mmost://10.0.0.1/abcdefghijklmnopqrstuvwx", "json://localhost/x",
        "json://[::1]/x", "json://2130706433/x", "json://127.1/x", "json://0x7f000001/x",
    ],
)  # fmt: skip
async def test_private_hosts_are_refused_unless_the_operator_allows_them(address: str) -> None:
    sender = adapter(address, allow=[])
    for act in (sender.check(), sender.send(sender.compose(STORY))):
        error = await outcome(act)
        assert isinstance(error, PermanentError)
        assert error.stops_channel
        assert "10.0.0.1" not in str(error)


async def test_one_refused_address_holds_back_all() -> None:
    async with service() as there:
        sender = adapter(there.address, "json://10.0.0.1/x")
        assert isinstance(await outcome(sender.send(sender.compose(STORY))), PermanentError)
    assert there.heads == []


async def test_a_name_that_is_not_found_is_tried_again() -> None:
    sender = adapter("json://receiver.invalid/x")
    assert isinstance(await outcome(sender.check()), TemporaryError)


async def test_services_with_one_address_for_all_need_no_look_up() -> None:
    address = "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz"
    assert await adapter(address, allow=[]).check() == "Discord"
