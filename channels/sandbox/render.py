"""A chat as its members see it."""

from dataclasses import dataclass
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
class Bubble:
    """One message and its text as HTML."""

    message: SandboxMessage
    text: SafeString

    @property
    def version(self) -> str:
        """Changes whenever the bubble looks different."""
        edited = self.message.edited_at
        return f"{edited.timestamp() if edited else 0}-{self.message.pinned_at is not None}"


def bubbles(chat: SandboxChat) -> list[Bubble]:
    """Return the latest messages that stand, oldest first."""
    latest = chat.messages.standing().select_related("bot").order_by("-sent_at", "-message_id")
    return [bubble(message) for message in reversed(latest[:SHOWN])]


def bubble(message: SandboxMessage) -> Bubble:
    """Return one message, ready to be shown."""
    return Bubble(message, rendered(message.text, message.entities))


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
