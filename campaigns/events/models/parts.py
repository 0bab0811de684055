"""What an event consists of: connected sites, guests, agenda, papers, tasks."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.events.models.event import MOST_PEOPLE, Event
from organisations.models import Organisation


def of_event(name: str) -> models.ForeignKey[Event, Event]:
    return models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name=name,
        verbose_name=pgettext_lazy("plan", "event"),
    )


class Site(models.Model):
    """A connected site (điểm cầu): one agency in one place, tried out before the day."""

    event = of_event("sites")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="event_sites", verbose_name=_("agency")
    )
    place = models.CharField(pgettext_lazy("event", "venue"), max_length=300, blank=True)
    contact = models.CharField(
        _("contact"), max_length=200, blank=True, help_text=_("Name and telephone number.")
    )
    expected = models.PositiveIntegerField(
        _("expected delegates"), null=True, blank=True, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    attended = models.PositiveIntegerField(
        _("delegates who came"), null=True, blank=True, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    is_tested = models.BooleanField(_("connection tested"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("connected site")
        verbose_name_plural = _("connected sites")
        ordering: ClassVar[list[str]] = ["event", "organisation", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["event", "organisation"],
                name="event_site_once",
                violation_error_message=_("This agency already has a site in this event."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class GuestQuerySet(models.QuerySet["Guest"]):
    def in_order(self) -> Self:
        return self.order_by("position", "pk")

    def named(self, words: str) -> Self:
        """Those whose name, position or agency holds every word."""
        rows = self
        for word in words.split()[:8]:
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(title__icontains=word)
                | Q(agency_text__icontains=word)
                | Q(organisation__name__icontains=word)
            )
        return rows


class Guest(models.Model):
    """Somebody who is invited, what they answered, and whether they came."""

    class Answer(models.TextChoices):
        INVITED = "invited", pgettext_lazy("guest", "invited")
        CONFIRMED = "confirmed", pgettext_lazy("guest", "confirmed")
        DECLINED = "declined", pgettext_lazy("guest", "declined")

    event = of_event("guests")
    site = models.ForeignKey(
        Site,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="guests",
        verbose_name=_("connected site"),
        help_text=_("Empty: at the main venue."),
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    name = models.CharField(_("full name"), max_length=150)
    title = models.CharField(pgettext_lazy("person", "position"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="event_guests",
        verbose_name=_("agency"),
    )
    agency_text = models.CharField(_("agency as written"), max_length=200, blank=True)
    answer = models.CharField(
        pgettext_lazy("guest", "answer"), max_length=10, choices=Answer, default=Answer.INVITED
    )
    attended_at = models.DateTimeField(_("came at"), null=True, editable=False)

    objects = GuestQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("event", "guest")
        verbose_name_plural = pgettext_lazy("event", "guests")
        ordering: ClassVar[list[str]] = ["event", "position", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["event", "position"], name="event_guests_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def agency(self) -> str:
        """The agency's name: on record, or as it was written."""
        return self.organisation.name if self.organisation is not None else self.agency_text

    @property
    def state_label(self) -> str:
        if self.attended_at is not None:
            return str(pgettext_lazy("guest", "attended"))
        return str(self.get_answer_display())


class AgendaItem(models.Model):
    """One item of the programme: from when to when, what, by whom."""

    event = of_event("agenda")
    position = models.PositiveIntegerField(default=0, editable=False)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    content = models.CharField(pgettext_lazy("agenda", "content"), max_length=500)
    presenter = models.CharField(_("presented by"), max_length=300, blank=True)
    is_parallel = models.BooleanField(pgettext_lazy("agenda", "at the same time"), default=False)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering: ClassVar[list[str]] = ["event", "position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="agenda_item_begins_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return self.content


class Paper(models.Model):
    """A paper for the event: who prepares it, until when, the file, whether it was accepted."""

    event = of_event("papers")
    title = models.CharField(_("title"), max_length=300)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="event_papers",
        verbose_name=_("prepared by"),
    )
    due_on = models.DateField(_("last day"), null=True, blank=True)
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("event", "paper")
        verbose_name_plural = pgettext_lazy("event", "papers")
        ordering: ClassVar[list[str]] = ["event", "due_on", "pk"]

    def __str__(self) -> str:
        return self.title


class EventTask(models.Model):
    """Something to prepare: what, which agency, until when, done by whom."""

    event = of_event("tasks")
    content = models.CharField(pgettext_lazy("task", "content"), max_length=500)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="event_tasks",
        verbose_name=_("lead agency"),
    )
    due_on = models.DateField(_("last day"), null=True, blank=True)
    done_at = models.DateTimeField(pgettext_lazy("task", "done at"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=pgettext_lazy("task", "done by"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("task of an event")
        verbose_name_plural = _("tasks of events")
        ordering: ClassVar[list[str]] = ["event", "due_on", "pk"]

    def __str__(self) -> str:
        return self.content

    @property
    def is_late(self) -> bool:
        """Whether it should have been done before today."""
        today = timezone.localdate()
        return self.done_at is None and self.due_on is not None and self.due_on < today
