"""Registrations of agencies' own plans, called for by ``campaigns.wagtail_hooks``."""

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from campaigns.ownplans.access import may_look
from campaigns.ownplans.admin.urls import URLS


class OwnPlansItem(MenuItem):
    """Shown to those who make plans for an agency, or take them in."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return URLS


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    url = reverse("campaigns_own_plans")
    return OwnPlansItem(_("Agencies' plans"), url, name="own-plans", icon_name="list-ul", order=152)
