"""What became of items after they were public: corrections, withdrawals, copies on paper."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CorrectionMode(models.TextChoices):
    """Whether readers are told."""

    SILENT = "silent", _("silently: a slip of the pen, formatting")
    NOTED = "noted", _("with a public note")


class CorrectionKind(models.TextChoices):
    CORRECT = "correct", pgettext_lazy("kind of correction", "Correction")
    WITHDRAW = "withdraw", pgettext_lazy("kind of correction", "Withdrawal")
    RESTORE = "restore", pgettext_lazy("kind of correction", "Publication again")


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def of_story(self, story: Any) -> Self:
        return self.filter(story=story)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")

    def noted(self) -> Self:
        """Those that readers see on the page."""
        return self.filter(mode=CorrectionMode.NOTED).exclude(kind=CorrectionKind.WITHDRAW)


#: Field of a story → its name for people. What is made from other fields comes after them.
LABELS = {
    "title": _("Headline"),
    "summary": _("Summary (sapo)"),
    "text": _("Content"),
    "author": _("Author"),
    "unit": _("Unit"),
    "section_name": _("Section"),
    "level": _("Level"),
    "picture": _("Main picture"),
    "facts": _("Documents and dates"),
    "variants": _("Texts for single channels"),
    "language": _("Language"),
    "address": _("Address"),
    "genre": _("Genre"),
    "html": _("Formatting, pictures, captions"),
    "spoken": _("Text for reading aloud"),
}


class Correction(models.Model):
    """One change to what readers could see, and why. Written once, never edited.

    Who reads the item's past must be able to trust it (Law on the Press 103/2016/QH13, art. 42:
    what was taken down is kept for inspection).
    """

    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    story = models.UUIDField(_("identity"), db_index=True, editable=False)
    title = models.CharField(_("headline"), max_length=255, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=CorrectionKind, editable=False)
    mode = models.CharField(
        _("made known"),
        max_length=6,
        choices=CorrectionMode,
        default=CorrectionMode.SILENT,
        editable=False,
    )
    reason = models.TextField(_("reason"), blank=True, editable=False)  # for the house
    note = models.TextField(_("public note"), blank=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    revision = models.ForeignKey(
        "wagtailcore.Revision",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    sequence = models.PositiveIntegerField(_("version"), null=True, editable=False)
    changes = models.JSONField(_("changed"), default=list, editable=False)  # labels of what differs

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(mode=CorrectionMode.NOTED) | ~Q(note=""), name="noted_has_a_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row. Raises ``TypeError`` when it was written before."""
        if not self._state.adding:
            raise TypeError("A correction is never edited")
        super().save(*args, **kwargs)

    @property
    def is_noted(self) -> bool:
        return self.mode == CorrectionMode.NOTED

    @property
    def change_labels(self) -> list[str]:
        """What differed, in words."""
        return [str(LABELS[name]) for name in self.changes if name in LABELS]

    @property
    def is_withdrawal(self) -> bool:
        return self.kind == CorrectionKind.WITHDRAW


class AgreedCorrection(models.Model):
    """What a person chose for a version that goes live later, by the clock."""

    revision = models.OneToOneField(
        "wagtailcore.Revision", on_delete=models.CASCADE, related_name="agreed_correction"
    )
    mode = models.CharField(max_length=6, choices=CorrectionMode)
    reason = models.TextField()
    note = models.TextField(blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.mode}: {self.reason}"


class PhysicalCopy(models.Model):
    """Something on paper, on air or on a wall that carries an item and cannot be edited."""

    class Kind(models.TextChoices):
        LEAFLET = "leaflet", _("leaflet")
        POSTER = "poster", _("poster")
        NOTICEBOARD = "noticeboard", _("notice board")
        NEWSPAPER = "newspaper", _("printed newspaper")
        BROADCAST = "broadcast", _("broadcast")
        OTHER = "other", pgettext_lazy("kind of copy", "other")

    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="+", editable=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    place = models.CharField(
        _("place"), max_length=200, help_text=_("Where it hangs, lies or was heard.")
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    organisation = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=_("agency that looks after it"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person who looks after it"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    gone_at = models.DateTimeField(_("taken down at"), null=True, editable=False)

    class Meta:
        verbose_name = _("physical copy")
        verbose_name_plural = _("physical copies")
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{capfirst(self.get_kind_display())}, {self.place}"

    def clean(self) -> None:
        if self.organisation is None and self.holder is None:
            message = _("Name the agency or the person who looks after it: they get the task.")
            raise ValidationError({"organisation": message})

    @property
    def keeper(self) -> str:
        """Who looks after it, as shown."""
        return " · ".join(str(who) for who in (self.organisation, self.holder) if who)


class RecallTaskQuerySet(models.QuerySet["RecallTask"]):
    def open(self) -> Self:
        """Nobody has done it yet, and nothing newer has taken its place."""
        return self.filter(done_at=None, replaced_by=None)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(due_at__lte=now)

    def of(self, user: Any) -> Self:
        """Those of the person or of their agencies; all of them for who may change any."""
        if user.has_perm("portal.change_recalltask"):
            return self
        agencies = user.organisations.values("pk")
        return self.filter(Q(copy__holder=user) | Q(copy__organisation__in=agencies))


class RecallTask(models.Model):
    """What somebody must do about one copy after one correction or withdrawal."""

    class Todo(models.TextChoices):
        REPLACE = "replace", _("put the corrected text in its place")
        TAKE_DOWN = "take_down", _("take it down")
        ANNOUNCE = "announce", _("announce the correction in the same place")

    copy = models.ForeignKey(
        PhysicalCopy, verbose_name=_("copy"), on_delete=models.CASCADE, related_name="tasks"
    )
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="tasks")
    todo = models.CharField(_("to do"), max_length=9, choices=Todo)
    due_at = models.DateTimeField(_("due at"))
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    note = models.TextField(_("what was done"), blank=True)
    photo = models.ForeignKey(
        "media.Picture",
        verbose_name=_("photo"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects = RecallTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall task")
        verbose_name_plural = _("recall tasks")
        ordering: ClassVar[list[str]] = ["due_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["copy", "correction"], name="recall_task_once")
        ]

    def __str__(self) -> str:
        return f"{self.copy}: {self.get_todo_display()}"

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.replaced_by_id is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at <= timezone.now()


#: How long those who look after a copy have.
TIME_TO_TAKE_DOWN = timedelta(days=1)
TIME_TO_REPLACE = timedelta(days=2)
