"""The first page of the wizard: what happens, to whom, from when, by which decision."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput

from organisations.models import Organisation, OrganisationQuerySet
from organisations.models.changes import Change
from organisations.reorganising.wishes import NewName, Wish

MAX_NEW = 50


class Picked(forms.CheckboxSelectMultiple):
    """A long list to tick, with a field that narrows it as one types; all of it without scripts."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "picked", **(attrs or {})})

    class Media:
        js: ClassVar[list[str]] = ["organisations/picked.js"]
        css: ClassVar[dict[str, list[str]]] = {"all": ["organisations/picked.css"]}


def by_level(agencies: OrganisationQuerySet) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the agencies by level, from the highest down, each level by name."""
    rows = list(agencies)
    levels = [
        (capfirst(str(label)), [(row.pk, row.name) for row in rows if row.level == level])
        for level, label in Organisation.Level.choices
    ]
    return [(label, members) for label, members in levels if members]


class WishForm(forms.Form):
    """A reorganisation as a person enters it; ``wish()`` gives what it says."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("reorganisation", "What happens"),
        choices=Change.choices,
        widget=forms.RadioSelect,
    )
    olds = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Agencies that it happens to"),
        widget=Picked,
    )
    into = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Existing agencies that take over"),
        required=False,
        widget=Picked,
    )
    new = forms.CharField(
        label=gettext_lazy("New names"),
        required=False,
        max_length=10_000,
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy(
            "Of agencies to be made, or of the one that changes its name: one on each line, with "
            "its short name after a vertical bar, for example: Sở Nội vụ | SNV"
        ),
    )
    goes_on = forms.BooleanField(
        label=gettext_lazy("The agency that is split goes on"),
        required=False,
        help_text=gettext_lazy("It only gives off a part."),
    )
    date = forms.DateField(label=gettext_lazy("Takes effect on"), widget=AdminDateInput)
    decision = forms.CharField(label=gettext_lazy("Number of the decision"), max_length=60)
    decided_on = forms.DateField(
        label=gettext_lazy("Date of the decision"), required=False, widget=AdminDateInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = Organisation.objects.exclude(kind=Organisation.Kind.GROUP)
        for name, queryset in (("olds", agencies), ("into", agencies.filter(valid_to=None))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  narrows the type
            field.queryset = queryset
            # Agencies that ended are not offered; one that ended meanwhile is named by the check.
            field.choices = by_level(agencies.filter(valid_to=None))

    def clean_new(self) -> tuple[NewName, ...]:
        """Return the new names, an empty line is none."""
        lines = [line for line in self.cleaned_data["new"].splitlines() if line.strip()]
        if len(lines) > MAX_NEW:
            raise ValidationError(_("At most %d new names at a time.") % MAX_NEW)
        parts = (line.partition("|") for line in lines)
        return tuple(NewName(" ".join(name.split()), short.strip()) for name, _bar, short in parts)

    def wish(self) -> Wish:
        """Return what a valid form says."""
        values = self.cleaned_data
        return Wish(
            kind=Change(values["kind"]),
            olds=tuple(one.pk for one in values["olds"]),
            date=values["date"],
            decision=values["decision"].strip(),
            decided_on=values["decided_on"],
            into=tuple(one.pk for one in values["into"]),
            new=values["new"],
            goes_on=values["goes_on"],
        )
