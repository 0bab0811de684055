"""Panels of the plan editor."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from campaigns.admin.views import overview_url
from campaigns.slots.models import Slot
from campaigns.wording import reading


class ActivitiesPanel(Panel):
    """Leads from the plan's texts to its table of activities, which is edited row by row."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "campaigns/admin/activities_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            plan = self.instance
            if plan.pk:
                context["count"] = plan.activities.in_force().count()
                context["overview_url"] = overview_url(plan)
                context["add_url"] = f"{reverse('campaigns_activities:add')}?plan={plan.pk}"
            return context


class ReadingPanel(Panel):
    """Says in words what the system understood of an activity, and leads to its slots."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "campaigns/admin/reading_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            activity = self.instance
            context["reading"] = reading(activity)
            if activity.pk:
                context["count"] = Slot.objects.expected().filter(activity=activity).count()
                context["slots_url"] = reverse("campaigns_slots:of_activity", args=[activity.pk])
            return context
