"""The methods of the Bot API that the sandbox knows. Error texts are Telegram's own."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from channels.sandbox import markup, pictures
from channels.sandbox.answers import ApiError, bad_request, described_chat, described_message
from channels.sandbox.faults import check_rates
from channels.sandbox.models import SandboxBot, SandboxChat, SandboxMessage

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DELETABLE_FOR = timedelta(hours=48)
UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


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


# --- asking ------------------------------------------------------------------------------------


def get_me(call: Call) -> dict[str, Any]:
    """Return the bot as a ``User``."""
    return {
        "id": call.bot.user_id,
        "is_bot": True,
        "first_name": call.bot.name,
        "username": call.bot.username,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def get_chat(call: Call) -> dict[str, Any]:
    """Return the chat as a ``ChatFullInfo``."""
    return described_chat(call.here, full=True)


# --- sending -----------------------------------------------------------------------------------


def send_message(call: Call) -> dict[str, Any]:
    """Post a text. Returns a ``Message``; raises ``ApiError``, like every method here."""
    check_rates(call.here, call.bot)
    text, entities = parsed(call.text("text"), call, "entities")
    if not text:
        raise bad_request("message text is empty")
    if markup.units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return described_message(_sent(call, text, entities, "", None))


def send_photo(call: Call) -> dict[str, Any]:
    """Post a photo with its caption."""
    check_rates(call.here, call.bot)
    upload = photo(_uploaded(call, "photo"))
    return described_message(_sent(call, *caption(call), "photo", upload))


def send_document(call: Call) -> dict[str, Any]:
    """Post a file with its caption."""
    check_rates(call.here, call.bot)
    upload = _uploaded(call, "document")
    return described_message(_sent(call, *caption(call), "document", upload))


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


def _uploaded(call: Call, name: str) -> Upload:
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


def _sent(
    call: Call, text: str, entities: list[dict[str, Any]], media: str, upload: Upload | None
) -> SandboxMessage:
    chat = call.here
    chat.last_message_id += 1
    chat.save(update_fields=["last_message_id"])
    message = SandboxMessage(
        chat=chat,
        bot=call.bot,
        message_id=chat.last_message_id,
        thread_id=call.number("message_thread_id"),
        text=text,
        entities=entities,
        media=media,
        silent=call.flag("disable_notification"),
        protected=call.flag("protect_content"),
        sent_at=timezone.now(),
    )
    if upload:
        _attach(message, upload)
    message.save()
    return message


def _attach(message: SandboxMessage, upload: Upload) -> None:
    message.file_name, message.mime = upload.name[:255], upload.mime[:100]
    message.width, message.height = upload.width, upload.height
    message.file_digest = upload.digest
    suffix = pictures.suffix(upload.mime)
    message.file.save(f"{upload.digest[:16]}{suffix}", ContentFile(upload.content), save=False)


# --- changing ----------------------------------------------------------------------------------


def edit_message_text(call: Call) -> dict[str, Any]:
    """Replace the text of a text message."""
    message = _own(call, "edit")
    if message.media:
        raise bad_request("there is no text in the message to edit")
    text, entities = parsed(call.text("text"), call, "entities")
    if not text:
        raise bad_request("message text is empty")
    if markup.units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return _edited(message, text, entities)


def edit_message_caption(call: Call) -> dict[str, Any]:
    """Replace the caption of a photo or document."""
    message = _own(call, "edit")
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    return _edited(message, *caption(call))


def edit_message_media(call: Call) -> dict[str, Any]:
    """Replace photo or document and caption; a text message may become one."""
    message = _own(call, "edit")
    media = _media(call)
    inner = Call(call.bot, {**call.parameters, **media}, call.files, call.chat)
    kind = str(media.get("type"))
    if kind not in {"photo", "document"}:
        raise bad_request("can't parse InputMedia: type must be photo or document")
    upload = _uploaded(inner, "media")
    upload = photo(upload) if kind == "photo" else upload
    text, entities = caption(inner)
    if (message.media, message.file_digest) == (kind, upload.digest):
        return _edited(message, text, entities)
    message.media = kind
    _attach(message, upload)
    return _edited(message, text, entities, changed=True)


def _media(call: Call) -> dict[str, Any]:
    media = call.parameters.get("media")
    if isinstance(media, str):
        try:
            media = json.loads(media)
        except ValueError:
            media = None
    if not isinstance(media, dict):
        raise bad_request("can't parse InputMedia: can't parse JSON object")
    return media


def _edited(
    message: SandboxMessage, text: str, entities: list[dict[str, Any]], *, changed: bool = False
) -> dict[str, Any]:
    if not changed and (message.text, message.entities) == (text, entities):
        raise bad_request(UNCHANGED)
    message.text, message.entities, message.edited_at = text, entities, timezone.now()
    message.save()
    return described_message(message)


def delete_message(call: Call) -> bool:
    """Delete for everyone, within 48 hours unless the bot is an administrator."""
    message = _found(call, "delete")
    old = timezone.now() - message.sent_at >= DELETABLE_FOR
    if message.bot_id != call.bot.pk and not call.here.bot_is_admin:
        raise bad_request("message can't be deleted")
    if old and not call.here.bot_is_admin:
        raise bad_request("message can't be deleted for everyone")
    message.deleted_at = timezone.now()
    message.save(update_fields=["deleted_at"])
    return True


def pin_chat_message(call: Call) -> bool:
    """Pin a message; pinning it again moves it to the top."""
    message = _found(call, "pin")
    message.pinned_at = timezone.now()
    message.save(update_fields=["pinned_at"])
    return True


def _found(call: Call, purpose: str) -> SandboxMessage:
    number = call.number("message_id")
    if number is None:
        raise bad_request("message identifier is not specified")
    message = call.here.messages.filter(message_id=number, deleted_at=None).first()
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message


def _own(call: Call, purpose: str) -> SandboxMessage:
    message = _found(call, purpose)
    if message.bot_id != call.bot.pk:
        raise bad_request("message can't be edited")
    return message


METHODS: dict[str, Callable[[Call], Any]] = {
    "getme": get_me,
    "getchat": get_chat,
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagemedia": edit_message_media,
    "deletemessage": delete_message,
    "pinchatmessage": pin_chat_message,
}
WITHOUT_CHAT = {"getme"}


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
