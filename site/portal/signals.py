"""Listens to Wagtail and to the outbox. Thin: the work is in ``publishing``."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models.signals import post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished, post_page_move

from channels.calling.models import Call
from channels.feeds.models import StationKey, StationReport
from channels.models import Delivery
from channels.signals import (
    call_changed,
    deliveries_changed,
    station_reported,
    station_took,
)
from core import audit
from portal import embargo, gates, proof, protection, publishing
from portal.bundles import holding
from portal.corrections import recording
from portal.models import StoryPage

gates.register(recording.gate)

# Verbs that an editor looks for in the history of the page.
PAGE_VERBS = {
    "delivered",
    "failed",
    "uncertain",
    "awaiting",
    "confirmed",
    "sent_again",
    "forced",
    "quiet_waived",
}


@receiver(page_published)
def on_published(sender: Any, instance: Page, revision: Any = None, **kwargs: Any) -> None:
    # A page scheduled for later is announced too, with ``live`` false.
    if not isinstance(instance, StoryPage):
        # Its own address may have changed, and with it those of the items under it. Wagtail tells
        # of that (``page_slug_changed``) only after the commit.
        publishing.relocate(instance)
    elif not publishing.is_fresh_copy(instance, revision):
        if instance.live:  # a scheduled one was asked about when its revision was approved
            gates.ask(instance, revision)
            proof.published(instance)  # before its deliveries, which are proof of the same
        with proof.gathering():
            publishing.publish_corrected(instance, revision)


@receiver(pre_save, sender=Revision)
def on_waiting(sender: Any, instance: Revision, update_fields: Any = None, **kwargs: Any) -> None:
    if "approved_go_live_at" in (update_fields or ()):
        holding.require_bundle(instance)


@receiver(post_save, sender=Revision)
def on_scheduled(sender: Any, instance: Revision, update_fields: Any = None, **kwargs: Any) -> None:
    # The only trace of scheduling a new version of a live page: no signal of its own.
    if "approved_go_live_at" not in (update_fields or ()):
        return
    page = instance.as_object()
    if not isinstance(page, StoryPage):
        return
    if instance.approved_go_live_at:
        gates.ask(page, instance)
        recording.agree(page, instance)
    else:
        embargo.take_back(page)


@receiver(page_unpublished)
def on_unpublished(sender: Any, instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, StoryPage):
        recording.withdrawn(instance)
        publishing.withdraw(instance)
        proof.withdrawn(instance)


def on_deleting(sender: Any, instance: StoryPage, **kwargs: Any) -> None:
    embargo.take_back(instance)


@receiver(call_changed)
def on_call_changed(sender: Any, call: Call, verb: str, user: Any = None, **kwargs: Any) -> None:
    page = publishing.page_of_story(call.story)
    if page is not None:
        audit.record(page, f"channels.{verb}", user, officer=str(call.contact), reason=call.reason)


for model in publishing.STORY_PAGES:
    pre_delete.connect(protection.refuse_losing_the_record, sender=model)
    pre_delete.connect(on_deleting, sender=model)


@receiver(post_page_move)
def on_moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    if kwargs["url_path_before"] != kwargs["url_path_after"]:
        publishing.relocate(instance)


@receiver(deliveries_changed)
def on_deliveries_changed(
    sender: Any,
    deliveries: Sequence[Delivery],
    verb: str,
    user: Any = None,
    reason: str = "",
    **kwargs: Any,
) -> None:
    if verb not in PAGE_VERBS:
        return
    pages = publishing.pages_of_stories({row.story for row in deliveries})
    entries = [
        (
            pages[row.story],
            {"channel": row.channel.name, "action": row.action, "reason": reason or row.reason},
        )
        for row in deliveries
        if row.story in pages
    ]
    for kind in {type(page) for page, _ in entries}:
        alike = [entry for entry in entries if type(entry[0]) is kind]
        audit.record_all(alike, f"channels.{verb}", user)
    proof.delivered(pages, deliveries, verb)


@receiver(station_took)
def on_station_took(
    sender: Any, key: StationKey, deliveries: Collection[int], when: datetime, **kwargs: Any
) -> None:
    proof.taken(key, deliveries, when)


@receiver(station_reported)
def on_station_reported(sender: Any, report: StationReport, stands: bool, **kwargs: Any) -> None:
    proof.reported(report, stands=stands)
