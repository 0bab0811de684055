"""Registrations only; imported by ``portal.wagtail_hooks``."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from channels.admin.report import may_see
from portal.board import views


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("board/", views.BoardView.as_view(), name="portal_delivery_board"),
        path("board/list/", views.TableView.as_view(), name="portal_delivery_board_list"),
        path("board/export/", views.export, name="portal_delivery_board_export"),
        path("board/act/", views.act, name="portal_delivery_board_act"),
        path("board/<int:pk>/", views.DeliveryView.as_view(), name="portal_delivery"),
    ]


class BoardMenuItem(MenuItem):
    """Shown to those who may read the report of deliveries."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


@hooks.register("register_admin_menu_item")
def board_menu_item() -> MenuItem:
    return BoardMenuItem(
        gettext_lazy("Delivery board"),
        reverse("portal_delivery_board"),
        icon_name="table",
        order=130,
    )
