"""What the importer adds to the admin: its address, a menu item, a verb of the history."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from ingest.drafts import LOG_ACTION, may_import
from ingest.models import ImportedFile
from ingest.views import ImportView, MakeDraftsView


class ImportMenuItem(MenuItem):
    """Shown to those who may add articles."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return ImportMenuItem(
        _("Import articles"), reverse("ingest_import"), name="import", icon_name="upload", order=130
    )


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("import/", ImportView.as_view(), name="ingest_import"),
        path("import/drafts/", MakeDraftsView.as_view(), name="ingest_make_drafts"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_ACTION, _("Import"), _("Imported from a file"))


@hooks.register("before_edit_page")
def show_warnings_once(request: HttpRequest, page: Page) -> None:
    """Tell the first person who opens an imported draft what the importer was unsure of."""
    if request.method != "GET":
        return
    for file in ImportedFile.objects.filter(page=page.pk, are_warnings_seen=False):
        for warning in file.warnings:
            messages.warning(request, f"{file.name}: {warning}")
        file.are_warnings_seen = True
        file.save(update_fields=["are_warnings_seen"])
