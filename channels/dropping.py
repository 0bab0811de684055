"""Gives up what waits to be sent: a newer version takes its place, or nobody shall have it."""

from collections.abc import Collection, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from channels import standing
from channels.announcing import announce
from channels.models import Attempt, Delivery, State
from channels.states import IN_DOUBT, change, keep_part


def drop(row: Delivery, reason: str | Promise, verb: str = "cancelled") -> bool:
    """Cancel a delivery that will not be sent any more. Returns whether it was still there.

    One that an earlier try may have brought there becomes uncertain instead; one of which a part
    arrived is delivered with that.
    """
    part = standing.progress(row)
    if part is not None and not in_doubt(row):
        changed, verb = keep_part(row, part, reason), State.DELIVERED
    elif in_doubt(row):
        changed, verb = change(row, State.UNCERTAIN, reason=IN_DOUBT), State.UNCERTAIN
    else:
        changed = change(row, State.CANCELLED, reason=reason)
    if changed:
        announce([row], verb)
    return changed


def in_doubt(row: Delivery) -> bool:
    """Whether a try since the delivery was queued got no answer, so that it may have arrived."""
    return row.pk in doubtful([row])


def doubtful(rows: Collection[Delivery]) -> set[int]:
    """Return the ids of those that ``in_doubt`` holds for, with one query for many."""
    tried = {row.pk: row.attempt_count for row in rows if row.attempt_count}
    if not tried:
        return set()
    tries: dict[int, list[str]] = {}
    attempts = Attempt.objects.filter(delivery__in=tried).order_by("-started_at", "-pk")
    for pk, outcome in attempts.values_list("delivery_id", "outcome"):
        tries.setdefault(pk, []).append(outcome)
    return {pk for pk, count in tried.items() if State.UNCERTAIN in tries.get(pk, [])[:count]}


def drop_all(rows: Sequence[Delivery], reason: str | Promise, verb: str = "cancelled") -> int:
    """Drop each of the rows as ``drop`` does, in few statements. Returns how many were there still.

    The caller holds the story's lock, so that only a worker that claims one can be faster.
    """
    doubts = doubtful(rows)
    plain = [row for row in rows if row.pk not in doubts and standing.progress(row) is None]
    cancelled = _cancel_all(plain, reason)
    if cancelled:
        announce(cancelled, verb)
    others = {row.pk for row in rows} - {row.pk for row in plain}
    return len(cancelled) + sum(drop(row, reason, verb) for row in rows if row.pk in others)


def _cancel_all(rows: Sequence[Delivery], reason: str | Promise) -> list[Delivery]:
    """Cancel those that are in the state they were read in, in one order for all who do so."""
    as_read = {row.pk: row.state for row in rows}
    found = Delivery.objects.filter(pk__in=as_read).order_by("pk").select_for_update(no_key=True)
    there = {pk for pk, state in found.values_list("pk", "state") if state == as_read[pk]}
    with translation.override(settings.LANGUAGE_CODE):
        words = str(reason)
    Delivery.objects.filter(pk__in=there).update(
        state=State.CANCELLED, lease_until=None, reason=words
    )
    cancelled = [row for row in rows if row.pk in there]
    for row in cancelled:
        row.state, row.lease_until, row.reason = State.CANCELLED, None, words
    return cancelled
