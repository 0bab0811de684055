"""The web hook: what it says, how it signs, and what it makes of receivers' answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.utils import translation
from django.utils.http import http_date
from pydantic import ValidationError

from channels.adapters import shared_ninjs
from channels.adapters.webhook import Webhook
from channels.adapters.webhook_signing import SIGNATURE, TIMESTAMP, Keys
from channels.contract import (
    DeliveryError,
    Document,
    HttpResponse,
    NoAnswer,
    NotSent,
    PermanentError,
    Picture,
    Receipt,
    Refused,
    Story,
    TemporaryError,
    UncertainError,
)
from channels.payload import says_the_same
from tests import factories

SCHEMA = Path(__file__).parents[3] / "shared" / "standards" / "ninjs-schema_3.0.json"
MOMENT = datetime(2026, 5, 12, 3, 30, tzinfo=UTC)
NEW = "q2-2026:mot-khoa-rat-dai-va-rat-bi-mat"
OLD = "q1-2026:mot-khoa-cu-cung-rat-dai-va-bi-mat"
PICTURE = Picture(
    url="https://so.example.vn/ảnh.jpg", file="images/a.jpg", mime="image/jpeg", size=40_000,
    width=1600, height=900, alt="Hội nghị", caption="Quang cảnh hội nghị", credit="Nguyễn An",
)  # fmt: skip
PAPER = Document(
    url="https://so.example.vn/kế hoạch.pdf", file="documents/kh.pdf", title="Kế hoạch 95",
    mime="application/pdf", size=9_000,
)  # fmt: skip
RECEIPT = Receipt(external_id="urn:uuid:1", address="https://bao.example.vn/tin/1")

Reply = HttpResponse | Exception


def story(**changes: Any) -> Story:
    plain = factories.story(
        key="5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11", published=MOMENT, updated=MOMENT, sequence=2
    )
    return replace(plain, **changes)


def rich(**changes: Any) -> Story:
    """Return a story with everything that a document can carry."""
    everything: dict[str, Any] = {
        "picture": PICTURE,
        "wide_picture": replace(PICTURE, width=1920, height=1080, file="images/w.jpg"),
        "documents": (PAPER, replace(PAPER, mime="audio/mpeg", size=0, title="")),
        "correction": "Số thủ tục là 120, không phải 12.",
        "corrected": MOMENT,
        "embargo": MOMENT,
        "contact": "Chị Hoa, 0123",
        "author": "Trần Bình",
        "unit": "Sở Nội vụ",
        "genre": "Tin",
        "level": "urgent",
        "section": "mot-cua",
        "section_name": "Một cửa",
    }
    return story(**(everything | changes))


def answer(status: int = 200, body: bytes = b"", **headers: str) -> HttpResponse:
    return HttpResponse(
        status, {name.replace("_", "-"): text for name, text in headers.items()}, body
    )


class Newsroom:
    """A receiver: keeps each request and answers as it is told, else with an empty 200."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[tuple[str, str, dict[str, Any]]] = []

    async def request(self, method: str, url: str, **values: Any) -> HttpResponse:
        self.requests.append((method, url, values))
        reply = self.replies.pop(0) if self.replies else answer()
        if isinstance(reply, Exception):
            raise reply
        return reply

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.requests[-1][2]["body"])
        return found

    @property
    def headers(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.requests[-1][2]["headers"]
        return found


def adapter(*replies: Reply, secret: str = NEW, **options: Any) -> Webhook:
    chosen = Webhook.Options.model_validate(
        {"address": "https://bao.example.vn/nhan-tin?toa=1", **options}
    )
    files: Any = None
    return Webhook(chosen, secret, http=Newsroom(*replies), files=files)


def newsroom(sender: Webhook) -> Newsroom:
    assert isinstance(sender.http, Newsroom)
    return sender.http


async def sent(sender: Webhook, of: Story | None = None) -> dict[str, Any]:
    await sender.send(sender.compose(of or story()))
    return newsroom(sender).document


async def failure(sender: Webhook, verb: str = "send") -> DeliveryError:
    message = sender.compose(story())
    arguments: list[Any] = {"send": [message], "check": []}.get(verb, [message, RECEIPT])
    with pytest.raises(DeliveryError) as caught:
        await getattr(sender, verb)(*arguments)
    return caught.value


# --- options and keys --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["", "bao.example.vn", "ftp://bao.example.vn/", "https://", "https://a b/", "https://a:x/",
     "https://[::1", "javascript:alert(1)", "https://ten:mat-khau@bao.example.vn/"],
)  # fmt: skip
def test_addresses_that_cannot_be_posted_to_are_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        Webhook.Options.model_validate({"address": address})


