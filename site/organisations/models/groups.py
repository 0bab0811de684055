"""Whom a group of agencies stands for, by rule and by name, each with its days."""

from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey

from organisations.models.agencies import Organisation


class GroupRule(models.Model):
    """Every agency of this level, kind and superior body belongs to the group, while it exists.

    What is left empty does not matter; an agency belongs if any rule of the group takes it.
    """

    group = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="rules")
    level = models.CharField(
        pgettext_lazy("organisation", "level"),
        max_length=10,
        choices=Organisation.Level,
        blank=True,
    )
    kind = models.CharField(
        pgettext_lazy("organisation", "kind"),
        max_length=12,
        choices=[choice for choice in Organisation.Kind.choices if choice[0] != "group"],
        blank=True,
    )
    parent = models.ForeignKey(
        Organisation,
        verbose_name=_("superior body"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("rule of a group")
        verbose_name_plural = _("rules of a group")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(level="", kind="", parent=None), name="group_rule_says_something"
            ),
        ]

    def __str__(self) -> str:
        parts = [self.get_level_display(), self.get_kind_display(), self.parent]
        return ", ".join(str(part) for part in parts if part)

    def clean(self) -> None:
        if not self.level and not self.kind and self.parent_id is None:
            raise ValidationError(_("A rule needs a level, a kind or a superior body."))


class GroupMembership(models.Model):
    """An agency that belongs to a group, or is left out of it, from a day to a day."""

    group = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(
        Organisation,
        verbose_name=_("agency"),
        on_delete=models.PROTECT,
        related_name="dated_groups",
    )
    excluded = models.BooleanField(
        _("left out"),
        default=False,
        help_text=_("Although a rule or the list of members names it."),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership of a group")
        verbose_name_plural = _("memberships of a group")
        ordering: ClassVar[list[str]] = ["member__name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(group=F("member")), name="member_is_another"),
        ]

    def __str__(self) -> str:
        return str(self.member)

    def clean(self) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The last day is before the first.")})

    def is_valid_on(self, day: date) -> bool:
        """Tell whether it holds on that day, first and last day included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or self.valid_to >= day
        )
