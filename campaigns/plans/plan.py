"""The outreach plan: what its document says."""

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
            _("Not deleted: evidence, decisions or events of it are on record, and are kept.")
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
