"""One short connection to a broker by paho-mqtt, in a thread of its own."""

import asyncio
import select
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from channels.adapters.mqtt_reasons import (
    FAILED,
    NOT_RETAINING,
    TOO_LARGE,
    of_connecting,
    of_parting,
    of_publishing,
    of_subscribing,
)
from channels.contract import DeliveryError, PermanentError, TemporaryError

CONNECT_SECONDS = 4.0  # for TCP, and again for TLS
SECONDS = 15.0  # for everything together
TICK_SECONDS = 0.25  # how soon a cancelled session is noticed
GIVEN_SECONDS = 5.0  # for what a topic holds to come after we subscribed
CHUNK_BYTES = 65_536
ANSWER_BYTES = 1_000_000  # of all answers together; those to us have a few dozen
HEADER_BYTES = 64  # of a PUBLISH besides topic and payload, at most


@dataclass(frozen=True, kw_only=True, slots=True)
class Broker:
    """Where to connect to, and as whom."""

    host: str
    addresses: list[str]  # of the host, permitted, in the order to try them
    port: int
    client: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = True
    ca_certificate: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Retained:
    """What a topic is to hold from now on. Without a payload it is cleared."""

    topic: str
    payload: bytes = b""
    seconds: int | None = None  # until the broker forgets it


class NamedContext(ssl.SSLContext):
    """Verifies the name of the broker although the connection is made to an address of it."""

    name: str
    made: ssl.SSLSocket | None = None  # last; paho leaves it open when the handshake fails

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        self.made = super().wrap_socket(*args, **kwargs | {"server_hostname": self.name})
        return self.made

    def drop(self) -> None:
        """Close what was made last."""
        if self.made is not None:
            self.made.close()


class BoundedClient(Client):
    """paho collects up to 256 MB of an answer; this one hangs up long before."""

    received = 0

    def _sock_recv(self, bufsize: int) -> bytes:
        data = super()._sock_recv(min(bufsize, CHUNK_BYTES))
        self.received += len(data)
        if self.received > ANSWER_BYTES:
            raise ConnectionError
        return data


async def converse(broker: Broker, messages: list[Retained]) -> list[int]:
    """Return the broker's answer to each message. Raises a ``DeliveryError``.

    Nothing of it is in doubt: to put the same retained message there again changes nothing.
    """
    session = Session(broker, messages)
    try:
        return await asyncio.to_thread(session.run)
    finally:
        session.stop()


async def given(broker: Broker, topic: str) -> bytes:
    """Return what the broker gives to a receiver that subscribes to the topic now; b"" for nothing.

    Raises a ``DeliveryError``.
    """
    session = Session(broker, [], topic)
    try:
        await asyncio.to_thread(session.run)
    finally:
        session.stop()
    return session.given or b""


