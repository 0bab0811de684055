"""Answers in the form of the Bot API."""

from typing import Any

from channels.sandbox.models import SandboxChat, SandboxMessage


class ApiError(Exception):
    """A refusal, as the Bot API words it."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def body(self) -> dict[str, Any]:
        """Return the JSON of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(words: str) -> ApiError:
    """Return a 400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {words}")


def described_chat(chat: SandboxChat, *, full: bool = False) -> dict[str, Any]:
    """Return a ``Chat``, or a ``ChatFullInfo``."""
    described: dict[str, Any] = {"id": chat.chat_id, "title": chat.title, "type": chat.type}
    if chat.username:
        described["username"] = chat.username
    if full:
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
                 "gifts_from_channels")  # fmt: skip
        described |= {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, False),
        }
    return described


def described_message(message: SandboxMessage, *, alone: bool = False) -> dict[str, Any]:
    """Return a ``Message``, with the one it replies to unless ``alone``."""
    bot = message.bot
    described: dict[str, Any] = {
        "message_id": message.message_id,
        "from": {
            "id": bot.user_id, "is_bot": True, "first_name": bot.name, "username": bot.username,
        },
        "chat": described_chat(message.chat),
        "date": int(message.sent_at.timestamp()),
    }  # fmt: skip
    if message.thread_id:
        described["message_thread_id"] = message.thread_id
    if message.edited_at:
        described["edit_date"] = int(message.edited_at.timestamp())
    if message.protected:
        described["has_protected_content"] = True
    if message.group:
        described["media_group_id"] = message.group
    if message.link_preview:
        described["link_preview_options"] = message.link_preview
    if message.reply_to and not alone:
        replied = message.chat.messages.filter(message_id=message.reply_to).first()
        if replied is not None:
            described["reply_to_message"] = described_message(replied, alone=True)
    return described | _content(message)


def _content(message: SandboxMessage) -> dict[str, Any]:
    text, entities = ("caption", "caption_entities") if message.media else ("text", "entities")
    content: dict[str, Any] = {text: message.text} if message.text else {}
    if message.entities:
        content[entities] = message.entities
    file = {
        "file_id": f"sandbox-{message.file_digest[:32]}",
        "file_unique_id": message.file_digest[:16],
        "file_size": message.file.size if message.file else 0,
    }
    if message.media == "photo":
        content["photo"] = [{**file, "width": message.width, "height": message.height}]
    elif message.media == "audio":
        named = {"performer": message.performer, "title": message.title}
        content["audio"] = {
            **file,
            **{name: value for name, value in named.items() if value},
            "duration": 0,
            "file_name": message.file_name,
            "mime_type": message.mime,
        }
    elif message.media == "document":
        content["document"] = {**file, "file_name": message.file_name, "mime_type": message.mime}
    return content
