"""Registrations only."""

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.log_actions import LogActionRegistry

from editorial.royalties import views
from editorial.royalties.viewsets import RoyaltyGroup

VERBS = (
    ("marked", _("Mark royalties"), _("Royalties marked")),
    ("submitted", _("Submit royalties"), _("Royalties submitted for approval")),
    ("returned", _("Return royalties"), _("Royalties sent back")),
    ("approved", _("Approve royalties"), _("Royalties approved")),
    ("paid", _("Pay royalties"), _("Royalties paid")),
)
LINE_VERBS = (
    ("added", _("Add a royalty"), _("Royalty added")),
    ("removed", _("Remove a royalty"), _("Royalty removed")),
    ("reversed", _("Correct a royalty"), _("Royalty corrected")),
)


@hooks.register("register_admin_viewset")
def register_royalties() -> ViewSetGroup:
    return RoyaltyGroup()


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [
        path("royalties/", views.SheetsView.as_view(), name="editorial_royalties"),
        path("royalties/mine/", views.MineView.as_view(), name="editorial_royalties_mine"),
        path(
            "royalties/<int:year>/<int:month>/",
            views.MarkView.as_view(),
            name="editorial_royalties_mark",
        ),
        path("royalties/<int:pk>/", views.SheetView.as_view(), name="editorial_royalty_sheet"),
        path("royalties/<int:pk>/add/", views.LineView.as_view(), name="editorial_royalty_add"),
        path(
            "royalties/<int:pk>/export/",
            views.ExportView.as_view(),
            name="editorial_royalty_export",
        ),
        path(
            "royalties/line/<int:pk>/remove/",
            views.RemoveView.as_view(),
            name="editorial_royalty_remove",
        ),
        path(
            "royalties/line/<int:pk>/reverse/",
            views.ReverseView.as_view(),
            name="editorial_royalty_reverse",
        ),
    ]


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for name, label, message in VERBS:
        actions.register_action(f"editorial.royalties_{name}", label, message)
    for name, label, message in LINE_VERBS:
        actions.register_action(f"editorial.royalty_{name}", label, message)


@hooks.register("insert_global_admin_css")
def royalties_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/royalties.css"))
