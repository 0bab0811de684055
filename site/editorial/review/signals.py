"""Listens to Wagtail and to the outbox. Thin: the work is in ``telling``."""

from collections.abc import Sequence
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.admin import signal_handlers
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    task_rejected,
    task_submitted,
    workflow_approved,
)

from channels.calling.models import Call
from channels.models import Channel, Delivery, State
from channels.signals import call_changed, channel_changed, deliveries_changed
from core import actor
from editorial.review import telling
from portal import publishing
from portal.models import Correction, RecallTask, StoryPage


def silence_wagtail() -> None:
    """Keep Wagtail's own mails about the workflow from going out beside ours."""
    for notifier in (
        signal_handlers.task_submission_email_notifier,
        signal_handlers.workflow_submission_email_notifier,
        signal_handlers.workflow_approval_email_notifier,
        signal_handlers.workflow_rejection_email_notifier,
    ):
        notifier.valid_classes = ()


@receiver(task_submitted)
def on_submitted(sender: Any, instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    telling.of_submission(instance, user)


@receiver(task_rejected)
def on_rejected(sender: Any, instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    telling.of_return(instance, user)


@receiver(workflow_approved)
def on_approved(sender: Any, instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    telling.of_approval(instance, user)


@receiver(page_published)
def on_published(sender: Any, instance: Page, revision: Any = None, **kwargs: Any) -> None:
    is_item = isinstance(instance, StoryPage) and not instance.alias_of_id
    if is_item and instance.live and not publishing.is_fresh_copy(instance, revision):
        telling.of_publication(instance, actor.current())


@receiver(deliveries_changed)
def on_deliveries_changed(
    sender: Any, deliveries: Sequence[Delivery], verb: str, **kwargs: Any
) -> None:
    if verb not in {State.FAILED, State.UNCERTAIN}:
        return
    pages = publishing.pages_of_stories({row.story for row in deliveries})
    for row in deliveries:
        if row.story in pages:
            telling.of_failure(pages[row.story], row)


@receiver(channel_changed)
def on_channel_changed(
    sender: Any, channel: Channel, verb: str, reason: str = "", **kwargs: Any
) -> None:
    match verb:
        case "stop":
            telling.of_stopped_channel(channel, reason)
        case "break":
            telling.of_silent_channel(channel, reason)
        case "mend":
            telling.of_mended_channel(channel)


@receiver(call_changed)
def on_call_changed(sender: Any, call: Call, verb: str, **kwargs: Any) -> None:
    page = publishing.page_of_story(call.story) if verb == "call_unanswered" else None
    if page is not None:
        telling.of_unanswered_call(page, call)


@receiver(post_save, sender=Correction)
def on_correction(sender: Any, instance: Correction, created: bool, **kwargs: Any) -> None:
    if created and instance.is_withdrawal and instance.page is not None:
        telling.of_withdrawal(instance.page.specific, instance)


@receiver(post_save, sender=RecallTask)
def on_recall(sender: Any, instance: RecallTask, created: bool, **kwargs: Any) -> None:
    if created:
        telling.of_recall(instance)
