"""Forms of the plan admin."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from campaigns.agencies import Directory
from campaigns.deadlines import ImpossibleDateError
from campaigns.models import Activity, Plan
from campaigns.understanding import Understanding, take_quantity, take_timing, understand
from organisations.models import Organisation

TIMING_FIELDS = {"start", "end", "recurrence", "rule"}
QUANTITY_FIELDS = {"target", "unit", "per", "per_agency", "total"}


class PlanForm(WagtailAdminModelForm):
    """A plan; the plan it carries out is another one."""

    def clean_title(self) -> str:
        """Return the abstract on one line; it is pasted from documents that break it."""
        return " ".join(self.cleaned_data["title"].split())

    def clean_slug(self) -> str:
        """Return the address; an emptied one stays what it was."""
        return self.cleaned_data["slug"] or self.instance.slug

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.instance.pk and cleaned.get("parent") == self.instance:
            self.add_error("parent", _("A plan cannot carry out itself."))
        is_combined = cleaned.get("kind") == Plan.Kind.COMBINED
        if is_combined and not self.errors and not cleaned.get("combined_number"):
            message = _("Give the number of the reform plan that this plan is part of.")
            self.add_error("combined_number", message)
        return cleaned


class ActivityForm(WagtailAdminModelForm):
    """One row of the table.

    Where a text was changed and the values read from it were not, they are read again; values a
    person entered stay. ``seen``: the edition of the row that the form was filled in upon.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.edition
        for name in ("leads", "partners"):
            if name in self.fields:
                self.fields[name].queryset = self.choosable(name)

    @property
    def plan(self) -> Plan:
        return self.instance.plan

    def choosable(self, name: str) -> QuerySet[Organisation]:
        """Agencies already chosen, then the others that exist on the plan's day."""
        day = self.plan.issued_on
        existing = Organisation.objects.valid_on(day) if day else Organisation.objects.all()
        chosen = getattr(self.instance, name).values("pk") if self.instance.pk else []
        posted = self.data.getlist(self.add_prefix(name)) if self.is_bound else []
        keys = [key for key in posted if key.isdigit()]
        found = Organisation.objects.filter(
            Q(pk__in=existing.values("pk")) | Q(pk__in=chosen) | Q(pk__in=keys)
        )
        first = Case(When(pk__in=chosen, then=0), default=1)
        return found.order_by(first, "name", "pk")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        try:
            self.understanding = self.read_texts(cleaned)
        except ImpossibleDateError as error:
            self.add_error("deadline_text", _("There is no such date: “%s”.") % error.args[0])
        return cleaned

    def read_texts(self, cleaned: dict[str, Any]) -> Understanding:
        draft = Activity()
        for name in ("lead_text", "partner_text", "deadline_text", "quantity_text", "budget_text"):
            setattr(draft, name, cleaned.get(name) or "")
        day = self.plan.issued_on
        directory = Directory.on(day) if day else Directory.today()
        return understand(draft, self.plan.year, directory)

    def _post_clean(self) -> None:
        super()._post_clean()
        if not hasattr(self, "understanding"):
            return
        changed = set(self.changed_data)
        if "deadline_text" in changed and not changed & TIMING_FIELDS:
            take_timing(self.instance, self.understanding.timing)
        if "quantity_text" in changed and not changed & QUANTITY_FIELDS:
            take_quantity(self.instance, self.understanding.quantity)
        if "budget_text" in changed and "budget_planned" not in changed:
            self.instance.budget_planned = self.understanding.budget
        for name, text, reading in (
            ("leads", "lead_text", self.understanding.leads),
            ("partners", "partner_text", self.understanding.partners),
        ):
            if text in changed and name not in changed:
                self.cleaned_data[name] = reading.found

    def doubts(self) -> list[str]:
        """Return what of the texts was not understood, for a message after saving."""
        return self.understanding.doubts() if hasattr(self, "understanding") else []


class DeriveForm(forms.Form):
    """What next year's plan needs to be told."""

    year = forms.IntegerField(label=gettext_lazy("Plan year"), min_value=2000, max_value=2100)
    number = forms.CharField(
        label=gettext_lazy("Number and symbol"),
        max_length=60,
        help_text=gettext_lazy("As written, for example 95/KH-UBND."),
    )
    issued_on = forms.DateField(
        label=gettext_lazy("Date of issue"),
        widget=AdminDateInput,
        help_text=gettext_lazy("Agencies that no longer exist on this day are replaced."),
    )

    def __init__(self, plan: Plan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year == self.plan.year:
            raise ValidationError(_("This is the year of the plan itself."))
        return year


class ImportForm(forms.Form):
    """A file, and what the file itself may not say."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("The table of activities as .docx, .xlsx or .tsv."),
        validators=[FileExtensionValidator(["docx", "xlsx", "tsv", "txt", "xlsm", "doc", "xls"])],
    )
    number = forms.CharField(
        label=gettext_lazy("Number and symbol"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Leave empty what the file itself says."),
    )
    issued_on = forms.DateField(
        label=gettext_lazy("Date of issue"), required=False, widget=AdminDateInput
    )
    title = forms.CharField(label=gettext_lazy("Abstract"), max_length=500, required=False)
    issuer = forms.ModelChoiceField(
        Organisation.objects.exclude(kind=Organisation.Kind.GROUP),
        label=gettext_lazy("Issuing authority"),
        required=False,
    )
    year = forms.IntegerField(
        label=gettext_lazy("Plan year"), required=False, min_value=2000, max_value=2100
    )
