"""Outreach plans and the activities in their assignment tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import ProtectedError, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin
from wagtail.search import index

from campaigns.recurring import validate_rule
from campaigns.tables import assignment_table
from core.errors import RefusedError
from core.text import nfc, slugify
from organisations.models import Organisation

TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


@contextmanager
def keeping_the_record() -> Iterator[None]:
    """Refuse to delete what evidence or decisions hang on. Raises ``RefusedError``."""
    try:
        with transaction.atomic():
            yield
    except ProtectedError as error:
        raise RefusedError(
            _("Not deleted: evidence or decisions about its slots are on record, and are kept.")
        ) from error


class PlanQuerySet(models.QuerySet["Plan"]):
    def live(self) -> Self:
        """Plans the public may read."""
        return self.filter(live=True)

    def numbered(self, number: str) -> Self:
        """Plans of that number and symbol, whatever its case; several agencies may use the same."""
        return self.filter(number__iexact=nfc(number).strip())

    def delete(self) -> tuple[int, dict[str, int]]:
        with keeping_the_record():
            return super().delete()


class Plan(PreviewableMixin, DraftStateMixin, RevisionMixin, index.Indexed, models.Model):
    """A yearly outreach plan: what its document says, and the table of its activities.

    Drafts, revisions and publishing cover the plan's own texts. Activities are rows of their own:
    articles and reports point at them, so they must keep their identity from draft to draft.
    """

    class Kind(models.TextChoices):
        SEPARATE = "separate", _("separate plan")
        COMBINED = "combined", _("part of the administrative reform plan")

    number = models.CharField(
        _("number and symbol"), max_length=60, help_text=_("As written, for example 95/KH-UBND.")
    )
    title = models.CharField(
        _("abstract"), max_length=500, help_text=_("What the plan is about, in one sentence.")
    )
    issuer = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="issued_plans",
        verbose_name=_("issuing authority"),
    )
    issued_on = models.DateField(_("date of issue"), null=True)
    year = models.PositiveSmallIntegerField(
        _("plan year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    signer = models.CharField(_("signatory"), max_length=120, blank=True)
    signer_title = models.CharField(_("position of the signatory"), max_length=120, blank=True)
    kind = models.CharField(
        pgettext_lazy("plan", "kind"), max_length=10, choices=Kind, default=Kind.SEPARATE
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sub_plans",
        verbose_name=_("plan it carries out"),
    )
    derived_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="derived_plans",
        verbose_name=_("made from"),
    )
    slug = models.SlugField(_("slug"), max_length=120, unique=True, blank=True)
    is_illustrative = models.BooleanField(
        _("illustrative"),
        default=False,
        help_text=_("The number or the figures are examples, and the public page says so."),
    )

    introduction = RichTextField(_("lead-in and legal bases"), blank=True, features=TEXT_FEATURES)
    purposes = RichTextField(_("purposes and requirements"), blank=True, features=TEXT_FEATURES)
    contents = RichTextField(_("content of outreach"), blank=True, features=TEXT_FEATURES)
    forms = RichTextField(_("forms of outreach"), blank=True, features=TEXT_FEATURES)
    audiences = RichTextField(_("audiences"), blank=True, features=TEXT_FEATURES)
    funding = RichTextField(_("funding"), blank=True, features=TEXT_FEATURES)
    implementation = RichTextField(
        _("organisation of implementation"), blank=True, features=TEXT_FEATURES
    )
    recipients = models.TextField(
        _("recipients"), blank=True, help_text=_("One recipient on each line.")
    )
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed document"),
    )
    review_notes = models.JSONField(
        _("to be checked by a person"), default=list, blank=True, editable=False
    )

    objects = PlanQuerySet.as_manager()
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("number", boost=3),
        index.AutocompleteField("number"),
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("purposes"),
        index.SearchField("contents"),
        index.RelatedFields("activities", [index.SearchField("content")]),
        index.FilterField("live"),
        index.FilterField("year"),
        index.FilterField("issuer"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering: ClassVar[list[str]] = ["-year", "-issued_on", "number", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number"],
                condition=~Q(number=""),
                name="plan_number_once",
                violation_error_message=_(
                    "This authority already has a plan of that number in that year."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.title} ({self.year})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self.free_slug()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("plans:plan", args=[self.slug])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with keeping_the_record():
            return super().delete(*args, **kwargs)

    def free_slug(self) -> str:
        """Return an address nobody has: number and year, then the issuer's code, then a counter."""
        base = slugify(f"{self.number.replace('/', '-') or self.title} {self.year}", limit=70)
        candidates = [base, slugify(f"{base} {self.issuer.code}", limit=110)]
        candidates += [f"{candidates[1]}-{counter}" for counter in range(2, 100)]
        taken = set(
            Plan.objects.filter(slug__startswith=base)
            .exclude(pk=self.pk)
            .values_list("slug", flat=True)
        )
        return next(slug for slug in candidates if slug not in taken)

    def with_content_json(self, content: dict[str, Any]) -> "Plan":
        """Return the revision's plan; the list of doubts is the row's own, not a draft's."""
        plan: Plan = super().with_content_json(content)
        plan.review_notes = self.review_notes
        plan.derived_from_id = self.derived_from_id
        return plan

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "campaigns/plan.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        return {**context, "plan": self, "groups": assignment_table(self)}

    @property
    def label(self) -> str:
        """The number, or until there is one the abstract."""
        return self.number or self.title


class ActivityQuerySet(models.QuerySet["Activity"]):
    def for_reading(self) -> Self:
        """With the agencies at hand, in the order of the table."""
        return self.order_by("position", "pk").prefetch_related("leads", "partners")

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
    is_checked = models.BooleanField(
        _("checked"),
        default=False,
        help_text=_("A person has checked the dates, the target and the agencies of this row."),
    )

    objects = ActivityQuerySet.as_manager()
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("content"),
        index.AutocompleteField("content"),
        index.SearchField("heading"),
        index.SearchField("lead_text"),
        index.FilterField("plan"),
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


from campaigns.evidence import models as evidence_models  # noqa: E402, F401
from campaigns.scoring import models as scoring_models  # noqa: E402, F401
from campaigns.slots import models as slot_models  # noqa: E402, F401
