"""Chats for the demo and for tests."""

from django.db import transaction

from channels.sandbox.models import SandboxBot, SandboxChat


@transaction.atomic
def seed(chat_id: int, title: str, token: str) -> SandboxChat:
    """Return the chat with this id and title, with the bot of this token as a member.

    May be repeated. An id that begins with -100 is a supergroup, another negative one a group, a
    positive one a person's own chat with the bot.
    """
    bot, _ = SandboxBot.objects.get_or_create(token=token)
    kind = "supergroup" if str(chat_id).startswith("-100") else "group"
    kind = "private" if chat_id > 0 else kind
    chat, _ = SandboxChat.objects.update_or_create(
        chat_id=chat_id, defaults={"title": title}, create_defaults={"title": title, "type": kind}
    )
    chat.bots.add(bot)
    return chat
