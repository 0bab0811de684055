"""Forms of agencies' own plans."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from campaigns.admin.forms import ActivityForm
from campaigns.admin.slot_forms import DocumentField
from campaigns.models import Activity, Plan


class DeriveForm(forms.Form):
    """What a plan of the agency's own is called."""

    title = forms.CharField(label=gettext_lazy("Abstract"), max_length=500)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class FoldForm(forms.Form):
    """The reform plan that took the lines in."""

    number = forms.CharField(
        label=gettext_lazy("Number and symbol"),
        max_length=60,
        help_text=gettext_lazy("Of the administrative reform plan, as written."),
    )
    issued_on = forms.DateField(label=gettext_lazy("Date of issue"), widget=AdminDateInput)
    title = forms.CharField(label=gettext_lazy("Abstract"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"] = DocumentField(label=_("The reform plan as a file"))

    def clean_issued_on(self) -> Any:
        day = self.cleaned_data["issued_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The date of issue is still to come."))
        return day

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class TextsForm(WagtailAdminModelForm):
    """The agency's own texts; a file replaces the one before."""

    class Meta:
        model = Plan
        fields: ClassVar[list[str]] = [
            "title",
            "number",
            "issued_on",
            "signer",
            "signer_title",
            "introduction",
            "purposes",
            "contents",
            "forms",
            "audiences",
            "funding",
            "implementation",
            "recipients",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "issued_on"):
            self.fields[name].required = False
        if self.instance.kind == Plan.Kind.COMBINED:
            for name in self.Meta.fields[3:]:
                del self.fields[name]
        self.fields["file"] = DocumentField(label=_("The signed plan as a file"), required=False)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class LineForm(ActivityForm):
    """A line of the agency's plan: who leads it is settled."""

    class Meta:
        model = Activity
        fields: ClassVar[list[str]] = [
            "serial",
            "heading",
            "content",
            "form",
            "partner_text",
            "deadline_text",
            "quantity_text",
            "product",
            "budget_text",
            "note",
        ]


class ReasonForm(forms.Form):
    """Why a plan is returned."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
