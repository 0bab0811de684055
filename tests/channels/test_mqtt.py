"""The MQTT adapter, against a real Mosquitto and against servers that misbehave."""

import asyncio
import json
import queue
import threading
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from pydantic import ValidationError

from channels.adapters import mqtt_session
from channels.adapters.mqtt import Mqtt
from channels.contract import (
    DeliveryError,
    NotSent,
    PermanentError,
    Picture,
    Receipt,
    Story,
    TemporaryError,
)
from channels.http import OutboundNetwork
from tests.channels.mosquitto import PASSWORD, USER, Mosquitto, free_port, mosquitto

SECRET = f"{USER}:{PASSWORD}"
MOMENT = datetime(2026, 5, 12, 3, 30, tzinfo=UTC)
STORY = Story(
    key="5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11",
    sequence=3,
    title="Tạm ngừng cấp nước",
    summary="Ngừng cấp nước từ 8 giờ.",
    text="Ngừng cấp nước từ 8 giờ ngày 13/5.",
    html="<p>Ngừng cấp nước</p>",
    spoken="Ngừng cấp nước từ tám giờ ngày mười ba tháng năm.",
    address="https://tinh.example.vn/thong-bao/nuoc/",
    level="urgent",
    published=MOMENT,
    updated=MOMENT,
    picture=Picture(url="https://tinh.example.vn/a.jpg", file="a.jpg", mime="image/jpeg",
                    size=1000, width=1600, height=900),
    facts={"ends_at": "17:00 14/05/2026"},
)  # fmt: skip
TOPIC = f"nhip-cau/items/{STORY.key}"


class Addresses:
    """A network in which every host has these addresses."""

    def __init__(self, *found: str) -> None:
        self.found = list(found)

    async def permitted(self, host: str, port: int) -> list[str]:
        if not self.found:
            raise NotSent("Không tìm thấy tên.")
        return self.found


def adapter(port: int = 8883, *, secret: str = SECRET, network: Any = None, **options: Any) -> Mqtt:
    chosen = {"host": "127.0.0.1", "port": port, "tls": False, **options}
    return Mqtt(
        Mqtt.Options.model_validate(chosen),
        secret,
        http=None,  # type: ignore[arg-type]
        files=None,  # type: ignore[arg-type]
        network=network or Addresses("127.0.0.1"),
    )


async def outcome(act: Awaitable[object]) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await act
    return caught.value


# --- a real broker -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path_factory.mktemp("mosquitto")) as running:
        yield running


class Receiver:
    """A loudspeaker: what it hears under ``nhip-cau``, retained messages first."""

    def __init__(self, port: int) -> None:
        self._heard: queue.SimpleQueue[MQTTMessage] = queue.SimpleQueue()
        ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.username_pw_set(USER, PASSWORD)
        self._client.on_message = lambda _client, _data, message: self._heard.put(message)
        self._client.on_subscribe = lambda *_args: ready.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe("nhip-cau/#", qos=1)
        assert ready.wait(10)

    def heard(self) -> list[MQTTMessage]:
        """Return what came so far: everything before a message of its own comes back."""
        self._client.publish("nhip-cau/end", b"", qos=1)
        messages = list(iter(self._next, None))
        return [message for message in messages if message]

    def _next(self) -> MQTTMessage | None:
        message = self._heard.get(timeout=10)
        return None if message.topic == "nhip-cau/end" else message

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def receiver(broker: Mosquitto) -> Iterator[Receiver]:
    there = Receiver(broker.plain)
    try:
        yield there
    finally:
        there.close()


def kept(broker: Mosquitto, topic: str = TOPIC) -> list[MQTTMessage]:
    """Return what a receiver that comes now finds in the topic."""
    with receiver(broker) as late:
        return [message for message in late.heard() if message.topic == topic]


def told(message: MQTTMessage) -> dict[str, Any]:
    """Return what the broker tells of a message besides its payload."""
    assert message.properties
    found: dict[str, Any] = message.properties.json()  # type: ignore[no-untyped-call]
    return found


