"""An item on its way through the workflow."""

from typing import Any

from wagtail.models import TaskState, Workflow

from editorial.models import ReviewTask
from organisations.models import User
from portal.models import ArticlePage
from tests import factories


def written(author: User, **values: Any) -> ArticlePage:
    """Return a draft that this person wrote."""
    page = factories.article(owner=author, **values)
    page.save_revision(user=author)
    return ArticlePage.objects.get(pk=page.pk)


def submitted(author: User, by: User | None = None, **values: Any) -> ArticlePage:
    """Return a draft of this person's, put before the office by them or by somebody else."""
    page = written(author, **values)
    Workflow.objects.get(workflow_pages__isnull=False).start(page, by or author)
    return ArticlePage.objects.get(pk=page.pk)


def step_of(page: ArticlePage) -> TaskState:
    """Return the step at which the item waits now."""
    return ArticlePage.objects.get(pk=page.pk).current_workflow_task_state


def at_the_board(author: User, editor: User, **values: Any) -> ArticlePage:
    """Return an item that an editor has handed on to the editorial board."""
    page = submitted(author, **values)
    state = step_of(page)
    state.task.specific.on_action(state, editor, "approve")
    assert step_of(page).task.specific.kind == ReviewTask.Kind.APPROVE
    return ArticlePage.objects.get(pk=page.pk)
