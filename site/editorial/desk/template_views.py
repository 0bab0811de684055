"""Templates of items in the admin: keeping them, and choosing one to write from."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from campaigns.events.models import Event
from campaigns.events.writing import register_event_writer
from campaigns.showing.writing import register_writer
from campaigns.slots.models import Slot
from core.finding import FoldedSearch
from editorial.desk import writing
from editorial.models import ItemTemplate
from editorial.review.views import AdminPage

MAY_KEEP = "editorial.change_itemtemplate"


class TemplateIndex(FoldedSearch, generic.IndexView):
    """The list, searched by name and headline."""


class TemplateViewSet(ModelViewSet):
    """The list of templates, for those who may change them."""

    name = "editorial_templates"
    url_prefix = "item-templates"
    model = ItemTemplate
    icon = "clipboard-list"
    menu_label = _("Templates of items")
    menu_order = 140
    add_to_settings_menu = True
    copy_view_enabled = True
    list_display: ClassVar[list[Any]] = [
        "name",
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("genre", label=_("Genre"), accessor="get_genre_display", sort_key="genre"),
        Column("section", label=_("Section")),
        BooleanColumn("is_active", label=_("offered to writers")),
    ]
    index_view_class = TemplateIndex
    list_filter: ClassVar[list[str]] = ["kind", "is_active"]
    search_fields: ClassVar[list[str]] = ["name", "headline"]
    panels: ClassVar[list[Panel]] = [
        FieldPanel("name"),
        FieldPanel("hints"),
        MultiFieldPanel(
            [
                FieldPanel("headline"),
                FieldPanel("summary"),
                FieldPanel("body"),
            ],
            heading=_("Content"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("kind"), FieldPanel("genre")]),
                FieldRowPanel([FieldPanel("section"), FieldPanel("level")]),
                FieldPanel("is_active"),
            ],
            heading=_("Filing"),
        ),
    ]


class WriteView(AdminPage):
    """Every template that is offered, with a button to begin."""

    page_title = _("Write from a template")
    header_icon = "edit"
    template_name = "editorial/desk/write.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not writing.may_write(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        may_keep = self.request.user.has_perm(MAY_KEEP)
        offered = ItemTemplate.objects.filter(is_active=True).select_related("section")
        return context | {"templates": offered, "may_keep": may_keep}


@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft from the template and open it."""
    template = get_object_or_404(ItemTemplate, pk=pk, is_active=True)
    page = writing.start(template, request.user)
    return redirect("wagtailadmin_pages:edit", page.pk)


@require_POST
def write_for_slot(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the person's article for the slot of a plan, made now unless they began it already."""
    slot = get_object_or_404(Slot.objects.select_related("activity", "organisation"), pk=pk)
    page = writing.start_for_slot(slot, request.user)
    return redirect("wagtailadmin_pages:edit", page.pk)


@register_writer
def slot_address(user: Any, slot: int) -> str:
    """Return where an article for the slot is begun, for those who may write."""
    return reverse("editorial_write_slot", args=[slot]) if writing.may_write(user) else ""


@require_POST
def write_for_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the person's article about an event, made now unless they began it already."""
    event = get_object_or_404(Event.objects.select_related("activity", "slot"), pk=pk)
    page = writing.start_for_event(event, request.user)
    return redirect("wagtailadmin_pages:edit", page.pk)


@register_event_writer
def event_address(user: Any, event: int) -> str:
    """Return where an article about the event is begun, for those who may write."""
    return reverse("editorial_write_event", args=[event]) if writing.may_write(user) else ""


class WriteMenuItem(MenuItem):
    """Stands in the menu of those who may add articles."""

    def is_shown(self, request: HttpRequest) -> bool:
        return writing.may_write(request.user)


def write_item() -> MenuItem:
    return WriteMenuItem(
        _("Write from a template"),
        reverse("editorial_write"),
        name="write-from-template",
        icon_name="edit",
        order=105,
    )


class OffersTemplates:
    """A list of items whose header also leads to the templates."""

    request: Any

    @property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = list(super().header_more_buttons)  # type: ignore[misc]
        if writing.may_write(self.request.user):
            label = _("Write from a template")
            buttons.append(Button(label, url=reverse("editorial_write"), icon_name="edit"))
        return buttons