# --- options -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host", ""), ("host", "mqtts://broker.vn"), ("host", "a b"), ("host", "x" * 64),
        ("host", "broker.vn:8883"), ("port", 0), ("port", 70000), ("prefix", ""),
        ("prefix", "a//b"), ("prefix", "tin/#"), ("prefix", "+/tin"), ("prefix", "$SYS/tin"),
        ("prefix", "ti\0n"), ("prefix", "đ" * 101), ("client", ""), ("client", "hai từ"),
        ("expiry_hours", 0),
        ("ca_certificate", "not a certificate"), ("says", "all"), ("colour", "red"),
    ],
)  # fmt: skip
def test_unusable_settings_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Mqtt.Options.model_validate({"host": "broker.example.vn", name: value})


@pytest.mark.parametrize(
    ("written", "read"),
    [(" MQTT.Example.vn. ", "mqtt.example.vn"), ("[::1]", "::1"), ("10.1.2.3", "10.1.2.3")],
)
def test_hosts_are_names_or_addresses(written: str, read: str) -> None:
    assert Mqtt.Options.model_validate({"host": written}).host == read


def test_the_connection_is_encrypted_unless_somebody_decides_otherwise() -> None:
    options = Mqtt.Options.model_validate({"host": "broker.example.vn"})
    assert (options.tls, options.port) == (True, 8883)


# --- what is said ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "text"),
    [("text", STORY.text), ("summary", STORY.summary), ("spoken", STORY.spoken)],
)
def test_the_text_is_the_one_chosen(says: str, text: str) -> None:
    assert adapter(says=says).compose(STORY).text == text


def test_a_text_written_for_loudspeakers_is_read_in_place_of_the_item() -> None:
    story = replace(STORY, variants={"loudspeaker": {"text": "Bà con chú ý."}})
    assert adapter().compose(story).text == "Bà con chú ý."


def test_an_item_without_the_chosen_text_says_its_whole_text() -> None:
    assert adapter(says="summary").compose(replace(STORY, summary="")).text == STORY.text


def test_a_correction_is_told_as_it_is_read_aloud() -> None:
    story = replace(STORY, correction="Giờ là 9 giờ.", correction_spoken="Giờ là chín giờ.",
                    corrected=MOMENT)  # fmt: skip
    message = adapter().compose(story)
    assert message.title == "[Đính chính] Tạm ngừng cấp nước"
    assert message.text.startswith("Đính chính. Giờ là chín giờ.\n\nNgừng")
    assert "ngày 12/05/2026: Giờ là 9 giờ." in adapter(says="text").compose(story).text


def test_versions_that_say_the_same_are_the_same_message() -> None:
    one, two = adapter().compose(STORY), adapter().compose(replace(STORY, sequence=4))
    assert replace(one, key=two.key) == two


@pytest.mark.parametrize("facts", [{}, {"ends_at": "mai"}, {"documents": "x"}])
def test_an_item_without_an_end_is_valid_until_further_notice(facts: dict[str, str]) -> None:
    message = adapter().compose(replace(STORY, facts=facts))
    assert message.details == {"valid_until": None}


# --- against Mosquitto -------------------------------------------------------------------------


async def test_the_topic_holds_the_state_of_the_item(broker: Mosquitto) -> None:
    sender = adapter(broker.plain)
    with receiver(broker) as listening:
        receipt = await sender.send(sender.compose(STORY))
        (live,) = [message for message in listening.heard() if message.topic == TOPIC]
    assert receipt == Receipt(external_id=TOPIC, details={"topic": TOPIC})
    (late,) = kept(broker)
    assert (late.retain, late.qos, live.qos) == (True, 1, 1)
    assert late.payload == live.payload
    assert json.loads(late.payload) == {
        "state": "published",
        "id": STORY.key,
        "version": 3,
        "level": "urgent",
        "title": "Tạm ngừng cấp nước",
        "text": STORY.spoken,
        "language": "vi",
        "link": STORY.address,
        "picture": "https://tinh.example.vn/a.jpg",
        "published": "2026-05-12T03:30:00+00:00",
        "updated": "2026-05-12T03:30:00+00:00",
        "valid_until": "2026-05-14T17:00:00+07:00",
    }
    assert told(late) == {
        "ContentType": "application/json", "PayloadFormatIndicator": 1}  # fmt: skip


async def test_repeating_leaves_one_state(broker: Mosquitto) -> None:
    sender = adapter(broker.plain)
    message = sender.compose(STORY)
    first = await sender.send(message)
    (before,) = kept(broker)
    assert (await sender.send(message)).external_id == first.external_id
    (after,) = kept(broker)
    assert after.payload == before.payload


