"""Freezes publications and writes their deliveries, inside the transaction that publishes.

Called by whoever makes an item public or takes it back; everything is written or nothing is.
"""

from collections.abc import Collection, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise

from channels import building, delivery, ending, registry
from channels.choosing import Choice, pulls
from channels.composing import Composer, Said
from channels.contract import Adapter, DeliveryError, Message, Receipt, Story
from channels.dropping import drop_all
from channels.history import History
from channels.models import (
    PRESSING,
    Action,
    Channel,
    Delivery,
    Publication,
    State,
)
from channels.payload import digest, message_from_json, to_json
from channels.standing import Standing
from channels.states import REPLACED
from core import actor

PRIORITIES = {"urgent": 20, "priority": PRESSING}  # Circular 39/2020/TT-BTTTT: three levels


class OutsideTransactionError(RuntimeError):
    """The outbox was written outside the transaction that publishes."""


def publish(
    story: Story,
    *,
    off: Collection[str] = (),
    expires_at: datetime | None = None,
    urgent_reason: str = "",
) -> Publication | None:
    """Freeze the story and queue it for every channel that should have it.

    ``story.sequence`` is set here. ``off`` holds slugs of channels that a person took off the item:
    it is taken down there if it stands. Publishing the same thing again changes nothing and gives
    the publication that stands, or ``None`` when no channel ever had it. An urgent story does not
    wait for quiet hours to end when ``urgent_reason`` says why. Raises ``ValueError`` for a story
    under embargo: see ``publish_early``.
    """
    if story.embargo is not None:
        raise ValueError("A story under embargo goes to named channels only.")
    with _changing(story.key):
        last = Publication.objects.latest_of(story.key)
        same = last is not None and last.digest == digest(story)
        hidden = last is not None and last.is_over(timezone.now())
        choice = Choice(story, History.of(story.key), off, same=same, hidden=hidden)
        wanted = [channel for channel in Channel.objects.order_by("pk") if choice.wants(channel)]
        if last is not None and last.expires_at != expires_at and not (hidden and wanted):
            # Of every version: a channel may show an older one, of which it would say the same.
            Publication.objects.of_story(story.key).update(expires_at=expires_at)
        if wanted or not same:  # a version that no channel takes is on record all the same
            last = _freeze(story, last, expires_at)
            _queue(wanted, last, story, choice.history, waiver=_waiver(story, urgent_reason))
        if off:
            _withdraw(Channel.objects.filter(slug__in=off), story.key)
        _waive(story.key, _waiver(story, urgent_reason))
        return last


def _waive(story: UUID | str, reason: str) -> None:
    """Let go what was queued before somebody said why it is urgent."""
    if not reason:
        return
    now, user = timezone.now(), actor.current()
    pending = Delivery.objects.of_story(story).filter(state=State.PENDING, quiet_waiver="")
    for row in pending.select_related("channel").order_by("pk"):
        if row.waits_until(now):
            delivery.waive_quiet_hours(row, user, reason)
    pending.update(quiet_waiver=reason)  # what waits for something else may meet quiet hours yet


def publish_trial(story: Story, channel: Channel) -> Delivery:
    """Queue a trial message of the system's own for one test channel, and for no other.

    Raises ``ValueError`` for a channel that is no test target: people read those.
    """
    if not channel.is_test:
        raise ValueError("Trial messages go to test targets only.")
    with _changing(story.key):
        publication = _freeze(story, None, None, is_canary=True)
        _queue([channel], publication, story, History())
        return Delivery.objects.get(publication=publication)


@contextmanager
def _changing(story: UUID | str) -> Iterator[None]:
    """One after the other, and what is stored for people in the language of the house.

    Raises ``OutsideTransactionError``.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransactionError("Publish and retract only inside transaction.atomic().")
    Publication.objects.lock(story)
    with translation.override(settings.LANGUAGE_CODE):
        yield


def retract(story: UUID | str) -> int:
    """Queue the story's withdrawal for every receiver of record. Returns how many channels."""
    with _changing(story):
        return _withdraw(Channel.objects.all(), story)


