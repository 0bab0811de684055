"""Registrations of periodic reports, called for by ``campaigns.wagtail_hooks``."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from campaigns.reporting.access import may_look
from campaigns.reporting.admin.urls import URLS


class ReportingItem(MenuItem):
    """Shown to those who write reports or take them in."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return URLS


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    url = reverse("campaigns_reporting")
    return ReportingItem(
        _("Periodic reports"), url, name="reporting", icon_name="doc-full", order=153
    )


@hooks.register("insert_global_admin_css")
def reporting_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("campaigns/reporting.css"))
