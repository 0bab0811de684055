"""Amendments of an issued plan, the changes of rows they hold, and the versions of a plan."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.plans.plan import Plan


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def open(self) -> Self:
        """Those worked on: neither issued nor dropped."""
        return self.filter(issued_at=None, dropped_at=None)

    def issued(self) -> Self:
        return self.exclude(issued_at=None)


class Amendment(models.Model):
    """A document that changes an issued plan. Nothing of it counts until it is issued.

    The plan's own texts are changed in its draft, the rows in ``AmendedRow``.
    """

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="amendments", verbose_name=_("plan")
    )
    number = models.CharField(_("number of the amending document"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of the amending document"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2000)
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    #: Who changed a row last: somebody else issues it.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    issued_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment of a plan")
        verbose_name_plural = _("amendments of plans")
        ordering: ClassVar[list[Any]] = ["opened_at", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(issued_at=None, dropped_at=None),
                name="one_open_amendment",
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None) | ~Q(number="") & Q(issued_on__isnull=False),
                name="issued_amendment_is_numbered",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("amendment without a number"))

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.issued_at is None and self.dropped_at is None


class AmendedRow(models.Model):
    """A row of the table as an amendment wants it: changed, added or taken out."""

    class Kind(models.TextChoices):
        CHANGED = "changed", pgettext_lazy("row of an amendment", "changed")
        ADDED = "added", pgettext_lazy("row of an amendment", "added")
        REMOVED = "removed", pgettext_lazy("row of an amendment", "taken out")

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="rows")
    activity = models.ForeignKey(
        "campaigns.Activity", on_delete=models.CASCADE, null=True, related_name="amended"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    #: The row as it was when the change was written (``snapshots``), and as it shall be.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("row of an amendment")
        verbose_name_plural = _("rows of an amendment")
        ordering: ClassVar[list[Any]] = ["amendment", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["amendment", "activity"], name="row_amended_once"),
            models.CheckConstraint(
                condition=Q(kind="added", activity=None)
                | ~Q(kind="added") & Q(activity__isnull=False),
                name="amended_row_is_there",
            ),
        ]

    def __str__(self) -> str:
        return str(self.after.get("content") or self.before.get("content") or "")


class PlanVersion(models.Model):
    """A plan as it stood: its texts and its rows. 0 is the plan as issued, then its amendments."""

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="versions", verbose_name=_("plan")
    )
    ordinal = models.PositiveSmallIntegerField(_("number"))
    amendment = models.OneToOneField(
        Amendment, on_delete=models.PROTECT, null=True, related_name="version"
    )
    content = models.JSONField(encoder=DjangoJSONEncoder)
    rows = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("version of a plan")
        verbose_name_plural = _("versions of plans")
        ordering: ClassVar[list[Any]] = ["plan", "ordinal", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "ordinal"], name="version_once"),
        ]

    def __str__(self) -> str:
        return str(self.amendment) if self.amendment else str(_("as issued"))
