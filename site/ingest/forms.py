"""The upload form of the importer."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from ingest.articles import EXTENSIONS


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A file field that takes several files and gives a list of them, even for one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyFilesInput(attrs={"accept": ",".join(EXTENSIONS)}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = data if isinstance(data, list | tuple) else [data]
        # What is in the files is judged by the reader, an empty file included.
        return [cast(UploadedFile[Any], super(ManyFilesField, self).clean(file)) for file in files]


class UploadForm(forms.Form):
    uploads = ManyFilesField(
        label=_("Files"),
        allow_empty_file=True,
        help_text=_("Text (.txt), saved pages (.html) or Word documents (.docx), 10 MB each."),
    )
