"""What a person says of something carried by hand."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from core.text import nfc
from media.forms import PictureField, limits, upload_errors


class ProofForm(forms.Form):
    """A photo, an address or a few words: at least one of them.

    ``gives_up``: it will not be done, and the words say why.
    """

    photo = PictureField(label=_("Photo"), required=False)
    address = forms.CharField(
        label=_("Address of the post"),
        required=False,
        max_length=500,
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Where it can be seen, if it can be seen on the web."),
    )
    note = forms.CharField(
        label=_("What was done"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: where, how many copies, or why it will not be done."),
    )

    def __init__(self, *args: Any, gives_up: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gives_up = gives_up
        photo = self.fields["photo"]
        photo.error_messages.update(upload_errors())
        photo.help_text = _("%(formats)s; at most %(size)s.") % limits()

    def clean_note(self) -> str:
        return nfc(self.cleaned_data["note"]).strip()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        if self.gives_up and not data["note"]:
            self.add_error("note", _("Say why it will not be done."))
        elif not (data["note"] or data["photo"] or data["address"]):
            raise ValidationError(_("Add a photo, an address or a few words as proof."))
        return data
