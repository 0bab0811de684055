"""A station's own way to a feed, and when it came for which item."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels.models import Channel, Delivery

TOKEN_BYTES = 32  # 256 bits: nobody guesses one, however long they try


def hash_of(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal: all that is stored of it.

    A token is random and long, so a slow hash would protect nothing more; looking it up by its
    hash takes the same time whatever part of a guess is right.
    """
    return hashlib.sha256(token.encode()).hexdigest()


class StationKeyQuerySet(models.QuerySet["StationKey"]):
    def open(self) -> Self:
        return self.filter(revoked_at=None)

    def for_token(self, channel: str, token: str) -> "StationKey | None":
        """Return the valid key of this feed's slug, with its channel; ``None`` if there is none."""
        keys = self.open().filter(channel__slug=channel, channel__is_active=True)
        return keys.select_related("channel").filter(token_hash=hash_of(token)).first()


class StationKey(models.Model):
    """Lets one station fetch a feed at an address of its own, embargoed items included."""

    channel = models.ForeignKey(
        Channel, verbose_name=_("channel"), on_delete=models.CASCADE, related_name="station_keys"
    )
    name = models.CharField(_("station"), max_length=150)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    last_fetched_at = models.DateTimeField(_("last fetched"), null=True, editable=False)

    objects = StationKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("station's address")
        verbose_name_plural = _("stations' addresses")
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["channel", "name"],
                condition=Q(revoked_at=None),
                name="one_open_address_per_station",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.channel}"

    @classmethod
    def make(cls, channel: Channel, name: str, user: Any) -> tuple["StationKey", str]:
        """Return a new key and its token, which can never be shown again."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        key = cls.objects.create(
            channel=channel, name=name, token_hash=hash_of(token), created_by=user
        )
        return key, token


class StationFetchQuerySet(models.QuerySet["StationFetch"]):
    def note(self, key: StationKey, deliveries: list[int], now: datetime) -> None:
        """Write down that the station was given these deliveries now."""
        known = self.filter(key=key, delivery__in=deliveries)
        if known.update(last_at=now) < len(deliveries):
            missing = set(deliveries) - set(known.values_list("delivery", flat=True))
            self.bulk_create(
                [
                    StationFetch(key=key, delivery_id=pk, first_at=now, last_at=now)
                    for pk in sorted(missing)
                ],
                ignore_conflicts=True,  # the same station may come twice at the same moment
            )


class StationFetch(models.Model):
    """That a station took a delivery: when first, when last."""

    key = models.ForeignKey(StationKey, on_delete=models.CASCADE, related_name="fetches")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="fetches")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = StationFetchQuerySet.as_manager()

    class Meta:
        verbose_name = _("fetch by a station")
        verbose_name_plural = _("fetches by stations")
        ordering: ClassVar[list[str]] = ["first_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key", "delivery"], name="fetch_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.delivery_id}"


class StationReport(models.Model):
    """What a station says it did with an item: took it, or put it on air."""

    class Kind(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("station", "received")
        AIRED = "aired", pgettext_lazy("station", "aired")

    key = models.ForeignKey(StationKey, on_delete=models.CASCADE, related_name="reports")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    at = models.DateTimeField(_("at"))
    programme = models.CharField(_("programme"), max_length=150, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("report of a station")
        verbose_name_plural = _("reports of stations")
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key", "delivery", "kind", "at"], name="station_reports_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key.name}: {self.get_kind_display()} {self.delivery_id}"
