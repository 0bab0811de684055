"""What was published urgently, without a second person, and what was thought of it afterwards."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SHORTEST_REASON = 10  # characters


class OverrideQuerySet(models.QuerySet["Override"]):
    def unreviewed(self) -> Self:
        """Those nobody has looked at since."""
        return self.filter(reviewed_at=None)


class Override(models.Model):
    """One item published by the person who wrote it or changed it last, for a reason.

    ``story`` and ``title`` stay when the page is deleted.
    """

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", _("justified")
        UNJUSTIFIED = "unjustified", _("not justified")

    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=pgettext_lazy("newsroom", "item"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    story = models.UUIDField(_("identity"), db_index=True)
    title = models.CharField(_("title"), max_length=255)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="overrides",
    )
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("time"), auto_now_add=True)
    revision = models.ForeignKey(
        "wagtailcore.Revision", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewed by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="reviewed_overrides",
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("urgent publication")
        verbose_name_plural = _("urgent publications")
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["revision"], name="one_override_of_a_revision"),
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("user")),
                name="override_reviewed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title
