"""Freezes publications and writes their deliveries, inside the transaction that publishes.

Called by whoever makes an item public or takes it back; everything is written or nothing is.
"""

from collections.abc import Collection, Coroutine, Iterator, Mapping, Sequence
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

from channels import building, delivery, ending, registry, standing
from channels.composing import Composer, Said
from channels.contract import Adapter, DeliveryError, Message, Receipt, Story
from channels.models import (
    PRESSING,
    Action,
    Channel,
    Delivery,
    DeliveryQuerySet,
    Publication,
    State,
)
from channels.payload import digest, message_from_json, says_the_same, to_json
from channels.standing import Standing
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
        there = standings(story.key)
        hidden = last is not None and last.is_over(timezone.now())
        wanted = [
            channel
            for channel in Channel.objects.order_by("pk")
            if _wants(channel, story, there.get(channel.pk), off, same=same, hidden=hidden)
        ]
        if last is not None and last.expires_at != expires_at and not (hidden and wanted):
            # Of every version: a channel may show an older one, of which it would say the same.
            Publication.objects.of_story(story.key).update(expires_at=expires_at)
        if wanted or not same:  # a version that no channel takes is on record all the same
            last = _freeze(story, last, expires_at)
            _queue(wanted, last, story, there, waiver=_waiver(story, urgent_reason))
        _take_off(story.key, off, there)
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
        _queue([channel], publication, story, {})
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
        return sum(_withdraw(channel, story) for channel in _holders(standings(story)))


def expire(story: UUID | str, now: datetime) -> None:
    """Let the story vanish from what receivers fetch, silently; nothing unsent is sent any more.

    What was for its time only comes to an end, such as the pin of an urgent message.
    """
    with _changing(story):
        Publication.objects.of_story(story).exclude(expires_at__lte=now).update(expires_at=now)
        _drop_queued(Delivery.objects.of_story(story).exclude(action=Action.END), delivery.EXPIRED)
        ending.queue(story, standings(story))


def end(story: UUID | str) -> int:
    """Queue the end of what was for the story's time only. Returns for how many channels.

    The story itself stays where it is. To do it again changes nothing.
    """
    with _changing(story):
        return ending.queue(story, standings(story))


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
        active = Channel.objects.active().filter(slug__in=to).order_by("pk")
        named = [channel for channel in active if _takes_embargoed(channel)]
        _recall(story.key, keep={channel.pk for channel in named})
        there = standings(story.key)
        wanted = [
            channel
            for channel in named
            if not (same and there.get(channel.pk, Standing()).may_be_up)
        ]
        if same and last is not None and not wanted:
            Publication.objects.filter(pk=last.pk).update(expires_at=expires_at)
        if wanted:
            last = _freeze(story, last, expires_at)
            _queue(wanted, last, story, there)
        return last


def retract_early(story: UUID | str) -> int:
    """Take back what was handed out under embargo. Returns from how many channels."""
    if not Publication.objects.of_story(story).exclude(embargo_until=None).exists():
        return 0
    with _changing(story):
        return _recall(story, keep=())


def _recall(story: UUID | str, *, keep: Collection[int]) -> int:
    """Withdraw from the channels whose last word on the story is an embargoed version."""
    last: dict[int, Delivery] = {}
    rows = Delivery.objects.of_story(story).exclude(state=State.CANCELLED)
    for row in rows.select_related("publication", "channel").order_by("pk"):
        last[row.channel_id] = row
    return sum(
        _withdraw(row.channel, story)
        for row in last.values()
        if row.publication.embargo_until and row.channel_id not in keep
    )


def _takes_embargoed(channel: Channel) -> bool:
    kind = registry.ADAPTERS.get(channel.kind)
    return kind is not None and kind.takes_embargoed


def standings(story: UUID | str) -> dict[int, Standing]:
    """Return what each channel holds of the story, by channel id."""
    rows: dict[int, list[Delivery]] = {}
    for row in Delivery.objects.of_story(story).order_by("pk"):
        rows.setdefault(row.channel_id, []).append(row)
    return {channel: standing.after(deliveries) for channel, deliveries in rows.items()}


def _wants(
    channel: Channel,
    story: Story,
    held: Standing | None,
    off: Collection[str],
    *,
    same: bool,
    hidden: bool,
) -> bool:
    """Whether this version is for the channel: it takes such items, or holds an earlier version."""
    if channel.slug in off:
        return False
    if channel.is_retired and not (held is not None and held.may_be_up):
        return False
    has_it = held is not None and (held.may_be_up or held.queued)
    if same and has_it and not (hidden and _pulls(channel)):
        return _retraction_waits(channel, story.key)
    if held is not None and has_it:
        return (hidden and _pulls(channel)) or not _shows_the_same(channel, story, held)
    if same and held is not None and _ended_for_a_person(channel, story.key):
        return False
    return channel.is_active and channel.takes(section=story.section, level=story.level)


