"""What was brought in from outside, so that nothing comes in twice."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ingest.articles import ImportedArticle


class ImportedFileQuerySet(models.QuerySet["ImportedFile"]):
    def waiting(self) -> "ImportedFileQuerySet":
        """Files that were understood but have no draft yet, or whose draft was deleted."""
        return self.filter(page=None)


class ImportedFile(models.Model):
    """A file that was read: what was understood of it, and the draft that came of it.

    Known by the digest of its content: the same content under another name is the same file.
    """

    name = models.CharField(_("file name"), max_length=255)
    digest = models.CharField(_("SHA-256"), max_length=64, unique=True)
    article = models.JSONField(_("as understood"))
    page = models.ForeignKey(
        "portal.ArticlePage",
        verbose_name=_("draft"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="imported_from",
    )
    warnings = models.JSONField(_("warnings"), default=list)
    are_warnings_seen = models.BooleanField(_("warnings were shown in the editor"), default=False)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("imported by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    imported_at = models.DateTimeField(_("imported at"), auto_now=True)

    objects = ImportedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering: ClassVar[list[str]] = ["-imported_at", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def understood(self) -> ImportedArticle:
        """The article as it was read from the file."""
        return ImportedArticle.from_json(self.article)
