"""The admin of agencies and of user accounts."""

from typing import Any, ClassVar

import django_filters
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, Panel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import InspectView, SnippetViewSet
from wagtail.users.views.users import IndexView as UserIndexView
from wagtail.users.views.users import UserViewSet

from core.finding import FoldedSearch
from organisations.forms import OrganisationForm, PersonCreationForm, PersonEditForm
from organisations.models import Organisation, OrganisationQuerySet

# Set here, because the panels and the form need each other.
Organisation.base_form_class = OrganisationForm


class OrganisationFilterSet(WagtailFilterSet):
    """Level, kind, and whether an agency still exists."""

    in_force = django_filters.ChoiceFilter(
        label=_("Validity"),
        method="filter_in_force",
        choices=[("yes", _("in force")), ("no", pgettext_lazy("organisation", "closed"))],
    )

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = ["level", "kind"]

    def filter_in_force(
        self, queryset: OrganisationQuerySet, name: str, value: str
    ) -> OrganisationQuerySet:
        today = timezone.localdate()
        return queryset.valid_on(today) if value == "yes" else queryset.closed_on(today)


def day_column(field: str, label: Any) -> Column:
    """Return a list column that shows a date itself, not how long ago it was."""

    def written(agency: Organisation) -> str:
        day = getattr(agency, field)
        return date_format(day, "d/m/Y") if day else ""

    return Column(field, label=label, sort_key=field, accessor=written)


class OrganisationInspectView(InspectView):
    """An agency for those who may only look."""

    def get_field_label(self, field_name: str, field: Any) -> str:
        """Return the label; rows that point here have no name of their own but their model's."""
        if field is not None and field.one_to_many:
            return capfirst(str(field.related_model._meta.verbose_name_plural))
        return str(super().get_field_label(field_name, field))


class OrganisationViewSet(SnippetViewSet):
    """Menu "Organisations": every agency, past and present."""

    model = Organisation
    icon = "home"
    menu_label = _("Organisations")
    menu_name = "organisations"
    menu_order = 250
    add_to_admin_menu = True
    admin_url_namespace = "organisations"
    base_url_path = "organisations"
    inspect_view_enabled = True
    inspect_view_class = OrganisationInspectView
    copy_view_enabled = False
    list_per_page = 50
    ordering: ClassVar[list[str]] = ["name", "pk"]
    filterset_class = OrganisationFilterSet
    list_display: ClassVar[list[Any]] = [
        "name",
        "short_name",
        Column("get_level_display", label=pgettext_lazy("organisation", "Level"), sort_key="level"),
        Column("get_kind_display", label=pgettext_lazy("organisation", "Kind"), sort_key="kind"),
        day_column("valid_from", _("Valid from")),
        day_column("valid_to", _("Valid to")),
        BooleanColumn("exists_today", label=_("In force")),
    ]
    inspect_view_fields: ClassVar[list[str]] = [
        "name",
        "short_name",
        "code",
        "level",
        "kind",
        "parent",
        "valid_from",
        "valid_to",
        "other_names",
        "group_members",
    ]
    panels: ClassVar[list[Panel]] = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("short_name"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("level"), FieldPanel("kind")]),
        FieldPanel("parent"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")])],
            heading=_("Validity"),
            help_text=_("Leave a date empty while it is unknown or has not come."),
        ),
        InlinePanel(
            "other_names",
            label=_("name"),
            heading=_("Other and former names"),
            help_text=_("Ways documents write this name. Plans are matched against them."),
            panels=[
                FieldPanel("name"),
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
            ],
        ),
        InlinePanel(
            "succeeded_by",
            label=_("successor"),
            heading=_("Successors"),
            help_text=_("The agencies that carry on the work after this one is closed."),
            panels=[
                FieldPanel("new"),
                FieldRowPanel([FieldPanel("date"), FieldPanel("kind")]),
            ],
        ),
        FieldPanel("group_members", classname="collapsed organisation-choices"),
    ]


class PersonIndex(FoldedSearch, UserIndexView):
    """The list, searched by names, account and e-mail address."""


class PersonViewSet(UserViewSet):
    """User accounts with agencies and pen name. Named in ``config.apps.UsersConfig``."""

    index_view_class = PersonIndex
    create_template_name = "organisations/users/create.html"
    edit_template_name = "organisations/users/edit.html"

    def get_form_class(self, for_update: bool = False) -> type:
        return PersonEditForm if for_update else PersonCreationForm
