"""What the office tells one of its people, until they have read it."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: Any) -> Self:
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def mark_read(self, now: datetime) -> int:
        """Mark them as read now; return how many were not before."""
        return self.unread().update(read_at=now)


class Notice(models.Model):
    """One thing that happened, told to one person, with the address to go to."""

    class Verb(models.TextChoices):
        SUBMITTED = "submitted", _("waits for you")
        RETURNED = "returned", _("sent back")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        OVERDUE = "overdue", _("overdue")
        OVERRIDE = "override", _("published urgently")
        MISSED = "missed", _("missed its time")
        FAILED = "failed", _("could not be delivered")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RECALL = "recall", _("copies to see to")
        CHANNEL = "channel", _("channel stopped")
        CALL = "call", _("not acknowledged")
        DUE = "due", _("tasks of the plans")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    verb = models.CharField(_("what"), max_length=12, choices=Verb)
    text = models.TextField(_("text"))
    url = models.CharField(_("address"), max_length=500)
    about = models.CharField(
        max_length=80, blank=True, help_text="What must not be told twice to the same person."
    )
    created_at = models.DateTimeField(_("time"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-created_at"], name="notice_user_newest"),
            models.Index(
                fields=["user"], condition=models.Q(read_at=None), name="notice_user_unread"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "about"], condition=~models.Q(about=""), name="notice_told_once"
            )
        ]

    def __str__(self) -> str:
        return self.text
