"""The forms pictures and documents are uploaded with."""

import zlib
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class PictureField(WagtailImageField):
    """Refuses a picture that breaks off in the middle; Wagtail knows only of broken heads."""

    def check_image_pixel_size(self, f: Any) -> None:
        try:
            super().check_image_pixel_size(f)  # decodes all of it
        except (OSError, SyntaxError, EOFError, ValueError, zlib.error) as error:
            raise ValidationError(
                self.error_messages["invalid_image"], code="invalid_image"
            ) from error


class PictureForm(BaseImageForm):
    """Asks what a picture shows, and says plainly why a file cannot be taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "description" in self.fields:
            field = self.fields["description"]
            field.required = True
            field.label = _("Description")
            field.help_text = _("What the picture shows, for readers who cannot see it.")
        if "rights" in self.fields:
            # A new upload leaves the question open rather than guess.
            self.fields["rights"].required = False
        if "file" in self.fields:
            plain = self.fields["file"]
            field = PictureField(label=plain.label, widget=plain.widget, required=plain.required)
            field.error_messages.update(upload_errors())
            field.help_text = _("%(formats)s; at most %(size)s.") % limits()
            self.fields["file"] = field


class AttachmentForm(BaseDocumentForm):
    """Says plainly why a document cannot be taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            size = filesizeformat(settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
            field = self.fields["file"]
            field.help_text = _("At most %(size)s.") % {"size": size}
            field.error_messages["file_too_large"] = too_large(size)


def too_large(size: str) -> str:
    return _("The file is too large. Please choose one of at most %(size)s.") % {"size": size}


def limits() -> dict[str, Any]:
    """Return the limits of an upload in words: formats, file size, megapixels."""
    return {
        "formats": ", ".join(settings.WAGTAILIMAGES_EXTENSIONS).upper(),
        "size": filesizeformat(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE),
        "megapixels": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000,
    }


def upload_errors() -> dict[str, str]:
    """Return our messages by Wagtail's error codes, keeping the placeholders Wagtail fills in."""
    limit = limits()
    return {
        "invalid_image": _("This file is not a picture, or it is damaged. Please choose another."),
        "invalid_image_extension": _("This kind of file cannot be used. Please choose %(formats)s.")
        % limit,
        "invalid_image_known_format": _(
            "The name of the file says %(extension)s, but it is a picture of the kind "
            "%(image_format)s. Please save it again in the right format."
        ),
        "file_too_large": too_large(limit["size"]),
        "file_too_large_unknown_size": too_large(limit["size"]),
        "file_too_many_pixels": _(
            "The picture has too many pixels. Please make it smaller: at most %(megapixels)s "
            "megapixels."
        )
        % limit,
    }
