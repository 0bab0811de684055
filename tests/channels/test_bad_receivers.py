"""Receivers that misbehave, kind by kind, on real connections and through the worker.

For each: the right one of the three failures, words that tell a person what to do and hold no
secret, an answer without end that is not collected, and the next target served by the same worker.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone

from channels import building, outbox
from channels.adapters import apprise, email_transport, mqtt_session, shared_packages
from channels.adapters import shared_servers as servers
from channels.feeds import announcing
from channels.feeds.models import HubNotice
from channels.models import Channel, Delivery, State
from channels.registry import ADAPTERS
from channels.worker import deliver_due
from core.crypto import encrypt
from tests import factories
from tests.certificates import server_context
from tests.channels import bad_peers as peers
from tests.channels.bad_peers import Act, Peer, http, serving
from tests.channels.conformance import SUBJECTS, ZALO_SECRET, ImpatientClient
from tests.channels.folder_servers import PASSWORD, USER
from tests.channels.hub_server import hub_server

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MOST = 40_000_000  # bytes of an endless answer that are taken, those under way included
HTML = (b"<!DOCTYPE html><title>Chan truy cap</title>", "Content-Type: text/html")
MOVED = "Location: http://10.0.0.1/"
# What a person is told to do, in the words of our messages.
ADVICE = re.compile(r"\b(hãy|kiểm tra|nhập|hỏi|xem|đề nghị|rút gọn|chọn|sửa|giảm)\b", re.IGNORECASE)
LEAKS = re.compile(r"127\.0\.0\.1|Traceback|Error\b|Exception|errno|0x7f", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """How a channel of a kind is led to a peer. ``{port}`` in options and secret is the peer's."""

    name: str
    secret: str
    options: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def channel(self, there: Peer, scheme: str, settings: LazySettings) -> Channel:
        for name, value in self.settings.items():
            setattr(settings, name, self._led(value, there, scheme))
        options = {key: self._led(value, there, scheme) for key, value in self.options.items()}
        secret = self._led(self.secret, there, scheme)
        return factories.channel(
            "xau", self.name, name="A đứng đầu", options=options, secret=encrypt(secret)
        )

    def _led(self, value: Any, there: Peer, scheme: str) -> Any:
        if value == "{port}":
            return there.port
        if isinstance(value, dict):
            return {key: self._led(one, there, scheme) for key, one in value.items()}
        if not isinstance(value, str):
            return value
        return value.replace("{http}", scheme).replace("{port}", str(there.port))


