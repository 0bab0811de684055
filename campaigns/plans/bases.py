"""Legal bases as dated records: what plans are founded on, and since and until when it holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable
from wagtail.search import index

from core.text import fold
from media.documents.wording import day_words

if TYPE_CHECKING:
    from campaigns.plans.plan import Plan

# Laws are cited by their name and date alone, other documents with number and authority.
_NAMED = {"luat", "bo luat", "hien phap", "phap lenh"}


class LegalBasisQuerySet(models.QuerySet["LegalBasis"]):
    def in_force_on(self, day: date) -> Self:
        """Those that hold on that day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )


class LegalBasis(index.Indexed, models.Model):
    """A document of the law or of the province that plans name with "Căn cứ …"."""

    kind = models.CharField(
        _("kind of document"),
        max_length=60,
        help_text=_("As written: Luật, Nghị quyết, Nghị định, Quyết định."),
    )
    number = models.CharField(_("number and symbol"), max_length=60, blank=True)
    authority = models.CharField(_("issuing authority"), max_length=160, blank=True)
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    title = models.CharField(
        _("abstract"),
        max_length=500,
        help_text=_("As it goes on after the authority: “về công tác văn thư”; of a law its name."),
    )
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(
        _("in force until"), null=True, blank=True, help_text=_("The last day on which it holds.")
    )
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    url = models.URLField(_("address"), max_length=500, blank=True)

    objects = LegalBasisQuerySet.as_manager()
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("number", boost=3),
        index.AutocompleteField("number"),
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("kind"),
        index.SearchField("authority"),
    ]

    class Meta:
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        ordering: ClassVar[list[str]] = ["kind", "-issued_on", "number", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["number", "issued_on", "authority"],
                condition=~Q(number=""),
                name="basis_once",
                violation_error_message=_("This document is on the list already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="basis_begins_before_it_ends",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.number, self.title)))

    @property
    def words(self) -> str:
        """As a plan names it, without "Căn cứ" and without a mark at the end."""
        day = day_words(self.issued_on) if self.issued_on else ""
        if fold(self.kind) in _NAMED:
            return " ".join(filter(None, (self.kind, self.title, day)))
        number = f"số {self.number}" if self.number else ""
        authority = f"của {self.authority}" if self.authority else ""
        return " ".join(filter(None, (self.kind, number, day, authority, self.title)))

    def successor_on(self, day: date) -> LegalBasis | None:
        """Return what took its place and holds on that day, through several steps; or ``None``."""
        seen: set[int] = set()
        later = self.replaced_by
        while later is not None and not later.is_in_force_on(day) and later.pk not in seen:
            seen.add(later.pk)
            later = later.replaced_by
        return later

    def is_in_force_on(self, day: date) -> bool:
        """Whether it holds on that day, as far as its dates are known."""
        began = self.valid_from is None or self.valid_from <= day
        return began and (self.valid_to is None or self.valid_to >= day)


class PlanBasis(Orderable):
    """That a plan is founded on it, in its place among the others."""

    plan = ParentalKey("campaigns.Plan", on_delete=models.CASCADE, related_name="plan_bases")
    basis = models.ForeignKey(
        LegalBasis,
        on_delete=models.PROTECT,
        related_name="plan_bases",
        verbose_name=_("legal basis"),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("legal basis")
        ordering: ClassVar[list[str]] = ["sort_order", "pk"]

    def __str__(self) -> str:
        return str(self.basis)


def bases_of(plan: Plan) -> list[LegalBasis]:
    """Return the bases of a plan or of a draft of it, in its order. Two queries for any number."""
    keys = [each.basis_id for each in plan.plan_bases.all()]
    rows = LegalBasis.objects.select_related("replaced_by").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def outdated(bases: Iterable[LegalBasis], day: date | None) -> list[LegalBasis]:
    """Return those that do not hold on the plan's date of issue, if that is known."""
    return [one for one in bases if day and not one.is_in_force_on(day)]
