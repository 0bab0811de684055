"""How an agency answers the province's plan: with a plan of its own, or inside its reform plan."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models import Organisation


class OwnPlanQuerySet(models.QuerySet["OwnPlan"]):
    def of_agencies(self, organisations: models.QuerySet[Organisation]) -> Self:
        return self.filter(organisation__in=organisations)


class OwnPlan(models.Model):
    """One agency under one plan of the province: draft → submitted → accepted, or returned.

    ``plan`` is the agency's own document: of kind "separate" with the lines that bind the agency,
    or of kind "combined", which names the reform plan that took these lines in.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("agency's plan", "being written")
        SUBMITTED = "submitted", pgettext_lazy("agency's plan", "submitted")
        RETURNED = "returned", pgettext_lazy("agency's plan", "returned")
        ACCEPTED = "accepted", pgettext_lazy("agency's plan", "accepted")

    parent = models.ForeignKey(
        "campaigns.Plan",
        on_delete=models.PROTECT,
        related_name="answers",
        verbose_name=_("plan it carries out"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="own_plans", verbose_name=_("agency")
    )
    plan = models.OneToOneField(
        "campaigns.Plan",
        on_delete=models.PROTECT,
        related_name="own",
        verbose_name=_("the agency's plan"),
    )
    state = models.CharField(
        pgettext_lazy("agency's plan", "state"),
        max_length=10,
        choices=State,
        default=State.DRAFT,
        editable=False,
    )
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

    objects = OwnPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency's own plan")
        verbose_name_plural = _("agencies' own plans")
        ordering: ClassVar[list[str]] = ["-parent__year", "parent", "organisation", "pk"]
        permissions = [  # noqa: RUF012 - typed by the stubs
            ("write_ownplan", "Can write and submit the own agency's plan"),
            ("accept_ownplan", "Can accept and return the plans of agencies"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["parent", "organisation"],
                name="own_plan_once",
                violation_error_message=_("The agency already answers this plan."),
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_reason=""),
                name="own_plan_returned_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.plan.label}"

    @property
    def is_open(self) -> bool:
        """Whether the agency may change it."""
        return self.state in {self.State.DRAFT, self.State.RETURNED}

    @property
    def is_folded(self) -> bool:
        """Whether the lines stand in the agency's reform plan."""
        return self.plan.kind == self.plan.Kind.COMBINED
