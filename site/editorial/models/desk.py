"""What the desk keeps: templates for frequent items, and the keys of people's own calendars."""

import secrets
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import StreamField
from core.text import nfc, nfc_deep
from portal.blocks import BodyBlock
from portal.models import ArticlePage, Level

SALT = "editorial.calendar"


class ItemTemplate(models.Model):
    """The frame of an item that is written again and again, with gaps such as "[ngày]" in it."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("article")
        ANNOUNCEMENT = "announcement", _("announcement")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(
        pgettext_lazy("item", "kind"), max_length=12, choices=Kind, default=Kind.ARTICLE
    )
    hints = models.TextField(
        _("hints for the writer"),
        blank=True,
        help_text=_("When to use it and what to ask for. It does not become part of the item."),
    )
    headline = models.CharField(
        _("headline"), max_length=255, help_text=_("Put what changes in square brackets: [ngày].")
    )
    summary = models.TextField(_("summary (sapo)"), max_length=500, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)
    genre = models.CharField(
        _("genre"), max_length=12, choices=ArticlePage.Genre, default=ArticlePage.Genre.NEWS
    )
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.NORMAL)
    section = models.ForeignKey(
        "portal.SectionPage",
        verbose_name=_("section"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    is_active = models.BooleanField(_("offered to writers"), default=True)

    class Meta:
        verbose_name = _("template of an item")
        verbose_name_plural = _("templates of items")
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        for name in ("name", "hints", "headline", "summary"):
            setattr(self, name, nfc(getattr(self, name)))
        super().save(*args, **kwargs)

    def blocks(self) -> list[dict[str, Any]]:
        """Return the body as its stored JSON, composed, without the ids of its blocks."""
        raw = nfc_deep(self.body.get_prep_value())
        return [{"type": block["type"], "value": block["value"]} for block in raw]


class CalendarKeyQuerySet(models.QuerySet["CalendarKey"]):
    def of_token(self, token: str) -> "CalendarKey | None":
        """Return the key of the token, if its account may log in. Compares in constant time."""
        number = token.partition("-")[0]
        if not (number.isascii() and number.isdecimal()) or len(number) > 18:
            return None
        key = self.select_related("user").filter(pk=int(number), user__is_active=True).first()
        return key if key is not None and constant_time_compare(key.token, token) else None

    def renew(self, user: Any) -> Self | Any:
        """Give the person a new key; the address they had stops working."""
        values = {"nonce": secrets.token_hex(16), "made_at": timezone.now()}
        return self.update_or_create(user=user, defaults=values)[0]


class CalendarKey(models.Model):
    """What lets a person's calendar program read their own calendar without logging in.

    The token is signed with the key of the installation: nobody makes one from the database alone.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key"
    )
    nonce = models.CharField(max_length=32, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)

    objects = CalendarKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)

    @property
    def token(self) -> str:
        signed = salted_hmac(SALT, f"{self.pk}:{self.user_id}:{self.nonce}", algorithm="sha256")
        return f"{self.pk}-{signed.hexdigest()[:40]}"


class SystemLog(models.Model):
    """Stands for the log of the whole system, which Wagtail keeps: the right to read it."""

    class Meta:
        managed = False
        default_permissions = ()
        verbose_name = _("system log")
        verbose_name_plural = _("system log")
        permissions: ClassVar[Any] = [("read_systemlog", "Can read the system log")]
