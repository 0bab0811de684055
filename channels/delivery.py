"""Moves deliveries through their states. Nothing else changes ``Delivery.state``.

Its parts: ``states`` (one step of one row), ``deciding`` (what people do),
``answering`` (what receivers say later), ``outcomes`` and ``recording`` (what came of a try),
``announcing`` (who is told).

pending ─claim→ sending ─settle→ delivered | awaiting | failed | uncertain | pending (later)
sending ─lease ran out→ uncertain          failed, uncertain ─a person→ pending | delivered
awaiting, uncertain ─the receiver, later→ delivered | failed
pending, failed, uncertain, awaiting ─→ cancelled
sending ─not arrived, and a newer version is there→ cancelled

Whoever writes deliveries of a story, or changes one by what it found in the others, holds the
story's lock (``Publication.objects.lock``). Stored reasons are in the language of the house.
"""

import uuid
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy

from channels import recording, retry, standing
from channels.announcing import announce
from channels.answering import ASK_PAUSE, ask, found, refused
from channels.composing import Said
from channels.contract import Message, Receipt
from channels.copying import copy_to
from channels.deciding import cancel, confirm, force, hand_over, send_again, waive_quiet_hours
from channels.dropping import drop
from channels.models import PRESSING, Action, Channel, Delivery, Publication, State
from channels.outcomes import AWAITING_LIMIT, Outcome
from channels.payload import to_json
from channels.recording import Result
from channels.standing import Standing
from channels.states import REPLACED, NotAllowed, change, part_only, require

__all__ = [
    "ASK_PAUSE",
    "AWAITING_LIMIT",
    "REPLACED",
    "NotAllowed",
    "Outcome",
    "ask",
    "cancel",
    "confirm",
    "drop",
    "force",
    "found",
    "hand_over",
    "refused",
    "require",
    "send_again",
    "waive_quiet_hours",
]

