"""What a person is asked before a step is done."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.text import nfc
from editorial.models.overrides import SHORTEST_REASON, Override
from portal.corrections.forms import CorrectionForm

LONGEST_COMMENT = 2000


def comment_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=pgettext_lazy("review", "Comment"),
        required=required,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def accept_field() -> forms.BooleanField:
    return forms.BooleanField(label=_("Publish in spite of the warnings"), required=False)


class ApprovalForm(forms.Form):
    """Approve, or forward, with or without a comment."""

    comment = comment_field(required=False)
    accept_warnings = accept_field()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ReturnForm(ApprovalForm):
    """Send back, saying what has to be changed."""

    accept_warnings = None  # type: ignore[assignment]
    comment = forms.CharField(
        label=pgettext_lazy("review", "Comment"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in the comment what has to be changed.")},
    )


class CorrectingForm(CorrectionForm):
    """Approve a change to an item that readers have seen."""

    comment = comment_field(required=False)
    accept_warnings = accept_field()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class OverrideForm(forms.Form):
    """Publish urgently, without a second person."""

    override_reason = forms.CharField(
        label=_("Why this cannot wait for a second person"),
        min_length=SHORTEST_REASON,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Reviewed afterwards by another member of the editorial board."),
    )
    accept_warnings = accept_field()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_override_reason(self) -> str:
        return nfc(self.cleaned_data["override_reason"]).strip()


class VerdictForm(forms.ModelForm[Override]):
    """What another approver thinks of an urgent publication."""

    class Meta:
        model = Override
        fields: ClassVar[list[str]] = ["verdict", "note"]
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["verdict"] = forms.ChoiceField(
            label=_("Verdict"), choices=Override.Verdict.choices, widget=forms.RadioSelect
        )
