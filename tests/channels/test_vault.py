"""Secrets in several parts, secrets that are renewed while in use, and secrets that are shared."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from channels import attention, building, vault
from channels.admin.health import health_of
from channels.contract import PermanentError
from channels.models import Channel
from channels.registry import ADAPTERS
from channels.vault import ChannelVault
from core.crypto import decrypt, encrypt
from tests import factories
from tests.channels.channel_fixtures import (  # noqa: F401 - fixtures
    Box,
    admin,
    box,
    browser,
    channel,
    edit,
    text_of,
    url,
    verbs,
)

pytestmark = pytest.mark.django_db


class Chest(Box):
    """A box with two secrets."""

    kind = "chest"
    secret_label = ""
    secret_parts: ClassVar[dict[str, str]] = {"lock": "Khóa", "token": "Mã làm mới"}

    class Options(Box.Options):
        secret_of: str = ""

    def attention(self, now) -> str:
        return "Mã sắp hết hạn." if "old" in self.secret else ""


@pytest.fixture
def chest(box, monkeypatch: pytest.MonkeyPatch) -> Channel:  # noqa: F811
    monkeypatch.setitem(ADAPTERS, "chest", Chest)
    return factories.channel("ruong", "chest", options={"chat_id": -100}, secret=encrypt(OLD))


OLD = json.dumps({"lock": "l1", "token": "t1", "noted": "by the adapter"})


def stored(row: Channel) -> str:
    row.refresh_from_db()
    return decrypt(row.secret)


def in_this_thread(test: Callable[..., Any]) -> Callable[..., None]:
    """Run the coroutine with this thread's connection: no other thread is left with one."""

    @wraps(test)
    def run(**fixtures: Any) -> None:
        async_to_sync(test)(**fixtures)

    return run


# --- the vault ---------------------------------------------------------------------------------


@in_this_thread
async def test_a_secret_is_replaced_only_by_whoever_knew_the_one_before() -> None:
    row = await Channel.objects.acreate(name="K", slug="k", kind="zalo", secret=encrypt("first"))
    safe = ChannelVault(row.pk)
    assert await safe.read() == "first"
    assert await safe.replace("first", "second")
    assert not await safe.replace("first", "third")  # a worker that started from the old one
    assert await safe.read() == "second"
    await row.arefresh_from_db()
    assert "second" not in row.secret


@in_this_thread
async def test_one_of_several_renews_it() -> None:
    row = await Channel.objects.acreate(name="K", slug="k", kind="zalo")
    other = await Channel.objects.acreate(name="L", slug="l", kind="zalo")
    assert await ChannelVault(row.pk).reserve(60)
    assert not await ChannelVault(row.pk).reserve(60)
    assert await ChannelVault(other.pk).reserve(60)


@in_this_thread
async def test_what_was_given_is_stored_although_the_database_was_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = await Channel.objects.acreate(name="K", slug="k", kind="zalo", secret=encrypt("first"))
    monkeypatch.setattr(vault, "PAUSES", (0, 0, 0))
    real, failures = ChannelVault._replace, [OperationalError("away"), OperationalError("away")]

    def shaky(self: ChannelVault, old: str, new: str) -> bool:
        if failures:
            raise failures.pop()
        return real(self, old, new)

    monkeypatch.setattr(ChannelVault, "_replace", shaky)
    assert await ChannelVault(row.pk).replace("first", "second")
    assert await ChannelVault(row.pk).read() == "second"


@in_this_thread
async def test_a_channel_that_is_gone_keeps_nothing() -> None:
    assert await ChannelVault(999).read() == ""
    assert not await ChannelVault(999).replace("", "new")


# --- sharing -----------------------------------------------------------------------------------


def test_a_channel_uses_the_secret_of_the_one_it_names(chest: Channel) -> None:
    borrower = factories.channel(
        "nhom", "chest", options={"chat_id": -1, "secret_of": "ruong"}, secret=""
    )
    adapter = building.adapter(borrower)
    assert adapter.secret == OLD
    assert isinstance(adapter.vault, ChannelVault)
    assert adapter.vault.pk == chest.pk


def test_a_name_that_leads_nowhere_stops_the_channel(chest: Channel) -> None:
    chest.options["secret_of"] = "khong-co"
    with pytest.raises(PermanentError, match="khong-co") as caught:
        building.adapter(chest)
    assert caught.value.stops_channel


# --- the form ----------------------------------------------------------------------------------


def test_every_part_has_a_field_and_none_is_shown(admin: Client, chest: Channel) -> None:  # noqa: F811
    page = text_of(admin.get(url("edit", chest.pk)))
    assert "Khóa" in page
    assert "Mã làm mới" in page
    assert "t1" not in page.replace("html1", "")


def test_a_part_left_empty_is_kept_and_notes_of_the_adapter_are_not(
    admin: Client,  # noqa: F811
    chest: Channel,
) -> None:
    edit(admin, chest, **{"secret-token": " t2 "})
    assert json.loads(stored(chest)) == {"lock": "l1", "token": "t2"}
    assert "channels.edit_secret" in verbs()


def test_nothing_entered_changes_nothing(admin: Client, chest: Channel) -> None:  # noqa: F811
    edit(admin, chest, name="Rương")
    assert stored(chest) == OLD
    assert "channels.edit_secret" not in verbs()


def test_all_parts_are_removed_together(admin: Client, chest: Channel) -> None:  # noqa: F811
    edit(admin, chest, secret_remove="on")
    assert stored(chest) == ""


def test_a_mistake_elsewhere_asks_for_the_part_again(admin: Client, chest: Channel) -> None:  # noqa: F811
    answer = edit(admin, chest, **{"secret-token": "t2", "options-size": "99"})
    assert "t2" not in text_of(answer).replace("html2", "")
    assert stored(chest) == OLD


@pytest.mark.parametrize("slug", ["ruong", "hop", "khong-co"])
def test_only_another_channel_of_the_kind_can_be_named(
    admin: Client,  # noqa: F811
    chest: Channel,
    channel: Channel,  # noqa: F811
    slug: str,
) -> None:
    edit(admin, chest, **{"options-secret_of": slug})
    chest.refresh_from_db()
    assert "secret_of" not in chest.options


# --- attention ---------------------------------------------------------------------------------


def test_what_will_not_work_for_long_is_said_in_time(chest: Channel, admin: Client) -> None:  # noqa: F811
    now = timezone.now()
    assert attention.due(now) == []
    Channel.objects.filter(pk=chest.pk).update(secret=encrypt("old"), is_active=True)
    assert attention.due(now) == [(chest, "Mã sắp hết hạn.")]
    fresh = Channel.objects.get(pk=chest.pk)
    assert health_of([fresh], now)[chest.pk].attention == "Mã sắp hết hạn."
    assert "Mã sắp hết hạn." in text_of(admin.get(url("edit", chest.pk)))
    assert "Mã sắp hết hạn." in text_of(admin.get("/admin/"))
    lean = Channel.objects.defer("secret").get(pk=chest.pk)
    assert health_of([lean], now)[chest.pk].attention == ""


def test_an_unusable_channel_is_not_said_to_need_attention(chest: Channel) -> None:
    Channel.objects.filter(pk=chest.pk).update(options={"no": 1}, is_active=True)
    assert attention.due(timezone.now()) == []
