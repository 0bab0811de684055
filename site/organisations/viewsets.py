"""The admin of agencies and of user accounts."""

from typing import Any, ClassVar

import django_filters
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, Panel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import EditView, IndexView, InspectView, SnippetViewSet
from wagtail.users.views.users import IndexView as UserIndexView
from wagtail.users.views.users import UserViewSet

from core.finding import FoldedSearch
from organisations import views
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


def day_button(agency: Organisation) -> Button:
    """Return the way to the page that shows an agency on any day."""
    url = reverse("organisations:on_a_day", args=[agency.pk])
    return Button(_("On a day"), url=url, icon_name="history", priority=20)


class OrganisationIndexView(IndexView):
    """The list, with what happens to many agencies at once beside the button that adds one."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        url = reverse("organisations_reorganisations")
        buttons = [HeaderButton(_("Reorganisations"), url=url, icon_name="history")]
        if self.request.user.has_perms(views.MAY):
            url = reverse("organisations_provinces")
            label = _("Communes of a province")
            buttons.append(HeaderButton(label, url=url, icon_name="download"))
        return [*super().header_buttons, *buttons]


class OrganisationEditView(EditView):
    """The editor of an agency."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [*super().header_more_buttons, day_button(self.object)]


class OrganisationInspectView(InspectView):
    """An agency for those who may only look."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [*super().header_more_buttons, day_button(self.object)]

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
    edit_view_class = OrganisationEditView
    index_view_class = OrganisationIndexView
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
        "official_code",
        "other_names",
        "former_parents",
        "succeeded_by",
        "rules",
        "group_members",
        "memberships",
    ]
    panels: ClassVar[list[Panel]] = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("short_name"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("level"), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("parent"), FieldPanel("official_code")]),
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
                FieldRowPanel([FieldPanel("name"), FieldPanel("short_name")]),
                FieldPanel("official"),
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
            ],
        ),
        InlinePanel(
            "former_parents",
            label=_("superior body"),
            heading=_("Former superior bodies"),
            help_text=_("Whom it was under before the present superior body; empty for nobody."),
            panels=[
                FieldPanel("parent"),
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
                FieldRowPanel([FieldPanel("date"), FieldPanel("kind"), FieldPanel("decision")]),
            ],
        ),
        InlinePanel(
            "rules",
            label=_("rule"),
            heading=_("Rules of the group"),
            help_text=_(
                "For a group: every agency of that level, kind and superior body belongs to it "
                "while it exists. What is left empty does not matter."
            ),
            panels=[
                FieldRowPanel([FieldPanel("level"), FieldPanel("kind")]),
                FieldPanel("parent"),
            ],
        ),
        InlinePanel(
            "memberships",
            label=_("agency"),
            heading=_("Members for a time, and agencies left out"),
            help_text=_("For a group: who belongs to it, or is left out of it, on some days only."),
            panels=[
                FieldRowPanel([FieldPanel("member"), FieldPanel("excluded")]),
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
            ],
        ),
        FieldPanel("group_members", classname="collapsed organisation-choices"),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        # The menu leads to the first address.
        return [
            *super().get_urlpatterns(),
            path("day/<int:pk>/", views.on_a_day, name="on_a_day"),
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
