"""What a person is asked before a public item is changed, taken back or published again."""

from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField

from core.text import nfc
from organisations.models import Organisation, User
from portal.models import CorrectionMode, PhysicalCopy

SHORTEST_REASON = 5  # characters; "x" is no reason
LONGEST_NOTE = 500  # it stands first in a message of 1,024 characters
GAP = "“…”"
#: Starts the note off in the words of official notices; its gaps must be filled in.
NOTE_TEMPLATE = f"Bản tin trước ghi: {GAP}. Nay xin sửa lại là: {GAP}."


@dataclass(frozen=True, slots=True)
class Choice:
    """How a change is made known, as ``portal.gates.Consent.correction`` carries it."""

    reason: str  # for the house
    mode: CorrectionMode = CorrectionMode.SILENT
    note: str = ""  # for the public


class ReasonForm(forms.Form):
    """Why; asked in every case."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST_REASON,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For the editorial office; readers do not see it."),
    )

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"]).strip()


class CorrectionForm(ReasonForm):
    """Why, and whether readers are told. Any form that leads to publishing may carry it."""

    mode = forms.ChoiceField(
        label=_("How it is made known"),
        choices=CorrectionMode.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "With a note, the page shows a dated line, and feeds and groups are marked “Đính "
            "chính”."
        ),
    )
    note = forms.CharField(
        label=_("Note for the public"),
        required=False,
        initial=NOTE_TEMPLATE,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was wrong and what is right. Needed only with a public note."),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        note = nfc(data.get("note", "")).strip()
        noted = data.get("mode") == CorrectionMode.NOTED
        if noted and (not note or GAP in note):
            self.add_error("note", _("Write what was wrong and what is right."))
        data["note"] = note if noted else ""
        return data

    def choice(self) -> Choice:
        """Return what was chosen, once the form is valid."""
        data = self.cleaned_data
        return Choice(data["reason"], CorrectionMode(data["mode"]), data["note"])


class WithdrawalForm(ReasonForm):
    """Why an item is taken back, and what is said in its place."""

    note = forms.CharField(
        label=_("Note in its place"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands where the item was. Empty: only that it was withdrawn, and when."),
    )

    def choice(self) -> Choice:
        """Return what was chosen, once the form is valid."""
        note = nfc(self.cleaned_data["note"]).strip()
        mode = CorrectionMode.NOTED if note else CorrectionMode.SILENT
        return Choice(self.cleaned_data["reason"], mode, note)


class CopyForm(forms.ModelForm[PhysicalCopy]):
    """Records copies on paper, on air or on a wall."""

    class Meta:
        model = PhysicalCopy
        fields: ClassVar[list[str]] = ["kind", "place", "quantity", "organisation", "holder"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("last_name", "first_name", "pk")
        agencies = Organisation.objects.valid_on(timezone.localdate())
        for name, rows in (("organisation", agencies), ("holder", people)):
            field = cast(forms.ModelChoiceField[Any], self.fields[name])
            field.queryset = rows


class DoneForm(forms.Form):
    """Says what was done about a copy."""

    note = forms.CharField(
        label=_("What was done"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    photo = WagtailImageField(
        label=_("Photo"), required=False, help_text=_("Of the place as it is now.")
    )
