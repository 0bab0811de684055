"""Evidence, the slots it serves, and the reports that hold it fast."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models import Organisation


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def standing_at(self, moment: datetime) -> Self:
        """What counted at that moment, for a recount of what a report said then."""
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment), added_at__lte=moment)

    def locked(self) -> Self:
        """Used by a report that was submitted."""
        return self.filter(Exists(Lock.objects.filter(evidence=OuterRef("pk"))))

    def free(self) -> Self:
        """Not used by any report that was submitted."""
        return self.exclude(pk__in=Lock.objects.values("evidence"))

    def unplaced(self) -> Self:
        """Standing, for an activity, but for no slot that a rule could name: for a person."""
        return self.standing().filter(activity__isnull=False, fulfilments=None)


class Evidence(models.Model):
    """One proof of work done. It may serve several slots, and is withdrawn, never deleted.

    What the system finds carries ``source_key``, which makes recording it again a no-op.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", pgettext_lazy("evidence", "published article")
        DELIVERY = "delivery", pgettext_lazy("evidence", "delivery receipt")
        PICK_UP = "pick-up", pgettext_lazy("evidence", "picked up by a station or newspaper")
        AIRED = "aired", pgettext_lazy("evidence", "confirmed as aired")
        EVENT = "event", pgettext_lazy("evidence", "event held")
        FILE = "file", pgettext_lazy("evidence", "document")
        PHOTO = "photo", pgettext_lazy("evidence", "photo")
        LINK = "link", pgettext_lazy("evidence", "link")

        @classmethod
        def manual(cls) -> list["Evidence.Kind"]:
            """What people bring."""
            return [cls.FILE, cls.PHOTO, cls.LINK]

    kind = models.CharField(pgettext_lazy("evidence", "kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    dated = models.DateField(
        _("date"), help_text=_("The day on which it was published, held or taken.")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    picture = models.ForeignKey(
        "media.Picture",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
    )
    note = models.TextField(_("note"), blank=True)

    activity = models.ForeignKey(
        "campaigns.Activity",
        on_delete=models.PROTECT,
        null=True,
        related_name="evidence",
        verbose_name=_("activity"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("agency"),
    )
    slots = models.ManyToManyField(
        "campaigns.Slot",
        through="campaigns.Fulfilment",
        related_name="evidence",
        verbose_name=_("slots"),
    )
    # The item of the newsroom it is about: several proofs of one item are one output.
    story = models.UUIDField(null=True, editable=False, db_index=True)
    source_key = models.CharField(max_length=120, null=True, unique=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_reason = models.TextField(_("reason of the withdrawal"), blank=True, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence document")
        verbose_name_plural = _("evidence documents")
        ordering: ClassVar[list[str]] = ["-dated", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(kind__in=["file", "photo", "link"])
                | Q(document__isnull=False)
                | Q(picture__isnull=False)
                | ~Q(url=""),
                name="evidence_shows_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_automatic(self) -> bool:
        """Whether the system found it."""
        return self.source_key is not None

    def clean(self) -> None:
        today: date = timezone.localdate()
        if self.dated and self.dated > today:
            raise ValidationError({"dated": _("Evidence cannot be of a day to come.")})


class Fulfilment(models.Model):
    """That a piece of evidence serves a slot, and how much of it: 20.000 leaflets, one article."""

    slot = models.ForeignKey(
        "campaigns.Slot",
        on_delete=models.PROTECT,
        related_name="fulfilments",
        verbose_name=_("slot"),
    )
    evidence = models.ForeignKey(
        Evidence,
        on_delete=models.CASCADE,
        related_name="fulfilments",
        verbose_name=_("evidence document"),
    )
    amount = models.PositiveIntegerField(
        pgettext_lazy("fulfilment", "quantity"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("In the unit of the activity: articles, copies, times."),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("fulfilment")
        verbose_name_plural = _("fulfilments")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["slot", "evidence"], name="fulfilment_once"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="fulfilment_has_an_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} → {self.slot_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_clean()
        super().save(*args, **kwargs)


class Lock(models.Model):
    """That a submitted report uses the evidence, which therefore stays as it is.

    ``holder`` names the report, as "report:12"; campaigns know nothing else of it.
    """

    evidence = models.ForeignKey(
        Evidence,
        on_delete=models.PROTECT,
        related_name="locks",
        verbose_name=_("evidence document"),
    )
    holder = models.CharField(max_length=60, db_index=True, editable=False)
    label = models.CharField(_("report"), max_length=200)
    locked_at = models.DateTimeField(_("locked at"), default=timezone.now)

    class Meta:
        verbose_name = _("lock of a report")
        verbose_name_plural = _("locks of reports")
        ordering: ClassVar[list[str]] = ["locked_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["evidence", "holder"], name="evidence_locked_once"),
        ]

    def __str__(self) -> str:
        return self.label
