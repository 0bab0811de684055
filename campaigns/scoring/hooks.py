"""Registrations of scoring, called for by ``campaigns.wagtail_hooks``."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from campaigns.scoring.admin.pages import VIEW
from campaigns.scoring.admin.urls import URLS


class ScoringItem(MenuItem):
    """Shown to those who may look at criterion sets."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return URLS


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    url = reverse("campaigns_scoring")
    return ScoringItem(_("Scoring"), url, name="scoring", icon_name="list-ol", order=155)


@hooks.register("insert_global_admin_css")
def scoring_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("campaigns/scoring.css"))
