"""Rehearsals: what would go out, when and in which words, without anything going out."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST = timedelta(days=366)
SPEEDS = (1, 10, 100, 1000, 10_000)


class RehearsalState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("rehearsal", "In preparation")  #: being worked out
    PLAYING = "playing", pgettext_lazy("rehearsal", "Rehearsal")  #: its clock runs, or has ended
    FAILED = "failed", pgettext_lazy("rehearsal", "Not possible")


class Rehearsal(models.Model):
    """One run of a campaign, or of the whole site, against stand-ins on a fast clock."""

    name = models.CharField(_("name"), max_length=200)
    plan = models.ForeignKey(
        "campaigns.Plan",
        verbose_name=_("campaign"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="rehearsals",
        help_text=_("Empty: the whole site."),
    )
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    speed = models.PositiveSmallIntegerField(
        _("speed"),
        default=100,
        choices=[(speed, f"×{speed}") for speed in SPEEDS],
        help_text=_("How many times faster than a real day the clock of the rehearsal runs."),
    )
    with_drafts = models.BooleanField(
        _("also items without a time"),
        default=True,
        help_text=_("Drafts and public items are spread evenly over the period."),
    )
    with_faults = models.BooleanField(
        _("with receivers that refuse"),
        default=False,
        help_text=_("One try in ten is answered with “later”, to see what retries cost."),
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=RehearsalState,
        default=RehearsalState.WAITING,
        editable=False,
    )
    problem = models.TextField(_("problem"), blank=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")),
                name="a_rehearsal_has_a_length",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        begins, ends = self.begins_at, self.ends_at
        if begins is None or ends is None:
            return  # the fields themselves say so
        if ends <= begins:
            raise ValidationError({"ends_at": _t("The end must come after the beginning.")})
        if ends - begins > LONGEST:
            raise ValidationError({"ends_at": _t("A rehearsal covers a year at most.")})

    def clock(self, now: datetime) -> datetime:
        """Return what time it is in the rehearsal."""
        if self.started_at is None:
            return self.begins_at
        return min(self.begins_at + (now - self.started_at) * self.speed, self.ends_at)

    def is_over(self, now: datetime) -> bool:
        """Whether its clock has reached the end."""
        return self.state == RehearsalState.PLAYING and self.clock(now) >= self.ends_at


class RehearsedDeliveryQuerySet(models.QuerySet["RehearsedDelivery"]):
    def until(self, moment: datetime) -> "RehearsedDeliveryQuerySet":
        """What the clock of the rehearsal has come to."""
        return self.filter(shown_at__lte=moment)


class RehearsedDelivery(models.Model):
    """What would have come of one item on one channel. No delivery, and never sent."""

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="deliveries")
    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    title = models.CharField(_("headline"), max_length=255)
    channel = models.ForeignKey(
        "channels.Channel", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    channel_name = models.CharField(_("channel"), max_length=100)
    level = models.CharField(max_length=10)
    early = models.BooleanField(default=False)  # to a station, under embargo
    planned_at = models.DateTimeField(_("planned for"))
    sent_at = models.DateTimeField(_("would arrive at"), null=True)
    shown_at = models.DateTimeField()  # when the clock of the rehearsal comes to it
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    reason = models.TextField(_("reason"), blank=True)
    waits = models.JSONField(default=dict)  # limit → seconds
    message: Any = models.JSONField(null=True)

    objects = RehearsedDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("rehearsed delivery")
        verbose_name_plural = _("rehearsed deliveries")
        ordering: ClassVar[list[str]] = ["shown_at", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["rehearsal", "shown_at"], name="rehearsed_in_time")
        ]

    def __str__(self) -> str:
        return f"{self.title} → {self.channel_name}"
