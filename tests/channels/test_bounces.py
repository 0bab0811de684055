"""Mail that comes back after a provider took it."""

import base64
import json
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.conf import LazySettings
from django.core.exceptions import SuspiciousOperation
from django.test import RequestFactory
from django.utils import timezone

from channels import bounces
from channels.models import Delivery, State
from tests import factories
from tests.channels.channel_fixtures import deliver, verbs

WORDS = "Thư gửi tới toasoan@bao.example bị trả lại: địa chỉ sai."


@pytest.fixture
def mailed(db: None) -> Delivery:
    """A delivery by mail that a provider took."""
    channel = factories.channel("bao", "email", options={"recipients": ["toasoan@bao.example"]})
    row = deliver(channel, settled_at=timezone.now())
    receipt = {"external_id": "<a@b>", "note": "", "details": {"provider_ids": ["id-1", "id-22"]}}
    Delivery.objects.filter(pk=row.pk).update(receipt=receipt)
    return row


def report(event_type: str = "bounced", **values: Any) -> None:
    given: dict[str, Any] = {
        "message_id": "id-22",
        "recipient": "toasoan@bao.example",
        "reject_reason": "invalid",
        "timestamp": None,
        "event_id": None,
        "esp_event": {},
    }
    event = AnymailTrackingEvent(event_type=event_type, **(given | values))
    tracking.send(sender=None, event=event, esp_name="Test")


@pytest.mark.parametrize("event_type", ["bounced", "rejected", "failed", "complained"])
def test_a_returned_mail_is_noted_once_and_stays_delivered(
    mailed: Delivery, event_type: str
) -> None:
    report(event_type)
    report(event_type)
    mailed.refresh_from_db()
    assert mailed.state == State.DELIVERED
    assert mailed.receipt is not None
    assert mailed.receipt["note"] == mailed.reason == WORDS
    assert mailed.receipt["details"]["provider_ids"] == ["id-1", "id-22"]
    assert mailed.channel.last_failure == WORDS
    assert mailed.channel.last_failure_at is not None
    assert verbs() == ["channels.bounced"]


def test_each_address_is_noted(mailed: Delivery) -> None:
    report()
    report(message_id="id-1", recipient="thoisu@bao.example", reject_reason=None)
    mailed.refresh_from_db()
    assert mailed.reason == f"{WORDS} Thư gửi tới thoisu@bao.example bị trả lại: không nêu lý do."


@pytest.mark.parametrize("values", [{"message_id": "id-2"}, {"message_id": "%"},
                                    {"message_id": None}, {"message_id": "id-222"}])  # fmt: skip
def test_other_mail_is_none_of_ours(mailed: Delivery, values: dict[str, Any]) -> None:
    report(**values)
    mailed.refresh_from_db()
    assert mailed.reason == ""


@pytest.mark.parametrize("event_type", ["delivered", "deferred", "opened", "unknown", "queued"])
def test_other_reports_are_passed_over(mailed: Delivery, event_type: str) -> None:
    report(event_type)
    mailed.refresh_from_db()
    assert mailed.reason == ""


@pytest.mark.parametrize(("password", "believed"), [("dung", True), ("sai", False)])
def test_a_provider_is_believed_with_the_secret_only(
    mailed: Delivery, settings: LazySettings, rf: RequestFactory, password: str, believed: bool
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "bao:dung"}
    body = {"RecordType": "Bounce", "Type": "HardBounce", "MessageID": "id-1", "ID": 1,
            "Email": "toasoan@bao.example", "BouncedAt": "2026-05-12T03:30:00Z"}  # fmt: skip
    login = base64.b64encode(f"bao:{password}".encode()).decode()
    request = rf.post(
        "/anymail/postmark/tracking/",
        json.dumps(body),
        content_type="application/json",
        headers={"authorization": f"Basic {login}"},
    )
    view = PostmarkTrackingWebhookView.as_view()
    if believed:
        assert view(request).status_code == 200
    else:
        with pytest.raises(SuspiciousOperation):
            view(request)
    mailed.refresh_from_db()
    assert bool(mailed.reason) is believed


def test_a_delivery_that_is_not_there_is_told(db: None) -> None:
    assert bounces.record("id-1", "x") is False
