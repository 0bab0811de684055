"""What was told to whom: one round a day, one mail for each person in it, its lines."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models import Contact, Organisation


class Round(models.Model):
    """That the day's reminders were worked out. Unique: one worker does it, once."""

    day = models.DateField(_("day"))
    with_digests = models.BooleanField(_("with digests"), default=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("round of reminders")
        verbose_name_plural = _("rounds of reminders")
        ordering: ClassVar[list[str]] = ["-day", "-pk"]
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day"], name="chasing_round_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"


class ChasingMailQuerySet(models.QuerySet["ChasingMail"]):
    def open_at(self, now: Any) -> Self:
        """Those to be sent by now."""
        return self.filter(state=ChasingMail.State.PENDING, next_at__lte=now)


class ChasingMail(models.Model):
    """Everything that one person is told on one day."""

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("mail", "waits to be sent")
        SENDING = "sending", pgettext_lazy("mail", "being sent")
        SENT = "sent", pgettext_lazy("mail", "sent")
        FAILED = "failed", pgettext_lazy("mail", "refused")
        UNCERTAIN = "uncertain", pgettext_lazy("mail", "sent or not: broken off")
        NO_ADDRESS = "no-address", pgettext_lazy("mail", "no address")
        CANCELLED = "cancelled", pgettext_lazy("mail", "no longer for this person")

    day = models.DateField(_("day"))
    recipient = models.CharField(max_length=30, editable=False)  # "user:3", "contact:7"
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("contact"),
    )
    name = models.CharField(pgettext_lazy("mail", "to"), max_length=200)
    address = models.EmailField(_("e-mail"), blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    state = models.CharField(
        pgettext_lazy("mail", "state"), max_length=10, choices=State, default=State.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(pgettext_lazy("mail", "sent at"), null=True)
    error = models.TextField(pgettext_lazy("mail", "answer of the mail server"), blank=True)

    objects = ChasingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder by e-mail")
        verbose_name_plural = _("reminders by e-mail")
        ordering: ClassVar[list[str]] = ["-day", "name", "pk"]
        default_permissions = ()
        permissions: ClassVar[Any] = [
            ("chase", "Can chase agencies: reminders, pauses, letters"),
            ("hear_escalation", "Is told what agencies leave overdue"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "recipient"], name="chasing_mail_once_a_day"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=["pending", "sending"]),
                name="chasing_mail_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day:%d/%m/%Y}"


class Told(models.Model):
    """One line of a mail: what is due, and at which step it was told. Once for each."""

    class Role(models.TextChoices):
        OFFICER = "officer", pgettext_lazy("told", "reminder")
        HEAD = "head", pgettext_lazy("told", "escalation to the head")
        PLANNER = "planner", pgettext_lazy("told", "escalation to the planners")
        DIGEST = "digest", pgettext_lazy("told", "weekly digest")

    mail = models.ForeignKey(ChasingMail, on_delete=models.CASCADE, related_name="lines")
    recipient = models.CharField(max_length=30, editable=False)
    key = models.CharField(max_length=60, editable=False)  # "slot:12", "digest:4"
    due_day = models.DateField(_("last day"))
    role = models.CharField(pgettext_lazy("told", "kind"), max_length=10, choices=Role)
    offset = models.SmallIntegerField(_("days from the last day"), default=0)
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency")
    )
    title = models.TextField(_("what"))
    url = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of a reminder")
        verbose_name_plural = _("lines of reminders")
        ordering: ClassVar[list[str]] = ["mail", "due_day", "pk"]
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["recipient", "key", "due_day", "role", "offset"], name="told_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["key", "due_day"], name="told_of_due"),
        ]

    def __str__(self) -> str:
        return self.title
