"""The steps an item passes before it is published: editing, then approval by the board."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.models import AbstractGroupApprovalTask, TaskState, WorkflowState

from core.errors import RefusedError
from editorial.review.asking import ApprovalForm, CorrectingForm, ReturnForm
from editorial.review.fresh import already_done, changed_since
from portal import gates
from portal.corrections.deciding import needs_correction
from portal.corrections.forms import Choice
from portal.models import CorrectionMode, StoryPage
from portal.permissions import written_by

LONGEST = 24 * 60  # hours; sixty days
Action = tuple[str, Any, bool]


class ReviewTask(AbstractGroupApprovalTask):
    """A step that the members of some groups do, within some hours.

    An editing step hands the text on and may be done by whoever worked on it. An approving step is
    done by somebody who neither wrote the item nor changed its words last.
    """

    class Kind(models.TextChoices):
        EDIT = "edit", pgettext_lazy("kind of step", "editing")
        APPROVE = "approve", pgettext_lazy("kind of step", "approval")

    kind = models.CharField(
        gettext_lazy("kind of step"),
        max_length=10,
        choices=Kind,
        default=Kind.APPROVE,
        help_text=gettext_lazy(
            "Who approves is never the author and never the last who changed the text. Who edits "
            "may be either."
        ),
    )
    hours = models.PositiveIntegerField(
        gettext_lazy("deadline in hours"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
        help_text=gettext_lazy(
            "Counted from the moment the item reaches this step, nights and holidays included. "
            "Empty: no deadline."
        ),
    )

    admin_form_fields: ClassVar[list[str]] = [
        *AbstractGroupApprovalTask.admin_form_fields,
        "kind",
        "hours",
    ]
    admin_form_readonly_on_edit_fields: ClassVar[list[str]] = []

    class Meta:
        verbose_name = gettext_lazy("Review step")
        verbose_name_plural = gettext_lazy("Review steps")

    @classmethod
    def get_description(cls) -> str:
        return _("Members of the chosen groups edit the item and hand it on, or approve it")

    def deadline(self, started: datetime) -> datetime | None:
        """Return until when the step is to be done, or ``None``."""
        return started + timedelta(hours=self.hours) if self.hours else None

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Start the step; skip editing for what somebody of this or a later step submitted."""
        submits = user is not None and user == workflow_state.requested_by
        if self.kind != self.Kind.EDIT or not submits or not self.is_done_by(user):
            started: TaskState = super().start(workflow_state, user=user)
            return started
        return TaskState.objects.create(
            workflow_state=workflow_state,
            status=TaskState.STATUS_SKIPPED,
            revision=workflow_state.content_object.get_latest_revision(),
            task=self,
        )

    def is_done_by(self, user: Any) -> bool:
        """Whether the person may do this step: its groups, and for editing those who approve."""
        known: dict[int, bool] = user.__dict__.setdefault("_review_steps", {})
        if self.pk not in known:
            steps = models.Q(pk=self.pk)
            if self.kind == self.Kind.EDIT:
                steps |= models.Q(
                    kind=self.Kind.APPROVE, workflow_tasks__workflow__workflow_tasks__task=self.pk
                )
            does = ReviewTask.objects.filter(steps, groups__in=user.groups.values("pk"))
            known[self.pk] = does.exists()
        return known[self.pk]

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return bool(user.is_superuser or self.is_done_by(user))

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not self.user_can_access_editor(obj, user)

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return self.is_done_by(user)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        if not self.user_can_access_editor(None, user):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)

    def get_actions(self, obj: Any, user: Any) -> list[Action]:
        if not self.user_can_access_editor(obj, user):
            return []
        send_back = ("reject", _("Send back"), True)
        if self.kind == self.Kind.EDIT:
            return [("approve", _("Forward to the editorial board"), False), send_back]
        offered = {
            Standing.BARRED: [],
            Standing.CORRECTS: [("correct", _("Approve the correction"), True)],
            Standing.APPROVES: approvals(),
        }
        return [*offered[standing(obj, user)], send_back]

    def get_form_for_action(self, action: str) -> Any:
        if action == "correct":
            return CorrectingForm
        return ReturnForm if action == "reject" else ApprovalForm

    def get_template_for_action(self, action: str) -> str:
        return "editorial/review/action_modal.html"

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Do one action. Raises ``RefusedError`` with what became of the step meanwhile."""
        comment, seen = kwargs.pop("comment", ""), kwargs.pop("seen", "")
        page = task_state.workflow_state.content_object
        problem = already_done(task_state, comment) or changed_since(page, seen, user, comment)
        if problem:
            raise RefusedError(problem)
        if action_name == "reject":
            send_back(task_state, user, comment)
        elif action_name in {"approve", "correct"}:
            self.refuse_own(page, user)
            self.refuse_end(task_state.workflow_state)
            agreed = gates.consent()
            correction = choice_of(kwargs) or agreed.correction
            accepted = agreed.warnings_accepted or bool(kwargs.get("accept_warnings"))
            agreed = replace(agreed, correction=correction, warnings_accepted=accepted)
            with gates.consenting(agreed):
                task_state.approve(user=user, comment=comment)

    def refuse_own(self, page: Any, user: Any) -> None:
        """Raise ``RefusedError`` if this step is not this person's to approve."""
        item = item_of(page)
        if self.kind == self.Kind.APPROVE and item is not None and (why := written_by(item, user)):
            raise RefusedError(why)

    def refuse_end(self, workflow_state: WorkflowState) -> None:
        """Raise ``RefusedError`` if an editing step would publish, being the last one."""
        if self.kind == self.Kind.EDIT and workflow_state.is_at_final_task:
            raise RefusedError(
                _(
                    "The workflow ends with an editing step, so nobody would approve the item. An "
                    "administrator has to add an approving step."
                )
            )


