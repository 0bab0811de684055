"""Moves calls through their states. The only module that changes ``Call.state``.

calling ─the officer, or a person who telephoned→ acknowledged
calling ─the last repeat had no answer→ unanswered ─likewise→ acknowledged
calling, unanswered ─withdrawn, replaced, over→ ended

A message is sent under a lease and counted afterwards: one that a killed worker may have sent is
sent again when its lease has run out. An officer who is told twice is better than one who is not.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels.calling.models import Call
from channels.models import Channel, Publication
from channels.signals import call_changed, tell
from core import audit
from organisations.models import Contact

State = Call.State
SOON = timedelta(seconds=30)  # until the next try when no way to the officer worked
REPLACED = _("A newer version is being sent.")
WITHDRAWN = _("The announcement was withdrawn.")
OVER = _("The announcement has ended.")
NOT_URGENT = _("The announcement is no longer urgent, or the officer was taken off it.")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How officers are called: every so many minutes, so many times in all."""

    every: int = 10
    most: int = 6


def start(
    publication: Publication,
    officers: Iterable[Contact],
    *,
    rhythm: Rhythm,
    until: datetime | None = None,
    bot: Channel | None = None,
) -> int:
    """Call these officers about this version, and nobody else about this story any more.

    Called in the transaction that publishes. Who was called about the same version already is not
    called anew. Returns how many calls began.
    """
    wanted = {officer.pk: officer for officer in officers}
    same = Q(publication=publication, contact__in=wanted)
    _end(Call.objects.of_story(publication.story).exclude(publication=publication), REPLACED)
    _end(Call.objects.of_story(publication.story).exclude(same), NOT_URGENT)
    Call.objects.calling().filter(same).update(until=until)
    now = timezone.now()
    begun = [
        Call.objects.get_or_create(
            publication=publication,
            contact=officer,
            defaults={
                "story": publication.story,
                "bot": bot,
                "every": rhythm.every,
                "most": rhythm.most,
                "until": until,
                "give_up_at": now + timedelta(minutes=rhythm.every * rhythm.most),
                "due_at": now,
            },
        )
        for officer in wanted.values()
    ]
    return sum(created for _call, created in begun)


def end(story: uuid.UUID | str, reason: str | Promise = WITHDRAWN) -> int:
    """Call nobody about the story any more. Returns how many calls ended."""
    return _end(Call.objects.of_story(story), reason)


def _end(calls: Any, reason: str | Promise) -> int:
    with translation.override(settings.LANGUAGE_CODE):
        words = str(reason)
    open_ones = calls.filter(state__in=[State.CALLING, State.UNANSWERED])
    return int(open_ones.update(state=State.ENDED, reason=words, lease_until=None))


def claim(now: datetime, limit: int = 20) -> list[Call]:
    """Take calls that are due, under a lease; what has ended by itself is ended first."""
    if not Call.objects.calling().exists():
        return []
    finish(now)
    lease = now + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    taken = []
    for pk in list(Call.objects.due(now).order_by("due_at").values_list("pk", flat=True)[:limit]):
        token = uuid.uuid4()
        if Call.objects.due(now).filter(pk=pk).update(lease_until=lease, lease_token=token):
            rows = Call.objects.select_related("publication", "contact", "bot")
            taken.append(rows.get(pk=pk))
    return taken


def finish(now: datetime) -> None:
    """End calls whose announcement has ended, and say which ones nobody answered."""
    _end(Call.objects.over(now), OVER)
    for call in Call.objects.used_up(now).select_related("publication", "contact"):
        with transaction.atomic():
            if _move(call, {State.CALLING}, state=State.UNANSWERED, lease_until=None):
                _announce(call, "call_unanswered")


def settle(call: Call, problem: str = "") -> bool:
    """Count a message that was sent, or note why none got through, and set the time of the next.

    Returns whether the call was still this worker's.
    """
    now = timezone.now()
    mine = Call.objects.filter(pk=call.pk, lease_token=call.lease_token, state=State.CALLING)
    if problem:
        soon = min(call.pause, SOON)
        return bool(mine.update(problem=problem, due_at=now + soon, lease_until=None))
    return bool(
        mine.update(
            problem="",
            sent_count=F("sent_count") + 1,
            last_sent_at=now,
            due_at=now + call.pause,
            lease_until=None,
        )
    )


@transaction.atomic
def acknowledge(call: Call, user: Any = None, note: str = "") -> bool:
    """Note that the officer knows: by their own link, or by a person who telephoned.

    Returns whether it was still open; the first answer counts.
    """
    done = _move(
        call, {State.CALLING, State.UNANSWERED}, state=State.ACKNOWLEDGED, lease_until=None,
        answered_at=timezone.now(), noted_by=user, reason=note,
    )  # fmt: skip
    if done:
        _announce(call, "call_answered", user)
    return done


def _move(call: Call, states: set[State], **values: Any) -> bool:
    changed = Call.objects.filter(pk=call.pk, state__in=states).update(**values)
    if changed:
        for name, value in values.items():
            setattr(call, name, value)
    return bool(changed)


def _announce(call: Call, verb: str, user: Any = None) -> None:
    audit.record(call, f"channels.{verb}", user, officer=str(call.contact), note=call.reason)
    tell(call_changed, Call, call=call, verb=verb, user=user)
