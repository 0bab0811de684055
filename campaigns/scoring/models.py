"""Sets of criteria, and the assessments of agencies by them."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.scoring.rules import Rule, read_rule
from campaigns.scoring.values import Value, read_value
from organisations.models import Organisation

CODE = RegexValidator(
    r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$", _("Write the code with digits, letters and points: 1.4.2.")
)


class CriterionSet(models.Model):
    """The criteria of one decision for one year.

    It is worked on until it is opened; what agencies are scored by does not change under them.
    """

    title = models.CharField(_("title"), max_length=300)
    number = models.CharField(
        _("number of the decision"), max_length=60, blank=True, help_text=_("As written.")
    )
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    issuer = models.CharField(_("issuing authority"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    is_sample = models.BooleanField(
        pgettext_lazy("criterion set", "sample"),
        default=False,
        help_text=_("Every page and every export says that the set is a sample."),
    )
    note = models.TextField(_("note"), blank=True)
    opened_at = models.DateTimeField(_("opened for scoring at"), null=True, editable=False)

    class Meta:
        verbose_name = _("criterion set")
        verbose_name_plural = _("criterion sets")
        ordering: ClassVar[list[str]] = ["-year", "title", "pk"]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None


class Criterion(models.Model):
    """An area, a criterion or a sub-criterion. Only those without parts are scored."""

    class Method(models.TextChoices):
        SELF = "self", _("self-scoring and verification")
        SURVEY = "survey", _("survey")

    criteria_set = models.ForeignKey(
        CriterionSet,
        on_delete=models.CASCADE,
        related_name="criteria",
        verbose_name=_("criterion set"),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    position = models.PositiveIntegerField(
        pgettext_lazy("criterion", "position"), default=0, editable=False
    )
    depth = models.PositiveSmallIntegerField(
        pgettext_lazy("criterion", "depth"), default=0, editable=False
    )
    code = models.CharField(_("code"), max_length=20, validators=[CODE])
    title = models.CharField(_("title"), max_length=500)
    maximum = models.DecimalField(
        _("maximum points"),
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    method = models.CharField(_("method"), max_length=8, choices=Method, default=Method.SELF)
    rule = models.JSONField(_("rule of scoring"), null=True, blank=True, editable=False)
    guidance = models.TextField(_("guidance"), blank=True)
    evidence_wanted = models.TextField(_("evidence documents wanted"), blank=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering: ClassVar[list[str]] = ["criteria_set", "position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["criteria_set", "code"],
                name="criterion_code_once",
                violation_error_message=_("The set already has a criterion of that code."),
            ),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="criterion_gives_points"),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"

    def clean(self) -> None:
        if self.method == self.Method.SURVEY and self.rule and self.rule["kind"] != "given":
            raise ValidationError(
                {"method": _("A survey gives points as they are: no other rule goes with it.")}
            )

    @property
    def is_scored(self) -> bool:
        """Whether it has no parts, so that points are given for it and not for its parts."""
        return self.rule is not None

    def reading(self) -> Rule:
        """Return the rule. Raises ``RuleError``; a criterion with parts has none: ``TypeError``."""
        if self.rule is None:
            raise TypeError(f"{self} is scored through its parts")
        return read_rule(self.rule, self.maximum)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def of_agencies(self, organisations: models.QuerySet[Organisation]) -> Self:
        return self.filter(organisation__in=organisations)

    def in_order(self) -> Self:
        return self.order_by("-year", "organisation__name", "pk")


class Assessment(models.Model):
    """One agency, one set, one year: draft → submitted → verified, or sent back with a reason.

    What was submitted is locked for the agency; what was verified is locked for all.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("assessment", "being scored")
        SUBMITTED = "submitted", pgettext_lazy("assessment", "submitted")
        RETURNED = "returned", pgettext_lazy("assessment", "sent back")
        VERIFIED = "verified", pgettext_lazy("assessment", "verified")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("agency")
    )
    criteria_set = models.ForeignKey(
        CriterionSet,
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("criterion set"),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(
        pgettext_lazy("assessment", "state"), max_length=10, choices=State, default=State.DRAFT
    )
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
    verified_at = models.DateTimeField(_("verified at"), null=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("verified by"),
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering: ClassVar[list[str]] = ["-year", "organisation", "pk"]
        permissions = [  # noqa: RUF012 - typed by the stubs
            ("answer_assessment", "Can score the own agency"),
            ("verify_assessment", "Can verify the scores of agencies"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "criteria_set"],
                name="assessment_once",
                violation_error_message=_("The agency is already being scored by this set."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.year}"

    @property
    def is_answerable(self) -> bool:
        """Whether the agency may change what it says."""
        return self.state in {self.State.DRAFT, self.State.RETURNED}

    @property
    def holder(self) -> str:
        """The name under which it holds evidence fast."""
        return f"assessment:{self.pk}"


class Answer(models.Model):
    """What an agency says of one criterion, and what the Department found.

    ``revision`` counts changes: who saves says which one they saw.
    """

    assessment = models.ForeignKey(
        Assessment,
        on_delete=models.CASCADE,
        related_name="answers",
        verbose_name=_("assessment"),
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="answers", verbose_name=_("criterion")
    )
    value = models.JSONField(_("figures"), null=True, blank=True)
    expected = models.JSONField(_("figures expected at the year's end"), null=True, blank=True)
    self_points = models.DecimalField(
        _("self-score"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    explanation = models.TextField(_("explanation"), blank=True)
    verified_points = models.DecimalField(
        _("verified points"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    verified_reason = models.TextField(_("reason of the verified points"), blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("scoring", "answer")
        verbose_name_plural = pgettext_lazy("scoring", "answers")
        ordering: ClassVar[list[str]] = ["assessment", "criterion__position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="answer_once"),
            models.CheckConstraint(
                condition=(Q(self_points=None) | Q(self_points__gte=0))
                & (Q(verified_points=None) | Q(verified_points__gte=0)),
                name="answer_points_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"

    @property
    def points(self) -> Decimal | None:
        """The points that count: verified before claimed."""
        return self.self_points if self.verified_points is None else self.verified_points

    def reading(self, rule: Rule) -> Value | None:
        """Return the figures. Raises ``RuleError`` when the rule is of another kind."""
        return read_value(rule, self.value)

    def expectation(self, rule: Rule) -> Value | None:
        return read_value(rule, self.expected)


class Proof(models.Model):
    """One evidence document of an answer: a piece of evidence, a file of its own, or a link."""

    answer = models.ForeignKey(
        Answer,
        on_delete=models.CASCADE,
        related_name="proofs",
        verbose_name=pgettext_lazy("scoring", "answer"),
    )
    title = models.CharField(_("title"), max_length=300)
    evidence = models.ForeignKey(
        "campaigns.Evidence",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proofs",
        verbose_name=_("evidence document"),
    )
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now)

    class Meta:
        verbose_name = _("evidence of a score")
        verbose_name_plural = _("evidence of scores")
        ordering: ClassVar[list[str]] = ["added_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(evidence__isnull=False, document=None, url="")
                | Q(evidence=None, document__isnull=False, url="")
                | (Q(evidence=None, document=None) & ~Q(url="")),
                name="proof_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["answer", "evidence"],
                condition=Q(evidence__isnull=False),
                name="proof_of_evidence_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """Where to look at it, if there is such a place."""
        if self.document is not None:
            return str(self.document.url)
        return self.url or (self.evidence.url if self.evidence is not None else "")


class Entry(models.Model):
    """What an answer said from a moment on. Kept for ever: history, and figures by quarter."""

    answer = models.ForeignKey(
        Answer,
        on_delete=models.CASCADE,
        related_name="entries",
        verbose_name=pgettext_lazy("scoring", "answer"),
    )
    value = models.JSONField(_("figures"), null=True)
    self_points = models.DecimalField(_("self-score"), max_digits=6, decimal_places=2, null=True)
    verified_points = models.DecimalField(
        _("verified points"), max_digits=6, decimal_places=2, null=True
    )
    text = models.TextField(_("explanation"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of a score")
        verbose_name_plural = _("entries of scores")
        ordering: ClassVar[list[str]] = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.answer}, {self.made_at:%d/%m/%Y}"


def readings(entries: Iterable[Entry], rule: Rule) -> dict[date, Value]:
    """Return the last figures of each local day that had any."""
    found: dict[date, Value] = {}
    for entry in sorted(entries, key=lambda one: (one.made_at, one.pk)):
        value = read_value(rule, entry.value)
        if value is not None:
            found[local_day(entry.made_at)] = value
    return found


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
