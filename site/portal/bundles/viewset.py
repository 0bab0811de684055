"""Bundles in the admin: list, add, rename, look, history, and an address for each verb."""

from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from core.finding import FoldedSearch
from portal.bundles import views
from portal.models.bundles import Bundle, BundleState


class IndexView(FoldedSearch, generic.IndexView):
    """The list; a click on the name leads to the page where everything is done."""

    def get_base_queryset(self) -> QuerySet[Bundle]:
        return Bundle.objects.annotate(number=Count("items"))

    def get_edit_url(self, instance: Bundle) -> str:
        return views.address_of(instance)


class AddView(generic.CreateView):
    def get_success_url(self) -> str:
        return views.address_of(self.object)


class EditView(generic.EditView):
    def get_success_url(self) -> str:
        return views.address_of(self.object)


class BundleViewSet(ModelViewSet):
    """Editors prepare bundles; whoever may release them also schedules and cancels them."""

    name = "portal_bundles"
    url_prefix = "bundles"
    model = Bundle
    icon = "folder-open-1"
    menu_label = _("Release bundles")
    menu_order = 130
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = IndexView
    add_view_class = AddView
    edit_view_class = EditView
    inspect_view_class = views.BundleView
    form_fields: ClassVar[list[str]] = ["name", "note"]
    search_fields: ClassVar[list[str]] = ["name", "note"]
    list_filter: ClassVar[list[str]] = ["state"]
    list_display: ClassVar[list[Any]] = [
        "name",
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor="get_state_display",
            primary=lambda bundle: bundle.state == BundleState.RELEASED,
            sort_key="state",
        ),
        NumberColumn("number", label=_("Items"), accessor="number"),
        DateColumn("release_at", label=_("Release at"), sort_key="release_at"),
        DateColumn("released_at", label=_("Released at"), sort_key="released_at"),
        Column("problem", label=_("Problem")),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        verbs = [
            path(f"{verb}/<int:pk>/", views.verb_view, {"verb": verb}, name=verb)
            for verb in views.VERBS
        ]
        return [*super().get_urlpatterns(), *verbs]
