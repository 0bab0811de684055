"""The contact book in the admin: whom to call, at stations, newspapers and agencies."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet

from organisations.models import Contact


class ContactFilterSet(WagtailFilterSet):
    """What they are for, and whether they are still in use."""

    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = ["purpose", "is_active"]


class ContactViewSet(ModelViewSet):
    """Menu "Contact book"; the list can be downloaded as a workbook."""

    model = Contact
    icon = "mail"
    name = "contacts"
    menu_label = _("Contact book")
    menu_order = 255
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50
    filterset_class = ContactFilterSet
    search_backend_name = "default"
    inspect_view_fields: ClassVar[list[str]] = [
        "name", "position", "organisation", "purpose", "phone", "email", "telegram", "note",
        "is_active",
    ]  # fmt: skip
    list_display: ClassVar[list[Any]] = [
        "name",
        "position",
        Column("organisation", label=_("Organisation"), sort_key="organisation__name"),
        Column("get_purpose_display", label=pgettext_lazy("contact", "For"), sort_key="purpose"),
        "phone",
        "email",
        BooleanColumn("is_active", label=_("In use"), sort_key="is_active"),
    ]
    list_export: ClassVar[list[str]] = [
        "name", "position", "organisation", "get_purpose_display", "phone", "email", "note",
    ]  # fmt: skip
    export_headings: ClassVar[dict[str, Any]] = {
        "name": _("Person or desk"),
        "position": _("Position"),
        "organisation": _("Organisation"),
        "get_purpose_display": pgettext_lazy("contact", "For"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
        "note": _("Note"),
    }
    export_filename = "danh-ba"
    panels: ClassVar[list[Panel]] = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("position")]),
        FieldPanel("organisation"),
        FieldPanel("purpose"),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
        FieldPanel("telegram"),
        FieldPanel("note"),
        FieldPanel("is_active"),
    ]
