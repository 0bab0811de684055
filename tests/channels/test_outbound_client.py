"""The guarded client as adapters see it: the contract's exceptions, and the bodies it writes."""

import asyncio

import pytest
from django.conf import LazySettings
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import HttpClient, NoAnswer, NotSent, Part, Refused, Untrusted
from channels.http import OutboundClient, OutboundNetwork, encoded
from channels.sandbox import seed
from channels.sandbox.models import SandboxMessage
from core.http import Reason, Unanswered, Unsent
from tests.channels.bot_api import TOKEN, picture_bytes


def refusing(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> HttpClient:
    client = OutboundClient(allow=[])

    async def fail(*args: object, **kwargs: object) -> None:
        raise failure

    monkeypatch.setattr(client._client, "request", fail)
    return client


@pytest.mark.parametrize("reason", Reason)
async def test_every_failure_has_words(reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    for failure, expected in ((Unsent(reason), NotSent), (Unanswered(reason), NoAnswer)):
        with pytest.raises(expected) as caught:
            await refusing(monkeypatch, failure).request("GET", "https://a.example/")
        assert not str(caught.value).isascii()  # Vietnamese
        kinds = {Reason.FORBIDDEN: Refused, Reason.CERTIFICATE: Untrusted}
        assert type(caught.value) is (
            kinds.get(reason, NotSent) if expected is NotSent else expected
        )


async def test_the_operators_list_is_the_default(settings: LazySettings) -> None:
    settings.OUTBOUND_ALLOW = []
    with pytest.raises(Refused):
        await OutboundClient().request("GET", "http://127.0.0.1:9/")
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8"]
    with pytest.raises(NotSent) as caught:
        await OutboundClient().request("GET", "http://127.0.0.1:9/")
    assert not isinstance(caught.value, Refused)


def parsed(content_type: str, body: bytes | None) -> HttpRequest:
    return RequestFactory().generic("POST", "/", body or b"", content_type=content_type)


@given(
    name=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20),
    value=st.text(st.characters(blacklist_categories=["Cs"]), max_size=80),
    content=st.binary(min_size=1, max_size=200),
)
def test_forms_are_read_as_written(name: str, value: str, content: bytes) -> None:
    parts = [
        Part(name=name, content=value.encode()),
        Part(name="tệp", content=content, filename="kế hoạch.jpg", mime="image/jpeg"),
    ]
    request = parsed(*encoded(parts=parts))
    assert request.POST[name] == value
    file = request.FILES["tệp"]
    assert (file.name, file.content_type, file.read()) == ("kế hoạch.jpg", "image/jpeg", content)  # type: ignore[union-attr]


def test_names_cannot_add_headers_or_parts() -> None:
    evil = 'a"\r\nContent-Type: text/html\r\n\r\n<b>'
    _kind, body = encoded(parts=[Part(name="f", content=b"x", filename=evil, mime=evil)])
    assert body is not None
    head = body.split(b"\r\n\r\n")[0]
    assert head.count(b"\r\n") == 2
    assert b"%22%0D%0A" in head


def test_json_keeps_vietnamese_letters() -> None:
    assert encoded(json={"a": "Đ"}) == ("application/json", '{"a": "Đ"}'.encode())
    assert encoded(body=b"x") == ("", b"x")
    assert encoded() == ("", None)


@pytest.mark.django_db(transaction=True)
def test_a_photo_travels_over_a_real_connection(live_server, settings: LazySettings) -> None:
    seed(-4001, "Tổ công tác CCHC", TOKEN)
    parts = [
        Part(name="chat_id", content=b"-4001"),
        Part(name="caption", content="Ảnh lễ khai trương".encode()),
        Part(name="photo", content=picture_bytes(), filename="a.jpg", mime="image/jpeg"),
    ]
    url = f"{live_server.url}/sandbox/telegram/bot{TOKEN}/sendPhoto"
    answer = asyncio.run(OutboundClient().request("POST", url, parts=parts))
    assert answer.status == 200
    message = SandboxMessage.objects.get()
    assert (message.text, message.width) == ("Ảnh lễ khai trương", 64)
    with message.file.open() as file:
        assert file.read() == picture_bytes()


@pytest.mark.parametrize(
    ("host", "allow", "expected"),
    [
        ("203.0.114.9", [], ["203.0.114.9"]),
        ("10.0.0.4", ["10.0.0.0/24"], ["10.0.0.4"]),
        ("10.0.0.4", [], Refused),
        ("127.0.0.1", [], Refused),
    ],
)
async def test_a_transport_of_its_own_learns_where_it_may_connect(host, allow, expected) -> None:
    network = OutboundNetwork(allow=allow)
    if isinstance(expected, list):
        assert await network.permitted(host, 1883) == expected
    else:
        with pytest.raises(expected):
            await network.permitted(host, 1883)
