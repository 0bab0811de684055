"""The outreach plan: what its document says."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import ProtectedError, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from campaigns.plans.annexes import annexes_of
from campaigns.plans.bases import bases_of
from campaigns.plans.four_eyes import why_not
from campaigns.plans.texts import TEXT_FEATURES
from campaigns.tables import assignment_table
from core.errors import RefusedError
from core.text import nfc, slugify
from organisations.models import Organisation


@contextmanager
def keeping_the_record() -> Iterator[None]:
    """Refuse to delete what evidence or decisions hang on. Raises ``RefusedError``."""
    try:
        with transaction.atomic():
            yield
    except ProtectedError as error:
        raise RefusedError(
            _("Not deleted: evidence, decisions or events of it are on record, and are kept.")
        ) from error


class PlanQuerySet(models.QuerySet["Plan"]):
    def live(self) -> Self:
        """Plans the public may read."""
        return self.filter(live=True)

    def in_force(self) -> Self:
        """Published plans that were not withdrawn: what people are reminded of."""
        return self.live().filter(withdrawn_on=None)

    def numbered(self, number: str) -> Self:
        """Plans of that number and symbol, whatever its case; several agencies may use the same."""
        return self.filter(number__iexact=nfc(number).strip())

    def delete(self) -> tuple[int, dict[str, int]]:
        with keeping_the_record():
            return super().delete()


class Plan(
    WorkflowMixin,
    PreviewableMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    index.Indexed,
    ClusterableModel,
):
    """A yearly outreach plan: what its document says, and the table of its activities.

    Drafts, revisions and publishing cover the plan's own texts. Activities are rows of their own:
    articles and reports point at them, so they must keep their identity from draft to draft.
    """

    class Kind(models.TextChoices):
        SEPARATE = "separate", _("separate plan")
        COMBINED = "combined", _("part of the administrative reform plan")

    class Authority(models.TextChoices):
        """In whose right the signatory signs (Annex I of Decree 30, II.7)."""

        COLLECTIVE = "tm", _("TM. (on behalf of a body that decides together)")
        DEPUTY = "kt", _("KT. (a deputy for the head)")
        ORDERED = "tl", _("TL. (by order of the head)")
        ENTRUSTED = "tuq", _("TUQ. (entrusted by the head)")

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
    authority = models.CharField(
        _("authority to sign"),
        max_length=3,
        choices=Authority,
        blank=True,
        help_text=_("Leave empty to have it follow from the position and the issuing authority."),
    )
    authority_of = models.CharField(
        _("signed for"),
        max_length=160,
        blank=True,
        help_text=_("The body after TM., or the head after KT., TL. and TUQ., if not the usual."),
    )
    responsible = models.CharField(
        _("responsible person"),
        max_length=255,
        blank=True,
        help_text=_("Who answers for the results, for example the heads of the agencies."),
    )
    kind = models.CharField(
        pgettext_lazy("plan", "kind"), max_length=10, choices=Kind, default=Kind.SEPARATE
    )
    combined_number = models.CharField(_("number of the reform plan"), max_length=60, blank=True)
    combined_on = models.DateField(_("date of the reform plan"), null=True, blank=True)
    combined_document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document of the reform plan"),
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

    introduction = RichTextField(_("lead-in"), blank=True, features=TEXT_FEATURES)
    purposes = RichTextField(_("purposes"), blank=True, features=TEXT_FEATURES)
    requirements = RichTextField(_("requirements"), blank=True, features=TEXT_FEATURES)
    contents = RichTextField(_("content of outreach"), blank=True, features=TEXT_FEATURES)
    forms = RichTextField(_("forms of outreach"), blank=True, features=TEXT_FEATURES)
    audiences = RichTextField(_("audiences"), blank=True, features=TEXT_FEATURES)
    timing = RichTextField(_("time of implementation"), blank=True, features=TEXT_FEATURES)
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
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)
    review_notes = models.JSONField(
        _("to be checked by a person"), default=list, blank=True, editable=False
    )

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="plan",
        for_concrete_model=False,
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
        if self.pk:  # withdrawn meanwhile: no draft and no open form takes that back
            own = Plan.objects.filter(pk=self.pk).values_list("withdrawn_on", flat=True)
            self.withdrawn_on = own.first()
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
        """Return the revision's plan; what is the row's own, not a draft's, stays as it is."""
        plan: Plan = super().with_content_json(content)
        plan.review_notes = self.review_notes
        plan.derived_from_id = self.derived_from_id
        plan.withdrawn_on = self.withdrawn_on
        return plan

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> Any:
        """Make a version public. Raises ``RefusedError`` for the person who changed it last.

        The clock and commands, which are nobody, are not asked: a person was.
        """
        if reason := why_not(self, user, revision):
            raise RefusedError(reason)
        if self.live and self.amendments.filter(issued_at=None, dropped_at=None).exists():
            raise RefusedError(_("An amendment of this plan is open: its texts count with it."))
        return super().publish(revision, user=user, **kwargs)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "campaigns/plan.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        return {**context, **self.shown()}

    def shown(self) -> dict[str, Any]:
        """Return what the public page shows of the plan, or of a draft of it."""
        return {
            "plan": self,
            "groups": assignment_table(self),
            "bases": bases_of(self),
            "annexes": annexes_of(self),
            "amendments": self.amendments.exclude(issued_at=None)
            .select_related("document")
            .order_by("issued_at", "pk")
            if self.pk
            else [],
            "withdrawal": self.withdrawals.filter(undone_at=None).first() if self.pk else None,
        }

    @property
    def label(self) -> str:
        """The number, or until there is one the abstract."""
        return self.number or self.title
