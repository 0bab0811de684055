"""The chats, bots and messages of the sandbox."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone


class SandboxBot(models.Model):
    """A bot that the sandbox knows by its token."""

    token = models.CharField(max_length=140, unique=True)
    name = models.CharField(max_length=64, default="Nhịp Cầu")
    username = models.CharField(max_length=32, default="nhipcau_bot")
    # When it was last told to wait, until when, and how many calls came meanwhile all the same.
    told_at = models.DateTimeField(null=True)
    told_until = models.DateTimeField(null=True)
    early_calls = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "channels"

    def __str__(self) -> str:
        return self.name

    @property
    def user_id(self) -> int:
        """The number before the colon of a token is the bot's own."""
        return int(self.token.partition(":")[0])


class SandboxChat(models.Model):
    """A group or channel, with the faults it will answer with next."""

    chat_id = models.BigIntegerField(unique=True)
    title = models.CharField(max_length=255)
    type = models.CharField(max_length=10, default="group")
    username = models.CharField(max_length=32, blank=True)
    bots = models.ManyToManyField(SandboxBot, related_name="chats")
    kicked = models.BooleanField(default=False)
    bot_is_admin = models.BooleanField(default=False)  # may delete after 48 hours
    bot_may_pin = models.BooleanField(default=True)
    bot_may_edit = models.BooleanField(default=True)
    # Topics of a forum group: number → "open" or "closed". Empty: any number is taken.
    topics: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    keeps_rates = models.BooleanField(default=False)  # answers 429 as Telegram does
    migrated_to = models.BigIntegerField(null=True, blank=True)
    faults = models.JSONField(default=list)
    last_message_id = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "channels"
        ordering: ClassVar[list[str]] = ["title", "chat_id"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_private(self) -> bool:
        """Whether it is one person's own chat with the bot."""
        return self.chat_id > 0


class SandboxMessageQuerySet(models.QuerySet["SandboxMessage"]):
    def standing(self) -> "SandboxMessageQuerySet":
        """What members still see."""
        return self.filter(deleted_at=None)


class SandboxMessage(models.Model):
    """A message as members see it. Deleted ones are kept: rates and ids go on counting them."""

    chat = models.ForeignKey(SandboxChat, on_delete=models.CASCADE, related_name="messages")
    bot = models.ForeignKey(SandboxBot, on_delete=models.CASCADE, related_name="messages")
    message_id = models.PositiveIntegerField()
    thread_id = models.PositiveIntegerField(null=True)
    text = models.TextField(blank=True)  # or the caption
    entities: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list
    )
    media = models.CharField(max_length=10, blank=True)  # "", photo, document, audio
    group = models.CharField(max_length=20, blank=True)  # the album it is part of
    reply_to = models.PositiveIntegerField(null=True)
    title = models.CharField(max_length=255, blank=True)  # of a sound
    performer = models.CharField(max_length=255, blank=True)
    link_preview: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    file = models.FileField(upload_to="sandbox/", blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    mime = models.CharField(max_length=100, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    silent = models.BooleanField(default=False)
    protected = models.BooleanField(default=False)
    sent_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    objects = SandboxMessageQuerySet.as_manager()

    class Meta:
        app_label = "channels"
        ordering: ClassVar[list[str]] = ["sent_at", "message_id", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["chat", "message_id"], name="sandbox_message_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["bot", "sent_at"], name="sandbox_message_rate")
        ]

    def __str__(self) -> str:
        return self.text[:60]


from channels.sandbox.social import models as social_models  # noqa: E402, F401
