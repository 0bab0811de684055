"""Choosing the slot an article fulfils, among those of public plans that are asked for."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from campaigns.slots.models import Slot


class SlotSearch(BaseFilterForm):
    """Words of the activity, or of the agency's name."""

    q = forms.CharField(
        label=gettext_lazy("Search term"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Search")}),
    )

    def filter(self, objects: Any) -> Any:
        objects = super().filter(objects)
        for word in self.cleaned_data.get("q", "").split()[:8]:
            objects = objects.filter(
                Q(activity__content__icontains=word)
                | Q(organisation__name__icontains=word)
                | Q(organisation__short_name__icontains=word)
            )
        return objects


class Chosen:
    """Lists slots, the latest to be done first."""

    filter_form_class = SlotSearch
    ordering: ClassVar[list[str]] = ["-due_on", "activity", "organisation", "ordinal", "pk"]

    def get_object_list(self) -> Any:
        rows = Slot.objects.expected().filter(activity__plan__live=True)
        return rows.select_related("activity", "organisation")

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,  # type: ignore[misc]
            Column("activity", label=gettext_lazy("Activity")),
            Column(
                "due",
                label=gettext_lazy("Last day"),
                accessor=lambda slot: date_format(slot.due, "d/m/Y"),
            ),
        ]


class SlotChooseView(Chosen, chooser.ChooseView):
    """The window that opens."""


class SlotChooseResultsView(Chosen, chooser.ChooseResultsView):
    """The list in it, as one types."""


class SlotChooserViewSet(ChooserViewSet):
    """Choosing the slot an article fulfils."""

    model = Slot
    choose_view_class = SlotChooseView
    choose_results_view_class = SlotChooseResultsView
    icon = "date"
    choose_one_text = gettext_lazy("Choose a slot")
    choose_another_text = gettext_lazy("Choose another slot")
    edit_item_text = gettext_lazy("Look at this slot")
