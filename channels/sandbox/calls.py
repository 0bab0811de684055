"""What a call of the Bot API brings along: parameters, texts, files, the chat it names."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from channels.sandbox import markup, pictures
from channels.sandbox.answers import ApiError, bad_request
from channels.sandbox.models import SandboxBot, SandboxChat, SandboxMessage

CAPTION_LIMIT = 1024
FILE_BYTES = 50 * 1024 * 1024  # what a bot may upload, photos aside


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who asks, about which chat, with what."""

    bot: SandboxBot
    parameters: Mapping[str, Any]
    files: "Mapping[str, UploadedFile[bytes]]"
    chat: SandboxChat | None = None

    def text(self, name: str) -> str:
        """Return a parameter as text; empty when it is missing."""
        value = self.parameters.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """Whether a parameter says yes."""
        return self.text(name).lower() in {"true", "1"}

    def number(self, name: str) -> int | None:
        """Return a parameter as a number; ``None`` when it is none."""
        text = self.text(name)
        return int(text) if text.lstrip("-").isdecimal() else None

    def json(self, name: str) -> dict[str, Any]:
        """Return a parameter that is a JSON object; empty when it is missing or none."""
        value = self.parameters.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value or "{}")
            except ValueError:
                value = None
        return value if isinstance(value, dict) else {}

    @property
    def here(self) -> SandboxChat:
        """Return the chat. Raises ``ApiError`` for a method called without one."""
        if self.chat is None:
            raise bad_request("chat_id is empty")
        return self.chat


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    content: bytes
    name: str
    mime: str
    width: int = 0
    height: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 of the content: tells one picture from another."""
        return hashlib.sha256(self.content).hexdigest()


def parsed(text: str, call: Call, given: str) -> markup.Parsed:
    """Return text and entities by the parse mode, or by entities that came ready."""
    mode = call.text("parse_mode")
    try:
        seen, entities = markup.parse(text, mode)
    except KeyError:
        raise bad_request("unsupported parse_mode") from None
    except markup.CannotParse as error:
        raise bad_request(f"can't parse entities: {error}") from None
    return seen, entities if mode else entities + _ready(call, given)


def _ready(call: Call, given: str) -> list[dict[str, Any]]:
    try:
        entities = json.loads(call.text(given) or "[]")
    except ValueError:
        raise bad_request("can't parse entities: expected an Array of MessageEntity") from None
    return entities if isinstance(entities, list) else []


def caption(call: Call) -> markup.Parsed:
    """Return caption and entities within the limit of what is seen."""
    text, entities = parsed(call.text("caption"), call, "caption_entities")
    if markup.units(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return text, entities


def uploaded(call: Call, name: str) -> Upload:
    """Return the file of a parameter: attached under its name or by ``attach://``."""
    reference = call.text(name)
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    file = call.files.get(reference.removeprefix("attach://") if reference else name)
    if file is None:
        raise bad_request(f"there is no {name} in the request")
    content = file.read()
    if not content:
        raise bad_request("file must be non-empty")
    return Upload(content, file.name or name, file.content_type or "application/octet-stream")


def photo(upload: Upload) -> Upload:
    """Return the upload with its measures, if Telegram would take it as a photo."""
    width, height = pictures.measured(upload.content)
    return Upload(upload.content, upload.name, upload.mime, width, height)


def checked(upload: Upload, kind: str) -> Upload:
    """Return the upload, if Telegram would take it as this kind of medium."""
    if kind == "photo":
        return photo(upload)
    if len(upload.content) > FILE_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    return upload


def posted(
    call: Call,
    text: str,
    entities: list[dict[str, Any]],
    media: str,
    upload: Upload | None,
    *,
    group: str = "",
) -> SandboxMessage:
    """Store a new message."""
    chat = call.here
    _check_topic(chat, call.number("message_thread_id"))
    reply_to = _replied_to(call)
    chat.last_message_id += 1
    chat.save(update_fields=["last_message_id"])
    message = SandboxMessage(
        chat=chat,
        bot=call.bot,
        message_id=chat.last_message_id,
        thread_id=call.number("message_thread_id"),
        reply_to=reply_to,
        text=text,
        entities=entities,
        media=media,
        group=group,
        link_preview=call.json("link_preview_options"),
        silent=call.flag("disable_notification"),
        protected=call.flag("protect_content"),
        sent_at=timezone.now(),
    )
    if upload:
        filled(message, call)
        attach(message, upload)
    message.save()
    return message


def _check_topic(chat: SandboxChat, thread: int | None) -> None:
    """Refuse what Telegram refuses in a group with topics. The first topic is never named."""
    if not thread or not chat.topics:
        return
    state = chat.topics.get(str(thread))
    if state is None:
        raise bad_request("message thread not found")
    if state == "closed" and not chat.bot_is_admin:
        raise bad_request("TOPIC_CLOSED")


def _replied_to(call: Call) -> int | None:
    reply = call.json("reply_parameters")
    number = reply.get("message_id")
    if not isinstance(number, int):
        return None
    if call.here.messages.standing().filter(message_id=number).exists():
        return number
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def filled(message: SandboxMessage, call: Call) -> None:
    """Note what players show of a sound."""
    message.title, message.performer = call.text("title")[:255], call.text("performer")[:255]


def found_message(call: Call, purpose: str) -> SandboxMessage:
    """Return the standing message that a call names. Raises ``ApiError``."""
    number = call.number("message_id")
    if number is None:
        raise bad_request("message identifier is not specified")
    message = call.here.messages.filter(message_id=number, deleted_at=None).first()
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message


def attach(message: SandboxMessage, upload: Upload) -> None:
    """Give a message its file."""
    message.file_name, message.mime = upload.name[:255], upload.mime[:100]
    message.width, message.height = upload.width, upload.height
    message.file_digest = upload.digest
    suffix = pictures.suffix(upload.mime)
    message.file.save(f"{upload.digest[:16]}{suffix}", ContentFile(upload.content), save=False)


def chat_of(call: Call) -> SandboxChat:
    """Return the chat a call names, if this bot may speak there. Raises ``ApiError``."""
    reference = call.text("chat_id")
    if not reference:
        raise bad_request("chat_id is empty")
    chats = SandboxChat.objects.select_for_update().filter(bots=call.bot)
    if reference.startswith("@"):
        chat = chats.filter(username__iexact=reference[1:]).first()
    else:
        number = call.number("chat_id")
        chat = chats.filter(chat_id=number).first() if number and abs(number) < 2**63 else None
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    if chat.kicked:
        raise ApiError(403, f"Forbidden: bot was kicked from the {chat.type} chat")
    return chat
