"""The methods of the Bot API that the sandbox knows. Error texts are Telegram's own."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from channels.sandbox import markup
from channels.sandbox.answers import bad_request, described_chat, described_message
from channels.sandbox.calls import (
    Call,
    attach,
    caption,
    checked,
    filled,
    found_message,
    parsed,
    posted,
    uploaded,
)
from channels.sandbox.faults import check_rates
from channels.sandbox.models import SandboxMessage

TEXT_LIMIT = 4096
ALBUM_LIMIT = 10
MEDIA = {"photo", "document", "audio"}
DELETABLE_FOR = timedelta(hours=48)
UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


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
    return described_message(posted(call, *_text(call), "", None))


def _text(call: Call) -> markup.Parsed:
    text, entities = parsed(call.text("text"), call, "entities")
    if not text:
        raise bad_request("message text is empty")
    if markup.units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, entities


def send_photo(call: Call) -> dict[str, Any]:
    """Post a photo with its caption."""
    return _send_media(call, "photo")


def send_document(call: Call) -> dict[str, Any]:
    """Post a file with its caption."""
    return _send_media(call, "document")


def send_audio(call: Call) -> dict[str, Any]:
    """Post a sound with its caption, title and performer."""
    return _send_media(call, "audio")


def _send_media(call: Call, kind: str) -> dict[str, Any]:
    check_rates(call.here, call.bot)
    upload = checked(uploaded(call, kind), kind)
    return described_message(posted(call, *caption(call), kind, upload))


def send_media_group(call: Call) -> list[dict[str, Any]]:
    """Post an album: photos, documents or sounds, each with a caption of its own."""
    items = [replace(call, parameters={**call.parameters, **item}) for item in _items(call)]
    kinds = {item.text("type") for item in items}
    if not kinds <= MEDIA:
        raise bad_request("can't parse InputMedia: type must be photo, document or audio")
    if len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    check_rates(call.here, call.bot, len(items))
    kind = kinds.pop()
    contents = [(*caption(item), kind, checked(uploaded(item, "media"), kind)) for item in items]
    group = f"{call.here.last_message_id + 1:0>17}" if len(items) > 1 else ""
    pairs = zip(items, contents, strict=True)
    sent = [posted(item, *content, group=group) for item, content in pairs]
    return [described_message(message) for message in sent]


def _items(call: Call) -> list[dict[str, Any]]:
    try:
        items = json.loads(call.text("media") or "[]")
    except ValueError:
        items = None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise bad_request("can't parse media JSON object")
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > ALBUM_LIMIT:
        raise bad_request("too many messages to send as an album")
    return items


# --- changing ----------------------------------------------------------------------------------


def edit_message_text(call: Call) -> dict[str, Any]:
    """Replace the text of a text message."""
    message = _own(call, "edit")
    if message.media:
        raise bad_request("there is no text in the message to edit")
    text, entities = _text(call)
    preview = call.json("link_preview_options")
    changed = preview != message.link_preview
    message.link_preview = preview
    return _edited(message, text, entities, changed=changed)


def edit_message_caption(call: Call) -> dict[str, Any]:
    """Replace the caption of a photo, document or sound."""
    message = _own(call, "edit")
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    return _edited(message, *caption(call))


def edit_message_media(call: Call) -> dict[str, Any]:
    """Replace what a message shows, and its caption; a text may become a medium.

    A part of an album stays of the album's kind.
    """
    message = _own(call, "edit")
    media = call.json("media")
    if not media:
        raise bad_request("can't parse InputMedia: can't parse JSON object")
    inner = replace(call, parameters={**call.parameters, **media})
    kind = str(media.get("type"))
    if kind not in MEDIA:
        raise bad_request("can't parse InputMedia: type must be photo, document or audio")
    if message.group and kind != message.media:
        raise bad_request("message can't be edited")
    upload = checked(uploaded(inner, "media"), kind)
    text, entities = caption(inner)
    if (message.media, message.file_digest) == (kind, upload.digest):
        return _edited(message, text, entities)
    message.media = kind
    filled(message, inner)
    attach(message, upload)
    return _edited(message, text, entities, changed=True)


def _edited(
    message: SandboxMessage, text: str, entities: list[dict[str, Any]], *, changed: bool = False
) -> dict[str, Any]:
    if not message.chat.bot_may_edit:
        raise bad_request("message can't be edited")
    if not changed and (message.text, message.entities) == (text, entities):
        raise bad_request(UNCHANGED)
    message.text, message.entities, message.edited_at = text, entities, timezone.now()
    message.save()
    return described_message(message)


def delete_message(call: Call) -> bool:
    """Delete for everyone, within 48 hours unless the bot is an administrator."""
    message = found_message(call, "delete")
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
    _check_pinning(call)
    message = found_message(call, "pin")
    message.pinned_at = timezone.now()
    message.save(update_fields=["pinned_at"])
    return True


def unpin_chat_message(call: Call) -> bool:
    """Take a pin away, of the message named or of the one pinned last."""
    _check_pinning(call)
    if call.text("message_id"):
        message = found_message(call, "unpin")
    else:
        pinned = call.here.messages.standing().exclude(pinned_at=None)
        last = pinned.order_by("-pinned_at").first()
        if last is None:
            raise bad_request("message to unpin not found")
        message = last
    message.pinned_at = None
    message.save(update_fields=["pinned_at"])
    return True


def _check_pinning(call: Call) -> None:
    if not call.here.bot_may_pin:
        raise bad_request("not enough rights to manage pinned messages in the chat")


def _own(call: Call, purpose: str) -> SandboxMessage:
    message = found_message(call, purpose)
    if message.bot_id != call.bot.pk:
        raise bad_request("message can't be edited")
    return message


METHODS: dict[str, Callable[[Call], Any]] = {
    "getme": get_me,
    "getchat": get_chat,
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "sendaudio": send_audio,
    "sendmediagroup": send_media_group,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagemedia": edit_message_media,
    "deletemessage": delete_message,
    "pinchatmessage": pin_chat_message,
    "unpinchatmessage": unpin_chat_message,
}
WITHOUT_CHAT = {"getme"}
