"""Where an item stands, in the words of the house: one state for each item.

``state_of`` answers for one page; ``with_state`` annotates a query set with the same answer, within
its query. What is at work on an item comes first: a public item whose change waits for approval
"waits for approval", and the lists say beside it that it is public.
"""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast
from django.utils.translation import pgettext_lazy
from wagtail.models import Revision, WorkflowState, get_default_page_content_type

from editorial.models import ReviewTask
from portal import status
from portal.corrections import last_of
from portal.models import Correction, CorrectionKind, CorrectionMode
from portal.timing import FAR

KINDS = "editorial.review.kinds"
KINDS_SECONDS = 60


class State(models.TextChoices):
    """The states of an item."""

    DRAFT = "draft", pgettext_lazy("state", "draft")
    EDITING = "editing", pgettext_lazy("state", "waits for editing")
    APPROVAL = "approval", pgettext_lazy("state", "waits for approval")
    RETURNED = "returned", pgettext_lazy("state", "sent back")
    APPROVED = "approved", pgettext_lazy("state", "approved")
    SCHEDULED = "scheduled", pgettext_lazy("state", "scheduled")
    PUBLISHED = "published", pgettext_lazy("state", "published")
    CHANGED = "changed", pgettext_lazy("state", "has an unpublished change")
    CORRECTED = "corrected", pgettext_lazy("state", "corrected")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("state", "expired")


def register() -> None:
    """Let Wagtail's own lists and the editor speak of an item's state in these words."""
    status.register(lambda page: str(state_of(page).label))


def state_of(page: Any) -> State:
    """Return the state of one item. Asks nothing more for what the page already carries."""
    annotated = getattr(page, "review_state", None)
    if annotated is not None:
        return State(annotated)
    running = page.current_workflow_state
    if running is not None:
        return state_in(running)
    waits = waits_until(page)
    if waits is not None:
        return State.APPROVED if waits >= FAR else State.SCHEDULED
    return public_state(page) if page.live else private_state(page)


def state_in(running: WorkflowState) -> State:
    """Return the state of an item that is in a workflow."""
    if running.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return State.RETURNED
    step = running.current_task_state
    if step is not None and kinds().get(step.task_id) == ReviewTask.Kind.EDIT:
        return State.EDITING
    return State.APPROVAL


def waits_until(page: Any) -> datetime | None:
    """Return when the approved version goes live, if one waits."""
    if getattr(page, "_approved_schedule", None) is False:
        return None  # annotated by Wagtail's lists
    revision = page.scheduled_revision
    return revision.approved_go_live_at if revision else None


def public_state(page: Any) -> State:
    if page.has_unpublished_changes:
        return State.CHANGED
    if hasattr(page, "_approved_schedule"):
        return State.PUBLISHED  # a row of Wagtail's own lists, where nothing more is asked
    last = last_of(page)
    if last is None or last.kind != CorrectionKind.CORRECT:
        return State.PUBLISHED
    return State.CORRECTED if last.mode == CorrectionMode.NOTED else State.PUBLISHED


def private_state(page: Any) -> State:
    if page.expired:
        return State.EXPIRED
    return State.WITHDRAWN if page.first_published_at else State.DRAFT


def kinds() -> dict[int, str]:
    """Return step → kind. Lists ask it for every row, and it hardly ever changes."""
    known: dict[int, str] | None = cache.get(KINDS)
    if known is None:
        known = dict(ReviewTask.objects.values_list("pk", "kind"))
        cache.set(KINDS, known, KINDS_SECONDS)
    return known


def with_state(pages: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Annotate every item with ``review_state``, a value of ``State``."""
    running = WorkflowState.objects.active().filter(
        base_content_type=get_default_page_content_type(),
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    waiting = Revision.page_revisions.filter(
        object_id=Cast(OuterRef("pk"), CharField()), approved_go_live_at__isnull=False
    )
    newest = Correction.objects.filter(story=OuterRef("story")).newest_first()
    steps = ReviewTask.objects.filter(pk=OuterRef("_step"))
    return (
        pages.annotate(
            _running=Subquery(running.values("status")[:1]),
            _step=Subquery(running.values("current_task_state__task")[:1]),
            _waits=Exists(waiting.filter(approved_go_live_at__lt=FAR)),
            _bundled=Exists(waiting.filter(approved_go_live_at__gte=FAR)),
            _last=Subquery(newest.values("kind")[:1]),
            _mode=Subquery(newest.values("mode")[:1]),
        )
        .annotate(_kind=Subquery(steps.values("kind")[:1]))
        .annotate(review_state=decision())
    )


def decision() -> Case:
    """Return the state as an expression over what ``with_state`` annotates; as ``state_of``."""
    noted = Q(_last=CorrectionKind.CORRECT, _mode=CorrectionMode.NOTED)
    return Case(
        When(_running=WorkflowState.STATUS_NEEDS_CHANGES, then=Value(State.RETURNED)),
        When(Q(_running__isnull=False, _kind=ReviewTask.Kind.EDIT), then=Value(State.EDITING)),
        When(_running__isnull=False, then=Value(State.APPROVAL)),
        When(_bundled=True, then=Value(State.APPROVED)),
        When(_waits=True, then=Value(State.SCHEDULED)),
        When(live=True, has_unpublished_changes=True, then=Value(State.CHANGED)),
        When(Q(noted, live=True), then=Value(State.CORRECTED)),
        When(live=True, then=Value(State.PUBLISHED)),
        When(expired=True, then=Value(State.EXPIRED)),
        When(first_published_at__isnull=False, then=Value(State.WITHDRAWN)),
        default=Value(State.DRAFT),
        output_field=CharField(),
    )
