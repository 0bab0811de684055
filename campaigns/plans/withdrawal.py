"""That a plan was withdrawn, by which document and why; and that this was taken back."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.plans.plan import Plan


class Withdrawal(models.Model):
    """A plan withdrawn before its end. Kept for ever; ``campaigns.plans.withdrawing`` writes it."""

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="withdrawals", verbose_name=_("plan")
    )
    day = models.DateField(
        _("withdrawn on"), help_text=_("What is due after this day is no longer asked for.")
    )
    number = models.CharField(_("number of the document"), max_length=60)
    issued_on = models.DateField(_("date of the document"))
    reason = models.TextField(_("reason"), max_length=2000)
    document = models.ForeignKey(
        "media.Attachment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("withdrawal of a plan")
        verbose_name_plural = _("withdrawals of plans")
        ordering: ClassVar[list[Any]] = ["made_at", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(undone_at=None), name="plan_withdrawn_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.number}"
