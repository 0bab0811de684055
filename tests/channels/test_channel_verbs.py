"""The buttons of a channel: on, off, start again, check, send a test, delete."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from channels.admin import actions
from channels.contract import (
    Message,
    PermanentError,
    Receipt,
    TemporaryError,
    UncertainError,
)
from channels.models import Channel, Delivery
from tests import factories
from tests.channels.channel_fixtures import TOKEN, Box, edit, shown, text_of, url, verbs

pytestmark = pytest.mark.usefixtures("box")


def test_switching_on_and_off(admin: Client, channel: Channel) -> None:
    response = admin.post(url("switch_off", channel.pk), follow=True)
    channel.refresh_from_db()
    assert not channel.is_active
    assert "“Hộp CCHC” đã tắt." in shown(response)
    response = admin.post(url("switch_on", channel.pk), follow=True)
    channel.refresh_from_db()
    assert channel.is_active
    assert "“Hộp CCHC” đã bật." in shown(response)
    assert verbs() == ["channels.switch_off", "channels.switch_on"]


def test_a_channel_with_unusable_settings_stays_off(admin: Client, channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(options={}, is_active=False)
    response = admin.post(url("switch_on", channel.pk), follow=True)
    channel.refresh_from_db()
    assert not channel.is_active
    assert "chat_id" in shown(response)


def test_a_stopped_channel_is_started_again(admin: Client, channel: Channel) -> None:
    now = timezone.now()
    Channel.objects.filter(pk=channel.pk).update(
        stopped_at=now, stopped_reason="Mất quyền", hold_until=now + timedelta(hours=1)
    )
    assert url("restart", channel.pk) in text_of(admin.get(url("edit", channel.pk)))
    admin.post(url("restart", channel.pk))
    channel.refresh_from_db()
    assert (channel.stopped_at, channel.stopped_reason, channel.hold_until) == (None, "", None)
    assert verbs() == ["channels.restart"]
    assert url("restart", channel.pk) not in text_of(admin.get(url("edit", channel.pk)))


def test_the_check_names_the_destination(admin: Client, channel: Channel) -> None:
    response = admin.post(url("check", channel.pk), follow=True)
    assert "Kết nối tốt: Nhóm CCHC." in shown(response)


def test_saving_and_checking_in_one_go(admin: Client, channel: Channel, box: type[Box]) -> None:
    box.answer = PermanentError("Mã truy cập không đúng.")
    response = edit(admin, channel, **{"name": "Tên mới", "action-check": "check"})
    channel.refresh_from_db()
    assert channel.name == "Tên mới"
    assert "Mã truy cập không đúng." in shown(response)
    assert 'value="Tên mới"' in text_of(response)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (PermanentError("Mã truy cập không đúng.", stops_channel=True), "Mã truy cập không đúng."),
        (PermanentError("Không tìm thấy nhóm."), "Không tìm thấy nhóm."),
        (TemporaryError("Không nối được."), "Không nối được."),
        (TimeoutError(), "không trả lời kịp"),
        (ZeroDivisionError(TOKEN), "Lỗi nội bộ"),
    ],
)
def test_a_failed_check_tells_why(
    admin: Client, channel: Channel, box: type[Box], answer: Exception, told: str
) -> None:
    box.answer = answer
    response = admin.post(url("check", channel.pk), follow=True)
    assert told in shown(response)
    assert TOKEN not in text_of(response)
    channel.refresh_from_db()
    assert channel.stopped_at is None


def test_a_secret_written_with_a_lost_key_is_told(
    admin: Client, channel: Channel, settings: Any
) -> None:
    settings.FIELD_KEYS = ["YW5vdGhlci10ZXN0LWtleS1vZi0zMi1ieXRlcy0hISE="]
    response = admin.post(url("check", channel.pk), follow=True)
    assert "nhập lại" in shown(response).lower()


def test_a_test_message_is_labelled_and_bypasses_the_outbox(
    admin: Client, channel: Channel, box: type[Box]
) -> None:
    response = admin.post(url("test", channel.pk), follow=True)
    [message] = box.shown.values()
    assert message.title == "Tin thử"
    assert "Hộp CCHC" in message.text
    assert "Tin thử đã được nhận" in shown(response)
    assert not Delivery.objects.exists()
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.data["reason"]) == ("channels.test", "")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (PermanentError("Bot đã bị đưa khỏi nhóm."), "bị từ chối: Bot đã bị đưa khỏi nhóm."),
        (TemporaryError("Không nối được."), "chưa gửi được: Không nối được."),
        (UncertainError("Không có trả lời."), "Chưa rõ tin thử đã đến hay chưa"),
    ],
)
def test_a_failed_test_tells_why_and_is_logged(
    admin: Client, channel: Channel, box: type[Box], fault: Exception, told: str
) -> None:
    box.faults.append(fault)
    response = admin.post(url("test", channel.pk), follow=True)
    assert told in shown(response)
    assert str(fault) in ModelLogEntry.objects.get().data["reason"]


def test_a_test_keeps_what_the_receiver_changed(
    admin: Client, channel: Channel, box: type[Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def moved(self: Box, message: Message) -> Receipt:
        return Receipt(external_id="1", new_options={"chat_id": -999})

    monkeypatch.setattr(box, "send", moved)
    admin.post(url("test", channel.pk))
    channel.refresh_from_db()
    assert channel.options == {"chat_id": -999}


def test_nothing_is_sent_to_a_channel_that_others_fetch(admin: Client) -> None:
    feed = factories.channel("phat-thanh", "feed")
    response = admin.post(url("test", feed.pk), follow=True)
    assert "Kênh này không gửi đi" in shown(response)
    assert verbs() == []
    with pytest.raises(ValueError, match="nothing can be sent"):
        actions.send_test(feed, None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["check", "test"])
def test_the_network_is_never_waited_for_inside_a_transaction(
    admin: Client, channel: Channel, box: type[Box], verb: str
) -> None:
    admin.post(url(verb, channel.pk))
    assert box.transactions == [False]


def test_an_unused_channel_can_be_deleted(admin: Client, channel: Channel) -> None:
    assert admin.get(url("delete", channel.pk)).status_code == 200
    admin.post(url("delete", channel.pk))
    assert not Channel.objects.exists()


def test_the_history_names_the_verbs(admin: Client, channel: Channel) -> None:
    admin.post(url("switch_off", channel.pk))
    admin.post(url("test", channel.pk))
    page = text_of(admin.get(url("history", channel.pk)))
    assert "Đã tắt kênh" in page
    assert "Đã gửi tin thử" in page
