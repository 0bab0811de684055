"""Stories, messages and receipts as JSON, the way the outbox keeps them."""

import hashlib
import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from channels.contract import Document, Message, Picture, Receipt, Story

_TIMES = ("published", "updated", "corrected", "embargo")
_PICTURES = ("picture", "wide_picture", "image")
_LISTS = {"pictures": Picture, "images": Picture, "documents": Document}
# What a receiver cannot see does not make a new version.
_UNSEEN = ("sequence", "updated", "published")
# Left out of the digest while empty: what was frozen before they were known keeps its digest.
_LATER = ("pictures",)
# Of each document likewise: told where there is room for it, and no reason to send anything again.
_UNSEEN_IN_DOCUMENTS = ("seconds",)
_UNSEEN_IN_MESSAGES = ("key", "updated", "published")


def to_json(value: Story | Message | Receipt) -> dict[str, Any]:
    """Return a plain dict that JSON can hold; times as ISO 8601 with offset."""
    data = asdict(value)
    for name in _TIMES:
        if data.get(name):
            data[name] = data[name].isoformat()
    return data


def _restored(kind: Any, data: dict[str, Any]) -> dict[str, Any]:
    known = {item.name for item in fields(kind)}
    restored = {name: value for name, value in data.items() if name in known}
    for name in _TIMES:
        if restored.get(name):
            restored[name] = datetime.fromisoformat(restored[name])
    for name in _PICTURES:
        if restored.get(name):
            restored[name] = Picture(**_restored(Picture, restored[name]))
    for name, item in _LISTS.items():
        if name in restored:
            restored[name] = tuple(item(**_restored(item, one)) for one in restored[name])
    return restored


def story_from_json(data: dict[str, Any]) -> Story:
    """Return the story. Unknown names, written by a newer version, are left out."""
    return Story(**_restored(Story, data))


def message_from_json(data: dict[str, Any]) -> Message:
    """Return the message. Unknown names, written by a newer version, are left out."""
    return Message(**_restored(Message, data))


def receipt_from_json(data: dict[str, Any]) -> Receipt:
    """Return the receipt. Unknown names, written by a newer version, are left out."""
    return Receipt(**_restored(Receipt, data))


def says_the_same(one: Message, other: Message) -> bool:
    """Whether a receiver cannot tell two messages apart, of one version or of two."""
    seen = [_seen(message, _UNSEEN_IN_MESSAGES) for message in (one, other)]
    return seen[0] == seen[1]


def _seen(value: Story | Message, unseen: tuple[str, ...]) -> dict[str, Any]:
    """Return as JSON what a receiver can see of the story or message."""
    data = {name: part for name, part in to_json(value).items() if name not in unseen}
    data["documents"] = [
        {name: part for name, part in document.items() if name not in _UNSEEN_IN_DOCUMENTS}
        for document in data["documents"]
    ]
    return data


def digest(story: Story) -> str:
    """Return the SHA-256 of what receivers can see of the story, in hexadecimal."""
    data = _seen(story, _UNSEEN)
    for name in _LATER:
        if not data[name]:
            del data[name]
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