WEB = "{http}://127.0.0.1:{port}"
MAIL = {
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_PORT": "{port}",
    "EMAIL_HOST_USER": USER,
    "EMAIL_HOST_PASSWORD": PASSWORD,
    "DEFAULT_FROM_EMAIL": "Nhịp Cầu <tin@tinh.example>",
}
PROVIDER = {
    "EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend",
    "ANYMAIL": {"POSTMARK_SERVER_TOKEN": PASSWORD, "POSTMARK_API_URL": WEB},
    "DEFAULT_FROM_EMAIL": "Nhịp Cầu <tin@tinh.example>",
}
MQTT = {"host": "127.0.0.1", "port": "{port}", "tls": False}
KINDS = {
    "telegram": Kind("telegram", SUBJECTS["telegram"].secret, {"chat_id": -42},
                     {"TELEGRAM_API_URL": WEB}),
    "zalo": Kind("zalo", ZALO_SECRET, SUBJECTS["zalo"].options,
                 {"ZALO_API_URL": WEB, "ZALO_OAUTH_URL": WEB}),
    "facebook": Kind("facebook", SUBJECTS["facebook"].secret, SUBJECTS["facebook"].options,
                     {"FACEBOOK_GRAPH_URL": WEB}),
    "webhook": Kind("webhook", SUBJECTS["webhook"].secret, {"address": f"{WEB}/ninjs"}),
    "apprise": Kind("apprise", "json://127.0.0.1:{port}/MaDichVuBiMat"),
    "apprise tls": Kind("apprise", "jsons://127.0.0.1:{port}/MaDichVuBiMat"),
    "email": Kind("email", "", {"recipients": ["toasoan@bao.example"]}, MAIL),
    "email tls": Kind("email", "", {"recipients": ["toasoan@bao.example"]},
                      MAIL | {"EMAIL_USE_SSL": True}),
    "email provider": Kind("email", "", {"recipients": ["toasoan@bao.example"]}, PROVIDER),
    "mqtt": Kind("mqtt", f"{USER}:{PASSWORD}", MQTT),
    "mqtt tls": Kind("mqtt", f"{USER}:{PASSWORD}", MQTT | {"tls": True}),
    "file": Kind("file", PASSWORD, {"address": "ftp://127.0.0.1:{port}/bao", "user": USER}),
    "file sftp": Kind("file", PASSWORD, {"address": "sftp://127.0.0.1:{port}/bao", "user": USER,
                                         "fingerprint": "SHA256:" + "A" * 43}),
    "file s3": Kind("file", PASSWORD, {"address": "s3://bao/vao", "user": USER,
                                       "endpoint": "https://127.0.0.1:{port}"}),
    "loudspeaker": Kind("loudspeaker", PASSWORD,
                        {"address": "ftp://127.0.0.1:{port}/loa", "user": USER}),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the table: a kind, what its receiver does, and what becomes of the delivery.

    ``tls``: the receiver shows a certificate, which nobody vouches for unless ``known``.
    """

    kind: str
    fault: str
    act: Act
    state: State
    stops: bool = False
    tls: bool = False
    known: bool = False

    def __str__(self) -> str:
        return f"{self.kind}-{self.fault}"


def bucket(fault: str, act: Act, state: State, stops: bool = False) -> Row:
    """Return a row of S3, which is spoken over TLS only."""
    return Row("file s3", fault, act, state, stops, tls=True, known=True)


def refusal(kind: str, status: int) -> Act:
    return http(status, SUBJECTS[kind].refusal(status))


PAGE, ELSEWHERE = http(200, *HTML), http(302, b"", MOVED)
FAILED, PENDING, UNCERTAIN = State.FAILED, State.PENDING, State.UNCERTAIN


def web(kind: str) -> list[Row]:
    """Return the rows of a kind that speaks HTTP to an interface of JSON."""
    # A web hook may be any program, and may have taken the item before it showed a page. The
    # services' own interfaces never show one: it is somebody else's, and they saw nothing.
    page = (UNCERTAIN, False) if kind == "webhook" else (FAILED, True)
    return [
        Row(kind, "a web page", PAGE, *page),
        Row(kind, "a private address", ELSEWHERE, FAILED, stops=True),
        Row(kind, "no end", peers.http_endless, UNCERTAIN),
        Row(kind, "reset in the answer", peers.http_reset, UNCERTAIN),
        Row(kind, "silence after taking it", peers.http_silent, UNCERTAIN),
        Row(kind, "wrong certificate", PAGE, FAILED, stops=True, tls=True),
        Row(kind, "wrong secret", refusal(kind, 401), FAILED, stops=True),
        Row(kind, "over the limit", http(413, *HTML), FAILED),
        Row(kind, "out of order", http(503, *HTML), PENDING),
    ]


TABLE = [
    *web("telegram"), *web("zalo"), *web("facebook"), *web("webhook"),
    # Services of Apprise confirm by their status; with a page in place of a word it is in doubt.
    Row("apprise", "a web page", PAGE, UNCERTAIN),
    Row("apprise", "a private address", ELSEWHERE, FAILED, stops=True),
    Row("apprise", "no end", peers.http_endless, UNCERTAIN),
    Row("apprise", "reset in the answer", peers.http_reset, UNCERTAIN),
    Row("apprise", "silence after taking it", peers.http_silent, UNCERTAIN),
    Row("apprise tls", "wrong certificate", PAGE, FAILED, stops=True, tls=True),
    Row("apprise", "wrong secret", http(401), FAILED, stops=True),
    Row("apprise", "over the limit", http(413), FAILED),
    Row("apprise", "out of order", http(503), PENDING),
    Row("email", "a web page", http(400, *HTML), PENDING),  # it waits for us to speak first
    Row("email", "a web page at once", lambda there, line: line.sendall(b"HTTP/1.1 400 X\r\n\r\n"),
        FAILED, stops=True),
    Row("email", "no end", peers.greeting(b"220-xin chao\r\n"), PENDING),
    Row("email", "no end after taking it", peers.smtp(peers.then_pour), UNCERTAIN),
    Row("email", "reset after taking it", peers.smtp(peers.then_reset), UNCERTAIN),
    Row("email", "silence after taking it", peers.smtp(peers.then_wait), UNCERTAIN),
    Row("email tls", "wrong certificate", peers.smtp(), FAILED, stops=True, tls=True),
    Row("email", "wrong secret", peers.smtp(AUTH="535 5.7.8 No"), FAILED, stops=True),
    Row("email", "over the limit", peers.smtp(size=100, MAIL="552 5.3.4 Too big"), FAILED),
    Row("email", "out of order", peers.smtp(MAIL="451 4.3.0 Later"), PENDING),
    Row("email provider", "a web page", PAGE, UNCERTAIN),
    Row("email provider", "no end", peers.http_endless, UNCERTAIN),
    Row("email provider", "reset in the answer", peers.http_reset, UNCERTAIN),
    Row("email provider", "wrong certificate", PAGE, FAILED, stops=True, tls=True),
    Row("email provider", "wrong secret", http(401), FAILED, stops=True),
    Row("email provider", "over the limit", http(413), FAILED),
    Row("email provider", "out of order", http(503), PENDING),
    # What is put into a topic again, or into a folder, replaces itself: never a doubt.
    Row("mqtt", "a web page", http(400, *HTML), PENDING),
    Row("mqtt", "no end", peers.mqtt(then=peers.mqtt_endless), PENDING),
    Row("mqtt", "reset after taking it", peers.mqtt(then=peers.then_reset), PENDING),
    Row("mqtt", "silence after taking it", peers.mqtt(then=peers.then_wait), PENDING),
    Row("mqtt tls", "wrong certificate", peers.mqtt(), FAILED, stops=True, tls=True),
    Row("mqtt", "wrong secret", peers.mqtt(b"\x20\x03\x00\x86\x00"), FAILED, stops=True),
    Row("mqtt", "over the limit", peers.mqtt(then=b"\xe0\x02\x95\x00"), FAILED),
    Row("mqtt", "over the limit it names", peers.mqtt(peers.CONNACK_OF_100), FAILED),
    *[
        Row(kind, *row)
        for kind in ("file", "loudspeaker")
        for row in (
            ("a web page", lambda there, line: line.sendall(b"HTTP/1.1 400 X\r\n\r\n"), PENDING),
            ("no end", peers.greeting(b"220-xin chao\r\n"), PENDING),
            ("reset while writing", peers.ftp(STOR="reset"), PENDING),
            ("silence while writing", peers.ftp(STOR="wait"), PENDING),
            ("wrong secret", peers.ftp(PASS="530 No"), FAILED, True),
            ("no room", peers.ftp(STOR="552 Full"), PENDING),
        )
    ],
    Row("file sftp", "no end", peers.greeting(b"SSH"), PENDING),
    Row("file sftp", "no end in lines", peers.greeting(b"xin chao\r\n"), PENDING),
    Row("file s3", "wrong certificate", PAGE, FAILED, stops=True, tls=True),
    bucket("a web page", PAGE, FAILED, stops=True),
    bucket("a web page for what is written", peers.s3(peers.answer_of(200, *HTML)), FAILED, True),
    bucket("a private address", ELSEWHERE, FAILED, stops=True),
    bucket("no end", peers.http_endless, PENDING),
    bucket("no end while writing", peers.s3(peers.http_pour), PENDING),
    bucket("no end of headers", peers.s3(peers.http_headers), PENDING),
    bucket("reset in the answer", peers.http_reset, PENDING),
    bucket("reset while writing", peers.s3(peers.then_reset), PENDING),
    bucket("silence", peers.http_silent, PENDING),
    bucket("silence while writing", peers.s3(peers.then_wait), PENDING),
    bucket("wrong secret", peers.s3_refusing(403, "SignatureDoesNotMatch"), FAILED, True),
    bucket("no such bucket", peers.s3_refusing(404, "NoSuchBucket"), FAILED, True),
    bucket("over the limit", peers.s3(peers.answer_of(413, *HTML)), FAILED),
    bucket("no room", peers.s3(peers.s3_refusal(507, "QuotaExceeded")), PENDING),
    bucket("out of order", http(503, *HTML), PENDING),
]  # fmt: skip


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """No wait is longer than a moment, and one delivery is in flight at a time."""
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8"]
    settings.DELIVERY_CONCURRENCY = 1
    monkeypatch.setattr(building, "OutboundClient", ImpatientClient)
    monkeypatch.setattr(announcing, "OutboundClient", ImpatientClient)
    monkeypatch.setattr(apprise, "SOCKET_SECONDS", 0.4)
    monkeypatch.setattr(email_transport, "STEP_SECONDS", 0.4)
    monkeypatch.setattr(email_transport, "WHOLE_SECONDS", 2)
    monkeypatch.setattr(mqtt_session, "SECONDS", 0.8)
    monkeypatch.setattr(mqtt_session, "CONNECT_SECONDS", 0.4)
    monkeypatch.setattr(servers, "SECONDS", 0.4)
    monkeypatch.setattr(shared_packages, "WHOLE_SECONDS", 2)


@pytest.fixture
def certificate(tmp_path: Path) -> Any:
    return server_context(tmp_path)


def publish() -> None:
    """Queue an item for both channels, the misbehaving one first."""
    with transaction.atomic():
        outbox.publish(factories.story())
    Delivery.objects.filter(channel__slug="xau").update(due_at=timezone.now())
    Delivery.objects.filter(channel__slug="phong").update(due_at=timezone.now())


def secrets_of(kind: Kind) -> Iterator[str]:
    """Yield every text that nobody may read."""
    secret = kind.secret
    yield from json.loads(secret).values() if secret.startswith("{") else secret.split(":")
    yield PASSWORD


def keeps_quiet(kind: Kind, told: str) -> None:
    for part in secrets_of(kind):
        assert not (isinstance(part, str) and len(part) > 7 and part in told)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_misbehaving_receiver(
    row: Row, room: Channel, settings: LazySettings, certificate: Any, caplog: Any,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    kind = KINDS[row.kind]
    if row.known:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with serving(row.act, certificate if row.tls else None) as there:
        bad = kind.channel(there, "https" if row.tls else "http", settings)
        publish()
        deliver_due()
    delivery, other = (Delivery.objects.get(channel=one) for one in (bad, room))
    assert (delivery.state, delivery.reason != "") == (row.state, True), delivery.reason
    bad.refresh_from_db()
    assert bad.is_stopped is row.stops
    assert not delivery.reason.isascii()  # Vietnamese
    if row.state != PENDING:  # else the system itself goes on
        assert ADVICE.search(delivery.reason), delivery.reason
    assert not LEAKS.search(delivery.reason)
    keeps_quiet(kind, delivery.reason)
    keeps_quiet(kind, caplog.text)
    assert there.poured < MOST
    assert other.state == State.DELIVERED
    if row.tls and not row.known:
        assert there.heard == []  # not a byte of the item, nor of the secret


def test_every_kind_with_a_receiver_on_the_network_is_in_the_table() -> None:
    tried = {KINDS[row.kind].name for row in TABLE}
    assert tried == {name for name, cls in ADAPTERS.items() if not cls.pulls} - {"hand"}


# --- hubs ---------------------------------------------------------------------------------------


HUB_TABLE = [
    Row("feed", "a private address", ELSEWHERE, FAILED),
    Row("feed", "no end", peers.http_endless, PENDING),  # telling it twice does no harm
    Row("feed", "reset in the answer", peers.http_reset, PENDING),
    Row("feed", "silence after taking it", peers.http_silent, PENDING),
    Row("feed", "wrong certificate", PAGE, FAILED, tls=True),
    Row("feed", "refused", http(403, *HTML), FAILED),
    Row("feed", "out of order", http(503, *HTML), PENDING),
]


@pytest.mark.parametrize("row", HUB_TABLE, ids=str)
def test_a_misbehaving_hub(row: Row, certificate: Any) -> None:
    """The feed stands whatever its hub does, and other hubs are told."""
    with (
        serving(row.act, certificate if row.tls else None) as there,
        hub_server() as good,
    ):
        bad = f"http{'s' if row.tls else ''}://127.0.0.1:{there.port}/hub"
        feed = factories.channel("phat-thanh", "feed", options={"hubs": [bad, good.address]})
        with transaction.atomic():
            outbox.publish(factories.story())
        deliver_due()
    assert Delivery.objects.get(channel=feed).state == State.DELIVERED
    told = HubNotice.objects.get(hub=bad)
    assert (told.due_at is None) is (row.state == FAILED)  # given up until the next change
    assert not told.failure.isascii()
    assert not LEAKS.search(told.failure)
    assert there.poured < MOST
    if row.tls:
        assert there.heard == []
    assert len(good.told) == 3
