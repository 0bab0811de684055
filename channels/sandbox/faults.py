"""Faults on demand and limits of rate.

A chat's ``faults`` is a list consumed in order. Each is an object with ``fault``, one of the names
in ``FAULTS``, perhaps ``method`` (it waits for that method), ``seconds`` and ``to``.
"""

import math
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from channels.sandbox.answers import ApiError, bad_request
from channels.sandbox.models import SandboxBot, SandboxChat, SandboxMessage

BOT_PER_SECOND = 30
CHAT_PER_SECOND = 1
GROUP_PER_MINUTE = 20
UNDER_WAY = timedelta(seconds=0.1)  # a refusal takes so long to reach the bot, at most

#: Refused before anything is done.
REFUSALS = {"too_many_requests", "kicked", "no_rights", "migrate", "server_error"}
#: Answered by something in between that is not Telegram; nothing is done.
FOREIGN = {"bad_gateway", "html"}
#: Done, but the answer is late (``slow``), never comes (``silence``), or breaks off (``cut``).
AFTERWARDS = {"slow", "silence", "cut"}
FAULTS = REFUSALS | FOREIGN | AFTERWARDS


def take(chat: SandboxChat, method: str) -> dict[str, Any]:
    """Take the next fault meant for this method off the list; empty when there is none."""
    for index, fault in enumerate(chat.faults):
        if str(fault.get("method", method)).lower() == method:
            chat.faults = chat.faults[:index] + chat.faults[index + 1 :]
            chat.save(update_fields=["faults"])
            return dict(fault)
    return {}


def refuse(chat: SandboxChat, fault: dict[str, Any]) -> ApiError | None:
    """Return the refusal a fault asks for, after changing the chat accordingly."""
    match fault.get("fault"):
        case "too_many_requests":
            return too_many(int(fault.get("seconds", 3)))
        case "kicked":
            chat.kicked = True
            chat.save(update_fields=["kicked"])
            return ApiError(403, f"Forbidden: bot was kicked from the {chat.type} chat")
        case "no_rights":
            return bad_request("not enough rights to send text messages to the chat")
        case "migrate":
            new = migrate(chat, int(fault.get("to", -1_000_000_000_000 - abs(chat.chat_id))))
            return ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": new.chat_id},
            )
        case "server_error":
            return ApiError(500, "Internal Server Error")
    return None


def migrate(chat: SandboxChat, to: int) -> SandboxChat:
    """Turn a group into a supergroup with another id. Old messages stay with the old id."""
    new, _ = SandboxChat.objects.get_or_create(
        chat_id=to, defaults={"title": chat.title, "type": "supergroup"}
    )
    new.bots.add(*chat.bots.all())
    chat.migrated_to = to
    chat.save(update_fields=["migrated_to"])
    return new


def too_many(seconds: int) -> ApiError:
    """Return the refusal that asks to wait so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def check_rates(chat: SandboxChat, bot: SandboxBot, count: int = 1) -> None:
    """Raise what Telegram answers to a bot that is too fast, in chats that keep rates.

    An album is so many messages, but one post within the second of a chat.
    """
    if not chat.keeps_rates:
        return
    now = timezone.now()
    limits = [
        (SandboxMessage.objects.filter(bot=bot), 1, BOT_PER_SECOND - count),
        (chat.messages.all(), 1, CHAT_PER_SECOND - 1),
    ]
    if chat.chat_id < 0:
        limits.append((chat.messages.all(), 60, GROUP_PER_MINUTE - count))
    for messages, window, room in limits:
        _check_window(messages, window, room, now)


def _check_window(messages: Any, window: int, room: int, now: datetime) -> None:
    """Refuse unless at most ``room`` messages fell into the window of so many seconds."""
    since = now - timedelta(seconds=window)
    recent = messages.filter(sent_at__gt=since).order_by("-sent_at")
    times = list(recent.values_list("sent_at", flat=True)[: room + 1])
    if len(times) > room:
        raise too_many(max(1, math.ceil((times[room] - since).total_seconds())))


def tell(bot: SandboxBot, refusal: ApiError) -> None:
    """Remember that the bot was told to wait, if that is what the refusal says."""
    seconds = refusal.parameters.get("retry_after")
    if seconds:
        now = timezone.now()
        bot.told_at, bot.told_until = now, now + timedelta(seconds=seconds)
        bot.save(update_fields=["told_at", "told_until"])


def too_early(chat: SandboxChat, bot: SandboxBot) -> ApiError | None:
    """Count a call that comes although the bot was told to wait; refuse it where rates are kept.

    What was on its way when the refusal left is no disobedience.
    """
    now = timezone.now()
    if bot.told_at is None or bot.told_until is None or now >= bot.told_until:
        return None
    if now > bot.told_at + UNDER_WAY:
        SandboxBot.objects.filter(pk=bot.pk).update(early_calls=F("early_calls") + 1)
    left = math.ceil((bot.told_until - now).total_seconds())
    return too_many(left) if chat.keeps_rates else None
