"""One item under review, as the page for it shows it, and what may be done there."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from core.errors import RefusedError
from editorial.models.tasks import asks_for_correction
from editorial.review.asking import OverrideForm
from editorial.review.fresh import already_done, changed_since, token_of
from editorial.review.overriding import may_override, publish_urgently
from portal.corrections.forms import CorrectionForm
from portal.corrections.withdrawing import may_withdraw
from portal.models import StoryPage
from portal.permissions import written_by
from portal.stories import prepare_pictures

URGENT = "urgent"


@dataclass
class Desk:
    """One person before one item, at its newest version."""

    page: StoryPage  # as in the database
    user: Any

    def __post_init__(self) -> None:
        self.version: StoryPage = self.page.get_latest_revision_as_object()
        self.step: Any = self.page.current_workflow_task_state
        self.task: Any = self.step.task.specific if self.step else None

    @property
    def token(self) -> str:
        return token_of(self.page)

    def may_look(self) -> bool:
        return bool(self.page.permissions_for_user(self.user).can_edit())

    def actions(self) -> dict[str, str]:
        """Return name → label of what the person may do at the step."""
        if self.task is None:
            return {}
        labels: dict[str, str] = {}
        for name, label, _modal in self.task.get_actions(self.page, self.user):
            labels.setdefault(name, str(label))  # once: the comment can be left empty here
        return labels

    def why_not(self) -> str:
        """Say why a person who approves may not approve this item; "" if that is not it."""
        tester = self.page.permissions_for_user(self.user)
        return written_by(self.page, self.user) if tester.holds_publishing() else ""

    def may_override(self) -> bool:
        """Whether publishing urgently is offered: only where the person cannot simply approve."""
        newest = self.page.has_unpublished_changes or not self.page.live
        approves = {"approve", "correct"} & self.actions().keys()
        at_the_end = bool(approves) and self.task.kind == self.task.Kind.APPROVE
        return newest and may_override(self.user) and not at_the_end

    def may_withdraw(self) -> bool:
        return may_withdraw(self.page, self.user)

    def is_correction(self) -> bool:
        return asks_for_correction(self.page)

    def remarks(self) -> list[TaskState]:
        """Return the steps of the workflow that somebody commented on, newest first."""
        states = TaskState.objects.for_instance(self.page).exclude(comment="")
        return list(
            states.select_related("finished_by", "task").order_by("-finished_at", "-pk")[:10]
        )

    def act(self, action: str, step: str, data: dict[str, Any]) -> None:
        """Do one action of the step. Raises ``RefusedError`` and changes nothing then."""
        self.refuse_finished(step, data)
        if action not in self.actions():
            raise RefusedError(self.why_not() or _("You may not do this step."))
        if action != "reject":
            prepare_pictures(self.version)
        with transaction.atomic():
            self.task.on_action(self.step, self.user, action, **data)

    def refuse_finished(self, step: str, data: dict[str, Any]) -> None:
        """Raise ``RefusedError`` if the step the person looked at is over."""
        if self.step is not None and str(self.step.pk) == step:
            return
        known = TaskState.objects.for_instance(self.page)
        looked_at = known.filter(pk=step).first() if step.isdecimal() else None
        problem = already_done(looked_at, data.get("comment", "")) if looked_at else ""
        raise RefusedError(problem or _("This item does not wait at any step."))

    def override(self, form: OverrideForm, correction: CorrectionForm | None) -> None:
        """Publish urgently. Raises ``RefusedError`` and changes nothing then."""
        seen = form.cleaned_data["seen"]
        reason = form.cleaned_data["override_reason"]
        problem = changed_since(self.page, seen, self.user, reason)
        if problem:
            raise RefusedError(problem)
        with transaction.atomic():
            choice = correction.choice() if correction else None
            publish_urgently(self.page, self.user, reason, choice)
