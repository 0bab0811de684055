"""The titles that stay out of the inbox, and the way to let them in again."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from ingest.models import MutedTitle


class MutedIndexView(IndexView):
    """Titles are muted in the inbox, beside an item; here they are only let in again."""

    def get_add_url(self) -> None:
        return None


class MutedTitleViewSet(ModelViewSet):
    """List and delete."""

    name = "ingest_muted"
    url_prefix = "muted-titles"
    model = MutedTitle
    icon = "no-view"
    menu_label = _("Muted titles")
    menu_order = 136
    add_to_settings_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = MutedIndexView
    form_fields: ClassVar[list[str]] = ["words"]
    inspect_view_fields: ClassVar[list[str]] = ["words", "created_by", "created_at"]
    list_display: ClassVar[list[Any]] = [
        "words",
        "created_by",
        DateColumn("created_at", label=_("muted at"), sort_key="created_at"),
    ]