EXPIRED = gettext_lazy("The item expired before it was sent.")
WITHDRAWN = gettext_lazy("The item was withdrawn before it was sent.")
VANISHED = gettext_lazy("The worker stopped while sending. Look at the channel: did it arrive?")
NOTHING_THERE = gettext_lazy("There was nothing to take down.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery under this worker's lease, and what its receiver holds of the story."""

    row: Delivery
    held: Standing


@transaction.atomic
def place_all(
    publication: Publication, said: Sequence[Said], *, quiet_waiver: str = "", **values: Any
) -> list[Delivery]:
    """Write the deliveries of a version that was just frozen: none of it stands yet.

    Returns them in the order of ``said``.
    """
    alike: dict[tuple[str, int], list[Said]] = {}
    for one in said:
        alike.setdefault((one.action, id(one.payload)), []).append(one)
    firsts = Delivery.objects.bulk_create(
        Delivery(
            publication=publication,
            channel=one.channel,
            action=one.action,
            story=publication.story,
            sequence=publication.sequence,
            payload=one.payload,
            quiet_waiver=quiet_waiver,
            **values,
        )
        for one, *_others in alike.values()
    )
    written = {row.channel_id: row for row in firsts}
    for first, (_one, *others) in zip(firsts, alike.values(), strict=True):
        copies = copy_to(first, [one.channel for one in others])
        written |= {row.channel_id: row for row in copies}
    rows = [written[one.channel.pk] for one in said]
    if rows:
        announce(rows, "queued")
    now = timezone.now()
    waived = [row for row in rows if quiet_waiver and row.channel.silent_until(now)]
    if waived:
        announce(waived, "quiet_waived", reason=quiet_waiver)
    return rows


def place_changes(
    of: Sequence[tuple[Delivery, Message]], action: Action, *, least: int = 0
) -> list[Delivery]:
    """Write what changes that which these deliveries brought: takes it down, or ends it.

    One of ``of`` for each, with what it said; ``least`` is the lowest priority. Wakes those that
    had ended. Returns what was written; what is on its way already is not written again.
    """
    named = {(last.publication_id, last.channel_id) for last, _ in of}
    known = {
        (row.publication_id, row.channel_id): row
        for row in Delivery.objects.filter(
            publication__in={publication for publication, _ in named},
            channel__in={channel for _, channel in named},
            action=action,
        ).select_related("channel")
    }
    rows = Delivery.objects.bulk_create(
        Delivery(
            publication=last.publication,
            channel=last.channel,
            action=action,
            story=last.story,
            sequence=last.sequence,
            payload=to_json(message),
            priority=max(last.priority, least),
        )
        for last, message in of
        if (last.publication_id, last.channel_id) not in known
    )
    rows += [row for place, row in known.items() if place in named and _wake(row)]
    if rows:
        announce(rows, "queued")
    return rows


def _wake(row: Delivery) -> bool:
    """Queue once more what had ended."""
    ended = row.state in {State.FAILED, State.CANCELLED}
    return ended and change(row, State.PENDING, due_at=timezone.now(), attempt_count=0, reason="",
                            lease_token=None, quiet_waiver="")  # fmt: skip


def claim(pk: int, now: datetime) -> Delivery | None:
    """Take one pending delivery under a lease. Of several workers at most one gets it.

    ``None`` when it is not to be had, or when there is nothing left to do about it.
    """
    taken = claim_batch([pk], now)
    return taken[0].row if taken else None


@transaction.atomic
def claim_batch(
    pks: Collection[int],
    now: datetime,
    *,
    admit: Callable[[list[Delivery]], list[Delivery]] = list,
) -> list[Taken]:
    """Take pending deliveries under a lease, one of a channel. Returns those that are to be sent.

    Of several workers at most one gets a row, and none waits for another: what somebody else is
    just changing is left for the next look. ``admit`` chooses among the rows once they are locked.
    """
    found = admit(_lockable(pks, now))
    rows = _lease(found, now) if found else []
    held = standing.before_all(rows)
    over = Publication.objects.over({row.story for row in rows}, now)
    return [Taken(row, held[row.pk]) for row in rows if _fit_action(row, held[row.pk], over)]


def _lockable(pks: Collection[int], now: datetime) -> list[Delivery]:
    """Lock those of the rows, with their channels, that are due and that nobody else holds."""
    due = Delivery.objects.filter(pk__in=pks, state=State.PENDING, due_at__lte=now)
    return list(
        due.on_working_channel(now)
        .select_related("channel")
        .prefetch_related(Prefetch("publication", Publication.objects.defer("content")))
        .select_for_update(skip_locked=True, no_key=True, of=("self", "channel"))
    )


def _lease(rows: list[Delivery], now: datetime) -> list[Delivery]:
    """Move the rows to ``sending`` where their channel has nothing in flight. Returns those."""
    token = uuid.uuid4()
    until = now + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    mine = rows
    try:
        with transaction.atomic():
            taken = _take([row.pk for row in rows], token, until)
    except IntegrityError:  # two of one channel: the database lets one of them pass
        taken = 0
        for row in rows:
            with suppress(IntegrityError), transaction.atomic():
                taken += _take([row.pk], token, until)
    if taken < len(rows):  # somebody else was faster with some: the token says with which
        leased = set(Delivery.objects.filter(lease_token=token, pk__in=[row.pk for row in rows])
                     .values_list("pk", flat=True))  # fmt: skip
        mine = [row for row in rows if row.pk in leased]
    for row in mine:
        row.state, row.lease_token, row.lease_until = State.SENDING, token, until
        row.attempt_count += 1
    return mine


def _take(pks: Collection[int], token: uuid.UUID, until: datetime) -> int:
    busy = Delivery.objects.filter(channel=OuterRef("channel"), state=State.SENDING)
    free = Delivery.objects.filter(~Exists(busy), pk__in=pks, state=State.PENDING)
    return free.update(
        state=State.SENDING,
        lease_until=until,
        lease_token=token,
        attempt_count=F("attempt_count") + 1,
    )


def _fit_action(row: Delivery, there: Standing, over: Collection[uuid.UUID]) -> bool:
    """Make the action fit what the receiver holds by now. Returns whether anything is left to do.

    An update of what never arrived is a publish; a retraction or an end of it has nothing to do; of
    an item that expired (its story is in ``over``) nothing else is sent any more.
    """
    if row.action in {Action.RETRACT, Action.END}:
        return there.may_be_up or not drop(row, NOTHING_THERE)
    if row.story in over:
        return not drop(row, EXPIRED)
    wanted = Action.UPDATE if there.up else Action.PUBLISH
    if row.action == wanted:
        return True
    clash = Delivery.objects.filter(
        publication=row.publication_id, channel=row.channel_id, action=wanted
    ).exclude(pk=row.pk)
    if not clash.exists():
        row.action = wanted
        row.save(update_fields=["action"])
    return True


def settle(row: Delivery, outcome: Outcome) -> bool:
    """Write down what came of a try. Returns whether the row was still this worker's to settle.

    A worker that comes late, after its lease ran out, is still believed: it knows what happened.
    """
    return row.pk in _settle_waiting([(row, outcome)])


def settle_batch(results: Sequence[Result]) -> set[int]:
    """Write down what came of many tries, as ``settle`` does. Returns the rows that were settled.

    One transaction for all stories that nobody else is changing; it waits for no other. Then one
    for each of the rest, which waits, but holds nothing meanwhile: so nobody waits crosswise.
    What it raises leaves some settled and others not; to settle again what is settled is harmless.
    """
    settled, rest = _settle_free(results)
    for _story, group in groupby(sorted(rest, key=_story_of), _story_of):
        settled |= _settle_waiting(list(group))
    return settled


def _story_of(result: Result) -> uuid.UUID:
    return result[0].story


@transaction.atomic
def _settle_free(results: Sequence[Result]) -> tuple[set[int], list[Result]]:
    """Settle tries of stories that nobody is changing. Returns the rows, and the other results.

    What arrived needs to know nothing of the other deliveries of its story, so that workers may
    settle the same story at once; what is tried again, dropped or told to people does.
    """
    alone = {row.story for row, outcome in results if outcome.state not in recording.ARRIVED}
    together = {row.story for row, _ in results} - alone
    free = Publication.objects.lock_free(alone) | Publication.objects.share_free(together)
    settled = _settle([result for result in results if _story_of(result) in free])
    return settled, [result for result in results if _story_of(result) not in free]


@transaction.atomic
def _settle_waiting(results: Sequence[Result]) -> set[int]:
    """Settle tries of one story."""
    Publication.objects.lock(_story_of(results[0]))
    return _settle(results)


def _settle(results: Sequence[Result]) -> set[int]:
    """Settle under the locks of the stories."""
    now = timezone.now()
    recording.note_attempts(results, now)
    mine = _still_ours(results)
    # A try that failed is repeated only while nothing newer waits behind it.
    latest = standing.latest([row for row, outcome in mine if outcome.state == State.PENDING])
    final = [(row, _final(row, outcome, again=row.pk in latest)) for row, outcome in mine]
    _write(final, now)
    recording.note_health(mine, now)
    for state, group in groupby(sorted(final, key=_state_of), _state_of):
        rows = [row for row, _ in group]
        if state != State.PENDING:
            announce(rows, state)
        for row in rows:
            if state == State.PENDING and row.pk not in latest:
                drop(row, REPLACED, "superseded")
    return {row.pk for row, _ in mine}


def _state_of(result: Result) -> str:
    return result[1].state


def _still_ours(results: Sequence[Result]) -> list[Result]:
    """Lock the rows; return the results of those that still carry the lease of their try."""
    rows = Delivery.objects.filter(pk__in=[row.pk for row, _ in results])
    locked = rows.order_by("pk").select_for_update(no_key=True)
    open_states = {State.SENDING, State.UNCERTAIN, State.PENDING}
    leases = {
        pk: token
        for pk, state, token in locked.values_list("pk", "state", "lease_token")
        if state in open_states
    }
    return [(row, outcome) for row, outcome in results if leases.get(row.pk) == row.lease_token]


def _final(row: Delivery, outcome: Outcome, *, again: bool) -> Outcome:
    part = standing.progress(row)
    if outcome.state == State.FAILED and part is not None:
        receipt = replace(part_only(part, outcome.reason), awaits_person=True)
        return replace(outcome, state=State.AWAITING, receipt=receipt)
    if outcome.state == State.PENDING and outcome.unsure and not again:
        return replace(outcome, state=State.UNCERTAIN)
    return outcome


def _write(results: Sequence[Result], now: datetime) -> None:
    """Write the states, with as few statements as the rows have kinds of outcome."""
    alike: dict[tuple[Any, ...], list[Delivery]] = {}
    for row, outcome in results:
        values = outcome.values(now)
        if outcome.untried:
            values["attempt_count"] = row.attempt_count - 1
        row.state, row.lease_until = outcome.state, None
        for name, value in values.items():
            setattr(row, name, value)
        alike.setdefault((outcome.state, *sorted(values)), []).append(row)
    for (state, *names), rows in alike.items():
        first = rows[0]
        own = [name for name in names if any(_of(row, name) != _of(first, name) for row in rows)]
        if own:  # before the state: what is delivered has a receipt
            Delivery.objects.bulk_update(rows, own)
        shared = {name: _of(first, name) for name in names if name not in own}
        pks = [row.pk for row in rows]
        Delivery.objects.filter(pk__in=pks).update(state=state, lease_until=None, **shared)


def _of(row: Delivery, name: str) -> Any:
    return getattr(row, name)


@transaction.atomic
def settle_at_once(row: Delivery, receipt: Receipt) -> None:
    """Settle a pull channel's delivery in the publishing transaction: its receivers come to us."""
    now = timezone.now()
    change(row, State.DELIVERED, receipt=to_json(receipt), settled_at=now)
    # After the commit: publications of different stories need not wait for each other here.
    channel = Channel.objects.filter(pk=row.channel_id)
    transaction.on_commit(partial(channel.update, last_success_at=now))
    announce([row], State.DELIVERED)


@transaction.atomic
def fail_at_once(row: Delivery, reason: str, *, stops_channel: bool = False) -> None:
    """Record that a channel cannot even say the story. Other channels are not held up."""
    change(row, State.FAILED, reason=reason)
    outcome = Outcome(State.FAILED, reason, stops_channel=stops_channel)
    recording.note_health([(row, outcome)], timezone.now())
    announce([row], State.FAILED)


def sweep(now: datetime) -> int:
    """Turn deliveries whose worker vanished into uncertain ones. Returns how many.

    What others were preferred to for too long becomes as pressing as they are.
    """
    passed_over = Delivery.objects.passed_over(now)
    if passed_over.exists():  # a look is cheap, a write every few seconds is not
        passed_over.update(priority=PRESSING)
    stranded = Delivery.objects.stranded(now).select_related("channel")
    return sum(_strand(row, now) for row in stranded)


@transaction.atomic
def _strand(row: Delivery, now: datetime) -> bool:
    Publication.objects.lock(row.story)
    state = State.UNCERTAIN
    # A message that brings its worker down must not do so for ever.
    more = retry.wait(row.channel.retry_policy, None, row.attempt_count)
    if unsure_but_urgent(row) and more and standing.is_latest(row):
        state = State.PENDING
    changed = change(row, state, due_at=now, reason=VANISHED)
    if changed:
        started = now - timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
        outcome = Outcome(State.UNCERTAIN, row.reason, started=started)
        recording.note_attempts([(row, outcome)], now)
        announce([row], row.state)
    return changed


def unsure_but_urgent(row: Delivery) -> bool:
    """Whether an unanswered item may go again without asking: urgent, and the channel agrees."""
    return bool(row.channel.resend_urgent and row.payload.get("level") == "urgent")
