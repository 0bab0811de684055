"""What the watch remembers: the last probe and canary of each channel, alarms, and counters."""

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from channels.models import Channel, Delivery


class Probe(models.Model):
    """What a channel's destination answered when it was last asked, and when to ask again."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="probe")
    due_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    name = models.CharField(max_length=255, blank=True)  # of the destination
    reason = models.TextField(blank=True)  # why not, for people
    seconds = models.FloatField(default=0)
    failing_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.channel}: {self.ok}"


class Canary(models.Model):
    """The last trial message of a test channel: sent through the outbox, looked for there."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="canary")
    due_at = models.DateTimeField(default=timezone.now)
    since = models.DateTimeField(default=timezone.now)  # when trials began
    delivery = models.ForeignKey(Delivery, on_delete=models.SET_NULL, null=True, related_name="+")
    arrived_at = models.DateTimeField(null=True)  # of the last one that was proved to be there
    proof = models.CharField(max_length=255, blank=True)  # how that is known, for people
    degree = models.CharField(max_length=12, blank=True)  # ``contract.Degree``: how much that is
    problem = models.TextField(blank=True)  # of the last one that was not

    def __str__(self) -> str:
        return f"{self.channel}: {self.arrived_at}"


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Alarm(models.Model):
    """Something an administrator must know of: told once, again each day, and when it is over."""

    key = models.CharField(max_length=120)  # what it is about: one open alarm for each
    kind = models.CharField(max_length=30)
    text = models.TextField()  # for people, in the language of the house
    url = models.CharField(max_length=255, blank=True)  # in the admin: where to act
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_count = models.PositiveIntegerField(default=0)
    end_told_at = models.DateTimeField(null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering: ClassVar[list[str]] = ["-opened_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(closed_at=None), name="one_open_alarm"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Tally(models.Model):
    """A number that only grows, for Prometheus: counted once from the attempts, kept for ever."""

    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, blank=True)  # of channel
    label = models.CharField(max_length=60, blank=True)  # an outcome, or a histogram's bucket
    value = models.FloatField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name", "kind", "label"], name="one_tally")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.kind} {self.label}: {self.value}"


def addresses(text: str) -> list[str]:
    """Return the addresses written line by line or by commas."""
    return [part for part in text.replace(",", " ").replace(";", " ").split() if part]


def validate_addresses(text: str) -> None:
    for address in addresses(text):
        validate_email(address)


def minutes(
    label: object, default: int, help_text: object
) -> "models.PositiveIntegerField[int, int]":
    return models.PositiveIntegerField(
        label,  # type: ignore[arg-type]
        default=default,
        help_text=help_text,  # type: ignore[arg-type]
        validators=[MinValueValidator(1), MaxValueValidator(10_080)],
    )


@register_setting(icon="warning", order=910)
class WatchSettings(BaseGenericSetting):
    """Whom alarms go to, and when there is one."""

    mail_to = models.TextField(
        _("alarms by e-mail to"),
        blank=True,
        validators=[validate_addresses],
        help_text=_("One address a line. Empty: every administrator who has an address."),
    )
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("alarms also to this channel"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"retired_at": None},
        help_text=_("A group of administrators, on Telegram say. Never one the public reads."),
    )
    overdue_minutes = minutes(
        _("overdue after (minutes)"), 60, _("Handed to a person, who has not answered in time.")
    )
    stopped_minutes = minutes(
        _("channel out of order after (minutes)"),
        15,
        _("Stopped, or its receiver does not answer."),
    )
    silent_minutes = minutes(
        _("worker silent after (minutes)"), 3, _("The background process gives no sign of life.")
    )
    untaken_minutes = minutes(
        _("not taken after (minutes)"), 5, _("Due on a channel that works, and nobody sends it.")
    )
    repeat_hours = models.PositiveIntegerField(
        _("remind after (hours)"),
        default=24,
        help_text=_("An alarm that stays open is told again."),
        validators=[MinValueValidator(1), MaxValueValidator(168)],
    )
    probe_minutes = minutes(
        _("ask each receiver every (minutes)"), 15, _("Whether it answers. Publishes nothing.")
    )
    canary_minutes = minutes(
        _("trial message every (minutes)"), 60, _("To channels that are test targets, no others.")
    )

    panels: ClassVar[list[Panel]] = [
        MultiFieldPanel([FieldPanel("mail_to"), FieldPanel("channel")], heading=_("Who is told")),
        MultiFieldPanel(
            [
                FieldPanel("overdue_minutes"),
                FieldPanel("untaken_minutes"),
                FieldPanel("stopped_minutes"),
                FieldPanel("silent_minutes"),
                FieldPanel("repeat_hours"),
            ],
            heading=_("When there is an alarm"),
        ),
        MultiFieldPanel(
            [FieldPanel("probe_minutes"), FieldPanel("canary_minutes")], heading=_("Trials")
        ),
    ]

    class Meta:
        verbose_name = _("alarms and trials")
