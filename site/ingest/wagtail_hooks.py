"""What ingest adds to the admin. Registrations only."""

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, re_path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from ingest.admin import inbox, pasting, pickups
from ingest.admin.home import InboxPanel
from ingest.admin.muted import MutedTitleViewSet
from ingest.admin.sources import SourceViewSet
from ingest.drafts import may_import
from ingest.log_actions import register as register_log_actions  # noqa: F401 - is a hook
from ingest.models import ImportedFile
from ingest.views import ImportView, MakeDraftsView
from portal.panels import register_side_panel


class ImportMenuItem(MenuItem):
    """Shown to those who may add articles."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return ImportMenuItem(
        _("Import articles"), reverse("ingest_import"), name="import", icon_name="upload", order=130
    )


class InboxMenuItem(MenuItem):
    """Shown to those who may look into the inbox."""

    def is_shown(self, request: HttpRequest) -> bool:
        return inbox.may_read(request.user)


@hooks.register("register_admin_menu_item")
def inbox_menu_item() -> MenuItem:
    label = inbox.InboxView.page_title
    return InboxMenuItem(label, reverse("ingest_inbox"), name="inbox", icon_name="mail", order=132)


class PickUpsMenuItem(MenuItem):
    """Shown to those who may know who carried our items."""

    def is_shown(self, request: HttpRequest) -> bool:
        return pickups.may_see(request.user)


@hooks.register("register_reports_menu_item")
def pick_ups_menu_item() -> MenuItem:
    label = pickups.PickUpsView.page_title
    return PickUpsMenuItem(label, reverse("ingest_pick_ups"), icon_name="openquote", order=910)


@hooks.register("register_admin_viewset")
def source_viewset() -> SourceViewSet:
    return SourceViewSet()


@hooks.register("register_admin_viewset")
def muted_viewset() -> MutedTitleViewSet:
    return MutedTitleViewSet()


@hooks.register("construct_homepage_panels")
def inbox_panel(request: HttpRequest, panels: list[Component]) -> None:
    if inbox.may_read(request.user):
        panels.append(InboxPanel())


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    models = ("inboxitem", "mutedtitle", "pickup")
    return Permission.objects.filter(
        content_type__app_label="ingest", content_type__model__in=models
    )


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    report = pickups.PickUpsView
    return [
        path("import/", ImportView.as_view(), name="ingest_import"),
        path("paste/", pasting.clean_pasted, name="ingest_paste"),
        path("import/drafts/", MakeDraftsView.as_view(), name="ingest_make_drafts"),
        path("inbox/", inbox.InboxView.as_view(), name="ingest_inbox"),
        path("inbox/several/", inbox.SeveralView.as_view(), name="ingest_several"),
        path("inbox/mute-title/", inbox.MuteTitleView.as_view(), name="ingest_mute_title"),
        path("inbox/<int:pk>/adopt/", inbox.AdoptView.as_view(), name="ingest_adopt"),
        path("inbox/<int:pk>/preview/", inbox.preview, name="ingest_preview"),
        path("reports/pick-ups/", report.as_view(), name="ingest_pick_ups"),
        path(
            "reports/pick-ups/results/",
            report.as_view(results_only=True),
            name="ingest_pick_ups_results",
        ),
        re_path(
            r"^pick-ups/(?P<pk>\d+)/(?P<verb>confirm|reject)/$",
            pickups.DecideView.as_view(),
            name="ingest_decide_pick_up",
        ),
    ]


@hooks.register("insert_global_admin_css")
def style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("ingest/admin.css"))


register_side_panel(pickups.side_panel)


@hooks.register("insert_editor_js")
def pasting_script() -> str:
    return format_html(
        '<script src="{}" data-address="{}"></script>',
        static("ingest/pasting.js"),
        reverse("ingest_paste"),
    )


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
