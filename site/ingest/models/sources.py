"""Feeds of others that are asked for news again and again."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.text import nfc

MAX_ADDRESS = 1_000


class SourceQuerySet(models.QuerySet["Source"]):
    def due(self, now: datetime) -> "SourceQuerySet":
        """Sources to ask now: switched on, their time has come, and no worker is asking them."""
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.filter(free, is_active=True, next_poll_at__lte=now)

    def claim(self, pk: int, now: datetime, lease: timedelta) -> datetime | None:
        """Take a due source for this worker; return until when, or None if another has it.

        One conditional UPDATE decides, so two workers never ask one source at once.
        """
        until = now + lease
        return until if self.due(now).filter(pk=pk).update(lease_until=until) else None


class Source(models.Model):
    """A feed of an agency or of the press, with how it fared."""

    class Kind(models.TextChoices):
        """Of the press we look for our own items; of agencies for news to adopt."""

        AGENCY = "agency", _("agency")
        PRESS = "press", _("press")

    name = models.CharField(
        _("name"), max_length=200, help_text=_("Shown to readers as the source of adopted items.")
    )
    address = models.CharField(
        _("address of the feed"),
        max_length=MAX_ADDRESS,
        unique=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("RSS or Atom."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.AGENCY)
    organisation = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=_("agency"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    section = models.ForeignKey(
        "portal.SectionPage",
        verbose_name=_("section of adopted items"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    interval = models.PositiveSmallIntegerField(
        _("minutes between two polls"),
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(1440)],
    )
    is_active = models.BooleanField(_("on"), default=True)
    muted_until = models.DateTimeField(
        _("muted until"),
        null=True,
        blank=True,
        help_text=_("New items are kept out of the inbox until then."),
    )

    etag = models.CharField(max_length=500, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    next_poll_at = models.DateTimeField(
        _("next poll"), default=timezone.now, editable=False, db_index=True
    )
    lease_until = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_polled_at = models.DateTimeField(_("last poll"), null=True, editable=False)
    last_ok_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error = models.TextField(_("what is wrong"), blank=True, editable=False)
    item_count = models.PositiveIntegerField(_("items so far"), default=0, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.name = nfc(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def is_muted(self) -> bool:
        """Whether new items stay out of the inbox at present."""
        return self.muted_until is not None and self.muted_until > timezone.now()

    @property
    def condition(self) -> str:
        """How it fares, in two words."""
        if not self.is_active:
            return str(_("switched off"))
        if self.failures:
            return str(_("failing"))
        return str(_("working")) if self.last_ok_at else str(_("not asked yet"))
