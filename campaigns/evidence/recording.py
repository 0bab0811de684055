"""Writing down what the system found, what people brought, and what was taken back.

Recording is idempotent and costs a fixed number of statements for any number of finds, and waits
for nobody else who records: it may be done while deliveries are settled.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.evidence.locking import held
from campaigns.evidence.matching import Candidate, Found, choose
from campaigns.evidence.models import Evidence, Fulfilment
from campaigns.slots.models import Slot
from core.errors import RefusedError

Finder = Callable[[Collection[int]], Iterable[Found]]
_finders: list[Finder] = []
YEAR = timedelta(days=366)
BATCH = 500


def register_finder(finder: Finder) -> Finder:
    """Take a function from activity ids to what there is of them by now, from a layer above.

    It must cost a fixed number of queries. Asked when slots were made after the things that fill
    them. Registering the same function again changes nothing.
    """
    if finder not in _finders:
        _finders.append(finder)
    return finder


def unregister_finder(finder: Finder) -> None:
    """Forget a registered function; unknown ones are no error."""
    if finder in _finders:
        _finders.remove(finder)


def catch_up(activities: Collection[int]) -> int:
    """Record whatever the layers above find for these activities. Returns new slots served."""
    found = [thing for finder in _finders for thing in finder(activities)]
    return record(found) if found else 0


def record(found: Sequence[Found]) -> int:
    """Record these things once each, and the slots they fulfil. Returns how many slots are new.

    What names no activity or slot is left out. Five statements for any number; none for none.
    """
    known = {one.key: one for one in found if one.activity is not None or one.slot is not None}
    if not known:
        return 0
    # Receipts go where the item itself went: it comes first.
    things = sorted(known.values(), key=lambda one: (one.supports_only, one.key))
    candidates = _candidates(things)
    activity_of = {one.pk: one.activity for one in candidates}
    Evidence.objects.bulk_create(
        [_evidence(one, activity_of) for one in things], batch_size=BATCH, ignore_conflicts=True
    )
    keys = dict(Evidence.objects.filter(source_key__in=list(known)).values_list("source_key", "pk"))
    placed = _placed(things, candidates)
    rows = [Fulfilment(slot_id=slot, evidence_id=keys[key]) for key, slot in placed]
    Fulfilment.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def _evidence(found: Found, activity_of: dict[int, int]) -> Evidence:
    whose = found.organisations
    return Evidence(
        source_key=found.key,
        kind=found.kind,
        title=found.title[:300],
        dated=found.dated,
        place=found.place[:200],
        url=found.url[:500],
        story=found.story,
        activity_id=activity_of.get(found.slot or 0, found.activity),
        organisation_id=whose[0] if len(whose) == 1 else None,
    )


def _candidates(things: Sequence[Found]) -> list[Candidate]:
    """Return the slots that could be meant, with what they have. Two queries."""
    days = [one.day for one in things]
    near = Q(period_start__lte=max(days), period_start__gt=min(days) - YEAR)
    meant = Q(activity__in={one.activity for one in things if one.activity is not None})
    named = Q(pk__in={one.slot for one in things if one.slot is not None})
    rows = Slot.objects.expected().filter(named | meant & (near | Q(period=Slot.Period.ONCE)))
    columns = ("pk", "activity_id", "organisation_id", "period", "period_start", "opens_on")
    found = {
        values[0]: Candidate(*values)
        for values in rows.with_progress().values_list(*columns, "due", "target", "counted")
    }
    stories = {one.story for one in things if one.story is not None}
    served = Fulfilment.objects.filter(evidence__story__in=stories, slot__in=list(found))
    for slot, story in served.values_list("slot_id", "evidence__story") if stories else ():
        if story is not None:
            found[slot].stories.add(story)
    return list(found.values())


def _placed(things: Sequence[Found], candidates: list[Candidate]) -> list[tuple[str, int]]:
    """Return thing and slot for all that a rule can place, in one order for everybody."""
    placed: list[tuple[str, int]] = []
    for one in things:
        for slot in choose(one, candidates):
            placed.append((one.key, slot.pk))
            if one.story is None or one.story not in slot.stories:
                slot.counted += 1
            if one.story is not None:
                slot.stories.add(one.story)
    return sorted(placed, key=lambda pair: (pair[1], pair[0]))


@transaction.atomic
def renew(found: Found) -> None:
    """Record something that may have been recorded otherwise before: an item published again.

    Evidence that was withdrawn with its story stands again. If the item now serves another
    activity or slot, it moves with all its proofs, except those a submitted report uses.
    """
    if found.story is not None:
        restore_story(found.story)
    old = Evidence.objects.select_for_update(of=("self",)).filter(source_key=found.key).first()
    if old is None:
        record([found])
        return
    proofs = [found]
    if _serves_other(old, found):
        proofs += _let_go(old, found)
    said = {"title": found.title[:300], "url": found.url[:500], "dated": found.dated}
    Evidence.objects.free().filter(pk=old.pk).update(**said)
    if not old.fulfilments.exists():
        record(proofs)


def _serves_other(old: Evidence, found: Found) -> bool:
    if found.slot is not None:
        slots = old.fulfilments.filter(added_by=None).values_list("slot_id", flat=True)
        return set(slots) != {found.slot}
    return old.activity_id != found.activity


def _let_go(old: Evidence, found: Found) -> list[Found]:
    """Take the proofs of an item off their slots; return those besides the item's own."""
    own = Q(story=found.story) if found.story is not None else Q(pk=old.pk)
    free = Evidence.objects.free().filter(own, source_key__isnull=False)
    rows = list(free)
    Fulfilment.objects.filter(evidence__in=rows, added_by=None).delete()
    activity = found.activity
    if found.slot is not None:
        activity = Slot.objects.filter(pk=found.slot).values_list("activity_id", flat=True).first()
    Evidence.objects.filter(pk__in=[row.pk for row in rows]).update(activity_id=activity)
    return [
        Found(
            key=row.source_key or "",
            kind=Evidence.Kind(row.kind),
            title=row.title,
            dated=row.dated,
            activity=activity,
            organisations=(row.organisation_id,) if row.organisation_id else (),
            story=row.story,
            placed_on=found.day,
            supports_only=True,
        )
        for row in rows
        if row.pk != old.pk
    ]


