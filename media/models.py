"""Pictures and documents as the newsroom needs them: described, credited, searchable."""

from datetime import date
from typing import Any, ClassVar

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage
from wagtail.search import index

from core.storage import PRIVATE, is_private
from media.sounds import seconds_of


def place_of_document(document: "Attachment", filename: str) -> str:
    """Return where an uploaded document goes: private ones where no proxy serves them."""
    return f"{PRIVATE if document.is_kept_private else 'documents/'}{filename}"


class Rights(models.TextChoices):
    """Why a picture may be used."""

    OWN = "own", pgettext_lazy("rights", "made by the office")
    PERMISSION = "permission", pgettext_lazy("rights", "with permission")
    LICENCE = "licence", pgettext_lazy("rights", "under a free licence, in the public domain")
    BOUGHT = "bought", pgettext_lazy("rights", "bought")
    UNCLEAR = "unclear", pgettext_lazy("rights", "not settled yet")


class Picture(AbstractImage):
    """A picture with the description, credit and rights that go wherever the picture goes."""

    is_kept_private = False  # set before a new file is saved: evidence, not for everybody
    credit = models.CharField(
        _("credit"), max_length=200, blank=True, help_text=_("Photographer or source.")
    )
    rights = models.CharField(
        _("right of use"), max_length=12, choices=Rights, default=Rights.UNCLEAR
    )
    rights_note = models.CharField(
        _("about the right of use"),
        max_length=300,
        blank=True,
        help_text=_("Name of the licence, who gave permission and when, for what."),
    )
    rights_until = models.DateField(
        _("may be used until"), null=True, blank=True, help_text=_("Empty: without an end.")
    )
    rights_document = models.ForeignKey(
        "media.Attachment",
        verbose_name=_("written permission"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    admin_form_fields = (
        *WagtailImage.admin_form_fields,
        "credit",
        "rights",
        "rights_note",
        "rights_until",
        "rights_document",
    )
    search_fields: ClassVar[list[index.BaseField]] = [
        *AbstractImage.search_fields,
        index.SearchField("credit"),
        index.AutocompleteField("credit"),
        index.SearchField("description"),
        index.AutocompleteField("description"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions: ClassVar[list[tuple[str, str]]] = [("choose_picture", "Can choose picture")]

    @property
    def default_alt_text(self) -> str:
        return self.description or ""

    def rights_problem(self, day: date) -> str:
        """Return why the picture should not be used on that day, for people; "" if it may be."""
        if self.rights_until is not None and self.rights_until < day:
            return gettext("The right to use “%(title)s” ended on %(day)s.") % {
                "title": self.title,
                "day": f"{self.rights_until:%d/%m/%Y}",
            }
        if self.rights == Rights.UNCLEAR:
            return gettext("Nobody has settled whether “%(title)s” may be used.") % {
                "title": self.title
            }
        return ""

    def get_upload_to(self, filename: str) -> str:
        """Return where the file goes: private ones where no proxy serves them."""
        path = str(super().get_upload_to(filename))
        return f"{PRIVATE}{path.rpartition('/')[2]}" if self.is_kept_private else path

    def generate_rendition_file(self, *args: Any, **kwargs: Any) -> ContentFile[bytes]:
        """Return the rendition in memory; Wagtail leaves its temporary file open."""
        with super().generate_rendition_file(*args, **kwargs) as made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)


class Rendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    def get_upload_to(self, filename: str) -> str:
        """Return where the smaller copy goes: with a private picture, into privacy."""
        path = str(super().get_upload_to(filename))
        return f"{PRIVATE}{path}" if is_private(self.image.file.name) else path

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="rendition_once"
            )
        ]


class Attachment(AbstractDocument):
    """A file to download, such as the signed scan of a plan."""

    is_kept_private = False  # set before a new file is saved: evidence, not for everybody

    file = models.FileField(_("file"), upload_to=place_of_document)
    # Of a recording, 0 when the file does not tell; None: nobody asked yet.
    seconds = models.FloatField(null=True, editable=False)

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions: ClassVar[list[tuple[str, str]]] = [
            ("choose_attachment", "Can choose attachment")
        ]

    @property
    def is_sound(self) -> bool:
        return str(self.content_type).startswith("audio/")

    @property
    def length(self) -> float:
        """How many seconds the recording lasts; 0 for other files and where nobody knows.

        The file is opened the first time only. One that is not there has no length, for now.
        """
        if not self.is_sound:
            return 0.0
        if self.seconds is None:
            self._measure()
            if self.pk and self.seconds is not None:
                type(self).objects.filter(pk=self.pk).update(seconds=self.seconds)
        return self.seconds or 0.0

    def _set_document_file_metadata(self) -> None:
        """Note what Wagtail notes of a new file, and its length."""
        super()._set_document_file_metadata()
        self.seconds = None
        if self.is_sound:
            self._measure()

    def _measure(self) -> None:
        try:
            with self.open_file() as file:
                self.seconds = seconds_of(file, self.file.name or "")
        except OSError:
            self.seconds = None
