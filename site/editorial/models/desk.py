"""What the desk keeps: templates for frequent items, and the keys of people's own calendars."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import StreamField
from core.keys import SignedKey
from core.text import nfc, nfc_deep
from portal.blocks import BodyBlock
from portal.models import ArticlePage, Level


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


class CalendarKey(SignedKey):
    """What lets a person's calendar program read their own calendar without logging in."""

    SALT = "editorial.calendar"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key"
    )

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)


class SystemLog(models.Model):
    """Stands for the log of the whole system, which Wagtail keeps: the right to read it."""

    class Meta:
        managed = False
        default_permissions = ()
        verbose_name = _("system log")
        verbose_name_plural = _("system log")
        permissions: ClassVar[Any] = [("read_systemlog", "Can read the system log")]
