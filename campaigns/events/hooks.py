"""Registrations of events and reviews, called for by ``campaigns.wagtail_hooks``."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from campaigns.events.access import VIEW
from campaigns.events.admin.chooser import EventChooserViewSet
from campaigns.events.admin.urls import URLS


class EventsItem(MenuItem):
    """Shown to those who may look at events."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return URLS


@hooks.register("register_admin_viewset")
def register_chooser() -> ViewSet:
    return EventChooserViewSet("event_chooser")


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    url = reverse("campaigns_events")
    return EventsItem(_("Events and reviews"), url, name="events", icon_name="group", order=152)


@hooks.register("insert_global_admin_css")
def events_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("campaigns/events.css"))
