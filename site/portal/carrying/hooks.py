"""Registrations only; imported by ``portal.wagtail_hooks``."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal import dashboard
from portal.carrying import views


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("carrying/", views.TasksView.as_view(), name="portal_carrying"),
        path("carrying/<int:pk>/", views.TaskView.as_view(), name="portal_carrying_task"),
    ]


class TasksMenuItem(MenuItem):
    """Shown to those who may see deliveries."""

    def is_shown(self, request: HttpRequest) -> bool:
        return dashboard.may_see(request.user)


@hooks.register("register_admin_menu_item")
def tasks_menu_item() -> MenuItem:
    return TasksMenuItem(
        gettext_lazy("By hand"),
        reverse("portal_carrying"),
        icon_name="clipboard-list",
        order=136,
    )