async def test_it_says_when_nobody_listens(broker: Mosquitto) -> None:
    sender = adapter(broker.plain, prefix="nhip-cau/nobody")
    receipt = await sender.send(sender.compose(STORY))
    assert receipt.note


async def test_a_correction_replaces_the_state_where_it_stands(broker: Mosquitto) -> None:
    sender = adapter(broker.plain)
    receipt = await sender.send(sender.compose(STORY))
    moved = adapter(broker.plain, prefix="nhip-cau/elsewhere")
    later = moved.compose(replace(STORY, sequence=4, title="Cấp nước trở lại"))
    assert (await moved.update(later, receipt)).external_id == TOPIC
    (message,) = kept(broker)
    assert json.loads(message.payload)["version"] == 4
    assert json.loads(message.payload)["title"] == "Cấp nước trở lại"


async def test_receivers_that_come_later_see_the_withdrawal(broker: Mosquitto) -> None:
    sender = adapter(broker.plain)
    message = sender.compose(STORY)
    receipt = await sender.send(message)
    await sender.retract(message, receipt)
    (late,) = kept(broker)
    said = json.loads(late.payload)
    assert (said["state"], said["version"]) == ("withdrawn", 3)
    assert (said["title"], said["text"], said["picture"]) == (
        "[ĐÃ GỠ] Tạm ngừng cấp nước", "", None)  # fmt: skip


async def test_a_topic_can_be_cleared_after_the_withdrawal_is_told(broker: Mosquitto) -> None:
    sender = adapter(broker.plain, clear_withdrawn=True)
    message = sender.compose(STORY)
    receipt = await sender.send(message)
    with receiver(broker) as listening:
        listening.heard()
        await sender.retract(message, receipt)
        told, cleared = (m.payload for m in listening.heard() if m.topic == TOPIC)
    assert json.loads(told)["state"] == "withdrawn"
    assert cleared == b""
    assert kept(broker) == []


async def test_the_broker_is_told_when_to_forget(broker: Mosquitto) -> None:
    sender = adapter(broker.plain, expiry_hours=2)
    await sender.send(sender.compose(STORY))
    (message,) = kept(broker)
    assert 7100 < told(message)["MessageExpiryInterval"] <= 7200


async def test_checking_publishes_nothing(broker: Mosquitto) -> None:
    with receiver(broker) as listening:
        listening.heard()
        assert await adapter(broker.plain).check() == "127.0.0.1: nhip-cau"
        assert listening.heard() == []


async def test_many_at_once_do_not_push_each_other_out(broker: Mosquitto) -> None:
    sender = adapter(broker.plain)
    stories = [replace(STORY, key=f"many-{number}") for number in range(8)]
    await asyncio.gather(*(sender.send(sender.compose(story)) for story in stories))
    with receiver(broker) as late:
        assert {f"nhip-cau/items/{story.key}" for story in stories} <= {
            message.topic for message in late.heard()
        }


async def test_an_encrypted_connection_to_a_certificate_of_ones_own(broker: Mosquitto) -> None:
    sender = adapter(broker.tls, tls=True, ca_certificate=broker.certificate)
    story = replace(STORY, text="Dài. " * 40_000)  # more than fits one TLS record
    await sender.send(replace(sender.compose(story), text=story.text))
    (message,) = kept(broker)
    assert len(json.loads(message.payload)["text"]) == 200_000


async def test_the_certificate_must_carry_the_name_of_the_broker(broker: Mosquitto) -> None:
    """The name is what was entered, not the address that was connected to."""
    trusting: dict[str, Any] = {"tls": True, "ca_certificate": broker.certificate}
    entered = adapter(broker.tls, network=Addresses("localhost"), **trusting)
    await entered.check()
    other = adapter(broker.tls, host="broker.example.vn", **trusting)
    error = await outcome(other.check())
    assert isinstance(error, PermanentError)
    assert error.stops_channel
    assert "broker.example" not in str(error)


async def test_a_certificate_nobody_vouches_for_is_refused(broker: Mosquitto) -> None:
    sender = adapter(broker.tls, tls=True)
    error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, PermanentError)
    assert error.stops_channel


