"""Verbs of the permission table: making public what others wrote, and what one wrote oneself.

An item is "own" (they are its author), "another's", or "edited": another's, but the person at the
screen was the last to change its words.
"""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow, WorkflowState

from editorial.models import Override, ReviewTask
from editorial.review.fresh import token_of
from portal.models import ArticlePage
from tests import forms
from tests.verbs import VERBS, Actor, opens

Whose = str


def item(actor: Actor, whose: Whose, **values: Any) -> ArticlePage:
    """Return a draft whose author and last editor are as ``whose`` says."""
    page = actor.draft(own=whose == "own", **values)
    page.save_revision(user=actor.user if whose == "own" else actor.other)
    if whose == "edited":
        page.title = f"Sửa bởi {actor.role}"
        page.save_revision(user=actor.user)
    return ArticlePage.objects.get(pk=page.pk)


def press(actor: Actor, page: ArticlePage, **values: Any) -> ArticlePage:
    """Press a button of the editor without changing a word; return the page as it is then."""
    form = forms.unchanged(page, **values)
    actor.post("wagtailadmin_pages:edit", page.pk, **form)
    return ArticlePage.objects.get(pk=page.pk)


def publish(actor: Actor, whose: Whose) -> bool:
    return press(actor, item(actor, whose), **{"action-publish": "1"}).live


def publish_with_a_change(actor: Actor, whose: Whose) -> bool:
    page = item(actor, "another's")
    return press(actor, page, title="Sửa lúc đăng", **{"action-publish": "1"}).live


def schedule(actor: Actor, whose: Whose) -> bool:
    tomorrow = timezone.localtime() + timezone.timedelta(days=1)
    values = {"go_live_at": tomorrow.strftime("%d/%m/%Y %H:%M"), "action-publish": "1"}
    page = press(actor, item(actor, whose), **values)
    return page.revisions.exclude(approved_go_live_at=None).exists()


def publish_by_api(actor: Actor, whose: Whose) -> bool:
    page = item(actor, whose)
    actor.post("wagtailadmin_api:pages:action", page.pk, "publish")
    page.refresh_from_db()
    return page.live


def publish_in_bulk(actor: Actor, whose: Whose) -> bool:
    page = item(actor, whose)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    actor.browser.post(f"{url}?id={page.pk}", {"include_descendants": ""})
    page.refresh_from_db()
    return page.live


# In the workflow


def waiting(actor: Actor, whose: Whose, kind: str) -> ArticlePage:
    """Return such a draft at the step of that kind."""
    page = item(actor, whose)
    Workflow.objects.get(workflow_pages__isnull=False).start(page, actor.other)
    if kind == ReviewTask.Kind.APPROVE:
        page.current_workflow_task_state.approve()
    assert page.current_workflow_task.kind == kind
    return page


def decide(actor: Actor, page: ArticlePage, action: str, **data: Any) -> None:
    """Press a button of the page on which one item is reviewed."""
    step = page.current_workflow_task_state
    values = {"action": action, "step": step.pk if step else "", "seen": token_of(page)}
    actor.post("editorial_review_item", page.pk, **values, **data)
    page.refresh_from_db()


def approve(actor: Actor, whose: Whose) -> bool:
    page = waiting(actor, whose, ReviewTask.Kind.APPROVE)
    decide(actor, page, "approve")
    return page.live


def approve_by_address(actor: Actor, whose: Whose) -> bool:
    page = waiting(actor, whose, ReviewTask.Kind.APPROVE)
    step = page.current_workflow_task_state.pk
    actor.post("wagtailadmin_pages:workflow_action", page.pk, "approve", step, comment="")
    page.refresh_from_db()
    return page.live


def approve_in_editor(actor: Actor, whose: Whose) -> bool:
    page = waiting(actor, whose, ReviewTask.Kind.APPROVE)
    button = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    return press(actor, page, **button).live


def forward(actor: Actor, whose: Whose) -> bool:
    page = waiting(actor, whose, ReviewTask.Kind.EDIT)
    decide(actor, page, "approve")
    return bool(page.current_workflow_task.kind == ReviewTask.Kind.APPROVE)


def send_back(actor: Actor, kind: str) -> bool:
    page = waiting(actor, "another's", kind)
    decide(actor, page, "reject", comment="Thiếu số liệu")
    return page.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES


def publish_urgently(actor: Actor, whose: Whose) -> bool:
    page = item(actor, whose)
    decide(actor, page, "urgent", override_reason="Lũ đang lên, phải báo ngay")
    return page.live


def review(actor: Actor, whose: Whose) -> bool:
    page = item(actor, whose)
    user = actor.user if whose == "own" else actor.other
    record = Override.objects.create(page=page, story=page.story, title=page.title, user=user)
    actor.post("editorial_override", record.pk, verdict="justified")
    record.refresh_from_db()
    return record.reviewed_at is not None


def others_item(actor: Actor) -> int:
    return item(actor, "another's").pk


opens("see what waits", "editorial_review")
opens("read own notices", "editorial_notices")
opens("open an item to review it", "editorial_review_item", others_item)
opens("read the urgent publications", "editorial_overrides")

TABLE = {
    "publish own": (publish, "own"),
    "publish another's": (publish, "another's"),
    "publish what they edited last": (publish, "edited"),
    "publish what they edit now": (publish_with_a_change, ""),
    "schedule own": (schedule, "own"),
    "schedule another's": (schedule, "another's"),
    "schedule what they edited": (schedule, "edited"),
    "publish own by API": (publish_by_api, "own"),
    "publish another's by API": (publish_by_api, "another's"),
    "publish edited by API": (publish_by_api, "edited"),
    "publish own in bulk": (publish_in_bulk, "own"),
    "publish another's in bulk": (publish_in_bulk, "another's"),
    "publish edited in bulk": (publish_in_bulk, "edited"),
    "approve own": (approve, "own"),
    "approve another's": (approve, "another's"),
    "approve what they edited": (approve, "edited"),
    "approve own by address": (approve_by_address, "own"),
    "approve another's by address": (approve_by_address, "another's"),
    "approve edited by address": (approve_by_address, "edited"),
    "approve own in the editor": (approve_in_editor, "own"),
    "approve another's in editor": (approve_in_editor, "another's"),
    "approve edited in the editor": (approve_in_editor, "edited"),
    "forward own": (forward, "own"),
    "forward another's": (forward, "another's"),
    "forward what they edited": (forward, "edited"),
    "send back from editing": (send_back, ReviewTask.Kind.EDIT),
    "send back from approval": (send_back, ReviewTask.Kind.APPROVE),
    "publish own urgently": (publish_urgently, "own"),
    "publish edited urgently": (publish_urgently, "edited"),
    "review own urgent": (review, "own"),
    "review another's urgent": (review, "another's"),
}
for name, (verb, whose) in TABLE.items():
    VERBS[name] = lambda actor, verb=verb, whose=whose: verb(actor, whose)
