"""What a person wants to see of the slots: year, plan, agency, status, form, month."""

import calendar
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.models import Activity, Plan
from campaigns.showing import scope
from campaigns.showing.naming import Naming
from campaigns.slots.models import SlotQuerySet
from campaigns.slots.status import Status
from organisations.models import Organisation

FORM_SHOWN = 80  # characters of a form, which plans write as a sentence


def due_between(slots: SlotQuerySet, first: date, last: date) -> SlotQuerySet:
    """Return the slots whose last day, extensions included, lies in these days."""
    return slots.filter(
        Q(extended_to__range=(first, last)) | Q(extended_to=None, due_on__range=(first, last))
    )


def month_of(year: int, month: int) -> tuple[date, date]:
    """Return first and last day of the month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


class SlotFilter(forms.Form):
    """Narrows the slots a person may see. Nothing chosen is everything of this year."""

    year = forms.TypedChoiceField(
        label=gettext_lazy("Year"), required=False, coerce=int, empty_value=None
    )
    plan = forms.ModelChoiceField(
        Plan.objects.none(),
        label=gettext_lazy("Plan"),
        required=False,
        empty_label=gettext_lazy("All plans"),
    )
    agency = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Agency"),
        required=False,
        empty_label=gettext_lazy("All agencies"),
    )
    status = forms.ChoiceField(label=pgettext_lazy("slot", "Status"), required=False)
    form = forms.ChoiceField(label=pgettext_lazy("activity", "form"), required=False)
    month = forms.TypedChoiceField(
        label=gettext_lazy("Month"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, data: Any, user: Any, without: tuple[str, ...] = ()) -> None:
        super().__init__(data)
        self.user = user
        self.implied: set[str] = set()  # what the page chose, and not the person
        self.naming: Naming | None = None  # whose slots an agency's are, where the page asks that
        plans = scope.plans_for(user)
        self.years = sorted(set(plans.order_by().values_list("year", flat=True)), reverse=True)
        everything = ("", _("All"))
        fields: Any = self.fields
        fields["year"].choices = [(year, str(year)) for year in self.years]
        fields["plan"].queryset = plans
        fields["agency"].queryset = scope.agencies_for(user)
        fields["status"].choices = [everything, *Status.choices]
        fields["form"].choices = [everything, *self.forms()]
        fields["month"].choices = [
            everything,
            *((number, _("Month %(number)d") % {"number": number}) for number in range(1, 13)),
        ]
        self.initial["year"] = self.this_year
        for name in without:
            del fields[name]

    @property
    def this_year(self) -> int:
        """The year of today, or the newest that has a plan."""
        today = timezone.localdate().year
        return today if today in self.years or not self.years else self.years[0]

    def forms(self) -> list[tuple[str, str]]:
        """Return the forms of outreach that these years' plans name, as written."""
        rows = Activity.objects.filter(plan__in=scope.plans_for(self.user).order_by())
        found = sorted(set(rows.exclude(form="").order_by().values_list("form", flat=True)))
        return [
            (form, form if len(form) <= FORM_SHOWN else f"{form[: FORM_SHOWN - 1].rstrip()}…")
            for form in found
        ]

    @property
    def chosen(self) -> dict[str, Any]:
        """What is chosen, the empty left out."""
        if not self.is_bound or not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def year_shown(self) -> int:
        plan = self.chosen.get("plan")
        return plan.year if plan else self.chosen.get("year") or self.this_year

    @property
    def is_filtering(self) -> bool:
        return bool(set(self.chosen) - {"year", *self.implied})

    @property
    def statuses(self) -> list[Status]:
        """The statuses wanted; none stands for all."""
        wanted = self.chosen.get("status")
        return [Status(wanted)] if wanted else []

    def slots(self) -> SlotQuerySet:
        """Return the slots that fit, in any status. What cannot be read finds nothing."""
        rows = scope.slots_for(self.user)
        if self.is_bound and not self.is_valid():
            return rows.none()
        chosen = self.chosen
        if plan := chosen.get("plan"):
            rows = rows.filter(activity__plan=plan)
        elif "year" in self.fields:
            rows = rows.filter(activity__plan__year=self.year_shown)
        if agency := chosen.get("agency"):
            members = self.naming.members(agency.pk) if self.naming else {agency.pk}
            rows = rows.filter(organisation__in=members)
        if form := chosen.get("form"):
            rows = rows.filter(activity__form=form)
        if month := chosen.get("month"):
            rows = due_between(rows, *month_of(self.year_shown, month))
        return rows

    def listed(self, today: date) -> SlotQuerySet:
        """Return the slots that fit in everything, with their status, to list them."""
        rows = self.slots()
        if statuses := self.statuses:
            return rows.in_status(*statuses, today=today)
        return rows.with_status(today)