@pytest.mark.parametrize("secret", [f"{USER}:wrong-password", "nobody:wrong-password", ""])
async def test_a_wrong_login_stops_the_channel(
    broker: Mosquitto, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    sender = adapter(broker.plain, secret=secret)
    for act in (sender.send(sender.compose(STORY)), sender.check()):
        error = await outcome(act)
        assert isinstance(error, PermanentError)
        assert error.stops_channel
        keeps_secret(error, "wrong-password", caplog.text)


async def test_a_topic_one_may_not_write_stops_the_channel(broker: Mosquitto) -> None:
    sender = adapter(broker.plain, prefix="elsewhere")
    error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, PermanentError)
    assert error.stops_channel


async def test_limits_of_the_broker_are_kept(tmp_path: Path) -> None:
    with mosquitto(tmp_path, "max_packet_size 2000") as small:
        sender = adapter(small.plain, says="text")
        error = await outcome(sender.send(sender.compose(replace(STORY, text="Dài. " * 1000))))
        assert isinstance(error, PermanentError)
        assert not error.stops_channel
        await sender.send(sender.compose(STORY))


async def test_a_broker_that_retains_nothing_is_no_use(tmp_path: Path) -> None:
    with mosquitto(tmp_path, "retain_available false") as forgetful:
        sender = adapter(forgetful.plain)
        error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, PermanentError)
    assert error.stops_channel


# --- brokers that misbehave --------------------------------------------------------------------

CONNACK = b"\x20\x03\x00\x00\x00"
FLOOD = b"\x30\xff\xff\xff\x7f"  # the head of a message of 256 MB


@dataclass
class Dumb:
    """A server that answers each packet with the next bytes, then closes or waits."""

    port: int
    packets: int = 0
    poured: int = 0


@asynccontextmanager
async def dumb(*answers: bytes, ending: str = "close") -> AsyncIterator[Dumb]:
    there = Dumb(0)
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for answer in answers:
                there.packets += bool(await reader.read(65_536))
                writer.write(answer)
                await writer.drain()
            if ending == "reset":
                there.packets += bool(await reader.read(1))
                writer.transport.abort()
            while ending == "flood":
                writer.write(b"\0" * 65_536)
                await writer.drain()
                there.poured += 65_536
            while ending == "wait" and await reader.read(65_536):
                there.packets += 1
        except ConnectionError:
            pass  # the client hung up
        finally:
            writer.close()
            ended.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    there.port = server.sockets[0].getsockname()[1]
    async with server:
        yield there
        await asyncio.wait_for(ended.wait(), 10)


def puback(code: int) -> bytes:
    """Return the answer to the first PUBLISH, whose number is 1."""
    return b"\x40\x04\x00\x01" + bytes([code, 0])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt_session, "SECONDS", 0.4)
    monkeypatch.setattr(mqtt_session, "CONNECT_SECONDS", 0.2)


def keeps_secret(error: BaseException, secret: str, logged: str) -> None:
    told = [str(error), repr(error), "".join(traceback.format_exception(error)), logged]
    for part in {secret, *secret.split(":")}:
        assert not any(part in words for words in told)


