"""Rehearsals in the admin: list, start, look, play again, delete."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Count, QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateTimeInput

from core.finding import FoldedSearch
from core.ordering import OneOrder
from portal.models import Rehearsal, RehearsalState
from portal.rehearsal import views


class RehearsalForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is rehearsed, over which time, how fast."""

    class Meta:
        model = Rehearsal
        fields: ClassVar[list[str]] = [
            "name", "plan", "begins_at", "ends_at", "speed", "with_drafts", "with_faults",
        ]  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "begins_at": AdminDateTimeInput(),
            "ends_at": AdminDateTimeInput(),
        }


class IndexView(OneOrder, FoldedSearch, generic.IndexView):
    """The list; a click on the name leads to the rehearsal."""

    def get_base_queryset(self) -> QuerySet[Rehearsal]:
        return Rehearsal.objects.select_related("plan").annotate(number=Count("deliveries"))

    def get_edit_url(self, instance: Rehearsal) -> str:
        return self.get_inspect_url(instance)


class RehearsalViewSet(ModelViewSet):
    """Nothing in a rehearsal is changed afterwards: another one is started."""

    name = "portal_rehearsals"
    url_prefix = "rehearsals"
    model = Rehearsal
    icon = "media"
    menu_label = _("Rehearsal")
    menu_order = 135
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = IndexView
    add_view_class = views.StartView
    inspect_view_class = views.RehearsalView
    search_fields: ClassVar[list[str]] = ["name"]
    list_filter: ClassVar[list[str]] = ["state"]
    list_display: ClassVar[list[Any]] = [
        "name",
        Column("plan", label=_("Campaign"), accessor=lambda row: row.plan or _("the whole site")),
        DateColumn("begins_at", label=_("From"), sort_key="begins_at"),
        DateColumn("ends_at", label=_("Until"), sort_key="ends_at"),
        NumberColumn("number", label=_("Deliveries"), accessor="number"),
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor="get_state_display",
            primary=lambda row: row.state == RehearsalState.PLAYING,
            sort_key="state",
        ),
    ]

    def get_form_class(self, for_update: bool = False) -> type[RehearsalForm]:
        return RehearsalForm

    @property
    def message_view(self) -> Any:
        return self.construct_view(views.MessageView, **self.get_inspect_view_kwargs())

    def get_urlpatterns(self) -> list[URLPattern]:
        kept = [each for each in super().get_urlpatterns() if each.name != "edit"]
        return [
            *kept,
            path("edit/<str:pk>/", self.inspect_view, name="edit"),
            path("again/<int:pk>/", views.again, name="again"),
            path("export/<int:pk>/", views.export, name="export"),
            path("inspect/<int:pk>/<int:row>/", self.message_view, name="message"),
        ]