def approvals() -> list[Action]:
    return [("approve", _("Approve"), False), ("approve", _("Approve with comment"), True)]


class Standing(Enum):
    """What a person may do with an item that waits for approval."""

    BARRED = auto()  # wrote it, changed it last, or may not publish
    CORRECTS = auto()  # approves a change to what readers have seen
    APPROVES = auto()


def standing(page: Any, user: Any) -> Standing:
    """Return what the person may do with the newest version of the page.

    Wagtail asks several times in a request, of several copies of the page: remembered with the
    person, who lives as long as the request.
    """
    key = (page.pk, page.latest_revision_id, page.latest_revision_created_at)
    known: dict[Any, Standing] = user.__dict__.setdefault("_review_standing", {})
    if key not in known:
        known[key] = standing_now(page, user)
    return known[key]


def standing_now(page: Any, user: Any) -> Standing:
    item = item_of(page)
    if item is None:
        return Standing.APPROVES
    if not item.permissions_for_user(user).can_publish():
        return Standing.BARRED
    return Standing.CORRECTS if asks_for_correction(item) else Standing.APPROVES


def item_of(page: Any) -> StoryPage | None:
    """Return the page as an item; ``None`` for a page of another kind."""
    specific = page.specific
    return specific if isinstance(specific, StoryPage) else None


def asks_for_correction(item: StoryPage) -> bool:
    """Whether publishing the newest version is a correction."""
    version = item.latest_revision
    return version is not None and needs_correction(item, version)


def choice_of(data: dict[str, Any]) -> Choice | None:
    """Return how a change is made known, out of what ``CorrectingForm`` asked."""
    if not data.get("reason"):
        return None
    return Choice(data["reason"], CorrectionMode(data["mode"]), data.get("note", ""))


def send_back(task_state: TaskState, user: Any, comment: str) -> None:
    """Return the item to its author. Raises ``RefusedError`` without a comment."""
    if not comment.strip():
        raise RefusedError(_("Say in the comment what has to be changed."))
    task_state.reject(user=user, comment=comment)