def expire(story: UUID | str, now: datetime) -> None:
    """Let the story vanish from what receivers fetch, silently; nothing unsent is sent any more.

    What was for its time only comes to an end, such as the pin of an urgent message.
    """
    with _changing(story):
        Publication.objects.of_story(story).exclude(expires_at__lte=now).update(expires_at=now)
        history = History.of(story)
        _drop_queued(history, history.rows, delivery.EXPIRED, keep={Action.RETRACT, Action.END})
        ending.queue(History.of(story))


def end(story: UUID | str) -> int:
    """Queue the end of what was for the story's time only. Returns for how many channels.

    The story itself stays where it is. To do it again changes nothing.
    """
    with _changing(story):
        return ending.queue(History.of(story))


def publish_early(
    story: Story, *, to: Collection[str], expires_at: datetime | None = None
) -> Publication | None:
    """Hand a story under embargo to the channels of these slugs, and to nobody else.

    A channel that had it early and is named no longer loses it. Channels of kinds that do not take
    embargoed items are passed over. Raises ``ValueError`` when the story has no embargo.
    """
    if story.embargo is None:
        raise ValueError("Only a story with an embargo is handed out early.")
    with _changing(story.key):
        last = Publication.objects.latest_of(story.key)
        same = last is not None and last.digest == digest(story)
        active = Channel.objects.for_items().filter(slug__in=to).order_by("pk")
        named = [channel for channel in active if _takes_embargoed(channel)]
        _recall(story.key, keep={channel.pk for channel in named})
        history = History.of(story.key)
        wanted = [
            channel for channel in named if not (same and history.standing(channel.pk).may_be_up)
        ]
        if same and last is not None and not wanted:
            Publication.objects.filter(pk=last.pk).update(expires_at=expires_at)
        if wanted:
            last = _freeze(story, last, expires_at)
            _queue(wanted, last, story, history)
        return last


def retract_early(story: UUID | str) -> int:
    """Take back what was handed out under embargo. Returns from how many channels."""
    if not Publication.objects.of_story(story).exclude(embargo_until=None).exists():
        return 0
    with _changing(story):
        return _recall(story, keep=())


def _recall(story: UUID | str, *, keep: Collection[int]) -> int:
    """Withdraw from the channels whose last word on the story is an embargoed version."""
    history = History.of(story)
    early = [
        channel
        for channel in history.rows
        if (last := history.last(channel)) and last.publication.embargo_until is not None
    ]
    return _withdraw(Channel.objects.filter(pk__in=set(early) - set(keep)), story)


def _takes_embargoed(channel: Channel) -> bool:
    kind = registry.ADAPTERS.get(channel.kind)
    return kind is not None and kind.takes_embargoed


def standings(story: UUID | str) -> dict[int, Standing]:
    """Return what each channel holds of the story, by channel id."""
    return History.of(story).standings()


def _freeze(
    story: Story, last: Publication | None, expires_at: datetime | None, **values: Any
) -> Publication:
    frozen = replace(story, sequence=last.sequence + 1 if last else 1)
    return Publication.objects.create(
        story=UUID(frozen.key),  # as it is read back: whoever is told of it finds its page by it
        sequence=frozen.sequence,
        content=to_json(frozen),
        digest=digest(frozen),
        title=frozen.title[:255],
        expires_at=expires_at,
        embargo_until=frozen.embargo,
        **values,
    )


def _waiver(story: Story, reason: str) -> str:
    """Return why the story does not wait for quiet hours to end; "" if it does."""
    return reason.strip() if story.level == "urgent" else ""


