"""Registrations only."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.utils.html import format_html_join
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.snippets.models import register_snippet

from campaigns.admin import slots
from campaigns.admin.slot_chooser import SlotChooserViewSet
from campaigns.admin.viewsets import (
    ActivityChooserViewSet,
    ActivityViewSet,
    LegalBasisViewSet,
    PlanViewSet,
)
from campaigns.chasing import hooks as chasing_hooks  # noqa: F401 - it registers
from campaigns.events import hooks as events_hooks  # noqa: F401 - they register themselves
from campaigns.models import Plan
from campaigns.ownplans import hooks as own_plans_hooks  # noqa: F401 - they register themselves
from campaigns.plans.amending import open_amendment
from campaigns.plans.four_eyes import why_not
from campaigns.reporting import hooks as reporting_hooks  # noqa: F401 - they register themselves
from campaigns.scoring import hooks as scoring_hooks  # noqa: F401 - they register themselves
from campaigns.showing import hooks as showing_hooks  # noqa: F401 - it registers

register_snippet(PlanViewSet)
register_snippet(LegalBasisViewSet)


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


@hooks.register("construct_snippet_action_menu")
def offer_no_publishing_of_own(items: list[Any], request: HttpRequest, context: Any) -> None:
    """Take Publish off the menu of who wrote the plan: somebody else approves it."""
    if context.get("model") is not Plan:
        return
    plan = context.get("instance")
    barred = set()
    if plan is None or why_not(plan, request.user, plan.latest_revision):
        barred = {"action-publish"}
    if plan is not None and open_amendment(plan) is not None:
        barred = {"action-publish", "action-submit"}  # the texts count with the amendment
    items[:] = [item for item in items if item.name not in barred]
