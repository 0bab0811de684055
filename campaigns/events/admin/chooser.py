"""Choosing the event an article is about, among those of public plans."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from campaigns.events.models import Event


class EventSearch(BaseFilterForm):
    """Words of the event's name."""

    q = forms.CharField(
        label=gettext_lazy("Search term"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Search")}),
    )

    def filter(self, objects: Any) -> Any:
        objects = super().filter(objects)
        for word in self.cleaned_data.get("q", "").split()[:8]:
            objects = objects.filter(name__icontains=word)
        return objects


class Chosen:
    """Lists events, the latest first."""

    filter_form_class = EventSearch
    ordering: ClassVar[list[str]] = ["-starts_at", "pk"]

    def get_object_list(self) -> Any:
        return Event.objects.public().select_related("host")

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,  # type: ignore[misc]
            Column("time", label=gettext_lazy("Time"), accessor="time_label"),
            Column("host", label=gettext_lazy("Host agency")),
        ]


class EventChooseView(Chosen, chooser.ChooseView):
    """The window that opens."""


class EventChooseResultsView(Chosen, chooser.ChooseResultsView):
    """The list in it, as one types."""


class EventChooserViewSet(ChooserViewSet):
    """Choosing the event an article is about."""

    model = Event
    choose_view_class = EventChooseView
    choose_results_view_class = EventChooseResultsView
    icon = "group"
    choose_one_text = gettext_lazy("Choose an event")
    choose_another_text = gettext_lazy("Choose another event")
    edit_item_text = gettext_lazy("Look at this event")
