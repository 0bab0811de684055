"""Reporting periods, and the reports of agencies for them."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models import Organisation


class ReportingPeriod(models.Model):
    """The days a report is about, and those on which it is due. The window crosses years."""

    class Code(models.TextChoices):
        FIRST_QUARTER = "q1", pgettext_lazy("reporting period", "quarter I")
        HALF_YEAR = "h1", pgettext_lazy("reporting period", "six months")
        THIRD_QUARTER = "q3", pgettext_lazy("reporting period", "quarter III")
        YEAR = "y", pgettext_lazy("reporting period", "year")

    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    code = models.CharField(pgettext_lazy("report", "period"), max_length=4, choices=Code)
    first = models.DateField(_("figures from"))
    last = models.DateField(_("figures to"), help_text=_("The data cut-off date; it counts."))
    internal_due = models.DateField(
        _("due from agencies"), help_text=_("The last day on which an agency's report is on time.")
    )
    external_due = models.DateField(
        _("due from the province"),
        help_text=_("The last day on which the province's own report is on time."),
    )

    class Meta:
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        ordering: ClassVar[list[str]] = ["-last", "-year", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["year", "code"],
                name="reporting_period_once",
                violation_error_message=_("That year already has this period."),
            ),
            models.CheckConstraint(
                condition=Q(first__lte=F("last")), name="reporting_period_begins_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        if self.code == self.Code.YEAR:
            return _("year %(year)d") % {"year": self.year}
        label = self.get_code_display()
        return _("%(period)s of %(year)d") % {"period": label, "year": self.year}

    def clean(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise ValidationError({"last": _("The last day is before the first.")})
        if self.internal_due and self.external_due and self.external_due < self.internal_due:
            raise ValidationError(
                {"external_due": _("The province's report is due after those of the agencies.")}
            )
        if self.last and self.external_due and self.external_due < self.last:
            raise ValidationError({"external_due": _("The figures do not end before this day.")})


class ReportQuerySet(models.QuerySet["Report"]):
    def of_agencies(self, organisations: models.QuerySet[Organisation]) -> Self:
        """The agencies' own reports, the province's left out."""
        return self.filter(organisation__in=organisations)

    def handed_in(self) -> Self:
        """Submitted or accepted."""
        return self.filter(state__in=[Report.State.SUBMITTED, Report.State.ACCEPTED])

    def in_order(self) -> Self:
        return self.order_by("-period__last", "-kind", "organisation__name", "pk")


class Report(models.Model):
    """One agency, one period: draft → submitted → accepted, or returned with a reason.

    The figures are counted from slots and evidence until it is submitted, and kept from then on as
    they were; the evidence is held fast as long. A roll-up is the province's own report.
    """

    class Kind(models.TextChoices):
        AGENCY = "agency", pgettext_lazy("report", "of an agency")
        ROLL_UP = "roll-up", pgettext_lazy("report", "of the province")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("report", "being written")
        SUBMITTED = "submitted", pgettext_lazy("report", "submitted")
        RETURNED = "returned", pgettext_lazy("report", "returned")
        ACCEPTED = "accepted", pgettext_lazy("report", "accepted")

    class Agencies(models.TextChoices):
        NOW = "now", pgettext_lazy("report", "as they are today, with those they succeeded")
        THEN = "then", pgettext_lazy("report", "as they were in the period")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reports", verbose_name=_("agency")
    )
    period = models.ForeignKey(
        ReportingPeriod,
        on_delete=models.PROTECT,
        related_name="reports",
        verbose_name=pgettext_lazy("report", "period"),
    )
    kind = models.CharField(
        pgettext_lazy("report", "kind"), max_length=8, choices=Kind, default=Kind.AGENCY
    )
    agencies = models.CharField(
        _("names and figures of agencies"), max_length=4, choices=Agencies, default=Agencies.NOW
    )
    number = models.CharField(
        _("number and symbol"),
        max_length=60,
        blank=True,
        help_text=_("As written, for example 12/BC-SNV. Empty until it is known."),
    )
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    signer = models.CharField(_("signatory"), max_length=120, blank=True)
    signer_title = models.CharField(_("position of the signatory"), max_length=120, blank=True)
    addressees = models.TextField(
        pgettext_lazy("report", "sent to"), blank=True, help_text=_("One on each line.")
    )
    recipients = models.TextField(
        _("recipients"), blank=True, help_text=_("One recipient on each line.")
    )

    results = models.TextField(pgettext_lazy("report", "results"), blank=True)
    difficulties = models.TextField(_("difficulties and shortcomings"), blank=True)
    causes = models.TextField(_("causes"), blank=True)
    proposals = models.TextField(_("proposals"), blank=True)
    next_tasks = models.TextField(_("tasks of the next period"), blank=True)

    #: Money spent in the period (đồng), by the number of the activity.
    spending = models.JSONField(default=dict, blank=True, editable=False)
    #: What was counted when it was submitted; empty while it is counted live.
    figures = models.JSONField(null=True, editable=False)
    counted_at = models.DateTimeField(_("counted at"), null=True, editable=False)
    #: Numbers of the reports whose narratives a roll-up has taken over.
    gathered = models.JSONField(default=list, blank=True, editable=False)

    state = models.CharField(
        pgettext_lazy("report", "state"),
        max_length=10,
        choices=State,
        default=State.DRAFT,
        editable=False,
    )
    #: Of the first submission, by the day that was set then: it stays when a report is returned.
    was_on_time = models.BooleanField(_("on time"), null=True, editable=False)
    first_submitted_at = models.DateTimeField(_("first submitted at"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    returned_reason = models.TextField(_("reason of the return"), blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("periodic report")
        verbose_name_plural = _("periodic reports")
        ordering: ClassVar[list[str]] = ["-period__last", "organisation", "pk"]
        permissions = [  # noqa: RUF012 - typed by the stubs
            ("write_report", "Can write and submit the own agency's reports"),
            ("accept_report", "Can accept and return reports, and roll them up"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "period", "kind"],
                name="report_once",
                violation_error_message=_("The agency already has a report for this period."),
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_reason=""),
                name="report_returned_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.period}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.revision += 1
        super().save(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        """Whether its texts may change and its figures are counted live."""
        return self.state in {self.State.DRAFT, self.State.RETURNED}

    @property
    def is_roll_up(self) -> bool:
        return self.kind == self.Kind.ROLL_UP

    @property
    def due(self) -> Any:
        """The last day on which it is on time."""
        return self.period.external_due if self.is_roll_up else self.period.internal_due

    @property
    def holder(self) -> str:
        """The name under which it holds evidence fast."""
        return f"report:{self.pk}"
