"""A chat as its members see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from channels.sandbox.models import SandboxChat, SandboxMessage

SHOWN = 100  # the latest
FORMS = {
    "bold": "<strong>{}</strong>",
    "italic": "<em>{}</em>",
    "underline": "<u>{}</u>",
    "strikethrough": "<s>{}</s>",
    "spoiler": '<span class="spoiler">{}</span>',
    "code": "<code>{}</code>",
    "pre": "<pre>{}</pre>",
    "blockquote": "<blockquote>{}</blockquote>",
    "hashtag": '<span class="tag">{}</span>',
}
LINK = '<a href="{}" rel="noopener nofollow">{}</a>'


@dataclass(frozen=True, slots=True)
class Item:
    """One message and its text as HTML."""

    message: SandboxMessage
    text: SafeString


@dataclass(frozen=True, slots=True)
class Bubble:
    """What members see as one message: a message, or the messages of an album."""

    items: list[Item]
    answers: SandboxMessage | None = None  # the message it replies to

    @property
    def message(self) -> SandboxMessage:
        """The first message, which speaks for all."""
        return self.items[0].message

    @property
    def photos(self) -> list[SandboxMessage]:
        return [item.message for item in self.items if item.message.media == "photo"]

    @property
    def files(self) -> list[Item]:
        return [item for item in self.items if item.message.media not in {"", "photo"}]

    @property
    def text(self) -> SafeString:
        """What is written under pictures, or the text itself; captions of files stand with them."""
        return format_html_join(
            "\n",
            "{}",
            ((item.text,) for item in self.items if item not in self.files and item.text),
        )

    @property
    def edited(self) -> bool:
        return any(item.message.edited_at for item in self.items)

    @property
    def version(self) -> str:
        """Changes whenever the bubble looks different."""
        edits = [item.message.edited_at for item in self.items]
        last = max((moment.timestamp() for moment in edits if moment), default=0)
        ids = "-".join(str(item.message.message_id) for item in self.items)
        return f"{last}-{self.message.pinned_at is not None}-{ids}"


def bubbles(chat: SandboxChat) -> list[Bubble]:
    """Return the latest messages that stand, oldest first, an album as one bubble."""
    latest = chat.messages.standing().select_related("bot").order_by("-sent_at", "-message_id")
    shown = list(reversed(latest[:SHOWN]))
    replies = {one.reply_to for one in shown if one.reply_to}
    asked = chat.messages.filter(message_id__in=replies) if replies else ()
    answered = {one.message_id: one for one in asked}
    groups = groupby(shown, lambda one: one.group or one.pk)
    return [bubble(list(messages), answered) for _, messages in groups]


def bubble(messages: list[SandboxMessage], answered: Mapping[int, SandboxMessage]) -> Bubble:
    """Return a message or an album, ready to be shown."""
    items = [Item(one, rendered(one.text, one.entities)) for one in messages]
    return Bubble(items, answered.get(messages[0].reply_to or 0))


def pinned(chat: SandboxChat) -> SandboxMessage | None:
    """Return the message pinned last."""
    standing = chat.messages.standing().exclude(pinned_at=None)
    return standing.order_by("-pinned_at").first()


def rendered(text: str, entities: list[dict[str, Any]]) -> SafeString:
    """Return the text as HTML. Entities are measured in UTF-16 units and properly nested."""
    units = text.encode("utf-16-le", "surrogatepass")
    ordered = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    return _range(units, 0, len(units) // 2, ordered)


def _range(units: bytes, start: int, end: int, entities: list[dict[str, Any]]) -> SafeString:
    pieces: list[str | SafeString] = []
    position = start
    for index, entity in enumerate(entities):
        begin, finish = entity["offset"], min(entity["offset"] + entity["length"], end)
        if begin < position or finish <= begin:
            continue  # inside one that is already written
        inner = [other for other in entities[index + 1 :] if other["offset"] < finish]
        pieces += [
            _plain(units, position, begin),
            _wrapped(entity, _range(units, begin, finish, inner)),
        ]
        position = finish
    pieces.append(_plain(units, position, end))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _plain(units: bytes, start: int, end: int) -> str:
    return units[start * 2 : end * 2].decode("utf-16-le", "replace")


def _wrapped(entity: dict[str, Any], inner: SafeString) -> SafeString:
    url = entity.get("url", "")
    if entity["type"] == "text_link" and url.startswith(("http://", "https://")):
        return format_html(LINK, url, inner)
    if entity["type"] == "url":
        return format_html('<a href="{0}" rel="noopener nofollow">{0}</a>', inner)
    return format_html(FORMS.get(entity["type"], "{}"), inner)
