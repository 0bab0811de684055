"""One expected output of an activity, for one agency, in one period; and what was decided of it."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.evidence.models import Fulfilment
from campaigns.slots import status, wording
from campaigns.slots.status import Facts, Status
from organisations.models import Organisation


def _counted(*conditions: Q) -> Coalesce:
    """Return how much a slot's standing evidence comes to.

    Several proofs of one story – published, delivered, aired – are one output.
    """
    proofs = Fulfilment.objects.filter(
        *conditions, slot=OuterRef("pk"), evidence__withdrawn_at=None
    )
    size = Count("evidence__story", distinct=True) + Coalesce(
        Sum("amount", filter=Q(evidence__story=None)), Value(0)
    )
    rows = proofs.order_by().values("slot").annotate(size=size).values("size")
    return Coalesce(Subquery(rows, output_field=models.IntegerField()), Value(0))


def _delivered(*conditions: Q) -> CombinedExpression:
    """Return the same as ``_counted`` for rows that are grouped by slot."""
    standing = Q(*conditions, fulfilments__evidence__withdrawn_at=None)
    story, amount = "fulfilments__evidence__story", "fulfilments__amount"
    loose = Sum(amount, filter=standing & Q(fulfilments__evidence__story=None))
    return Count(story, distinct=True, filter=standing) + Coalesce(loose, Value(0))


class SlotQuerySet(models.QuerySet["Slot"]):
    def expected(self) -> Self:
        """Those the plan still asks for; others are kept only for what they prove."""
        return self.filter(in_plan=True)

    def with_progress(self) -> Self:
        """Annotate ``due``, ``counted`` and ``in_time``: see ``status.Facts``."""
        due = Coalesce("extended_to", "due_on")
        last = Coalesce(OuterRef("extended_to"), OuterRef("due_on"))
        return self.annotate(
            due=due, counted=_counted(), in_time=_counted(Q(evidence__dated__lte=last))
        )

    def with_status(self, today: date | None = None, soon: int | None = None) -> Self:
        """Annotate ``status`` on that day (default: today), for filters, counts and lists."""
        day = timezone.localdate() if today is None else today
        return self.with_progress().annotate(status=status.expression(day, soon))

    def each_with_status(
        self,
        *columns: str,
        today: date | None = None,
        soon: int | None = None,
        only: Collection[Status] = (),
    ) -> Iterator[tuple[Any, ...]]:
        """Yield these columns of each slot, then its status: for counts over a whole year.

        In no order; ``due`` is a column too; ``only``: the statuses wanted, all if none is named.
        One query, which reads the evidence once for all slots and not once for each.
        """
        day = timezone.localdate() if today is None else today
        due = Coalesce("extended_to", "due_on")
        in_time = Q(fulfilments__evidence__dated__lte=due)
        rows: Any = self.order_by()  # whose annotations have no types
        rows = rows.annotate(due=due).values("pk", *columns)
        rows = rows.annotate(counted=_delivered(), in_time=_delivered(in_time))
        rows = rows.annotate(status=status.expression(day, soon))
        if only:
            rows = rows.filter(Q(status__in=only))
        return iter(rows.values_list(*columns, "status"))

    def in_status(self, *wanted: Status, today: date | None = None) -> Self:
        """Those of one of these statuses on that day (default: today), which is annotated."""
        return self.with_status(today).filter(Q(status__in=wanted))

    def on_record(self) -> Self:
        """Those with evidence or a decision: they are never deleted."""
        return self.filter(
            Exists(Fulfilment.objects.filter(slot=OuterRef("pk")))
            | Exists(Decision.objects.filter(slot=OuterRef("pk")))
        )

    def of_agencies(self, organisations: models.QuerySet[Organisation]) -> Self:
        return self.filter(organisation__in=organisations)

    def in_order(self) -> Self:
        """By the day they are due, then by agency."""
        return self.order_by(
            Coalesce("extended_to", "due_on"), "organisation__name", "ordinal", "pk"
        )


class Slot(models.Model):
    """What one agency must deliver of an activity in one period: "kỳ 2, tháng 5/2021".

    Activity, agency, period and ordinal say which slot it is, and stay when its dates move. The
    status follows from the rest: see ``campaigns.slots.status``.
    """

    class Period(models.TextChoices):
        ONCE = "once", pgettext_lazy("period of a slot", "once")
        WEEK = "week", pgettext_lazy("period of a slot", "week")
        MONTH = "month", pgettext_lazy("period of a slot", "month")
        QUARTER = "quarter", pgettext_lazy("period of a slot", "quarter")
        HALF = "half", pgettext_lazy("period of a slot", "six months")
        YEAR = "year", pgettext_lazy("period of a slot", "year")
        REPORTING = "reporting", pgettext_lazy("period of a slot", "reporting period")

    activity = models.ForeignKey(
        "campaigns.Activity",
        on_delete=models.CASCADE,
        related_name="slots",
        verbose_name=_("activity"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="slots", verbose_name=_("agency")
    )
    period = models.CharField(
        pgettext_lazy("slot", "period"), max_length=10, choices=Period, default=Period.ONCE
    )
    # First day of the calendar period, whenever within it the work may begin; of a reporting
    # period, the first day of the month in which the report is due; of what is done once, of the
    # plan's year.
    period_start = models.DateField(_("first day of the period"))
    ordinal = models.PositiveSmallIntegerField(
        _("number within the period"), default=1, validators=[MinValueValidator(1)]
    )
    instalments = models.PositiveSmallIntegerField(_("slots within the period"), default=1)

    opens_on = models.DateField(_("first day"))
    due_on = models.DateField(_("last day"))
    target = models.PositiveIntegerField(
        _("quantity target"), default=1, validators=[MinValueValidator(1)]
    )
    extended_to = models.DateField(_("extended to"), null=True, blank=True, editable=False)
    dropped_at = models.DateTimeField(_("not carried out"), null=True, editable=False)
    in_plan = models.BooleanField(
        _("asked for by the plan"),
        default=True,
        editable=False,
        help_text=_("The plan changed, but the slot has evidence or a decision and is kept."),
    )

    objects = SlotQuerySet.as_manager()

    # Annotations of ``with_status``.
    counted: int
    in_time: int
    status: str

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering: ClassVar[list[str]] = ["due_on", "activity", "organisation", "ordinal", "pk"]
        permissions = [  # noqa: RUF012 - typed by the stubs
            ("decide_slot", "Can extend slots and record that they are not carried out")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["activity", "organisation", "period", "period_start", "ordinal"],
                name="slot_once",
            ),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("due_on")), name="slot_opens_before_it_is_due"
            ),
            models.CheckConstraint(condition=Q(target__gte=1), name="slot_has_a_target"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "due_on"], name="slot_of_agency"),
            models.Index(fields=["due_on"], name="slot_due"),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.organisation}"

    @property
    def label(self) -> str:
        """The period in words, with the number within it where there are several."""
        return wording.label(self.period, self.period_start, self.ordinal, self.instalments)

    @property
    def due(self) -> date:
        """The last day, extensions included."""
        return self.extended_to or self.due_on

    @due.setter
    def due(self, value: date) -> None:
        """Take the annotation of the same name, which says the same."""

    @property
    def status_label(self) -> str:
        """The status of a slot read with ``with_status``, in words."""
        return str(Status(self.status).label)

    @property
    def is_completed(self) -> bool:
        """Whether it is filled, for a slot read with ``with_status``."""
        return self.status in Status.completed()

    @property
    def is_late(self) -> bool:
        """Whether its last day is over, for a slot read with ``with_status``."""
        return self.status == Status.OVERDUE

    def status_on(self, today: date, soon: int | None = None) -> Status:
        """Return the status of a slot read with ``with_progress`` or ``with_status``."""
        facts = Facts(
            self.target,
            self.counted,
            self.in_time,
            self.due,
            self.extended_to is not None,
            self.dropped_at is not None,
        )
        return status.of(facts, today, soon)


class Decision(models.Model):
    """That a slot's last day was put off, that it is not carried out, or that it is after all.

    Kept for ever, with who decided and why; ``campaigns.slots.deciding`` writes them.
    """

    class Kind(models.TextChoices):
        EXTENDED = "extended", pgettext_lazy("decision on a slot", "postponed")
        DROPPED = "dropped", pgettext_lazy("decision on a slot", "not carried out")
        RESUMED = "resumed", pgettext_lazy("decision on a slot", "carried out after all")
        RESTORED = "restored", pgettext_lazy("decision on a slot", "postponement taken back")

    slot = models.ForeignKey(
        Slot, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("slot")
    )
    kind = models.CharField(pgettext_lazy("decision", "kind"), max_length=10, choices=Kind)
    old_due = models.DateField(_("last day before"))
    new_due = models.DateField(_("new last day"), null=True)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        verbose_name = _("decision on a slot")
        verbose_name_plural = _("decisions on slots")
        ordering: ClassVar[list[str]] = ["decided_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=["extended", "restored"], new_due__isnull=False)
                | (~Q(kind__in=["extended", "restored"]) & Q(new_due=None)),
                name="extension_has_a_day",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("A decision is on record and does not change.")
        super().save(*args, **kwargs)
