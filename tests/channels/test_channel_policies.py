"""The channel's form: quiet hours, retries, and whom to tell."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from channels import quiet
from channels.models import Channel
from channels.registry import ADAPTERS
from tests import factories
from tests.channels.channel_fixtures import Box, edit, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_quiet_hours_and_retries_are_stored(admin: Client, channel: Channel) -> None:
    edit(
        admin, channel, quiet_from="21:00", quiet_until="05:30", quiet_days=["4", "5"],
        retry_tries="3", retry_first="60", retry_longest="30", open_after="2",
    )  # fmt: skip
    channel.refresh_from_db()
    assert channel.quiet_hours == quiet.Window(time(21), time(5, 30), quiet.mask([4, 5]))
    policy = channel.retry_policy
    assert (policy.tries, policy.first, policy.longest) == (
        3,
        timedelta(minutes=1),
        timedelta(minutes=30),
    )
    assert channel.open_after == 2
    page = text_of(admin.get(url("edit", channel.pk)))
    assert 'value="21:00"' in page


def test_what_is_left_empty_is_as_usual(admin: Client, channel: Channel) -> None:
    edit(admin, channel)
    channel.refresh_from_db()
    assert channel.quiet_hours is None
    assert (channel.retry_tries, channel.open_after, channel.quiet_days) == (8, 5, quiet.EVERY_DAY)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"quiet_from": "21:00"}, "khi nào bắt đầu và khi nào kết thúc"),
        ({"quiet_from": "06:00", "quiet_until": "06:00"}, "không bao giờ"),
        ({"quiet_from": "25:00", "quiet_until": "06:00"}, "giờ"),
        ({"retry_tries": "0"}, "1"),
        ({"retry_tries": "21"}, "20"),
        ({"retry_first": "3600", "retry_longest": "2"}, "ngắn hơn"),
        ({"open_after": "1"}, "2"),
    ],
)
def test_what_makes_no_sense_is_refused(
    admin: Client, channel: Channel, values: dict[str, str], words: str
) -> None:
    response = edit(admin, channel, name="Tên mới", **values)
    assert words in text_of(response)
    assert "Tên mới" in text_of(response)
    channel.refresh_from_db()
    assert (channel.name, channel.quiet_hours, channel.retry_tries) == ("Hộp CCHC", None, 8)


def test_a_night_is_offered_where_people_would_be_woken(
    admin: Client, box: type[Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = 'value="21:00"'
    assert offered not in text_of(admin.get(url("add") + "?kind=box"))
    monkeypatch.setattr(Box, "quiet_hours", (time(21), time(5, 30)))
    assert offered in text_of(admin.get(url("add") + "?kind=box"))
    kinds = {kind for kind, adapter in ADAPTERS.items() if adapter.quiet_hours and kind != "box"}
    assert {"loudspeaker", "hand", "mqtt"} <= kinds
    assert not kinds & {"telegram", "email", "webhook", "file"}


def test_feeds_have_none_of_it(admin: Client) -> None:
    page = text_of(admin.get(url("edit", factories.channel("phat-thanh", "feed").pk)))
    assert "quiet_from" not in page
    assert "responsible" in page


def test_the_condition_says_what_holds_it_up(
    browser: Callable[..., Client], channel: Channel
) -> None:
    client = browser("view_channel", "change_channel")
    now = timezone.now()
    Channel.objects.update(broken_at=now, probe_at=now + timedelta(minutes=2))
    page = text_of(client.get(url("edit", channel.pk)))
    assert "Không trả lời từ" in page
    assert "Khởi động lại" in page
    client.post(url("restart", channel.pk))
    channel.refresh_from_db()
    assert not channel.is_broken