class Session:
    """Connects, publishes, listens if there is a topic for it, parts. Used once.

    The loop turns here and not in a thread of the library's: what garbage makes the library raise
    is caught, and ``select`` with its limit of 1,024 open files is not used.
    """

    def __init__(self, broker: Broker, messages: list[Retained], topic: str = "") -> None:
        self.broker = broker
        self.messages = messages
        self.topic = topic
        self.given: bytes | None = None  # what the topic held
        self._tls: NamedContext | None = None
        self._until = 0.0
        self._stopped = threading.Event()
        self._connected: int | None = None  # code of the CONNACK
        self._limits: Properties | None = None
        self._answers: dict[int, int] = {}  # packet identifier → code of the PUBACK
        self._granted: int | None = None  # code of the SUBACK
        self._parted: int | None = None  # code of the broker's DISCONNECT

    def stop(self) -> None:
        """End the session soon, whatever it waits for."""
        self._stopped.set()

    def run(self) -> list[int]:
        """See ``converse``. Blocks."""
        self._until = time.monotonic() + SECONDS
        self._tls = _context(self.broker) if self.broker.tls else None
        client = self._client()
        try:
            self._connect(client)
            self._wait(client, lambda: self._connected is not None)
            if self._connected:
                raise of_connecting(self._connected)
            answers = [self._publish(client, message) for message in self.messages]
            if self.topic:
                self._listen(client)
            return answers
        finally:
            _close(client)

    # --- steps -----------------------------------------------------------------------------

    def _client(self) -> Client:
        client = BoundedClient(
            CallbackAPIVersion.VERSION2,
            self.broker.client,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_SECONDS
        client.on_connect = self._on_connect
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        if self.broker.user:
            client.username_pw_set(self.broker.user, self.broker.password)
        if self._tls:
            client.tls_set_context(self._tls)
        return client

    def _connect(self, client: Client) -> None:
        """Connect to the first address that answers. Nothing is published yet."""
        reason: DeliveryError = TemporaryError(_("The broker cannot be reached."))
        for address in self.broker.addresses:
            if self._stopped.is_set() or time.monotonic() > self._until - CONNECT_SECONDS:
                break
            try:
                client.connect(address, self.broker.port, clean_start=True)
            except OSError as error:
                if self._tls:
                    self._tls.drop()
                reason = _refused_by_us(error) or reason
            else:
                return
        raise reason

    def _publish(self, client: Client, message: Retained) -> int:
        self._check_limits(message)
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if message.payload:
            properties.PayloadFormatIndicator = 1  # UTF-8
            properties.ContentType = "application/json"
            if message.seconds is not None:
                properties.MessageExpiryInterval = message.seconds
        sent = client.publish(message.topic, message.payload, 1, True, properties)
        self._wait(client, lambda: sent.mid in self._answers)
        answer = self._answers[sent.mid]
        if answer >= FAILED:
            raise of_publishing(answer)
        return answer

    def _listen(self, client: Client) -> None:
        """Subscribe, and wait a moment for what the topic holds."""
        client.subscribe(self.topic, qos=1)
        self._wait(client, lambda: self._granted is not None)
        if self._granted is not None and self._granted >= FAILED:
            raise of_subscribing(self._granted)
        self._until = min(self._until, time.monotonic() + GIVEN_SECONDS)
        with suppress(TemporaryError):  # nothing came
            self._wait(client, lambda: self.given is not None)

    def _check_limits(self, message: Retained) -> None:
        """Hold to what the broker told of itself (§3.2.2.3). Raises ``PermanentError``."""
        if getattr(self._limits, "RetainAvailable", 1) == 0:
            raise of_publishing(min(NOT_RETAINING))
        if getattr(self._limits, "MaximumQoS", 1) == 0:
            raise of_publishing(max(NOT_RETAINING))
        size = len(message.topic.encode()) + len(message.payload) + HEADER_BYTES
        if size > getattr(self._limits, "MaximumPacketSize", size):
            raise of_publishing(TOO_LARGE)

    def _wait(self, client: Client, done: Callable[[], bool]) -> None:
        """Turn the loop until something holds. Raises a ``DeliveryError`` when it never will."""
        while not done():
            left = self._until - time.monotonic()
            if self._stopped.is_set() or left <= 0:
                # Perhaps the broker has it. It is retained: sent again it replaces itself, and
                # receivers drop a version they have. So the attempt may simply be repeated.
                raise TemporaryError(_("The broker did not answer in time."))
            if not _turn(client, min(left, TICK_SECONDS)) and not done():
                if self._parted is not None and self._parted >= FAILED:
                    raise of_parting(self._parted)
                # As above: lost between PUBLISH and PUBACK is no doubt that matters.
                raise TemporaryError(_("The connection to the broker broke off."))

    # --- what the library tells ------------------------------------------------------------

    def _on_connect(
        self, client: Client, data: Any, flags: Any, code: ReasonCode, limits: Properties | None
    ) -> None:
        self._connected, self._limits = code.value, limits

    def _on_publish(
        self, client: Client, data: Any, mid: int, code: ReasonCode, properties: Properties
    ) -> None:
        self._answers[mid] = code.value

    def _on_subscribe(
        self, client: Client, data: Any, mid: int, codes: list[ReasonCode], properties: Any
    ) -> None:
        self._granted = codes[0].value

    def _on_message(self, client: Client, data: Any, message: MQTTMessage) -> None:
        if message.topic == self.topic:
            self.given = bytes(message.payload)

    def _on_disconnect(
        self, client: Client, data: Any, flags: Any, code: ReasonCode, properties: Any
    ) -> None:
        if flags.is_disconnect_packet_from_server:
            self._parted = code.value


def _refused_by_us(error: OSError) -> DeliveryError | None:
    """Return what it means that no encrypted connection came about; ``None`` for other errors."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return PermanentError(
            _(
                "The broker's certificate cannot be trusted. Check the broker's name and the "
                "certificate of its authority in the channel's settings, ask whoever runs the "
                "broker, then start the channel again."
            ),
            stops_channel=True,
        )
    if isinstance(error, ssl.SSLError):
        return TemporaryError(_("No encrypted connection to the broker was possible."))
    return None


def _context(broker: Broker) -> NamedContext:
    context = NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.name = broker.host
    if broker.ca_certificate:
        context.load_verify_locations(cadata=broker.ca_certificate)
    else:
        context.load_default_certs()
    return context


def _turn(client: Client, seconds: float) -> bool:
    """Read and write what is due. False when the connection has ended."""
    sock = client.socket()
    if sock is None:
        return False
    # What TLS has decrypted already, the system no longer announces.
    waiting = sock.pending() if isinstance(sock, ssl.SSLSocket) else 0
    poll = select.poll()
    poll.register(sock.fileno(), select.POLLIN | (select.POLLOUT if client.want_write() else 0))
    events = dict(poll.poll(0 if waiting else seconds * 1000)).get(sock.fileno(), 0)
    try:
        codes = [client.loop_read()] if waiting or events & ~select.POLLOUT else []
        codes += [client.loop_write()] if events & select.POLLOUT else []
        codes += [client.loop_misc()]
    except Exception:  # noqa: BLE001 - what the library makes of garbage has no common class
        return False
    return not any(code != MQTTErrorCode.MQTT_ERR_SUCCESS for code in codes)


def _close(client: Client) -> None:
    """Take leave if there still is a connection, then drop it."""
    with suppress(OSError, ValueError):
        client.disconnect()
    if (sock := client.socket()) is not None:
        sock.close()
