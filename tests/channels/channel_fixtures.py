"""A kind of channel for tests of the admin, people with permissions, and ways to read pages."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse
from pydantic import BaseModel, ConfigDict, Field
from wagtail.models import ModelLogEntry

from channels import audience
from channels.contract import (
    Message,
    Receipt,
)
from channels.models import Action, Channel, Delivery, Publication, State
from channels.registry import ADAPTERS
from channels.testing import MemoryAdapter
from core.crypto import encrypt
from organisations.models import User
from tests import factories

TOKEN = "123456:bi-mat-cua-kenh"


class Box(MemoryAdapter):
    """A kind with a secret and settings, that answers checks as the test wants."""

    kind = "box"
    label = "Hộp thư thử"
    summary = "Giữ tin trong bộ nhớ."
    secret_label = "Mã truy cập"
    answer: ClassVar[Any] = "Nhóm CCHC"
    transactions: ClassVar[list[bool]] = []

    class Options(BaseModel):
        model_config = ConfigDict(extra="forbid")

        chat_id: int | str = Field(title="Nhóm nhận")
        size: int = Field(10, ge=5, le=20, title="Cỡ")
        silent: bool = Field(True, title="Im lặng")

    async def check(self) -> str:
        self.transactions.append(connection.in_atomic_block)
        if isinstance(self.answer, Exception):
            raise self.answer
        return str(self.answer)

    async def send(self, message: Message) -> Receipt:
        self.transactions.append(connection.in_atomic_block)
        await self.call("send", message)
        self.shown["1"] = message
        return Receipt(external_id="1")


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Box]]:
    Box.reset()
    monkeypatch.setattr(Box, "answer", "Nhóm CCHC")
    monkeypatch.setattr(Box, "transactions", [])
    monkeypatch.setitem(ADAPTERS, "box", Box)
    monkeypatch.setattr(audience, "_providers", [lambda: [("mot-cua", "Một cửa")]])
    yield Box
    Box.reset()


@pytest.fixture
def channel(db: None, box: type[Box]) -> Channel:
    return factories.channel(
        "hop", "box", name="Hộp CCHC", options={"chat_id": -100}, secret=encrypt(TOKEN)
    )


@pytest.fixture
def browser(db: None) -> Callable[..., Client]:
    """Give a function that returns a browser of a person with these permissions on channels."""

    def with_permissions(*codenames: str, superuser: bool = False) -> Client:
        user = User.objects.create_user(f"nguoi{User.objects.count()}", is_superuser=superuser)
        wanted = ["access_admin", *codenames]
        user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
        client = Client()
        client.force_login(user)
        return client

    return with_permissions


@pytest.fixture
def admin(browser: Callable[..., Client]) -> Client:
    return browser(superuser=True)


def url(name: str, *args: Any) -> str:
    return reverse(f"channels:{name}", args=args)


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def shown(response: Any) -> str:
    """Return the messages that the page shows."""
    found = re.findall(r'(?s)<div class="messages".*?</ul>', text_of(response))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(found)))


def verbs() -> list[str]:
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


def deliver(channel: Channel, state: State = State.DELIVERED, **values: Any) -> Delivery:
    message = factories.message()
    publication = Publication.objects.create(
        story=message.story, sequence=1, content={}, title=values.pop("title", "Khai trương")
    )
    return Delivery.objects.create(
        publication=publication,
        channel=channel,
        story=message.story,
        sequence=1,
        action=Action.PUBLISH,
        payload={},
        state=state,
        receipt={"external_id": "77", "address": "https://t.me/c/1/77"},
        **values,
    )


def edit(client: Client, channel: Channel, **values: Any) -> Any:
    """Post the form as it stands, with these values instead."""
    sent = {"name": channel.name, "slug": channel.slug, "options-chat_id": "-100"}
    data = sent | {"options-size": "10", "options-silent": "on"} | values
    return client.post(url("edit", channel.pk), data, follow=True)
