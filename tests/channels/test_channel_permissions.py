"""Who may do what with channels."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from channels.models import Channel
from tests.channels.channel_fixtures import Box, text_of, url

pytestmark = [pytest.mark.usefixtures("box"), pytest.mark.one_database]

PERMISSIONS = ("", "view_channel", "add_channel", "change_channel", "delete_channel")
PAGES: list[tuple[str, str, bool, set[str]]] = [
    ("get", "index", False, {"view_channel", "add_channel", "change_channel", "delete_channel"}),
    ("get", "add", False, {"add_channel"}),
    ("post", "add", False, {"add_channel"}),
    ("get", "edit", True, {"change_channel"}),
    ("post", "edit", True, {"change_channel"}),
    ("get", "inspect", True, {"view_channel", "add_channel", "change_channel", "delete_channel"}),
    ("get", "delete", True, {"delete_channel"}),
    ("post", "switch_on", True, {"change_channel"}),
    ("post", "switch_off", True, {"change_channel"}),
    ("post", "restart", True, {"change_channel"}),
    ("post", "cancel_waiting", True, {"change_channel"}),
    ("post", "retire", True, {"change_channel"}),
    ("post", "bring_back", True, {"change_channel"}),
    ("post", "check", True, {"change_channel"}),
    ("get", "check", True, {"change_channel"}),
    ("post", "test", True, {"change_channel"}),
]


@pytest.mark.parametrize("permission", PERMISSIONS)
@pytest.mark.parametrize(("method", "name", "of_one", "allowed"), PAGES)
def test_each_page_asks_for_its_permission(
    browser: Callable[..., Client],
    channel: Channel,
    box: type[Box],
    permission: str,
    method: str,
    name: str,
    of_one: bool,
    allowed: set[str],
) -> None:
    client = browser(*filter(None, [permission]))
    address = url(name, channel.pk) if of_one else url(name)
    address += "?kind=box" if name == "add" else ""
    before = Channel.objects.values().get()
    response = getattr(client, method)(address, {} if method == "get" else {"name": ""})
    refused = response.status_code == 302 and response.url == reverse("wagtailadmin_home")
    assert refused == (permission not in allowed)
    if refused:
        assert Channel.objects.values().get() == before
        assert not box.calls


@pytest.mark.parametrize(
    ("role", "sees", "changes"),
    [
        ("reporter", False, False),
        ("editor", True, False),
        ("approver", True, False),
        ("planner", False, False),
        ("officer", False, False),
        ("administrator", True, True),
    ],
)
def test_administrators_keep_the_channels_and_the_newsroom_looks(
    as_person: Callable[[str], Client], channel: Channel, role: str, sees: bool, changes: bool
) -> None:
    client = as_person(role)
    assert (client.get(url("index")).status_code == 200) == sees
    assert (client.get(reverse("channels_deliveries")).status_code == 200) == sees
    assert (client.get(url("edit", channel.pk)).status_code == 200) == changes
    client.post(url("switch_off", channel.pk))
    channel.refresh_from_db()
    assert channel.is_active != changes


@pytest.mark.parametrize(
    "verb",
    ["switch_on", "switch_off", "restart", "test", "cancel_waiting", "retire", "bring_back"],
)
def test_verbs_that_change_something_are_posts(admin: Client, channel: Channel, verb: str) -> None:
    assert admin.get(url(verb, channel.pk)).status_code == 405
    assert admin.post(url(verb, 0)).status_code == 404


def test_a_stranger_is_asked_to_log_in(client: Client, channel: Channel) -> None:
    response = client.post(url("switch_off", channel.pk))
    assert response.url.startswith(reverse("wagtailadmin_login"))
    channel.refresh_from_db()
    assert channel.is_active


def test_those_who_only_look_see_neither_secret_nor_buttons(
    browser: Callable[..., Client], channel: Channel
) -> None:
    night = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    Channel.objects.filter(pk=channel.pk).update(takes_levels=["urgent"], last_success_at=night)
    page = text_of(browser("view_channel").get(url("inspect", channel.pk)))
    for words in ("Hộp CCHC", "Hộp thư thử", "22/11/2026", "Mọi chuyên mục", "Khẩn cấp"):
        assert words in page
    assert channel.secret not in page
    assert url("switch_off", channel.pk) not in page


def test_form_fields_are_labelled_for_screen_readers(admin: Client, channel: Channel) -> None:
    page = admin.get(url("edit", channel.pk)).content.decode()
    for field in ("name", "slug", "options-chat_id", "secret"):
        assert f'for="id_{field}"' in page
        assert f'id="id_{field}"' in page
