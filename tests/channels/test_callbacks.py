"""Call-backs of web hooks over HTTP: who may settle what, and what others learn."""

import json
import time
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from wagtail.models import ModelLogEntry

from channels import callbacks, delivery, outbox
from channels.adapters.webhook import Webhook
from channels.adapters.webhook_signing import SIGNATURE, TIMESTAMP, Keys
from channels.contract import HttpResponse, NoAnswer, Receipt, Story
from channels.http import OutboundClient
from channels.models import Channel, Delivery, State
from channels.payload import receipt_from_json
from channels.worker import deliver_due
from core.crypto import encrypt
from tests import factories

pytestmark = pytest.mark.django_db

NEW = "q2-2026:mot-khoa-rat-dai-va-rat-bi-mat"
OLD = "q1-2026:mot-khoa-cu-cung-rat-dai-va-bi-mat"
STRANGER = "q2-2026:khoa-cua-nguoi-la-cung-dai-lam"


@pytest.fixture
def replies(monkeypatch: pytest.MonkeyPatch) -> list[HttpResponse | Exception]:
    """What the receiver answers, one for each request; then always an empty 200."""
    waiting: list[HttpResponse | Exception] = []

    async def request(*_args: Any, **_values: Any) -> HttpResponse:
        reply = waiting.pop(0) if waiting else HttpResponse(200, {}, b"")
        if isinstance(reply, Exception):
            raise reply
        return reply

    monkeypatch.setattr(OutboundClient, "request", request)
    return waiting


@pytest.fixture
def paper(replies: list[HttpResponse | Exception]) -> Channel:
    return factories.channel(
        "bao",
        Webhook.kind,
        options={"address": "https://bao.example.vn/", "with_callback": True},
        secret=encrypt(f"{NEW} {OLD}"),
    )


def publish(story: Story | None = None) -> Delivery:
    with transaction.atomic():
        outbox.publish(story or factories.story())
    deliver_due()
    return Delivery.objects.latest("pk")


@pytest.fixture
def awaiting(paper: Channel) -> Delivery:
    row = publish()
    assert row.state == State.AWAITING
    return row


def key_of(row: Delivery) -> str:
    return f"{row.story}:{row.sequence}"


def said(row: Delivery, status: str = "received", **values: Any) -> dict[str, Any]:
    return {"key": key_of(row), "status": status, **values}


def call(
    client: Client, body: Any, *, slug: str = "bao", secret: str = NEW, at: float | None = None
) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    moment = int(time.time() if at is None else at)
    return post(client, content, Keys.read(secret).headers(content, moment), slug=slug)


def post(client: Client, content: bytes, headers: dict[str, str], slug: str = "bao") -> Any:
    return client.post(
        f"/callbacks/{slug}/", content, content_type="application/json", headers=headers
    )


def receipt_of(row: Delivery) -> Receipt:
    assert row.receipt is not None
    return receipt_from_json(row.receipt)


def state(row: Delivery) -> str:
    row.refresh_from_db()
    return row.state


# --- what a call settles -----------------------------------------------------------------------


def test_received_makes_it_delivered(client: Client, awaiting: Delivery) -> None:
    response = call(client, said(awaiting, note="Trang 3,\nsố ra\u0000 ngày 12/5"))
    assert (response.status_code, response.content) == (204, b"")
    assert state(awaiting) == State.DELIVERED
    assert awaiting.settled_at is not None
    receipt = receipt_of(awaiting)
    assert receipt.external_id == f"urn:uuid:{awaiting.story}"
    assert not receipt.awaits_person
    assert receipt.note.endswith("Trang 3, số ra ngày 12/5")
    assert ModelLogEntry.objects.filter(action="channels.delivered").exists()


def test_refused_makes_it_failed_with_the_reason(client: Client, awaiting: Delivery) -> None:
    assert call(client, said(awaiting, "refused", note="Không đúng mục")).status_code == 204
    assert state(awaiting) == State.FAILED
    assert awaiting.reason.endswith("Không đúng mục")


def test_a_refusal_needs_no_reason(client: Client, awaiting: Delivery) -> None:
    assert call(client, said(awaiting, "refused")).status_code == 204
    assert state(awaiting) == State.FAILED
    assert awaiting.reason


