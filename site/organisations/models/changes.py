"""Who carries on whose work, and the decision by which it came so."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey

from organisations.models.agencies import Organisation


class Change(models.TextChoices):
    """What may happen to agencies."""

    MERGE = "merge", pgettext_lazy("reorganisation", "merger")
    SPLIT = "split", pgettext_lazy("reorganisation", "split")
    RENAME = "rename", pgettext_lazy("reorganisation", "change of name")
    DISSOLVE = "dissolve", pgettext_lazy("reorganisation", "dissolution")


class ReorganisationQuerySet(models.QuerySet["Reorganisation"]):
    def standing(self) -> Self:
        """Those that were not undone."""
        return self.filter(undone_at=None)


class Reorganisation(models.Model):
    """One merger, split, change of name or dissolution, as it was entered; and how to undo it.

    ``steps`` holds what was written, in order: see ``organisations.reorganising.steps``. Kept for
    ever, undone or not.
    """

    kind = models.CharField(_("what happens"), max_length=10, choices=Change)
    date = models.DateField(_("takes effect on"))
    decision = models.CharField(_("number of the decision"), max_length=60)
    decided_on = models.DateField(_("date of the decision"), null=True, blank=True)
    summary = models.TextField(_("summary"))
    # What the layers above brought in line, by the name of their function.
    followed = models.JSONField(default=dict, editable=False)
    # All agencies it is about, also those it made.
    organisations = models.ManyToManyField(
        Organisation, related_name="reorganisations", verbose_name=_("organisations")
    )
    steps = models.JSONField(default=list, editable=False, encoder=DjangoJSONEncoder)
    wish = models.JSONField(default=dict, editable=False)  # ``reorganising.wishes.Wish``
    # Empty until the day has come on which people, contacts and channels go to the successor.
    carried_at = models.DateTimeField(_("holdings handed over"), null=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    made_at = models.DateTimeField(_("entered at"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        ordering: ClassVar[list[str]] = ["-date", "-pk"]

    def __str__(self) -> str:
        return self.summary


class Succession(models.Model):
    """One agency carried on by another from a date. A merger is several rows with one ``new``."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("merged into")
        SPLIT = "split", _("split into")
        RENAME = "rename", _("renamed")
        DISSOLVE = "dissolve", _("dissolved, work taken over by")

    old = ParentalKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="succeeded_by",
        verbose_name=_("predecessor"),
    )
    new = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="succeeds",
        verbose_name=_("successor"),
    )
    date = models.DateField(_("date"))
    kind = models.CharField(pgettext_lazy("succession", "kind"), max_length=10, choices=Kind)
    decision = models.CharField(_("number of the decision"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering: ClassVar[list[str]] = ["date", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["old", "new"], name="succession_once"),
            models.CheckConstraint(condition=~Q(old=models.F("new")), name="succession_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
