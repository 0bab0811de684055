"""Letters of urging (công văn đôn đốc): to which agencies, about what, in which words."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models import Organisation


class UrgingLetter(models.Model):
    """One letter. Its words may be changed until it is issued; its table is as things stood."""

    plan = models.ForeignKey(
        "campaigns.Plan",
        on_delete=models.PROTECT,
        related_name="urging_letters",
        verbose_name=_("plan"),
    )
    issuer = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="urging_letters",
        verbose_name=_("issuing authority"),
    )
    number = models.CharField(
        _("number and symbol"),
        max_length=60,
        blank=True,
        help_text=_("For example 123/SNV-CCHC. Empty until it is issued."),
    )
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    subject = models.CharField(
        _("subject of the letter"), max_length=300, help_text=_("What follows after “V/v”.")
    )
    body = models.TextField(
        _("text of the letter"),
        help_text=_("One paragraph on each line; lines that begin with “1.” are numbered."),
    )
    answer_by = models.DateField(_("answer by"))
    signer = models.CharField(_("signatory"), max_length=120, blank=True)
    signer_title = models.CharField(_("position of the signatory"), max_length=120, blank=True)
    recipients = models.TextField(
        _("recipients"), blank=True, help_text=_("One recipient on each line.")
    )
    seen_on = models.DateField(_("as things stood on"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    issued_at = models.DateTimeField(pgettext_lazy("letter", "issued at"), null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("letter", "issued by"),
    )

    class Meta:
        verbose_name = _("letter of urging")
        verbose_name_plural = _("letters of urging")
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(issued_at=None) | (~Q(number="") & Q(issued_on__isnull=False)),
                name="issued_letter_has_number_and_date",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.subject

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None


class UrgedLine(models.Model):
    """One thing that an agency is urged to do, as it stood when the letter was made."""

    letter = models.ForeignKey(UrgingLetter, on_delete=models.CASCADE, related_name="lines")
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="urged", verbose_name=_("agency")
    )
    key = models.CharField(max_length=60, editable=False)
    serial = models.CharField(_("serial number"), max_length=20, blank=True)
    content = models.TextField(_("what"))
    due_day = models.DateField(_("last day"))
    state = models.CharField(pgettext_lazy("urged", "state"), max_length=120)

    class Meta:
        verbose_name = _("line of a letter of urging")
        verbose_name_plural = _("lines of letters of urging")
        ordering: ClassVar[list[str]] = ["letter", "agency__name", "due_day", "pk"]
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["letter", "key"], name="urged_once_in_a_letter"),
        ]

    def __str__(self) -> str:
        return self.content
