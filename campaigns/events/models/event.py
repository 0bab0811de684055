"""An event of a plan, and what was decided of it."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models import Organisation

MOST_PEOPLE = 1_000_000


class EventQuerySet(models.QuerySet["Event"]):
    def between(self, first: date, last: date) -> Self:
        """Those that take place on any of these days, both included."""
        return self.filter(starts_at__date__lte=last, ends_at__date__gte=first)

    def in_order(self) -> Self:
        return self.order_by("starts_at", "pk")

    def public(self) -> Self:
        """Those that residents may read of: of a published plan, and not called off."""
        return self.filter(plan__live=True, cancelled_at=None)


class Event(models.Model):
    """A conference, a training course, a dialogue… with its time, its place and who leads it.

    The status is derived from the rest: see ``campaigns.events.state``.
    """

    class Kind(models.TextChoices):
        CONFERENCE = "conference", pgettext_lazy("event", "conference")
        TRAINING = "training", pgettext_lazy("event", "training course")
        DIALOGUE = "dialogue", pgettext_lazy("event", "dialogue")
        CONTEST = "contest", pgettext_lazy("event", "contest")
        DISCUSSION = "discussion", pgettext_lazy("event", "discussion")
        LAUNCH = "launch", pgettext_lazy("event", "launching ceremony")
        OTHER = "other", pgettext_lazy("event", "other event")

    class Format(models.TextChoices):
        ON_SITE = "on-site", pgettext_lazy("event", "on site")
        ONLINE = "online", pgettext_lazy("event", "online")
        COMBINED = "combined", pgettext_lazy("event", "on site and online")

    plan = models.ForeignKey(
        "campaigns.Plan", on_delete=models.PROTECT, related_name="events", verbose_name=_("plan")
    )
    activity = models.ForeignKey(
        "campaigns.Activity",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("activity"),
        help_text=_("The activity this event carries out; it counts there once it was held."),
    )
    slot = models.ForeignKey(
        "campaigns.Slot",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("slot"),
        help_text=_("Empty: the system finds it by the host agency and the day."),
    )
    kind = models.CharField(
        pgettext_lazy("event", "kind"), max_length=12, choices=Kind, default=Kind.CONFERENCE
    )
    name = models.CharField(
        _("name of the event"),
        max_length=300,
        help_text=_("As it stands in the invitation: Hội nghị tổng kết …"),
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    venue = models.CharField(pgettext_lazy("event", "venue"), max_length=300, blank=True)
    format = models.CharField(
        pgettext_lazy("event", "format"), max_length=10, choices=Format, default=Format.ON_SITE
    )
    host = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="hosted_events",
        verbose_name=_("host agency"),
    )
    chair = models.CharField(
        _("chair"), max_length=300, blank=True, help_text=_("Who chairs it, with their position.")
    )
    expected = models.PositiveIntegerField(
        _("expected delegates"), null=True, blank=True, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    needs_article = models.BooleanField(
        _("an article is required"),
        default=True,
        help_text=_("The event is not complete before an article about it is published."),
    )
    signer = models.CharField(_("signatory"), max_length=120, blank=True)
    signer_title = models.CharField(_("position of the signatory"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_illustrative = models.BooleanField(
        _("illustrative"), default=False, help_text=_("The event is an example.")
    )

    conclusions = models.TextField(
        _("conclusions"),
        blank=True,
        help_text=_("One conclusion on each line, for the notice of conclusions."),
    )
    attended = models.PositiveIntegerField(
        _("delegates who came"), null=True, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    minutes = models.ForeignKey(
        "media.Attachment",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("minutes"),
    )
    photo = models.ForeignKey(
        "media.Picture",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("photo"),
    )
    held_at = models.DateTimeField(_("recorded as held at"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("called off at"), null=True, editable=False)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("plan", "event")
        verbose_name_plural = pgettext_lazy("plan", "events")
        ordering: ClassVar[list[str]] = ["-starts_at", "pk"]
        permissions = [  # noqa: RUF012 - typed by the stubs
            ("serve_event", "Can enter what the own agency has in events")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")),
                name="event_begins_before_it_ends",
                violation_error_message=_("The end must come after the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(held_at=None) | Q(cancelled_at=None),
                name="event_held_or_called_off",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["starts_at"], name="event_starts"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.activity is not None and self.activity.plan_id != self.plan_id:
            raise ValidationError({"activity": _("This activity belongs to another plan.")})
        if self.slot is not None and self.slot.activity_id != self.activity_id:
            raise ValidationError({"slot": _("This slot belongs to another activity.")})

    @property
    def key(self) -> str:
        """Under which the event is recorded as evidence."""
        return f"event:{self.pk}"

    @property
    def day(self) -> date:
        """The local day on which it begins."""
        return local(self.starts_at).date()

    @property
    def last_day(self) -> date:
        return local(self.ends_at).date()

    @property
    def is_open(self) -> bool:
        """Whether it is still to be held."""
        return self.held_at is None and self.cancelled_at is None

    @property
    def time_label(self) -> str:
        """When, as people write it: "08:00 - 11:30, 15/10/2026"."""
        first, last = local(self.starts_at), local(self.ends_at)
        if first.date() == last.date():
            return f"{first:%H:%M} - {last:%H:%M}, {first:%d/%m/%Y}"
        return f"{first:%H:%M, %d/%m/%Y} - {last:%H:%M, %d/%m/%Y}"


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment)


class EventChange(models.Model):
    """That an event was put off, called off, taken up again, held, or reopened. Kept for ever."""

    class Kind(models.TextChoices):
        POSTPONED = "postponed", pgettext_lazy("event", "another time")
        CANCELLED = "cancelled", pgettext_lazy("event", "called off")
        RESUMED = "resumed", pgettext_lazy("event", "taken up again")
        HELD = "held", pgettext_lazy("event", "held")
        REOPENED = "reopened", pgettext_lazy("event", "reopened")

    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name="changes",
        verbose_name=pgettext_lazy("plan", "event"),
    )
    kind = models.CharField(pgettext_lazy("decision", "kind"), max_length=10, choices=Kind)
    old_start = models.DateTimeField(_("began before"))
    new_start = models.DateTimeField(_("begins now"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    made_at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        verbose_name = _("decision on an event")
        verbose_name_plural = _("decisions on events")
        ordering: ClassVar[list[str]] = ["made_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(reason="") | Q(kind="held"), name="event_change_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("A decision is on record and does not change.")
        super().save(*args, **kwargs)