def test_what_was_refused_may_be_received_later(client: Client, awaiting: Delivery) -> None:
    call(client, said(awaiting, "refused"))
    assert call(client, said(awaiting)).status_code == 204
    assert state(awaiting) == State.DELIVERED


def test_a_long_note_is_cut(client: Client, awaiting: Delivery) -> None:
    assert call(client, said(awaiting, "refused", note="a" * 5_000)).status_code == 204
    assert len(Delivery.objects.get().reason) < 600


@pytest.mark.parametrize(
    ("status", "after"), [("received", State.DELIVERED), ("refused", State.FAILED)]
)
def test_it_resolves_a_doubt(
    client: Client,
    paper: Channel,
    replies: list[HttpResponse | Exception],
    status: str,
    after: State,
) -> None:
    replies.append(NoAnswer("im lặng"))
    row = publish()
    assert row.state == State.UNCERTAIN
    assert call(client, said(row, status)).status_code == 204
    assert state(row) == after
    if after == State.DELIVERED:  # what a correction refers to
        assert receipt_of(row).external_id == f"urn:uuid:{row.story}"


def test_corrections_and_withdrawals_are_confirmed_each(client: Client, awaiting: Delivery) -> None:
    corrected = publish(factories.story(key=str(awaiting.story), title="Đã sửa"))
    assert (corrected.state, corrected.sequence) == (State.AWAITING, 2)
    with transaction.atomic():
        outbox.retract(awaiting.story)
    deliver_due()
    withdrawn = Delivery.objects.latest("pk")
    assert call(client, said(corrected)).status_code == 204
    assert [state(row) for row in (awaiting, corrected, withdrawn)] == [
        State.AWAITING, State.DELIVERED, State.AWAITING,
    ]  # fmt: skip
    answer = call(client, {"key": f"{key_of(withdrawn)}:canceled", "status": "received"})
    assert answer.status_code == 204
    assert state(withdrawn) == State.DELIVERED
    assert call(client, said(awaiting)).status_code == 204


def test_either_key_of_two_signs(client: Client, awaiting: Delivery) -> None:
    assert call(client, said(awaiting), secret=OLD).status_code == 204


def test_unknown_names_are_left_out(client: Client, awaiting: Delivery) -> None:
    assert call(client, said(awaiting, system="Quark 12")).status_code == 204


def test_it_needs_no_form_token(awaiting: Delivery) -> None:
    assert call(Client(enforce_csrf_checks=True), said(awaiting)).status_code == 204


# --- once --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["received", "refused"])
def test_a_replay_changes_nothing(client: Client, awaiting: Delivery, status: str) -> None:
    content = json.dumps(said(awaiting, status)).encode()
    headers = Keys.read(NEW).headers(content, int(time.time()))
    assert post(client, content, headers).status_code == 204
    before = state(awaiting), awaiting.settled_at, ModelLogEntry.objects.count()
    assert post(client, content, headers).status_code == 409
    assert (state(awaiting), awaiting.settled_at, ModelLogEntry.objects.count()) == before


def test_nothing_is_taken_back_from_what_was_received(client: Client, awaiting: Delivery) -> None:
    call(client, said(awaiting))
    response = call(client, said(awaiting, "refused"))
    assert response.status_code == 409
    assert "Retry-After" not in response
    assert state(awaiting) == State.DELIVERED


@pytest.mark.parametrize("before", [State.PENDING, State.SENDING])
def test_a_receiver_faster_than_our_book_keeping_is_asked_to_call_again(
    client: Client, awaiting: Delivery, before: State
) -> None:
    lease = {"lease_until": awaiting.created_at, "lease_token": awaiting.story}
    Delivery.objects.update(state=before, **(lease if before == State.SENDING else {}))
    response = call(client, said(awaiting))
    assert response.status_code == 409
    assert int(response["Retry-After"]) > 0
    assert state(awaiting) == before


def test_a_cancelled_delivery_is_not_known(client: Client, awaiting: Delivery) -> None:
    delivery.cancel(awaiting)
    assert call(client, said(awaiting)).status_code == 404


