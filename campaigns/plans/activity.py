"""One row of a plan's assignment table."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.search import index

from campaigns.plans.plan import Plan, keeping_the_record
from campaigns.recurring import validate_rule
from organisations.models import Organisation


class ActivityQuerySet(models.QuerySet["Activity"]):
    def in_force(self) -> Self:
        """Those that no amendment took out of the plan."""
        return self.filter(removed_by=None)

    def for_reading(self) -> Self:
        """Those in force with the agencies at hand, in the order of the table."""
        return self.in_force().order_by("position", "pk").prefetch_related("leads", "partners")

    def of_agencies(self, organisations: models.QuerySet[Organisation]) -> Self:
        """Activities these agencies lead, alone or as members of a group the plan names."""
        return self.filter(
            Q(leads__in=organisations)
            | Q(leads__in=Organisation.objects.groups_with(organisations))
        ).distinct()


class Activity(index.Indexed, models.Model):
    """One row of a plan's assignment table.

    The ``_text`` columns hold the table as written. The dates and the target are what the system
    understood of them (``campaigns.deadlines``) or what a person entered; unknown stays empty.
    """

    class Recurrence(models.TextChoices):
        CONTINUOUS = "continuous", _("throughout the period")
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")
        QUARTERLY = "quarterly", _("every quarter")
        HALF_YEARLY = "half-yearly", _("every six months")
        YEARLY = "yearly", _("every year")
        PERIODIC = "periodic", _("periodically, interval not stated")
        REPORTING = "reporting", _("in the four reporting periods")

    class Per(models.TextChoices):
        DAY = "day", _("a day")
        WEEK = "week", _("a week")
        MONTH = "month", _("a month")
        QUARTER = "quarter", _("a quarter")
        YEAR = "year", _("a year")

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="activities", verbose_name=_("plan")
    )
    position = models.PositiveIntegerField(
        pgettext_lazy("activity", "position"), default=0, editable=False
    )
    serial = models.CharField(_("serial number"), max_length=20, blank=True)
    heading = models.CharField(pgettext_lazy("activity", "group"), max_length=255, blank=True)
    # The line of the superior plan that it carries out: its slots are asked for there.
    origin = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="carried_out_by",
        verbose_name=_("line it carries out"),
    )
    content = models.TextField(_("content of the activity"))
    form = models.TextField(pgettext_lazy("activity", "form"), blank=True)

    leads = models.ManyToManyField(
        Organisation, blank=True, related_name="led_activities", verbose_name=_("lead agencies")
    )
    lead_text = models.TextField(_("lead agencies as written"), blank=True)
    partners = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="coordinated_activities",
        verbose_name=_("coordinating agencies"),
    )
    partner_text = models.TextField(_("coordinating agencies as written"), blank=True)

    deadline_text = models.TextField(_("implementation period as written"), blank=True)
    start = models.DateField(_("first day"), null=True, blank=True)
    end = models.DateField(_("last day"), null=True, blank=True)
    recurrence = models.CharField(_("frequency"), max_length=12, choices=Recurrence, blank=True)
    rule = models.CharField(
        _("rule of recurrence"),
        max_length=200,
        blank=True,
        validators=[validate_rule],
        help_text=_(
            "Only for fixed days: a rule as calendars write it (RFC 5545), for example "
            "FREQ=MONTHLY;BYMONTHDAY=15,30."
        ),
    )

    quantity_text = models.TextField(_("quantity as written"), blank=True)
    target = models.PositiveIntegerField(
        _("quantity target"),
        null=True,
        blank=True,
        help_text=_("For each period, if one is given."),
    )
    unit = models.CharField(pgettext_lazy("of a quantity", "unit"), max_length=80, blank=True)
    per = models.CharField(_("period of the target"), max_length=8, choices=Per, blank=True)
    per_agency = models.BooleanField(_("for each agency or locality"), default=False)
    total = models.PositiveIntegerField(
        _("target of the year"),
        null=True,
        blank=True,
        help_text=_("Only where the plan itself gives the total."),
    )

    product = models.TextField(_("product"), blank=True)
    budget_text = models.TextField(_("budget"), blank=True)
    budget_planned = models.PositiveBigIntegerField(
        _("budget planned (đồng)"), null=True, blank=True
    )
    budget_spent = models.PositiveBigIntegerField(_("budget spent (đồng)"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    asks_for_plan = models.BooleanField(
        _("asks for the agencies' own plans"),
        default=False,
        help_text=_("An agency's own plan, once it is accepted, is the evidence for this row."),
    )
    is_checked = models.BooleanField(
        _("checked"),
        default=False,
        help_text=_("A person has checked the dates, the target and the agencies of this row."),
    )

    removed_by = models.ForeignKey(
        "campaigns.Amendment",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="removed_activities",
        verbose_name=_("taken out by"),
    )
    #: Counts the changes people made: a form says which state it was filled in upon.
    edition = models.PositiveIntegerField(default=0, editable=False)

    objects = ActivityQuerySet.as_manager()
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("content"),
        index.AutocompleteField("content"),
        index.SearchField("heading"),
        index.SearchField("lead_text"),
        index.FilterField("plan"),
        index.FilterField("removed_by"),
    ]

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering: ClassVar[list[str]] = ["plan", "position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(start__lte=models.F("end")),
                name="activity_starts_before_it_ends",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        label = f"{self.serial}. {self.content}" if self.serial else self.content
        return label if len(label) <= 120 else f"{label[:119].rstrip()}…"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with keeping_the_record():
            return super().delete(*args, **kwargs)
