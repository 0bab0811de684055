"""When people are reminded, and when they are left alone: all of it set in the admin."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from organisations.models import Organisation

MOST_DAYS = 365
MOST_STEPS = 6
SATURDAY = 5


def days_of(text: str) -> list[int]:
    """Return the numbers of days written with commas, "7, 1". Raises ``ValueError``."""
    return sorted({int(part) for part in text.replace(";", ",").split(",") if part.strip()})


def validate_days(text: str) -> None:
    try:
        days = days_of(text)
    except ValueError:
        raise ValidationError(
            _now("Write numbers of days with commas between them, for example 7, 1.")
        ) from None
    if len(days) > MOST_STEPS or any(not 0 <= day <= MOST_DAYS for day in days):
        raise ValidationError(
            _now("At most %(steps)d numbers, from 0 to %(days)d.")
            % {"steps": MOST_STEPS, "days": MOST_DAYS}
        )


def days_field(label: Any, default: str, help_text: Any, **options: Any) -> Any:
    return models.CharField(
        label,
        max_length=60,
        blank=True,
        default=default,
        help_text=help_text,
        validators=[validate_days],
        **options,
    )


def hour_field(label: Any, default: int) -> Any:
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MaxValueValidator(23)]
    )


def patience_field(label: Any, default: int | None, help_text: Any) -> Any:
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        null=True,
        blank=True,
        help_text=help_text,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )


@register_setting(icon="bell", order=905)
class ChasingSettings(BaseGenericSetting):
    """How the system chases what is due."""

    is_on = models.BooleanField(
        _("remind"),
        default=False,
        help_text=_("Off: nobody is reminded or written to; lists and letters work all the same."),
    )
    before = days_field(
        _("days before the last day"), "7, 1", _("When those responsible are reminded.")
    )
    after = days_field(
        _("days after the last day"), "1, 7, 14", _("When they are reminded of what is overdue.")
    )
    hour = hour_field(_("from which hour"), 7)
    digest_on = models.PositiveSmallIntegerField(
        _("weekly digest on"), choices=tuple(WEEKDAYS.items()), default=0, null=True, blank=True
    )
    digest_hour = hour_field(_("digest from which hour"), 7)
    digest_days = models.PositiveSmallIntegerField(
        _("what is due within (days)"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_("Listed in the digest beside what is overdue."),
    )
    head_after = patience_field(
        _("to the head of the agency after (days overdue)"),
        10,
        _("Contacts of the agency that are its responsible person. Empty: never."),
    )
    planner_after = patience_field(
        _("to the planners after (days overdue)"), 15, _("Empty: never.")
    )
    rest_on_weekends = models.BooleanField(_("not at weekends"), default=True)
    rest_on_holidays = models.BooleanField(
        _("not on public holidays"),
        default=True,
        help_text=_("What falls on such a day is told on the next working day."),
    )

    panels: ClassVar[list[Panel]] = [
        FieldPanel("is_on"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("before"), FieldPanel("after")]), FieldPanel("hour")],
            heading=_("Reminders"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("digest_on"), FieldPanel("digest_hour")]),
                FieldPanel("digest_days"),
            ],
            heading=_("Weekly digest of each agency"),
        ),
        MultiFieldPanel(
            [FieldPanel("head_after"), FieldPanel("planner_after")], heading=_("Escalation")
        ),
        MultiFieldPanel(
            [FieldPanel("rest_on_weekends"), FieldPanel("rest_on_holidays")],
            heading=_("Quiet days"),
        ),
    ]

    class Meta:
        verbose_name = _("reminders of what is due")

    def clean(self) -> None:
        if self.digest_on is not None and self.digest_on >= SATURDAY and self.rest_on_weekends:
            raise ValidationError(
                {"digest_on": _now("Nothing is sent at weekends. Choose another day.")}
            )


class PlanRhythm(models.Model):
    """What one plan does otherwise than the settings say. An empty field is as in the settings."""

    plan = models.OneToOneField(
        "campaigns.Plan", on_delete=models.CASCADE, related_name="rhythm", verbose_name=_("plan")
    )
    is_silent = models.BooleanField(_("no reminders for this plan"), default=False)
    before = days_field(
        _("days before the last day"),
        "",
        _("Empty: as in the settings."),
    )
    after = days_field(
        _("days after the last day"),
        "",
        _("Empty: as in the settings."),
    )
    head_after = patience_field(
        _("to the head of the agency after (days overdue)"), None, _("Empty: as in the settings.")
    )
    planner_after = patience_field(
        _("to the planners after (days overdue)"), None, _("Empty: as in the settings.")
    )

    class Meta:
        verbose_name = _("reminders of a plan")
        verbose_name_plural = _("reminders of plans")
        ordering: ClassVar[list[str]] = ["plan", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.plan)


class OfficeDay(models.Model):
    """A day on which offices are closed, or open, otherwise than calendars say."""

    day = models.DateField(_("day"), unique=True)
    is_closed = models.BooleanField(
        _("offices are closed"),
        default=True,
        help_text=_("Not ticked: offices work on this day, a Saturday made up for say."),
    )
    name = models.CharField(_("why"), max_length=150)

    class Meta:
        verbose_name = _("office day")
        verbose_name_plural = _("office days")
        ordering: ClassVar[list[str]] = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.name}"


class PauseQuerySet(models.QuerySet["Pause"]):
    def in_force(self, today: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=today), ended_at=None)


class Pause(models.Model):
    """That nobody is chased for a slot, or for anything of an agency, for a time and a reason."""

    slot = models.ForeignKey(
        "campaigns.Slot",
        on_delete=models.CASCADE,
        null=True,
        related_name="pauses",
        verbose_name=_("slot"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        null=True,
        related_name="chasing_pauses",
        verbose_name=_("agency"),
    )
    reason = models.TextField(_("reason"), max_length=2000)
    until = models.DateField(
        _("up to and including"), null=True, blank=True, help_text=_("Empty: until it is ended.")
    )
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("paused by"),
    )
    paused_at = models.DateTimeField(_("paused at"), default=timezone.now)
    ended_at = models.DateTimeField(pgettext_lazy("pause", "ended at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("pause", "ended by"),
    )

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of reminders")
        verbose_name_plural = _("pauses of reminders")
        ordering: ClassVar[list[str]] = ["-paused_at", "-pk"]
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(slot=None, organisation__isnull=False)
                | Q(slot__isnull=False, organisation=None),
                name="pause_of_a_slot_or_an_agency",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.slot or self.organisation}: {self.reason}"
