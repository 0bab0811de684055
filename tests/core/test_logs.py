"""Log lines: their formats, what they carry, and what they never show."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO

import aiohttp
import httpx
import pytest
from django.conf import LazySettings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core import crypto, logs, redaction
from core.redaction import redact

TOKEN = "5551234567:AAH-q0Zx9vLw3RtYuIoPasDfGhJkLzXcVbN"
PLAIN = "mat-khau-cua-dai-phat-thanh"

Writer = Callable[[str], StringIO]


@pytest.fixture
def writing() -> Iterator[Writer]:
    """Let the root logger write in a format, and give what it wrote."""
    root, level = logging.getLogger(), logging.getLogger().level
    handlers = []

    def start(form: str) -> StringIO:
        written = StringIO()
        handler = logging.StreamHandler(written)
        handler.setFormatter(logs.formatter(form))
        root.addHandler(handler)
        root.setLevel("DEBUG")
        handlers.append(handler)
        return written

    yield start
    root.setLevel(level)
    for handler in handlers:
        root.removeHandler(handler)


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", {})
    logs.begin()


def test_json_lines_carry_what_is_bound(writing: Writer) -> None:
    written = writing("json")
    with logs.about(delivery=7, channel="phat-thanh"):
        logging.getLogger("thirdparty").info("Đã gửi %s", "tin", extra={"seconds": 0.25})
    line = json.loads(written.getvalue())
    assert (line["event"], line["logger"], line["level"]) == ("Đã gửi tin", "thirdparty", "info")
    assert (line["delivery"], line["channel"], line["seconds"]) == (7, "phat-thanh", 0.25)
    assert line["timestamp"][10] == "T"


def test_key_value_lines_can_be_taken_apart_again(writing: Writer) -> None:
    written = writing("logfmt")
    with logs.about(reason='Nhóm "CCHC"\nđã xóa bot', attempt=2):
        logging.getLogger("x").warning("Không gửi được")
    line = written.getvalue().strip()
    assert line.count("\n") == 0
    assert ' event="Không gửi được" ' in line
    assert ' reason="Nhóm \\"CCHC\\"\\nđã xóa bot"' in line
    assert " attempt=2" in line


def test_lines_for_people_end_with_the_traceback(writing: Writer) -> None:
    written = writing("line")
    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError:
        with logs.about(delivery=9):
            logging.getLogger("x").exception("Hỏng")
    text = written.getvalue()
    assert " ERROR x: Hỏng delivery=9\nTraceback" in text
    assert "/bot[…]/getMe" in text
    assert TOKEN not in text


@pytest.mark.parametrize("form", logs.FORMATS)
def test_libraries_cannot_tell_a_secret(
    form: str, writing: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    redaction.hide(PLAIN)
    written = writing(form)
    for name in logs.QUIET:
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    address = f"https://api.telegram.org/bot{TOKEN}/sendMessage"
    request = httpx.Request("POST", address, headers={"Authorization": f"Bearer {PLAIN}"})
    logging.getLogger("httpx").info("HTTP Request: %s %s", request.method, request.url)
    logging.getLogger("httpcore.http11").debug("send %r", request.headers.raw)
    logging.getLogger("telegram.Bot").debug("calling %s", {"token": TOKEN, "chat_id": 7})
    error = aiohttp.InvalidURL(f"mqtt://loa:{PLAIN}@broker.example:8883/x")
    logging.getLogger("aiohttp.client").error("failed", exc_info=error)
    logging.getLogger("paho").info("CONNECT user=loa password=%s", PLAIN)
    logging.getLogger("x").info("said", extra={"secret": "ngan", "detail": {"api_key": "abc"}})
    text = written.getvalue()
    assert text.count("\n") >= 6
    for secret in (TOKEN, TOKEN.partition(":")[2], PLAIN, "ngan", "abc"):
        assert secret not in text, secret


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("GET /v1?access_token=EAAB12&fields=id", "GET /v1?access_token=[…]&fields=id"),
        ('{"refresh_token": "r3fr3sh", "id": 4}', '{"refresh_token": "[…]", "id": 4}'),
        ("Authorization: Basic bG9hOm1hdA==", "Authorization: […]"),
        ("[(b'authorization', b'Bearer x')]", "[(b'authorization', b'[…]')]"),
        ("use bearer abc123_defg now", "use bearer […] now"),
        ("sftp://loa:matkhau@may.vn/tin", "sftp://[…]@may.vn/tin"),
        ("GET /feeds/dai/Zk3_aaaaaaaaaaaaaaaaaaaa.xml 200", "GET /feeds/dai/[…].xml 200"),
        ("GET /lich/Zk3_aaaaaaaaaaaaaaaaaaaa.ics", "GET /lich/[…].ics"),
        ("POST /tin-thu/5f0c-7a34:1tXyZ0:aB_c-d/ 302", "POST /tin-thu/[…]/ 302"),
        ("GET /feeds/xac-nhan/1-2-abcdef012345~aB_c: 200", "GET /feeds/xac-nhan/[…]: 200"),
        ("/admin/password_reset/confirm/MQ/c0ffee-0123456789abcdef/", 0),
        ("X-Hub-Signature-256: sha256=aa11", 0),
        ("appsecret_proof=0a1b2c", "appsecret_proof=[…]"),
        ("12:30:45 delivered in 0.2 s to tin-tuc@bao.vn", None),
        ("The secretary sent basic information; no token was asked for.", None),
        ("/feeds/phat-thanh.xml", None),
    ],
)
def test_what_is_taken_out_and_what_stays(text: str, left: str | int | None) -> None:
    shown = redact(text)
    if left == 0:
        assert "[…]" in shown
        assert not any(part in shown for part in ("c0ffee-0123456789abcdef", "aa11"))
    else:
        assert shown == (text if left is None else left)


@given(st.text(alphabet=st.characters(exclude_categories=["Z", "C"]), min_size=6), st.text())
def test_what_was_decrypted_is_known_from_then_on(secret: str, around: str) -> None:
    assert crypto.decrypt(crypto.encrypt(secret)) == secret
    before = around.replace(secret, "")
    assert secret not in redact(f"{before} {secret} {around}").replace("[…]", "")


def test_settings_of_the_operator_are_known(settings: LazySettings) -> None:
    settings.EMAIL_HOST_PASSWORD = "mat-khau-thu"
    settings.ANYMAIL = {"MAILGUN_API_KEY": "key-0123", "MAILGUN_SENDER_DOMAIN": "tinh.vn"}
    logs.hide_settings()
    assert redact("mat-khau-thu key-0123 tinh.vn") == "[…] […] tinh.vn"


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_request_has_a_name_in_its_lines_and_its_answer(client: Client, writing: Writer) -> None:
    written = writing("json")
    answer = client.get("/nothing-here/", headers={"X-Request-ID": "proxy-0001"})
    assert answer.headers["X-Request-ID"] == "proxy-0001"
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert any(line.get("request_id") == "proxy-0001" for line in lines), lines
    forged = client.get("/healthz", headers={"X-Request-ID": 'x" level=fatal'})
    assert len(forged.headers["X-Request-ID"]) == 32