def withdraw_story(story: uuid.UUID, reason: str = "", now: datetime | None = None) -> int:
    """Let no proof of a story count any more: it was taken back. Kept, not deleted.

    Locked evidence too: what a report said of it stays in the report. Returns how many.
    """
    rows = Evidence.objects.standing().filter(story=story, source_key__isnull=False)
    return rows.update(withdrawn_at=now or timezone.now(), withdrawn_reason=reason)


def restore_story(story: uuid.UUID) -> int:
    """Let the proofs of a story count again that were withdrawn with it. Returns how many."""
    rows = Evidence.objects.filter(story=story, source_key__isnull=False, withdrawn_by=None)
    return rows.exclude(withdrawn_at=None).update(withdrawn_at=None, withdrawn_reason="")


def withdraw_keys(keys: Collection[str], reason: str = "") -> int:
    """Let single finds count no more, as a report that a station took back. Returns how many."""
    rows = Evidence.objects.standing().filter(source_key__in=keys)
    return rows.update(withdrawn_at=timezone.now(), withdrawn_reason=reason)


def restore_keys(keys: Collection[str]) -> int:
    """Let single finds count again that no person withdrew. Returns how many."""
    rows = Evidence.objects.filter(source_key__in=keys, withdrawn_by=None)
    return rows.exclude(withdrawn_at=None).update(withdrawn_at=None, withdrawn_reason="")


@transaction.atomic
def withdraw(evidence: Evidence, reason: str, user: Any) -> None:
    """Withdraw one piece, by a person. Raises ``RefusedError`` when a report uses it."""
    row = held(evidence)
    if row.is_withdrawn:
        return
    row.withdrawn_at, row.withdrawn_by = timezone.now(), user
    row.withdrawn_reason = reason
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])


@transaction.atomic
def attach(evidence: Evidence, slots: Iterable[Slot], user: Any, amount: int = 1) -> int:
    """Let a piece serve these slots as well. Returns how many it did not serve before.

    Raises ``RefusedError`` when a submitted report uses it, or when it was withdrawn.
    """
    row = held(evidence)
    if row.is_withdrawn:
        raise RefusedError(_("“%(title)s” was withdrawn.") % {"title": row.title})
    there = set(row.fulfilments.values_list("slot_id", flat=True))
    new = [slot for slot in slots if slot.pk not in there]
    Fulfilment.objects.bulk_create(
        Fulfilment(slot=slot, evidence=row, amount=amount, added_by=user) for slot in new
    )
    return len(new)
