"""The step that approves a plan: done by the members of some groups, never by its last editor."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import AbstractGroupApprovalTask, TaskState

from campaigns.plans.four_eyes import why_not


class PlanApproval(AbstractGroupApprovalTask):
    """Members of the chosen groups approve a plan or send it back, under four eyes."""

    class Meta:
        verbose_name = gettext_lazy("Approval of plans")
        verbose_name_plural = gettext_lazy("Approvals of plans")

    @classmethod
    def get_description(cls) -> str:
        return _("Members of the chosen groups approve the plan or send it back")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        actions: list[tuple[str, Any, bool]] = super().get_actions(obj, user)
        if not actions or not why_not(obj, user, obj.latest_revision):
            return actions
        return [action for action in actions if action[0] != "approve"]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Do one action, whichever way it was asked for."""
        plan = task_state.workflow_state.content_object
        if action_name == "approve" and why_not(plan, user, plan.latest_revision):
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)
