"""Registrations of chasing, called for by ``campaigns.wagtail_hooks``."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from campaigns.chasing.admin.urls import URLS
from campaigns.chasing.models import OfficeDay
from campaigns.chasing.panel import MAY_CHASE, ChasingPanel


class ChasingItem(MenuItem):
    """Shown to those who chase."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_CHASE))


class OfficeDayViewSet(ModelViewSet):
    """Days on which offices are closed or open otherwise than calendars say."""

    model = OfficeDay
    name = "office_days"
    url_prefix = "office-days"
    icon = "date"
    form_fields = ("day", "is_closed", "name")
    list_display = ("day", "is_closed", "name")
    search_fields = ("name",)
    add_to_settings_menu = True
    menu_label = _("Office days")
    menu_order = 906


@hooks.register("register_admin_urls")
def register_urls() -> list[URLResolver]:
    return [
        path("chasing/", include((URLS, "campaigns_chasing"), namespace="campaigns_chasing")),
    ]


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[ViewSet]:
    return [OfficeDayViewSet()]


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    url = reverse("campaigns_chasing:home")
    return ChasingItem(_("Chasing"), url, name="chasing", icon_name="bell", order=153)


@hooks.register("construct_homepage_panels")
def first_page(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(ChasingPanel())


@hooks.register("insert_global_admin_css")
def style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("campaigns/chasing.css"))
