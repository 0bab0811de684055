"""The accounts, pages and posts of the look-alikes."""

import secrets
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone


class SandboxAccount(models.Model):
    """A Zalo official account or a Facebook page, with the faults it will answer with next."""

    ZALO, FACEBOOK = "zalo", "facebook"

    service = models.CharField(max_length=10)
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    app_id = models.CharField(max_length=40, blank=True)
    app_secret = models.CharField(max_length=255, blank=True)
    token = models.CharField(max_length=255, blank=True)  # the access token that works now
    token_until = models.DateTimeField(null=True)  # None: for ever
    # Those before it, with their ends in Unix time: a new one does not end them.
    earlier: models.JSONField[dict[str, float], dict[str, float]] = models.JSONField(default=dict)
    refresh_token = models.CharField(max_length=255, blank=True)  # the one that was not used yet
    groups: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    broadcasts_left = models.PositiveIntegerField(default=4)
    faults: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list
    )

    class Meta:
        app_label = "channels"
        ordering: ClassVar[list[str]] = ["service", "name", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["service", "number"], name="sandbox_account_once")
        ]

    def __str__(self) -> str:
        return self.name


def fresh_number() -> str:
    return secrets.token_hex(10)


class SandboxPostQuerySet(models.QuerySet["SandboxPost"]):
    def standing(self) -> "SandboxPostQuerySet":
        """What people still see."""
        return self.filter(deleted_at=None).exclude(form=SandboxPost.UPLOAD)


class SandboxPost(models.Model):
    """Something on an account: an article, a broadcast of one, a message, a post, an upload."""

    ARTICLE, BROADCAST, GROUP, POST, UPLOAD = "article", "broadcast", "group", "post", "upload"

    account = models.ForeignKey(SandboxAccount, on_delete=models.CASCADE, related_name="posts")
    form = models.CharField(max_length=10)
    number = models.CharField(max_length=60, default=fresh_number)
    group = models.CharField(max_length=60, blank=True)
    token = models.CharField(max_length=60, blank=True)  # by which an article's number is asked
    title = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    picture = models.FileField(upload_to="sandbox/", blank=True)
    picture_address = models.CharField(max_length=500, blank=True)
    link = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    objects = SandboxPostQuerySet.as_manager()

    class Meta:
        app_label = "channels"
        ordering: ClassVar[list[str]] = ["-sent_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "number"], name="sandbox_post_once")
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]

    @property
    def shown_picture(self) -> str:
        """The address of the picture; "" without one."""
        return self.picture.url if self.picture else self.picture_address