# --- strangers ---------------------------------------------------------------------------------


def refused(response: Any, awaiting: Delivery) -> None:
    assert (response.status_code, response.content) == (403, b"")
    assert state(awaiting) == State.AWAITING


def test_a_wrong_signature_is_refused(client: Client, awaiting: Delivery) -> None:
    refused(call(client, said(awaiting), secret=STRANGER), awaiting)


def test_a_changed_body_is_refused(client: Client, awaiting: Delivery) -> None:
    headers = Keys.read(NEW).headers(b"{}", int(time.time()))
    refused(post(client, json.dumps(said(awaiting)).encode(), headers), awaiting)


@pytest.mark.parametrize("off", [-301, 301])
def test_an_old_or_early_time_is_refused(
    client: Client, awaiting: Delivery, off: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.callbacks.time.time", lambda: 1_800_000_000.0)
    refused(call(client, said(awaiting), at=1_800_000_000 + off), awaiting)


@pytest.mark.parametrize("missing", [TIMESTAMP, SIGNATURE])
def test_both_headers_are_needed(client: Client, awaiting: Delivery, missing: str) -> None:
    content = json.dumps(said(awaiting)).encode()
    headers = Keys.read(NEW).headers(content, int(time.time()))
    refused(post(client, content, {**headers, missing: ""}), awaiting)
    del headers[missing]
    refused(post(client, content, headers), awaiting)


@pytest.mark.parametrize("stored", ["", "gAAAAhong"])
def test_a_channel_without_a_usable_key_takes_no_call(
    client: Client, awaiting: Delivery, stored: str
) -> None:
    Channel.objects.update(secret=stored)
    refused(call(client, said(awaiting)), awaiting)


def test_a_channel_that_does_not_exist_looks_like_a_wrong_signature(
    client: Client, awaiting: Delivery
) -> None:
    factories.channel("cong", "portal", secret=encrypt(NEW))
    refused(call(client, said(awaiting), slug="khong-co"), awaiting)
    refused(call(client, said(awaiting), slug="cong"), awaiting)


def test_another_channels_items_are_not_known(client: Client, awaiting: Delivery) -> None:
    factories.channel(
        "dai",
        Webhook.kind,
        options={"address": "https://dai.example.vn/"},
        secret=encrypt(STRANGER),
    )
    assert call(client, said(awaiting), slug="dai", secret=STRANGER).status_code == 404
    assert state(awaiting) == State.AWAITING


# --- bad calls ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11:1", "", "x", "5f0c7a34:1", "'; drop table", ":canceled",
     "5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11:999999999"],
)  # fmt: skip
def test_an_unknown_key_is_not_found(client: Client, awaiting: Delivery, key: str) -> None:
    assert call(client, {"key": key, "status": "received"}).status_code == 404


def test_a_withdrawal_that_was_never_sent_is_not_found(client: Client, awaiting: Delivery) -> None:
    told = {"key": f"{key_of(awaiting)}:canceled", "status": "received"}
    assert call(client, told).status_code == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"\xff", b"[" * 9_000, {"key": "x"},
     {"key": "x", "status": "aired"}, {"key": 7, "status": "received"},
     {"key": "x" * 101, "status": "received"},
     {"key": "x", "status": "received", "note": ["a"]}],
)  # fmt: skip
def test_what_has_not_the_form_is_refused(client: Client, awaiting: Delivery, body: Any) -> None:
    assert call(client, body).status_code == 400
    assert state(awaiting) == State.AWAITING


def test_what_is_too_large_is_not_read(client: Client, awaiting: Delivery) -> None:
    large = said(awaiting, note="a" * callbacks.MOST_BYTES)
    assert call(client, large).status_code == 413
    assert state(awaiting) == State.AWAITING


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_only_posts_are_taken(client: Client, awaiting: Delivery, method: str) -> None:
    assert getattr(client, method)("/callbacks/bao/").status_code == 405


def test_answers_are_not_cached(client: Client, awaiting: Delivery) -> None:
    assert "no-store" in call(client, said(awaiting))["Cache-Control"]