@pytest.mark.parametrize(
    "secret",
    ["", "khong-co-ten-khoa-o-day-dau-nhe", "ten:ngan", f"{NEW} {OLD} ba:{'x' * 24}",
     f"{NEW} {NEW}", f"tên:{'x' * 24}", f"{NEW} hong"],
)  # fmt: skip
async def test_an_unusable_key_stops_the_channel_and_sends_nothing(secret: str) -> None:
    sender = adapter(secret=secret)
    error = await failure(sender)
    assert isinstance(error, PermanentError)
    assert error.stops_channel
    assert newsroom(sender).requests == []


def test_keys_do_not_show_in_a_traceback() -> None:
    assert "bi-mat" not in repr(Keys.read(f"{NEW} {OLD}"))


# --- signatures --------------------------------------------------------------------------------


def test_the_signature_is_the_documented_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example for receivers in the documentation, run as it stands there."""
    page = (Path(__file__).parents[2] / "docs" / "channels" / "webhook.md").read_text()
    example = page.partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - our own documentation
    monkeypatch.setattr(names["time"], "time", lambda: 1_000_000.0)
    name, _, secret = NEW.partition(":")
    headers = Keys.read(f"{OLD} {NEW}").headers("tin mới".encode(), 1_000_000)
    genuine: Callable[..., bool] = names["genuine"]
    assert genuine(headers, "tin mới".encode(), name, secret.encode())
    assert not genuine(headers, b"tin cu", name, secret.encode())
    assert not genuine(headers, "tin mới".encode(), name, b"khac")
    assert not genuine({**headers, TIMESTAMP: "999000"}, "tin mới".encode(), name, secret.encode())
    assert not genuine({}, "tin mới".encode(), name, secret.encode())


async def test_the_body_is_signed_as_it_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.adapters.webhook.time.time", lambda: 1_700_000_000.9)
    sender = adapter()
    await sent(sender)
    method, url, request = newsroom(sender).requests[0]
    assert (method, url) == ("POST", "https://bao.example.vn/nhan-tin?toa=1")
    assert request["headers"][TIMESTAMP] == "1700000000"
    assert request["headers"]["Content-Type"] == "application/json"
    signature = request["headers"][SIGNATURE]
    assert Keys.read(NEW).accept("1700000000", signature, request["body"], 1_700_000_000)


def test_two_keys_hold_while_one_replaces_the_other() -> None:
    both = Keys.read(f"{NEW} {OLD}").headers(b"x", 5)
    for keys in (NEW, OLD, f"{OLD} {NEW}"):
        assert Keys.read(keys).accept("5", both[SIGNATURE], b"x", 5)
    alone = Keys.read(OLD).headers(b"x", 5)[SIGNATURE]
    assert Keys.read(f"{NEW} {OLD}").accept("5", alone, b"x", 5)
    assert not Keys.read(NEW).accept("5", alone, b"x", 5)


@pytest.mark.parametrize(
    ("timestamp", "now", "accepted"),
    [("1000", 1000, True), ("1000", 1300, True), ("1000", 1301, False), ("1000", 700, True),
     ("1000", 699, False), ("", 1000, False), ("+1000", 1000, False), ("١٠٠٠", 1000, False),
     ("1" * 400, 1000, False), ("1000.0", 1000, False)],
)  # fmt: skip
def test_a_signed_time_holds_for_five_minutes(timestamp: str, now: int, accepted: bool) -> None:
    signature = Keys.read(NEW).headers(b"x", 1000)[SIGNATURE]
    assert Keys.read(NEW).accept(timestamp, signature, b"x", now) is accepted


@pytest.mark.parametrize("signature", ["", "=", "q2-2026", "q2-2026=", "q2-2026=é", "khac=00"])
def test_what_is_no_signature_is_not_accepted(signature: str) -> None:
    assert not Keys.read(NEW).accept("1000", signature, b"x", 1000)


# --- the document ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "item",
    [story(), rich(), story(summary="", text="", html="", spoken=""), rich(title="Dài " * 900)],
    ids=["plain", "rich", "empty", "long"],
)
async def test_documents_are_valid_by_the_published_schema(item: Story) -> None:
    if not SCHEMA.exists():
        pytest.skip("The published schema does not lie beside the checkout")
    schema = json.loads(SCHEMA.read_text())
    check = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    sender = adapter(usage_terms="Ghi rõ nguồn.", with_contact=True)
    message = sender.compose(item)
    await sender.send(message)
    assert list(check.iter_errors(newsroom(sender).document)) == []
    await sender.retract(message, RECEIPT)
    assert list(check.iter_errors(newsroom(sender).document)) == []
    assert list(check.iter_errors(shared_ninjs.document(item, with_contact=True))) == []


async def test_a_document_says_all_of_the_item() -> None:
    document = await sent(adapter(usage_terms="Ghi rõ nguồn.", with_contact=True), rich())
    assert document["uri"] == "urn:uuid:5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11"
    assert document["standard"]["version"] == "3.0"
    assert (document["version"], document["pubStatus"]) == ("2", "usable")
    assert document["firstCreated"] == document["versionCreated"] == "2026-05-12T03:30:00+00:00"
    assert (document["type"], document["language"], document["urgency"]) == ("text", "vi", 1)
    assert document["headlines"][0]["value"].startswith("[Đính chính] Khai trương")
    assert document["descriptions"][0]["value"] == "Người dân nộp hồ sơ tại một nơi."
    assert document["by"] == "Trần Bình"
    assert document["infoSources"] == [{"name": "Sở Nội vụ"}]
    assert document["subjects"] == [{"name": "Một cửa", "literal": "mot-cua"}]
    assert document["usageTerms"] == "Ghi rõ nguồn."
    assert document["embargoedUntil"] == "2026-05-12T03:30:00+00:00"
    assert document["edNote"] == (
        "CHƯA ĐƯỢC PHÁT TRƯỚC 10:30 ngày 12/05/2026.\n"
        "Đính chính ngày 12/05/2026: Số thủ tục là 120, không phải 12.\n"
        "Liên hệ: Chị Hoa, 0123"
    )
    assert document == shared_ninjs.document(rich(), usage_terms="Ghi rõ nguồn.", with_contact=True)


async def test_bodies_are_plain_marked_up_and_spoken() -> None:
    item = rich(correction="Sửa <b>.", correction_spoken="Sửa.")
    bodies = (await sent(adapter(), item))["bodies"]
    assert [(body["role"], body["contentType"]) for body in bodies] == [
        ("main", "text/plain"), ("main", "text/html"), ("spoken", "text/plain"),
    ]  # fmt: skip
    assert bodies[0]["value"].startswith("Đính chính ngày 12/05/2026: Sửa <b>.\n\nSáng")
    assert bodies[0]["charCount"] == len(bodies[0]["value"])
    assert bodies[1]["value"].startswith("<p>Đính chính ngày 12/05/2026: Sửa &lt;b&gt;.</p><p>Sáng")
    assert bodies[2]["value"].startswith("Đính chính. Sửa.\n\nSáng mồng bốn")


async def test_the_picture_and_documents_are_associated() -> None:
    picture, paper, sound = (await sent(adapter(), rich()))["associations"]
    assert (picture["type"], picture["by"]) == ("picture", "Nguyễn An")
    assert {item["role"]: item["value"] for item in picture["descriptions"]} == {
        "caption": "Quang cảnh hội nghị", "alt": "Hội nghị",
    }  # fmt: skip
    sizes = [(item["name"], item["width"], item["height"]) for item in picture["renditions"]]
    assert sizes == [("main", 1600, 900), ("television", 1920, 1080)]
    assert picture["renditions"][0]["href"] == "https://so.example.vn/%E1%BA%A3nh.jpg"
    assert (paper["name"], paper["type"]) == ("Kế hoạch 95", "text")
    assert paper["renditions"][0]["sizeInBytes"] == 9_000
    assert paper["uri"] == "https://so.example.vn/k%E1%BA%BF%20ho%E1%BA%A1ch.pdf"
    assert (sound["name"], sound["type"]) == ("document", "audio")
    assert "sizeInBytes" not in sound["renditions"][0]


@pytest.mark.parametrize(("level", "urgency"), [("normal", 5), ("priority", 3), ("urgent", 1)])
def test_levels_are_urgencies(level: str, urgency: int) -> None:
    assert shared_ninjs.document(story(level=level))["urgency"] == urgency


def test_an_empty_item_holds_no_empty_names() -> None:
    bare = shared_ninjs.document(story(summary="", text="", html="", spoken="", address=""))
    assert all(bare.values())
    assert not {"bodies", "descriptions", "by", "edNote", "usageTerms", "renditions"} & bare.keys()


def test_the_contact_is_named_only_when_wanted() -> None:
    assert "edNote" not in shared_ninjs.document(story(contact="Chị Hoa, 0123"))


def test_a_version_that_says_the_same_composes_the_same() -> None:
    """Else a change in what this receiver never sees would reach it as a correction."""
    later = rich(sequence=7, updated=MOMENT + timedelta(days=1))
    assert says_the_same(adapter().compose(rich()), adapter().compose(later))
    assert not says_the_same(adapter().compose(rich()), adapter().compose(rich(text="Khác.")))


def test_the_preview_is_what_is_sent() -> None:
    message = adapter().compose(rich())
    bodies = message.details["ninjs"]["bodies"]
    assert message.text == bodies[0]["value"]
    assert message.title == message.details["ninjs"]["headlines"][0]["value"]
    with translation.override("en"):
        assert adapter().compose(rich()) == message


# --- corrections and withdrawals ---------------------------------------------------------------


async def test_a_correction_is_the_same_address_with_a_higher_version() -> None:
    sender = adapter()
    before = await sent(sender)
    await sender.update(sender.compose(story(sequence=3, title="Mới")), RECEIPT)
    after = newsroom(sender).document
    assert after["uri"] == before["uri"]
    assert int(after["version"]) > int(before["version"])
    assert after["title"] == "Mới"


async def test_a_withdrawal_says_canceled_and_nothing_of_the_content() -> None:
    sender = adapter()
    before = await sent(sender, rich())
    receipt = await sender.retract(sender.compose(rich()), RECEIPT)
    document = newsroom(sender).document
    assert document["pubStatus"] == "canceled"
    assert document["edNote"].startswith("[ĐÃ GỠ]")
    for name in ("uri", "version", "versionCreated"):
        assert document[name] == before[name]
    assert not {"headlines", "title", "bodies", "descriptions", "associations"} & document.keys()
    assert receipt.address == ""


async def test_what_could_never_be_composed_can_still_be_withdrawn() -> None:
    """The outbox keeps a plain message of a version that the channel could not say."""
    sender = adapter()
    await sender.retract(replace(sender.compose(story()), details={}), RECEIPT)
    assert newsroom(sender).document["pubStatus"] == "canceled"


async def test_the_key_is_the_same_on_every_retry_and_tells_verbs_apart() -> None:
    sender = adapter(NoAnswer())
    message = sender.compose(story())
    await failure(sender)
    await sender.send(message)
    await sender.retract(message, RECEIPT)
    keys = [request["headers"]["Idempotency-Key"] for _, _, request in newsroom(sender).requests]
    assert keys == [message.key, message.key, f"{message.key}:canceled"]


# --- yes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [b"", b" \n", b"{}", b"null", b'{"note": 5, "address": []}', b"[1]"]
)
@pytest.mark.parametrize("status", [200, 201, 204])
async def test_any_yes_without_words_is_a_receipt(status: int, body: bytes) -> None:
    sender = adapter(answer(status, body))
    receipt = await sender.send(sender.compose(story()))
    assert receipt == Receipt(
        external_id="urn:uuid:5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11",
        details={"key": "5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11:2"},
    )


async def test_the_receipt_keeps_what_the_receiver_says() -> None:
    body = {"note": "Đã\nnhận\u0000 " + "a" * 300, "address": "https://bao.example.vn/tin/1"}
    sender = adapter(answer(200, json.dumps(body).encode()))
    receipt = await sender.send(sender.compose(story()))
    assert receipt.address == "https://bao.example.vn/tin/1"
    assert receipt.note.startswith("Đã nhận aaa")
    assert len(receipt.note) == 200


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/tin", "https://[x", "", "http://a\n"])
async def test_an_address_that_is_no_link_is_left_out(address: str) -> None:
    sender = adapter(answer(200, json.dumps({"address": address}).encode()))
    assert (await sender.send(sender.compose(story()))).address == ""


async def test_a_correction_keeps_where_the_item_is_shown() -> None:
    sender = adapter()
    receipt = await sender.update(sender.compose(story()), RECEIPT)
    assert receipt.address == RECEIPT.address


async def test_accepted_is_delivered_with_a_note() -> None:
    sender = adapter(answer(202, b'{"note": "So 7"}'))
    receipt = await sender.send(sender.compose(story()))
    assert not receipt.awaits_person
    assert receipt.note.endswith(" So 7")
    assert len(receipt.note) > len(" So 7")


@pytest.mark.parametrize("status", [200, 202])
@pytest.mark.parametrize("verb", ["send", "update", "retract"])
async def test_with_call_backs_any_yes_awaits_one(status: int, verb: str) -> None:
    sender = adapter(answer(status), with_callback=True)
    message = sender.compose(story())
    receipt = await getattr(sender, verb)(*([message] if verb == "send" else [message, RECEIPT]))
    assert receipt.awaits_person
    assert receipt.note


# --- everything else ---------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["send", "update", "retract", "check"])
@pytest.mark.parametrize(
    "body", [b"<html>Dang nhap</html>", b"OK", b"{", b"\xff\xfe\xfa", b"[" * 60_000]
)
async def test_a_yes_that_is_not_json_is_no_receipt(verb: str, body: bytes) -> None:
    error = await failure(adapter(answer(200, body), drops_repeats=True), verb)
    assert isinstance(error, UncertainError)
    assert "JSON" in str(error)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
async def test_a_redirect_is_not_followed(status: int) -> None:
    sender = adapter(answer(status, location="https://khac.example.vn/"))
    error = await failure(sender)
    assert isinstance(error, PermanentError)
    assert error.stops_channel
    assert "khac.example.vn" not in str(error)
    [(_method, _url, request)] = newsroom(sender).requests
    assert not request.get("follow_redirects")


async def test_a_receiver_may_say_little() -> None:
    sender = adapter()
    await sent(sender)
    assert newsroom(sender).requests[0][2]["max_bytes"] <= 64_000


@pytest.mark.parametrize("status", [400, 413, 415, 422])
async def test_a_refused_item_fails_with_the_receivers_words(status: int) -> None:
    error = await failure(adapter(answer(status, b'{"note": "Thieu anh"}')))
    assert isinstance(error, PermanentError)
    assert not error.stops_channel
    assert str(error).endswith("Thieu anh")


async def test_a_refusal_without_words_names_the_status() -> None:
    assert "422" in str(await failure(adapter(answer(422, b"<html>"))))


@pytest.mark.parametrize("status", [401, 403, 404, 405, 410])
async def test_what_no_item_gets_past_stops_the_channel(status: int) -> None:
    error = await failure(adapter(answer(status)))
    assert isinstance(error, PermanentError)
    assert error.stops_channel


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 507])
async def test_what_passes_is_tried_again(status: int) -> None:
    error = await failure(adapter(answer(status)))
    assert isinstance(error, TemporaryError)
    assert error.retry_after is None


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7), (" 120 ", 120), ("-1", None), ("soon", None), ("", None), ("9" * 50, None),
     (http_date(0), 0), ("Thu, 01 Jan 1970 00:00:00 -0000", 0)],
)  # fmt: skip
async def test_the_receiver_may_name_the_wait(status: int, text: str, seconds: int | None) -> None:
    error = await failure(adapter(answer(status, retry_after=text)))
    assert isinstance(error, TemporaryError)
    assert error.retry_after == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("verb", "drops_repeats", "expected"),
    [("send", False, UncertainError), ("send", True, TemporaryError),
     ("update", False, TemporaryError), ("retract", False, TemporaryError)],
)  # fmt: skip
@pytest.mark.parametrize("reply", [NoAnswer("im lặng"), answer(504), answer(199)], ids=str)
async def test_no_answer_is_a_doubt_only_where_a_repeat_does_harm(
    verb: str, drops_repeats: bool, expected: type[DeliveryError], reply: Reply
) -> None:
    assert type(await failure(adapter(reply, drops_repeats=drops_repeats), verb)) is expected


async def test_a_doubt_says_what_went_wrong() -> None:
    assert "quá lớn" in str(await failure(adapter(NoAnswer("Trả lời quá lớn."))))


async def test_what_never_left_is_tried_again() -> None:
    assert isinstance(await failure(adapter(NotSent("không tới được"))), TemporaryError)


async def test_a_private_address_stops_the_channel() -> None:
    error = await failure(adapter(Refused("trong mạng nội bộ")))
    assert isinstance(error, PermanentError)
    assert error.stops_channel


async def test_a_secret_that_the_receiver_repeats_is_not_shown() -> None:
    secret = NEW.partition(":")[2]
    told = json.dumps({"note": f"khoa {secret} sai"}).encode()
    error = await failure(adapter(answer(422, told)))
    assert secret not in str(error)
    sender = adapter(answer(200, told))
    assert secret not in (await sender.send(sender.compose(story()))).note


# --- probe and pace ----------------------------------------------------------------------------


async def test_the_probe_is_signed_and_publishes_nothing() -> None:
    sender = adapter()
    assert await sender.check() == "bao.example.vn"
    [(_method, _url, request)] = newsroom(sender).requests
    assert json.loads(request["body"]) == {"ping": True}
    assert SIGNATURE in request["headers"]
    assert "Idempotency-Key" not in request["headers"]


@pytest.mark.parametrize("limit", [1, 3, 5, 60, 600])
def test_the_limit_holds_in_every_minute(limit: int) -> None:
    [pace] = adapter(per_minute=limit).paces()
    assert pace.burst - 1 + 60 / pace.interval <= limit + 1e-6


def test_channels_to_one_address_share_its_pace() -> None:
    one, other = adapter(), adapter(secret=OLD, with_contact=True)
    elsewhere = adapter(address="https://dai.example.vn/")
    assert one.paces() == other.paces() != elsewhere.paces()
    assert "bao.example.vn" not in one.paces()[0].key
