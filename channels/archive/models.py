"""Archived deliveries, the policy that sends them there, and how far the last walk came."""

from typing import ClassVar, Self
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from channels.models import Action, Channel, Publication, State

LONGEST_MONTHS = 600


class ArchivedDeliveryQuerySet(models.QuerySet["ArchivedDelivery"]):
    def of_story(self, story: UUID | str) -> Self:
        return self.filter(story=story)

    def titled(self, query: str) -> Self:
        """Of items any version of which holds every word in its headline, without diacritics."""
        named = Publication.objects.titled(query)
        return self.filter(story__in=named.order_by().values("story"))


class ArchivedDelivery(models.Model):
    """A delivery as it was when it was moved here, with its attempts. Never changed.

    The channel's name and kind are those of then: it may be called otherwise since.
    """

    delivery = models.BigIntegerField(unique=True, editable=False)  # its number in the outbox
    story = models.UUIDField(_("story"), editable=False)
    sequence = models.PositiveIntegerField(_("version"), editable=False)
    title = models.CharField(_("headline"), max_length=255, editable=False)
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("channel"),
        on_delete=models.PROTECT,
        related_name="archived",
        editable=False,
    )
    channel_name = models.CharField(max_length=100, editable=False)
    channel_slug = models.CharField(max_length=60, editable=False)
    channel_kind = models.CharField(max_length=20, editable=False)
    action = models.CharField(_("action"), max_length=10, choices=Action, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, editable=False)
    payload = models.JSONField(encoder=DjangoJSONEncoder, editable=False)
    receipt = models.JSONField(_("receipt"), null=True, encoder=DjangoJSONEncoder, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    quiet_waiver = models.TextField(blank=True, editable=False)
    attempt_count = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    #: Every attempt: action, started_at (ISO 8601), seconds, outcome, detail.
    attempts = models.JSONField(default=list, encoder=DjangoJSONEncoder, editable=False)
    due_at = models.DateTimeField(_("due at"), editable=False)
    settled_at = models.DateTimeField(_("settled at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), editable=False)
    archived_at = models.DateTimeField(_("archived at"), default=timezone.now, editable=False)

    objects = ArchivedDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("archived delivery")
        verbose_name_plural = _("archived deliveries")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-created_at", "-id"], name="archived_written"),
            models.Index(fields=["story"], name="archived_story"),
            models.Index(
                fields=["settled_at", "channel"],
                condition=models.Q(state="delivered"),
                name="archived_delivered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.sequence}) → {self.channel_name}"


class ArchiveWalk(models.Model):
    """How far the walk through old deliveries came, and when it goes on. One row."""

    due_at = models.DateTimeField(default=timezone.now)
    # The last delivery that was looked at, by its moment and number; none: a new walk begins.
    seen_at = models.DateTimeField(null=True)
    seen = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.seen_at} {self.seen}"


@register_setting(icon="folder", order=912)
class ArchiveSettings(BaseGenericSetting):
    """How long deliveries stay in the outbox."""

    months = models.PositiveSmallIntegerField(
        _("archive deliveries after (months)"),
        default=24,
        validators=[MaxValueValidator(LONGEST_MONTHS)],
        help_text=_(
            "What was settled so long ago moves to the archive, once something newer took its "
            "place or the item was taken down. What a receiver still shows stays. 0: never."
        ),
    )

    panels: ClassVar[list[Panel]] = [FieldPanel("months")]

    class Meta:
        verbose_name = _("archive of deliveries")
