"""Forms of reports and periods."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from campaigns.reporting.actions import NARRATIVES
from campaigns.reporting.lines import LineRow
from campaigns.reporting.models import Report, ReportingPeriod
from organisations.models import Organisation

MOST_MONEY = 10**15
HEAD = ("agencies", "number", "issued_on", "signer", "signer_title", "addressees", "recipients")


class ReportForm(forms.ModelForm[Report]):
    """The texts of a report, with the money spent on each line; ``seen``: the revision read."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields: ClassVar[list[str]] = [*NARRATIVES, *HEAD]
        widgets: ClassVar[dict[str, Any]] = {
            **{name: forms.Textarea(attrs={"rows": 6}) for name in NARRATIVES},
            "addressees": forms.Textarea(attrs={"rows": 2}),
            "recipients": forms.Textarea(attrs={"rows": 4}),
            "issued_on": AdminDateInput,
        }

    def __init__(self, *args: Any, rows: list[LineRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.revision
        self.rows = rows
        for row in rows if not self.instance.is_roll_up else ():
            self.fields[f"spent-{row.activity.pk}"] = forms.IntegerField(
                label=str(row.activity),
                required=False,
                min_value=0,
                max_value=MOST_MONEY,
                initial=row.spent,
            )

    @property
    def narratives(self) -> list[forms.BoundField]:
        return [self[name] for name in NARRATIVES]

    @property
    def head(self) -> list[forms.BoundField]:
        return [self[name] for name in HEAD]

    @property
    def money(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("spent-")]

    def values(self) -> dict[str, Any]:
        """Return what to store, for a form that is valid."""
        found = {name: self.cleaned_data[name] for name in (*NARRATIVES, *HEAD)}
        if not self.instance.is_roll_up:
            spent = {
                str(row.activity.pk): self.cleaned_data[f"spent-{row.activity.pk}"]
                for row in self.rows
            }
            found["spending"] = {pk: amount for pk, amount in spent.items() if amount is not None}
        return found


class PeriodForm(forms.ModelForm[ReportingPeriod]):
    """A period; its code and year name it."""

    class Meta:
        model = ReportingPeriod
        fields: ClassVar[list[str]] = [
            "year", "code", "first", "last", "internal_due", "external_due",
        ]  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = dict.fromkeys(
            ("first", "last", "internal_due", "external_due"), AdminDateInput
        )


class YearForm(forms.Form):
    """The year whose periods are to be made."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)


class ReasonForm(forms.Form):
    """Why a report is returned."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class AgencyForm(forms.Form):
    """Which agency reports; not asked of people of one agency only."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label="")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.label = _("Agency")
        groups = Organisation.Kind.GROUP
        field.queryset = user.organisations.exclude(kind=groups).order_by("name", "pk")
