"""What agencies were called, and whom they were under, before."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from organisations.models.agencies import Organisation


def check_days(row: "OrganisationName | FormerParent") -> None:
    """Raise ``ValidationError`` where the last day comes before the first."""
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        raise ValidationError({"valid_to": _("The last day is before the first.")})


class OrganisationName(models.Model):
    """A former name, or another way documents write the name; plans are matched against these.

    One that is ``official`` was the agency's own name up to ``valid_to``; the present one stands in
    ``Organisation.name``.
    """

    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    official = models.BooleanField(
        _("was the official name then"),
        default=False,
        help_text=_("Reports of that time show it. Needs the last day on which it was valid."),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other and former names")
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(official=False),
                name="other_name_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "valid_to"],
                condition=Q(official=True),
                name="one_official_name_a_day",
            ),
            models.CheckConstraint(
                condition=Q(official=False) | Q(valid_to__isnull=False),
                name="official_name_has_a_last_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        check_days(self)
        if self.official and not self.valid_to:
            raise ValidationError(
                {"valid_to": _("Enter the last day on which this was the official name.")}
            )


class FormerParent(models.Model):
    """Whom an agency was under up to a day; nobody, where ``parent`` is empty.

    The present superior body stands in ``Organisation.parent``.
    """

    organisation = ParentalKey(
        Organisation, on_delete=models.CASCADE, related_name="former_parents"
    )
    parent = models.ForeignKey(
        Organisation,
        verbose_name=_("superior body"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="former_children",
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"))

    class Meta:
        verbose_name = _("former superior body")
        verbose_name_plural = _("former superior bodies")
        ordering: ClassVar[list[str]] = ["valid_to", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "valid_to"], name="one_superior_body_a_day"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("organisation")),
                name="superior_body_is_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.parent) if self.parent else "–"

    def clean(self) -> None:
        check_days(self)