def _shows_the_same(channel: Channel, story: Story, held: Standing) -> bool:
    """Whether the receiver is known to show just what the channel would say of this version.

    A change in the radio text is then no message to a group that never saw it.
    """
    if held.queued or held.in_flight:
        return False
    rows = Delivery.objects.for_channel(channel).of_story(story.key)
    last = rows.exclude(state=State.CANCELLED).select_related("publication").order_by("-pk").first()
    if last is None or last.state not in {State.DELIVERED, State.AWAITING}:
        return False
    if last.action == Action.RETRACT or last.publication.embargo_until is not None:
        return False
    try:
        message = building.compose(channel, story)
    except DeliveryError:
        return False  # a failure that people are told of
    return says_the_same(message, message_from_json(last.payload))


def _retraction_waits(channel: Channel, story: UUID | str) -> bool:
    return (
        Delivery.objects.for_channel(channel)
        .of_story(story)
        .filter(action=Action.RETRACT, state__in=[State.PENDING, State.SENDING, State.UNCERTAIN])
        .exists()
    )


def _ended_for_a_person(channel: Channel, story: UUID | str) -> bool:
    """Whether the last word on this very version is a failure that a person is asked about."""
    row = Delivery.objects.for_channel(channel).of_story(story).order_by("-pk").first()
    return row is not None and row.state == State.FAILED and row.action != Action.RETRACT


def _freeze(
    story: Story, last: Publication | None, expires_at: datetime | None, **values: Any
) -> Publication:
    frozen = replace(story, sequence=last.sequence + 1 if last else 1)
    return Publication.objects.create(
        story=frozen.key,
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
    there: Mapping[int, Standing],
    *,
    waiver: str = "",
) -> None:
    """Write the deliveries of a new version, all at once: there may be a thousand.

    A queued older version is replaced, pull channels are settled at once. A channel that cannot
    say the story fails alone.
    """
    composer = Composer(replace(story, sequence=publication.sequence))
    said: list[Said] = []
    for channel in channels:
        held = there.get(channel.pk, Standing())
        if held.queued:
            held = _supersede_queued(channel, story.key)
        action = Action.UPDATE if held.may_be_up else Action.PUBLISH
        said.append(composer.say(channel, action))
    priority = PRIORITIES.get(story.level, 0)
    placed = delivery.place_all(publication, said, priority=priority, quiet_waiver=waiver)
    for row, one in zip(placed, said, strict=True):
        if one.channel.is_retired and not _pulls(one.channel):
            held = there.get(one.channel.pk, Standing())
            delivery.hand_over(row, held.receipt)
        elif one.error is not None:
            delivery.fail_at_once(row, str(one.error), stops_channel=one.error.stops_channel)
        elif one.adapter is not None and one.adapter.pulls:
            _settle_pull(row, one.adapter, one.message)


def _supersede_queued(channel: Channel, story: UUID | str) -> Standing:
    """Replace what is queued. Returns how things stand then: a worker may have been faster."""
    rows = Delivery.objects.for_channel(channel).of_story(story)
    for row in rows.filter(state=State.PENDING):
        delivery.supersede(row)
    return standing.after(rows.order_by("pk"))


def _take_off(story: UUID | str, off: Collection[str], there: Collection[int]) -> None:
    for channel in _holders(there):
        if channel.slug in off:
            _withdraw(channel, story)


def _holders(ids: Collection[int]) -> QuerySet[Channel]:
    return Channel.objects.filter(pk__in=ids).order_by("pk")


def _drop_queued(rows: DeliveryQuerySet, reason: str | Promise) -> None:
    for row in rows.filter(state=State.PENDING).exclude(action=Action.RETRACT):
        delivery.drop(row, reason)


def _withdraw(channel: Channel, story: UUID | str) -> bool:
    """Queue the withdrawal on one channel. Returns whether there is anything to withdraw."""
    rows = Delivery.objects.for_channel(channel).of_story(story)
    _drop_queued(rows, delivery.WITHDRAWN)
    held = standing.after(rows.order_by("pk"))
    if not held.may_be_up:
        for row in rows.filter(state=State.FAILED):  # nobody shall send it again
            delivery.drop(row, delivery.WITHDRAWN)
        return False
    last = rows.exclude(state=State.CANCELLED).order_by("-sequence", "-pk").first()
    if last is None or (last.action == Action.RETRACT and last.state in State.unsettled()):
        return False
    message = message_from_json(last.payload)
    priority = max(last.priority, 1)
    placed = delivery.place(last.publication, channel, Action.RETRACT, message, priority=priority)
    if placed and _pulls(channel):
        receipt = Receipt(external_id=message.story)
        delivery.settle_at_once(placed, receipt)
    elif placed and channel.is_retired:
        delivery.hand_over(placed, held.receipt)
    return placed is not None


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


def _pulls(channel: Channel) -> bool:
    kind = registry.ADAPTERS.get(channel.kind)
    return kind is not None and kind.pulls
