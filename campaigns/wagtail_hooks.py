"""Registrations only."""

from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.utils.html import format_html_join
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.snippets.models import register_snippet

from campaigns.admin import slots
from campaigns.admin.slot_chooser import SlotChooserViewSet
from campaigns.admin.viewsets import ActivityChooserViewSet, ActivityViewSet, PlanViewSet
from campaigns.chasing import hooks as chasing_hooks  # noqa: F401 - it registers
from campaigns.events import hooks as events_hooks  # noqa: F401 - they register themselves
from campaigns.ownplans import hooks as own_plans_hooks  # noqa: F401 - they register themselves
from campaigns.reporting import hooks as reporting_hooks  # noqa: F401 - they register themselves
from campaigns.scoring import hooks as scoring_hooks  # noqa: F401 - they register themselves
from campaigns.showing import hooks as showing_hooks  # noqa: F401 - it registers

register_snippet(PlanViewSet)


@hooks.register("register_admin_viewset")
def register_activities() -> list[ViewSet]:
    return [
        ActivityViewSet(),
        ActivityChooserViewSet("activity_chooser"),
        SlotChooserViewSet("slot_chooser"),
    ]


@hooks.register("register_admin_urls")
def slot_addresses() -> list[URLResolver]:
    patterns = (slots.urlpatterns(), "campaigns_slots")
    return [path("slots/", include(patterns, namespace="campaigns_slots"))]


@hooks.register("insert_global_admin_css")
def admin_style() -> str:
    link = '<link rel="stylesheet" href="{}">'
    sheets = ((static(f"campaigns/{name}.css"),) for name in ("admin", "slots"))
    return format_html_join("\n", link, sheets)
