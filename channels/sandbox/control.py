"""The remote control: how a test or a rehearsal sets up a chat."""

from datetime import timedelta
from typing import Any, Literal

from django.db import transaction
from django.db.models import F
from pydantic import BaseModel, ConfigDict, Field

from channels.sandbox.faults import migrate
from channels.sandbox.models import SandboxChat
from channels.sandbox.seeding import seed


class Fault(BaseModel):
    """One fault, as ``faults`` consumes it."""

    model_config = ConfigDict(extra="forbid")

    fault: Literal[
        "too_many_requests", "kicked", "no_rights", "migrate", "server_error",
        "bad_gateway", "html", "slow", "silence", "cut",
    ]  # fmt: skip
    method: str | None = None
    seconds: float | None = Field(None, ge=0, le=60)
    to: int | None = None


SETTINGS = (
    "title", "username", "kicked", "bot_is_admin", "bot_may_pin", "bot_may_edit", "topics",
    "keeps_rates",
)  # fmt: skip


class Order(BaseModel):
    """What to change about a chat; what is left out stays as it is.

    ``token`` with ``title`` creates chat and bot; ``age_hours`` makes all its messages older.
    """

    model_config = ConfigDict(extra="forbid")

    chat_id: int
    token: str | None = None
    title: str | None = None
    username: str | None = None
    kicked: bool | None = None
    bot_is_admin: bool | None = None
    bot_may_pin: bool | None = None
    bot_may_edit: bool | None = None
    topics: dict[str, Literal["open", "closed"]] | None = None
    keeps_rates: bool | None = None
    faults: list[Fault] | None = None
    migrate_to: int | None = None
    age_hours: float | None = Field(None, ge=0, le=10_000)


@transaction.atomic
def apply_order(order: Order) -> SandboxChat:
    """Change the chat and return it. Raises ``SandboxChat.DoesNotExist``."""
    if order.token is not None:
        seed(order.chat_id, order.title or "Sandbox", order.token)
    chat = SandboxChat.objects.select_for_update().get(chat_id=order.chat_id)
    for name in SETTINGS:
        value = getattr(order, name)
        if value is not None:
            setattr(chat, name, value)
    if order.faults is not None:
        chat.faults = [fault.model_dump(exclude_none=True) for fault in order.faults]
    chat.save()
    if order.age_hours:
        chat.messages.update(sent_at=F("sent_at") - timedelta(hours=order.age_hours))
    if order.migrate_to is not None:
        migrate(chat, order.migrate_to)
    return chat


def described(chat: SandboxChat) -> dict[str, Any]:
    """Return the chat's state and every message it ever held, deleted ones marked."""
    fields = ("message_id", "text", "entities", "media", "file_name", "file_digest", "silent",
              "protected", "group", "reply_to", "title", "performer", "link_preview", "thread_id",
              "sent_at", "edited_at", "pinned_at", "deleted_at")  # fmt: skip
    return {
        "chat_id": chat.chat_id,
        "title": chat.title,
        "type": chat.type,
        "kicked": chat.kicked,
        "bot_is_admin": chat.bot_is_admin,
        "bot_may_pin": chat.bot_may_pin,
        "bot_may_edit": chat.bot_may_edit,
        "topics": chat.topics,
        "keeps_rates": chat.keeps_rates,
        "early_calls": sum(bot.early_calls for bot in chat.bots.all()),
        "migrated_to": chat.migrated_to,
        "faults": chat.faults,
        "messages": list(chat.messages.order_by("message_id").values(*fields)),
    }
