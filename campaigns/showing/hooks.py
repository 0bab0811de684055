"""Registrations of the pages of slots."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from campaigns.inspecting import views
from campaigns.showing import moving, overviews, pages, scope, subscribing


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("progress/", pages.Board.as_view(), name="campaigns_board"),
        path("progress/plan/<int:pk>/", pages.PlanProgress.as_view(), name="campaigns_progress"),
        path("progress/calendar/", overviews.Calendar.as_view(), name="campaigns_slot_calendar"),
        path("progress/timeline/", overviews.Timeline.as_view(), name="campaigns_slot_timeline"),
        path(
            "progress/move/<int:pk>/<str:day>/", moving.Move.as_view(), name="campaigns_slot_move"
        ),
        path("progress/move/undo/", moving.Undo.as_view(), name="campaigns_slot_undo"),
        path(
            "progress/subscribe/", subscribing.Subscribe.as_view(), name="campaigns_slot_subscribe"
        ),
        path("progress/subscribe/renew/", subscribing.renew, name="campaigns_slot_renew_calendar"),
        path("progress/folder/", views.folder, name="campaigns_folder"),
        path("progress/dashboard/", overviews.Dashboard.as_view(), name="campaigns_slot_dashboard"),
    ]


class SlotsMenuItem(MenuItem):
    """Stands in the menu of those who may look at plans."""

    def is_shown(self, request: HttpRequest) -> bool:
        return scope.may_look(request.user)


@hooks.register("register_admin_menu_item")
def slots_item() -> MenuItem:
    return SlotsMenuItem(
        _("Slots of the plans"),
        reverse("campaigns_board"),
        name="slots",
        icon_name="calendar-check",
        order=151,
    )
