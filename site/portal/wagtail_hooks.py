"""Registrations only."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from portal import calls, dashboard, deliveries, protection, waiving
from portal.board import hooks as board_hooks  # noqa: F401 - it registers
from portal.carrying import hooks as carrying_hooks  # noqa: F401 - it registers
from portal.corrections import hooks as corrections_hooks  # noqa: F401 - it registers
from portal.links import LightPageLinkHandler
from portal.rehearsal import hooks as rehearsal_hooks  # noqa: F401 - it registers
from portal.variants import hooks as variants_hooks  # noqa: F401 - it registers
from portal.viewsets import AnnouncementViewSet, ArticleViewSet


@hooks.register("register_admin_viewset")
def register_page_viewsets() -> list[ViewSet]:
    return [
        ArticleViewSet("article_pages"),
        AnnouncementViewSet("announcement_pages"),
    ]


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [
        path("deliveries/<int:pk>/", deliveries.delivery_list, name="portal_deliveries"),
        path("deliveries/<int:pk>/call/<int:call_pk>/", calls.note, name="portal_call_note"),
        path(
            "deliveries/<int:pk>/<int:delivery_pk>/waive/",
            waiving.WaiveView.as_view(),
            name="portal_delivery_waive",
        ),
        path(
            "deliveries/<int:pk>/<int:delivery_pk>/<slug:verb>/",
            deliveries.act,
            name="portal_delivery_act",
        ),
    ]


@hooks.register("insert_editor_js")
def editor_scripts() -> str:
    return format_html_join(
        "\n",
        '<script type="module" src="{}"></script>',
        ((static(f"portal/admin/{name}.js"),) for name in ("deliveries", "labels", "variants")),
    )


@hooks.register("insert_global_admin_css")
def admin_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/admin/deliveries.css"))


@hooks.register("register_rich_text_features", order=10)  # after Wagtail's own
def light_page_links(features: FeatureRegistry) -> None:
    features.register_link_type(LightPageLinkHandler)


@hooks.register("before_create_page")
def keep_structure(request: HttpRequest, parent: Page, page_class: type[Page]) -> None:
    protection.refuse_structure(request, parent, page_class)


@hooks.register("before_delete_page")
def keep_used_section(request: HttpRequest, page: Page) -> HttpResponse | None:
    return protection.refuse_deletion(request, [page])


@hooks.register("before_bulk_action")
def keep_used_sections(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    pages = [item for item in objects if isinstance(item, Page)]
    return protection.refuse_deletion(request, pages) if action_type == "delete" else None


@hooks.register("construct_homepage_panels")
def add_attention_panel(request: HttpRequest, panels: list[Component]) -> None:
    if dashboard.may_see(request.user):
        panels.append(dashboard.AttentionPanel())
