"""What waits for whom: the rows of the list of what is to be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Page, TaskState, WorkflowState

from editorial.models import ReviewTask
from editorial.review.fresh import name_of
from editorial.review.states import State, state_in
from portal.models import StoryPage

MOST = 100  # rows of one step; the rest is counted
FAR = datetime.max.replace(tzinfo=timezone.get_default_timezone())


@dataclass(frozen=True, slots=True)
class Row:
    """One item at one step."""

    page: StoryPage
    state: State
    author: str
    sent_by: str
    since: datetime
    deadline: datetime | None
    is_late: bool
    is_own: bool  # the person at the screen wrote it


@dataclass(frozen=True, slots=True)
class Step:
    """The items that wait at one step, the most pressing first."""

    name: str
    rows: list[Row]
    more: int


def waiting_for(user: Any, now: datetime) -> list[Step]:
    """Return what the person may do now, step by step; their own steps before those of others."""
    steps = []
    for task in steps_of(user):
        states = TaskState.objects.filter(task=task, status=TaskState.STATUS_IN_PROGRESS)
        related = ("workflow_state__requested_by", "workflow_state__current_task_state")
        states = states.select_related(*related).order_by("started_at", "pk")
        shown = list(states[:MOST])
        rows = sorted(rows_of(shown, user, now, task), key=lambda row: row.deadline or FAR)
        if rows:
            steps.append(Step(task.name, rows, max(states.count() - len(shown), 0)))
    return steps


def steps_of(user: Any) -> list[ReviewTask]:
    """Return the steps the person may do, those of their own groups first."""
    own = set(ReviewTask.objects.filter(groups__in=user.groups.all()).values_list("pk", flat=True))
    tasks = ReviewTask.objects.filter(active=True).order_by("pk")
    mine = [task for task in tasks if task.user_can_access_editor(None, user)]
    return sorted(mine, key=lambda task: task.pk not in own)


def rows_of(states: list[TaskState], user: Any, now: datetime, task: ReviewTask) -> list[Row]:
    pages = items([state.workflow_state.object_id for state in states])
    return [
        row_of(pages[key], state, user, task.deadline(state.started_at), now)
        for state in states
        if (key := state.workflow_state.object_id) in pages
    ]


def items(keys: Iterable[str]) -> dict[str, StoryPage]:
    """Return object id → item, for those that still exist."""
    pages = Page.objects.filter(pk__in=list(keys)).defer_streamfields().specific()
    rows = pages.prefetch_related("owner")
    return {str(page.pk): page for page in rows if isinstance(page, StoryPage)}


def row_of(
    page: StoryPage, step: TaskState, user: Any, deadline: datetime | None, now: datetime
) -> Row:
    return Row(
        page=page,
        state=state_in(step.workflow_state),
        author=name_of(page.owner) if page.owner else "",
        sent_by=name_of(step.workflow_state.requested_by),
        since=step.started_at,
        deadline=deadline,
        is_late=deadline is not None and deadline < now,
        is_own=user.pk == page.owner_id,
    )


def of_mine(user: Any, now: datetime) -> list[Row]:
    """Return what the person wrote or submitted that is in a workflow, returned items first."""
    running = (
        WorkflowState.objects.active()
        .filter(current_task_state__isnull=False)
        .select_related("current_task_state", "requested_by")
    )
    mine = running.filter(requested_by=user) | running.filter(
        object_id__in=[str(key) for key in owned(user)]
    )
    found = list(mine.order_by("status", "-created_at", "-pk")[:MOST])
    for state in found:
        state.current_task_state.workflow_state = state  # known, and not asked for again
    pages = items([state.object_id for state in found])
    rows = [
        row_of(pages[state.object_id], state.current_task_state, user, None, now)
        for state in found
        if state.object_id in pages
    ]
    return sorted(rows, key=lambda row: row.state != State.RETURNED)


def owned(user: Any) -> Iterable[int]:
    """Return the keys of the person's items that are in a workflow now."""
    running = WorkflowState.objects.active().values_list("object_id", flat=True)
    keys = [int(key) for key in running if key.isdecimal()]
    return Page.objects.filter(owner=user, pk__in=keys).values_list("pk", flat=True)


def count_for(user: Any) -> int:
    """Return how many items wait for the person's own groups."""
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    return states.filter(task__in=ReviewTask.objects.filter(groups__in=user.groups.all())).count()
