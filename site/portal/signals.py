"""Listens to Wagtail and to the outbox. Thin: the work is in ``publishing``."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from channels.models import Delivery
from channels.signals import delivery_changed
from core import audit
from portal import publishing
from portal.models import StoryPage

# Verbs that an editor looks for in the history of the page.
PAGE_VERBS = {"delivered", "failed", "uncertain", "awaiting", "confirmed", "sent_again", "forced"}


@receiver(page_published)
def on_published(sender: Any, instance: Page, revision: Any = None, **kwargs: Any) -> None:
    # A page scheduled for later is announced too, with ``live`` false.
    if not isinstance(instance, StoryPage):
        # Its own address may have changed, and with it those of the items under it. Wagtail tells
        # of that (``page_slug_changed``) only after the commit.
        publishing.relocate(instance)
    elif not publishing.is_fresh_copy(instance, revision):
        publishing.publish(instance)


@receiver(page_unpublished)
def on_unpublished(sender: Any, instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, StoryPage):
        publishing.withdraw(instance)


@receiver(post_page_move)
def on_moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    if kwargs["url_path_before"] != kwargs["url_path_after"]:
        publishing.relocate(instance)


@receiver(delivery_changed)
def on_delivery_changed(
    sender: Any, delivery: Delivery, verb: str, user: Any = None, **kwargs: Any
) -> None:
    if verb not in PAGE_VERBS:
        return
    page = publishing.page_of_story(delivery.story)
    if page is not None:
        audit.record(
            page,
            f"channels.{verb}",
            user,
            channel=delivery.channel.name,
            action=delivery.action,
            reason=delivery.reason,
        )
