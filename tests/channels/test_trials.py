"""What a trial message proves, kind by kind, and what the channel's page says of it."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels import bounces, building
from channels.adapters import mqtt_session
from channels.admin.watched import watched
from channels.contract import Degree
from channels.feeds import checking
from channels.models import Channel, Delivery, PaceSlot, Publication, State
from channels.sandbox import seed
from channels.sandbox.models import SandboxMessage
from channels.sandbox.social.models import SandboxPost
from channels.sandbox.social.seeding import seed_facebook, seed_zalo
from channels.watching import answers, asking, canary
from channels.watching.models import Canary, Probe
from channels.worker import deliver_due
from core.crypto import encrypt
from tests import factories
from tests.channels.bot_api import CHAT, TOKEN
from tests.channels.mosquitto import PASSWORD, USER, Mosquitto, mosquitto
from tests.channels.social_api import InProcess

pytestmark = pytest.mark.django_db
NOW = timezone.now
PAGE, PAGE_TOKEN, APP_SECRET = "104123456789012", "EAAB0123456789abcdefXYZ", "0123456789abcdef0123"


def target(kind: str, secret: str = "", **options: Any) -> Channel:
    """Return a test target of this kind."""
    return factories.channel(
        "thu", kind, name="Kênh thử", is_test=True, options=options, secret=encrypt(secret)
    )


def look() -> Canary:
    """Let the trial be sent and looked for."""
    canary.run(NOW())
    deliver_due()
    canary.run(NOW())
    return Canary.objects.get()


# --- look-alikes -------------------------------------------------------------------------------


def telegram() -> Channel:
    seed(CHAT, "Tổ công tác CCHC", TOKEN)
    return target("telegram", TOKEN, chat_id=CHAT)


def zalo() -> Channel:
    keys = {"app_secret": "khoa-bi-mat-app", "refresh_token": "ma-lam-moi-dau-tien"}
    account = seed_zalo("4318042026", "CCHC tỉnh", app_id="1234567890", **keys)
    cover = "https://tinh.example.vn/bia.jpg"
    return target("zalo", json.dumps(keys), app_id=account.app_id, cover=cover)


def facebook() -> Channel:
    seed_facebook(PAGE, "CCHC tỉnh", token=PAGE_TOKEN, app_secret=APP_SECRET)
    return target(
        "facebook", json.dumps({"page_token": PAGE_TOKEN, "app_secret": APP_SECRET}), page_id=PAGE
    )


def standing() -> int:
    """Return how much the look-alikes show."""
    shown = SandboxMessage.objects.filter(deleted_at=None).count()
    return shown + SandboxPost.objects.standing().count()


@pytest.fixture
def look_alikes(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr(building, "OutboundClient", lambda **_options: InProcess())
    settings.TELEGRAM_API_URL = "http://127.0.0.1:8000/sandbox/telegram"


@pytest.mark.usefixtures("look_alikes")
@pytest.mark.parametrize("made", [telegram, zalo, facebook])
def test_a_trial_is_seen_where_it_stands_and_taken_back(made: Callable[[], Channel]) -> None:
    channel = made()
    found = look()
    assert (found.degree, found.problem) == (Degree.SEEN, "")
    assert standing() == 1
    PaceSlot.objects.all().delete()
    deliver_due()
    assert standing() == 0
    assert "đã thấy tin ở nơi nhận" in watched(channel).trial


@pytest.mark.usefixtures("look_alikes")
@pytest.mark.parametrize("made", [telegram, zalo, facebook])
def test_a_trial_that_is_not_there_is_not_proved(made: Callable[[], Channel]) -> None:
    channel = made()
    canary.run(NOW())
    deliver_due()
    SandboxMessage.objects.update(deleted_at=NOW())
    SandboxPost.objects.update(deleted_at=NOW())
    assert canary.run(NOW()) == 0
    found = Canary.objects.get()
    assert (found.arrived_at, found.degree) == (None, "")
    assert found.problem
    assert watched(channel).trouble == found.problem


# --- MQTT --------------------------------------------------------------------------------------


def to(broker: Mosquitto) -> Channel:
    return target(
        "mqtt", f"{USER}:{PASSWORD}", host="127.0.0.1", port=broker.plain, tls=False,
        clear_withdrawn=True,
    )  # fmt: skip


@pytest.fixture
def permitted(settings: LazySettings) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8"]


@pytest.mark.usefixtures("permitted")
def test_a_broker_gives_the_trial_back(tmp_path: Path) -> None:
    with mosquitto(tmp_path) as broker:
        to(broker)
        found = look()
        assert (found.degree, found.problem) == (Degree.RETURNED, "")
        deliver_due()
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DELIVERED}


@pytest.mark.usefixtures("permitted")
def test_a_broker_that_took_it_and_gives_it_to_nobody_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt_session, "GIVEN_SECONDS", 0.3)
    with mosquitto(tmp_path, right="write") as broker:
        to(broker)
        found = look()
    assert Delivery.objects.get().state == State.DELIVERED
    assert (found.arrived_at, found.degree) == (None, "")
    assert "quyền đọc" in found.problem


# --- web hooks, folders, feeds -----------------------------------------------------------------


def test_a_package_is_read_again(settings: LazySettings, tmp_path: Path) -> None:
    settings.DROP_ROOT = str(tmp_path)
    target("file", address="file:///bao")
    assert look().degree == Degree.SEEN
    deliver_due()
    Canary.objects.update(due_at=NOW())
    canary.run(NOW())
    deliver_due()
    for manifest in tmp_path.rglob("manifest.json"):
        manifest.unlink()
    assert canary.run(NOW()) == 0
    assert "thư mục" in Canary.objects.get().problem


def test_a_call_back_proves_more_than_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    hook = target("webhook", "khoa:" + "x" * 30, address="https://a.example/", with_callback=True)
    canary.run(NOW())
    receipt = {"external_id": "urn:uuid:x", "note": "Đang chờ nơi nhận gọi lại.", "details": {}}
    late = NOW() - timedelta(minutes=3)
    rows = Delivery.objects.filter(channel=hook)
    rows.update(state=State.AWAITING, receipt=receipt, created_at=late)
    assert canary.run(NOW()) == 0
    assert Canary.objects.get().problem == "Đang chờ nơi nhận gọi lại."
    rows.update(state=State.DELIVERED)
    assert canary.run(NOW()) == 1
    assert Canary.objects.get().degree == Degree.RETURNED


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("permitted")
def test_a_feed_is_fetched_in_every_format(live_server: Any, settings: LazySettings) -> None:
    settings.WAGTAILADMIN_BASE_URL = live_server.url
    feed = target("feed")
    canary.run(NOW())
    assert canary.run(NOW()) == 1
    found = Canary.objects.get()
    assert (found.degree, found.problem) == (Degree.RETURNED, "")
    Canary.objects.update(due_at=NOW())
    canary.run(NOW())
    Channel.objects.filter(pk=feed.pk).update(options={"limit": "nonsense"})
    assert canary.run(NOW()) == 0
    assert Canary.objects.get().problem


# --- mail --------------------------------------------------------------------------------------


@pytest.fixture
def post(settings: LazySettings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Nhịp Cầu <tin@tinh.example>"


def letter() -> str:
    return str(mail.outbox[-1].body)


def test_a_mail_server_that_takes_a_mail_proves_that_and_no_more(post: None) -> None:
    channel = target("email", recipients=["thu@tinh.example"])
    found = look()
    assert found.degree == Degree.ACCEPTED
    assert "chưa biết sau đó thế nào" in watched(channel).trial
    assert "tin-thu" not in letter()


def test_a_mailbox_that_opens_the_signed_address_proves_that_mail_arrives(
    post: None, client: Client
) -> None:
    channel = target("email", recipients=["thu@tinh.example"], answers_trials=True)
    assert look().arrived_at is None
    Delivery.objects.update(created_at=NOW() - timedelta(minutes=3))
    canary.run(NOW())
    assert "chưa ai mở" in watched(channel).trouble
    found = re.search(r"https?://[^/\s]+(/tin-thu/\S+)", letter())
    assert found
    address = found[1]
    assert "Đã đến nơi" in client.get(address).content.decode()  # looking proves nothing
    assert Canary.objects.get().arrived_at is None
    answer = client.post(address, follow=True)
    assert "Cảm ơn" in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"
    now = Canary.objects.get()
    assert (now.degree, now.problem, now.delivery) == (Degree.RETURNED, "", None)
    before = now.arrived_at
    client.post(address)
    assert Canary.objects.get().arrived_at == before


@pytest.mark.parametrize("token", ["x", "nonsense:1tXyZ:abc", "~"])
def test_other_addresses_do_not_exist(client: Client, token: str) -> None:
    assert client.post(reverse("trial_arrived", args=[token])).status_code == 404


def test_an_address_of_an_earlier_trial_proves_nothing_of_the_latest(
    post: None, client: Client
) -> None:
    target("email", recipients=["thu@tinh.example"], answers_trials=True)
    look()
    old = answers.link(str(Publication.objects.get().story)).partition("/tin-thu/")[2]
    Canary.objects.update(due_at=NOW())
    canary.run(NOW())
    client.post(f"/tin-thu/{old}")
    assert Canary.objects.get().arrived_at is None


def test_a_returned_mail_takes_its_proof_back(post: None) -> None:
    channel = target("email", recipients=["thu@tinh.example"])
    look()
    row = Delivery.objects.get()
    receipt = {**(row.receipt or {}), "details": {"provider_ids": ["id-7"]}}
    Delivery.objects.update(receipt=receipt)
    assert bounces.record("id-7", "Thư bị trả lại.")
    found = Canary.objects.get()
    assert (found.arrived_at, found.degree, found.problem) == (None, "", "Thư bị trả lại.")
    assert watched(channel).trouble == "Thư bị trả lại."


def test_a_late_return_does_not_outweigh_a_mail_that_came_back_by_its_address(post: None) -> None:
    target("email", recipients=["thu@tinh.example"])
    look()
    Delivery.objects.update(receipt={"details": {"provider_ids": ["id-7"]}})
    Canary.objects.update(degree=Degree.RETURNED, arrived_at=NOW())
    assert bounces.record("id-7", "Thư bị trả lại.")
    assert Canary.objects.get().degree == Degree.RETURNED


# --- the feed's own probe ----------------------------------------------------------------------


@pytest.fixture
def feed(radio: Channel) -> Channel:
    asking.begin(NOW(), timedelta(minutes=15))
    return radio


def probed() -> Probe:
    Probe.objects.update(due_at=NOW())
    asking.run(NOW())
    return Probe.objects.get()


def test_a_feeds_documents_are_written_and_read_again(feed: Channel, deliver: Any) -> None:
    assert probed().ok  # an empty one is a feed, too
    story = deliver().story
    deliver(story, "retract", sequence=2)
    deliver()
    found = probed()
    assert (found.ok, found.reason) == (True, "")
    assert found.name.endswith("/feeds/phat-thanh.xml")
    assert "có trả lời" in watched(feed).probed


@pytest.mark.parametrize("broken", [b"<rss><channel>", b"{", b"<html></html>", b"[]", b'{"a": 1}'])
@pytest.mark.parametrize("form", ["xml", "atom", "json"])
def test_a_document_that_readers_cannot_use_is_told(
    feed: Channel, deliver: Any, monkeypatch: pytest.MonkeyPatch, form: str, broken: bytes
) -> None:
    deliver()
    written = checking.FORMATS[form]
    other = type(written)(written.label, written.content_type, lambda *_a, **_k: broken)
    monkeypatch.setitem(checking.FORMATS, form, other)
    found = probed()
    assert found.ok is False
    assert "sai cấu trúc" in found.reason
    assert written.label in found.reason


def test_a_stale_feed_is_told(feed: Channel, deliver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver()
    before = checking.listing(feed, checking.options_of(feed), NOW())
    deliver()
    monkeypatch.setattr(checking, "listing", lambda *_a, **_k: before)
    assert "đã cũ" in probed().reason


def test_unusable_settings_of_a_feed_are_told(feed: Channel) -> None:
    Channel.objects.update(options={"limit": "nonsense"})
    assert "Hãy mở biểu mẫu" in probed().reason
