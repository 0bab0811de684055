"""The form every page of ours is edited with."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import ngettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm

TOO_LONG = ngettext_lazy(
    "Too long: at most %(limit_value)d character, now %(show_value)d. Nothing was cut: please "
    "shorten the text.",
    "Too long: at most %(limit_value)d characters, now %(show_value)d. Nothing was cut: please "
    "shorten the text.",
    "limit_value",
)


class BasePageForm(WagtailAdminPageForm):
    """Refuses a text that is too long instead of letting the browser cut it off on pasting."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != "slug" and isinstance(field, forms.CharField) and field.max_length:
                field.widget.attrs.pop("maxlength", None)
                for validator in field.validators:
                    if isinstance(validator, MaxLengthValidator):
                        validator.message = TOO_LONG
