"""Registrations only."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.snippets.models import register_snippet

from campaigns.admin.viewsets import ActivityChooserViewSet, ActivityViewSet, PlanViewSet

register_snippet(PlanViewSet)


@hooks.register("register_admin_viewset")
def register_activities() -> list[ViewSet]:
    return [ActivityViewSet(), ActivityChooserViewSet("activity_chooser")]


@hooks.register("insert_global_admin_css")
def admin_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("campaigns/admin.css"))
