"""What a reader of the list of plans may ask for."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from campaigns.models import Plan, PlanQuerySet
from organisations.models import Organisation


class PlanFilter(forms.Form):
    """Year, and the authority that issued the plan; what does not exist finds everything."""

    nam = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    # The names are part of the address.
    co_quan = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Issuing authority"),
        required=False,
        empty_label=_("All authorities"),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        live = Plan.objects.live()
        self.years = list(live.order_by("-year").values_list("year", flat=True).distinct())
        fields: Any = self.fields
        fields["nam"].choices = [("", _("All years")), *((year, str(year)) for year in self.years)]
        issued = live.order_by().filter(issuer=OuterRef("pk"))
        fields["co_quan"].queryset = Organisation.objects.filter(Exists(issued))

    @property
    def chosen(self) -> dict[str, Any]:
        """What was asked for and exists."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, plans: PlanQuerySet) -> PlanQuerySet:
        chosen = self.chosen
        if year := chosen.get("nam"):
            plans = plans.filter(year=year)
        if issuer := chosen.get("co_quan"):
            plans = plans.filter(issuer=issuer)
        return plans
