"""One radio feed, deliveries to it, and ways to fetch it."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from channels.contract import Message, Picture
from channels.models import Action, Channel, Delivery, Publication, State
from channels.payload import to_json

SITE = "http://127.0.0.1:8000/"  # PUBLIC_URL of the test settings
FORMS = ["xml", "atom", "json"]
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
MEDIA = "{http://search.yahoo.com/mrss/}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HEADLINE = "Xã Hữu Lũng trả kết quả trong ngày"
PICTURE = Picture(
    url="https://tinh.test/anh/mot cua.jpg",
    file="w.jpg",
    mime="image/jpeg",
    size=54_321,
    width=1920,
    height=1080,
    caption="Bộ phận Một cửa xã Hữu Lũng",
    credit="Hoàng Lan",
)

Deliver = Callable[..., Delivery]


@pytest.fixture
def radio(db: None) -> Channel:
    return Channel.objects.create(
        name="Phát thanh", slug="phat-thanh", kind="feed", is_active=True, options={"limit": 20}
    )


def message(story: uuid.UUID, **values: Any) -> Message:
    published = values.pop("published", START)
    return Message(
        **{
            "key": f"{story}:1",
            "story": str(story),
            "title": HEADLINE,
            "text": "Người dân nhận kết quả <b>ngay</b> buổi chiều.",
            "html": '<p>Từ 1/3, ai cũng được <a href="https://tinh.test/x?a=1&amp;b=2">hẹn</a>.</p>',
            "address": "https://tinh.test/tin-tuc/xã-hữu-lũng/",
            "image": PICTURE,
            "section": "Một cửa",
            "author": "Hoàng Lan",
            "published": published,
            "updated": published + timedelta(minutes=5),
            **values,
        }
    )


@pytest.fixture
def deliver(radio: Channel) -> Deliver:
    """Write one settled delivery; each call settles a second later than the one before."""
    clock = iter(START + timedelta(seconds=tick) for tick in range(10_000))

    def settled(
        story: uuid.UUID | None = None,
        action: Action = Action.PUBLISH,
        *,
        sequence: int = 1,
        state: State = State.DELIVERED,
        expires_at: datetime | None = None,
        channel: Channel | None = None,
        **values: Any,
    ) -> Delivery:
        story = story or uuid.uuid4()
        publication, _created = Publication.objects.get_or_create(
            story=story,
            sequence=sequence,
            defaults={"content": {}, "title": HEADLINE, "expires_at": expires_at},
        )
        return Delivery.objects.create(
            publication=publication,
            channel=channel or radio,
            story=story,
            sequence=sequence,
            action=action,
            payload=to_json(message(story, **values)),
            state=state,
            receipt={"external_id": str(story)},
            settled_at=next(clock),
        )

    return settled


def fetch(client: Client, form: str = "xml", **headers: str) -> Any:
    return client.get(f"/feeds/phat-thanh.{form}", headers=headers)


def parsed(body: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(body)  # noqa: S314 - our own document


def titles(client: Client) -> list[str]:
    return [item["title"] for item in json.loads(fetch(client, "json").content)["items"]]