@pytest.mark.parametrize(
    ("answers", "ending"),
    [
        ((), "wait"), ((CONNACK,), "wait"), ((), "close"), ((CONNACK,), "close"),
        ((CONNACK,), "reset"), ((b"SSH-2.0-OpenSSH_9\r\n",), "close"),
        ((b"HTTP/1.1 400 Bad Request\r\n\r\n",), "wait"), ((b"\xff" * 20,), "wait"),
        ((b"\x20\x02\x00\x00",), "wait"), ((b"\x20\x03\x00\x77\x00",), "wait"),
        ((CONNACK, b"\x40\x04\x00\x01\x55\x00"), "wait"), ((CONNACK, b"\x40\x01\x00"), "wait"),
        ((CONNACK, b"\x00\x00"), "wait"), ((CONNACK, b"\x40\x02\x00\x09"), "wait"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("impatient")
async def test_silence_breaks_and_garbage_are_tried_again(
    answers: tuple[bytes, ...], ending: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Also after the item left us: it is retained, a repetition changes nothing."""
    caplog.set_level("DEBUG")
    threads = threading.active_count()
    async with dumb(*answers, ending=ending) as there:
        sender = adapter(there.port)
        error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, TemporaryError)
    assert str(error)
    keeps_secret(error, SECRET, caplog.text)
    assert threading.active_count() <= threads + 1  # one of the pool's


@pytest.mark.parametrize(
    ("code", "expected", "stops"),
    [
        (0x80, TemporaryError, None), (0x88, TemporaryError, None), (0x89, TemporaryError, None),
        (0x97, TemporaryError, None), (0x9F, TemporaryError, None), (0x86, PermanentError, True),
        (0x87, PermanentError, True), (0x84, PermanentError, True), (0x85, PermanentError, True),
        (0x8A, PermanentError, True), (0x9D, PermanentError, True),
    ],
)  # fmt: skip
async def test_a_refused_connection(
    code: int, expected: type[DeliveryError], stops: bool | None
) -> None:
    async with dumb(b"\x20\x03\x00" + bytes([code, 0])) as there:
        error = await outcome(adapter(there.port).check())
    assert isinstance(error, expected)
    assert getattr(error, "stops_channel", None) is stops


async def test_a_broker_from_before_mqtt_5_stops_the_channel() -> None:
    async with dumb(b"\x20\x02\x00\x01") as there:
        error = await outcome(adapter(there.port).check())
    assert isinstance(error, PermanentError)
    assert error.stops_channel


@pytest.mark.parametrize(
    ("code", "stops"),
    [(0x80, False), (0x83, False), (0x87, True), (0x90, True), (0x97, False), (0x99, False)],
)
async def test_a_refused_item(code: int, stops: bool) -> None:
    async with dumb(CONNACK, puback(code), ending="wait") as there:
        sender = adapter(there.port)
        error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, PermanentError)
    assert error.stops_channel is stops


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (0x8B, TemporaryError),
        (0x8E, TemporaryError),
        (0x95, PermanentError),
        (0x9A, PermanentError),
    ],
)
async def test_the_broker_parts_before_it_has_the_item(
    code: int, expected: type[DeliveryError]
) -> None:
    async with dumb(CONNACK, b"\xe0\x02" + bytes([code, 0]), ending="wait") as there:
        sender = adapter(there.port)
        error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, expected)


async def test_an_endless_answer_is_not_collected() -> None:
    async with dumb(FLOOD, ending="flood") as there:
        error = await outcome(adapter(there.port).check())
    assert isinstance(error, TemporaryError)
    assert there.poured < 100_000_000


async def test_nobody_there() -> None:
    error = await outcome(adapter(free_port()).check())
    assert isinstance(error, TemporaryError)
    assert "127.0.0.1" not in str(error)


async def test_the_next_address_is_tried(broker: Mosquitto) -> None:
    both = Addresses("::1", "127.0.0.1")  # it does not listen on the first
    assert await adapter(broker.plain, network=both).check()


async def test_a_name_that_is_not_found_is_tried_again() -> None:
    error = await outcome(adapter(network=Addresses()).check())
    assert isinstance(error, TemporaryError)
    assert str(error) == "Không tìm thấy tên."


async def test_a_private_address_is_refused() -> None:
    sender = adapter(host="10.0.0.1", network=OutboundNetwork(allow=[]))
    error = await outcome(sender.send(sender.compose(STORY)))
    assert isinstance(error, PermanentError)
    assert error.stops_channel
    assert "10.0.0.1" not in str(error)


@pytest.mark.parametrize("secret", ["no-separator-here", ":password-alone"])
async def test_an_unusable_secret_is_not_sent(secret: str) -> None:
    error = await outcome(adapter(secret=secret).check())
    assert isinstance(error, PermanentError)
    assert error.stops_channel
    keeps_secret(error, secret.strip(":"), "")


async def test_cancelling_ends_the_thread() -> None:
    async with dumb(CONNACK, ending="wait") as there:
        sender = adapter(there.port)
        ended: list[bool] = []
        run = mqtt_session.Session.run
        finished = threading.Event()

        def watched(session: mqtt_session.Session) -> list[int]:
            try:
                return run(session)
            finally:
                ended.append(True)
                finished.set()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mqtt_session.Session, "run", watched)
            task = asyncio.create_task(sender.send(sender.compose(STORY)))
            await until(lambda: there.packets == 2)  # CONNECT and PUBLISH are there
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(finished.wait, 10)
        assert ended == [True]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)


def test_no_secret_in_what_describes_a_broker() -> None:
    there = mqtt_session.Broker(
        host="a", addresses=["127.0.0.1"], port=1, client="c", user="u", password=PASSWORD
    )
    assert PASSWORD not in repr(there)
