"""What is attached to a plan beside the table of its activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from campaigns.plans.texts import TEXT_FEATURES

if TYPE_CHECKING:
    from campaigns.plans.plan import Plan


class Annex(Orderable):
    """An annex with a title: a text that is printed with the plan, or a file beside it."""

    plan = ParentalKey("campaigns.Plan", on_delete=models.CASCADE, related_name="annexes")
    title = models.CharField(gettext_lazy("title"), max_length=255)
    text = RichTextField(gettext_lazy("text"), blank=True, features=TEXT_FEATURES)
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("file"),
    )

    class Meta(Orderable.Meta):
        verbose_name = gettext_lazy("annex")
        ordering: ClassVar[list[str]] = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse an annex of a title alone."""
        super().clean()
        if not self.text and not self.document_id:
            raise ValidationError(_("An annex needs a text or a file."))


def annexes_of(plan: Plan) -> list[Annex]:
    """Return the annexes of a plan or of a draft of it, their files at hand. Two queries."""
    annexes = list(plan.annexes.all())
    prefetch_related_objects(annexes, "document")
    return annexes
