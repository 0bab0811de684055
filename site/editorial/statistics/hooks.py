"""Registrations only."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from editorial.statistics.views import MAY_SEE, StatisticsView


class StatisticsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_SEE))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [path("statistics/", StatisticsView.as_view(), name="editorial_statistics")]


@hooks.register("register_reports_menu_item")
def register_statistics() -> MenuItem:
    return StatisticsItem(
        _("Statistics of items"),
        reverse_lazy("editorial_statistics"),
        name="statistics",
        icon_name="order",
        order=50,
    )


@hooks.register("insert_global_admin_css")
def statistics_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/statistics.css"))
