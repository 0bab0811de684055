"""A station's own way to a feed, what it took and aired, and what hubs were told of the feed."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels.models import Channel, Delivery
from channels.signals import station_took, tell

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
    renewed_at = models.DateTimeField(_("renewed at"), null=True, editable=False)
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

    def renew(self, now: datetime) -> str | None:
        """Put a new address in the place of the old one, which answers no more from now on.

        Receipts stay with the station. Returns the new token, which can never be shown again;
        ``None`` when the address was revoked meanwhile.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        values = {"token_hash": hash_of(token), "renewed_at": now}
        open_key = StationKey.objects.open().filter(pk=self.pk)
        if not open_key.update(**values):
            return None
        for name, value in values.items():
            setattr(self, name, value)
        return token


class StationFetchQuerySet(models.QuerySet["StationFetch"]):
    def note(self, key: StationKey, deliveries: list[int], now: datetime) -> None:
        """Write down that the station came now, and what it was given for the first time.

        A station that asks every few minutes for what it has already costs one update.
        """
        StationKey.objects.filter(pk=key.pk).update(last_fetched_at=now)
        known = self.filter(key=key, delivery__in=deliveries).values_list("delivery", flat=True)
        missing = set(deliveries) - set(known)
        if missing:
            self.bulk_create(
                [StationFetch(key=key, delivery_id=pk, first_at=now) for pk in sorted(missing)],
                ignore_conflicts=True,  # the same station may come twice at the same moment
            )
            tell(station_took, StationFetch, key=key, deliveries=sorted(missing), when=now)


class StationFetch(models.Model):
    """That a station took a delivery, and when it first did."""

    key = models.ForeignKey(StationKey, on_delete=models.CASCADE, related_name="fetches")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="fetches")
    first_at = models.DateTimeField()

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


class StationReportQuerySet(models.QuerySet["StationReport"]):
    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(taken_back_at=None)

    def of_stories(self, key: StationKey, stories: Collection[str]) -> Self:
        """What the station says of these stories, in whichever version it had them."""
        return self.standing().filter(key=key, delivery__story__in=stories)


class StationReport(models.Model):
    """What a station says it did with an item: took it, or put it on air.

    A report is proof, so one that was a mistake is taken back and stays on record.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("station", "received")
        AIRED = "aired", pgettext_lazy("station", "aired")

    key = models.ForeignKey(StationKey, on_delete=models.CASCADE, related_name="reports")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    at = models.DateTimeField(_("at"))
    programme = models.CharField(_("programme"), max_length=150, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_back_at = models.DateTimeField(null=True, editable=False)

    objects = StationReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a station")
        verbose_name_plural = _("reports of stations")
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key", "delivery", "at"],
                condition=Q(kind="aired", taken_back_at=None),
                name="aired_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["key", "delivery"],
                condition=Q(kind="received", taken_back_at=None),
                name="received_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key.name}: {self.get_kind_display()} {self.delivery_id}"


class FeedChange(models.Model):
    """A public feed changed, and its hubs have to be told.

    Written in the transaction that changed it. A row of its own each time, and no counter: on
    PostgreSQL two publications would wait for each other at a counter, or lock crosswise.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.channel_id}"


class HubNoticeQuerySet(models.QuerySet["HubNotice"]):
    def waiting(self) -> Self:
        """The hub does not know of the latest change yet."""
        return self.filter(changes__gt=F("told"))

    def due(self, now: datetime) -> Self:
        """Waiting, its time has come, and no worker is at it."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.waiting().filter(free, due_at__lte=now)


class HubNotice(models.Model):
    """What a WebSub hub was told of a feed, and what it is still to be told.

    Repeating a notice does no harm, so that one whose worker vanished is simply sent again.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="hub_notices")
    hub = models.CharField(max_length=500)
    changes = models.PositiveIntegerField(default=0)  # how often the feed changed
    told = models.PositiveIntegerField(default=0)  # the last change that the hub knows of
    attempts = models.PositiveSmallIntegerField(default=0)  # without success since
    due_at = models.DateTimeField(null=True)  # None: given up, until the next change
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)  # words for people; "" after a success

    objects = HubNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to a hub")
        verbose_name_plural = _("notices to hubs")
        ordering: ClassVar[list[str]] = ["hub", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["channel", "hub"], name="hub_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} → {self.hub}"

    @property
    def is_waiting(self) -> bool:
        return self.changes > self.told