def _queue(
    channels: Sequence[Channel],
    publication: Publication,
    story: Story,
    history: History,
    *,
    waiver: str = "",
) -> None:
    """Write the deliveries of a new version, all at once: there may be a thousand.

    A queued older version is replaced, pull channels are settled at once. A channel that cannot
    say the story fails alone.
    """
    composer = Composer(replace(story, sequence=publication.sequence))
    history = _supersede_queued(channels, story.key, history)
    said: list[Said] = []
    for channel in channels:
        held = history.standing(channel.pk)
        action = Action.UPDATE if held.may_be_up else Action.PUBLISH
        said.append(composer.say(channel, action))
    priority = PRIORITIES.get(story.level, 0)
    placed = delivery.place_all(publication, said, priority=priority, quiet_waiver=waiver)
    for row, one in zip(placed, said, strict=True):
        if one.channel.is_retired and not pulls(one.channel):
            delivery.hand_over(row, history.standing(one.channel.pk).receipt)
        elif one.error is not None:
            delivery.fail_at_once(row, str(one.error), stops_channel=one.error.stops_channel)
        elif one.adapter is not None and one.adapter.pulls:
            _settle_pull(row, one.adapter, one.message)


def _supersede_queued(channels: Sequence[Channel], story: UUID | str, history: History) -> History:
    """Replace what is queued. Returns how things stand then: a worker may have been faster."""
    queued = history.in_state(State.PENDING, [channel.pk for channel in channels])
    if not queued:
        return history
    drop_all(queued, REPLACED, "superseded")
    return History.of(story)


def _drop_queued(
    history: History,
    channels: Iterable[int],
    reason: str | Promise,
    *,
    keep: Collection[str] = (Action.RETRACT,),
) -> bool:
    """Drop what waits. Returns whether the history is to be read again: workers were at it too."""
    rows = history.in_state(State.PENDING, channels)
    queued = [row for row in rows if row.action not in keep]
    drop_all(queued, reason)
    return bool(queued)


def _withdraw(channels: QuerySet[Channel], story: UUID | str) -> int:
    """Queue the withdrawal on those of the channels that may show it. Returns on how many."""
    history = History.of(story)
    known = list(channels.filter(pk__in=history.rows).order_by("pk"))
    ids = [channel.pk for channel in known]
    if _drop_queued(history, ids, delivery.WITHDRAWN):
        history = History.of(story, ids)
    gone = [pk for pk in ids if not history.standing(pk).may_be_up]
    # Nobody shall send it again.
    drop_all(history.in_state(State.FAILED, gone), delivery.WITHDRAWN)
    last = {channel: history.newest(channel.pk) for channel in known if channel.pk not in set(gone)}
    shown = {channel: row for channel, row in last.items() if row and not _is_withdrawn(row)}
    said = {channel: history.message(row) for channel, row in shown.items()}
    changes = [(row, said[channel]) for channel, row in shown.items()]
    placed = delivery.place_changes(changes, Action.RETRACT, least=1)
    for row in placed:
        if pulls(row.channel):
            delivery.settle_at_once(row, Receipt(external_id=message_from_json(row.payload).story))
        elif row.channel.is_retired:
            delivery.hand_over(row, history.standing(row.channel_id).receipt)
    return len(placed)


def _is_withdrawn(row: Delivery) -> bool:
    """Whether the last word is a withdrawal that is on its way already."""
    return row.action == Action.RETRACT and row.state in State.unsettled()


def _settle_pull(row: Delivery, adapter: Adapter, message: Message) -> None:
    """Settle without I/O: a pull adapter's ``send`` only says where the item stands."""
    try:
        with building.guarded(adapter.kind):
            receipt = _finish(adapter.send(message))
    except DeliveryError as error:
        delivery.fail_at_once(row, str(error))
    else:
        delivery.settle_at_once(row, receipt)


def _finish(coroutine: Coroutine[Any, Any, Receipt]) -> Receipt:
    """Run a coroutine that awaits nothing, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        receipt: Receipt = done.value
        return receipt
    coroutine.close()
    raise RuntimeError("A pull channel's adapter must not wait for anything")
