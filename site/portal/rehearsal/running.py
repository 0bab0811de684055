"""Works a rehearsal out: in the background, because a year of items takes a while to compose."""

import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from channels.contract import PermanentError
from channels.models import Channel
from channels.payload import to_json
from channels.rehearsal.playing import Played, play
from channels.rehearsal.standins import StandIn, stand_in
from core import audit
from core.errors import RefusedError
from portal.models import Rehearsal, RehearsalState, RehearsedDelivery
from portal.rehearsal.cues import cues

logger = logging.getLogger(__name__)

MOST = 20_000  # deliveries of one rehearsal


def begin(rehearsal: Rehearsal, user: Any) -> None:
    """Store the rehearsal and have it worked out as soon as it is stored."""
    rehearsal.created_by = user
    with transaction.atomic():
        rehearsal.save()
        audit.record(rehearsal, "portal.rehearse", user)
        transaction.on_commit(partial(work_out.enqueue, rehearsal.pk))


@task()
def work_out(pk: int) -> None:
    """Fill the rehearsal and start its clock, once. What goes wrong is written down in it."""
    waiting = Rehearsal.objects.filter(pk=pk, state=RehearsalState.WAITING)
    rehearsal = waiting.first()
    if rehearsal is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        try:
            with transaction.atomic():
                fill(rehearsal)
                now = timezone.now()
                waiting.update(state=RehearsalState.PLAYING, started_at=now)
        except RefusedError as refusal:
            waiting.update(state=RehearsalState.FAILED, problem=str(refusal))
        except Exception:
            logger.exception("Rehearsal %s could not be worked out", pk)
            words = _("An internal error occurred; the details are in the system log.")
            waiting.update(state=RehearsalState.FAILED, problem=words)


def fill(rehearsal: Rehearsal) -> None:
    """Write down what would go out. Raises ``RefusedError``."""
    told, left = cues(rehearsal)
    if not told:
        raise RefusedError(
            _("No item of this campaign has a time in the period. Choose another period, or tick "
              "“also items without a time”.")
        )  # fmt: skip
    channels, unusable = stand_ins()
    if len(told) * len(channels) > MOST:
        words = _("That would be more than %(count)s deliveries. Choose a shorter period.")
        raise RefusedError(words % {"count": MOST})
    played = play(told, channels, seed=rehearsal.pk, faulty=rehearsal.with_faults)
    RehearsedDelivery.objects.bulk_create(
        [as_row(rehearsal, each) for each in played], batch_size=500
    )
    notes = [*unusable, *(f"{page.title}: {why}" for page, why in left)]
    if notes:
        Rehearsal.objects.filter(pk=rehearsal.pk).update(problem="\n".join(notes))


def stand_ins() -> tuple[list[StandIn], list[str]]:
    """Return a stand-in for each channel that items go to, and what is wrong with the others."""
    found: list[StandIn] = []
    wrong: list[str] = []
    for channel in Channel.objects.for_items().order_by("pk"):
        try:
            found.append(stand_in(channel))
        except PermanentError as error:
            wrong.append(f"{channel.name}: {error}")
    return found, wrong


def as_row(rehearsal: Rehearsal, played: Played) -> RehearsedDelivery:
    story = played.cue.story
    moment = played.sent_at or max(played.due, played.cue.at)
    return RehearsedDelivery(
        rehearsal=rehearsal,
        page_id=played.cue.item,
        title=story.title[:255],
        channel_id=played.channel.pk,
        channel_name=played.channel.name,
        level=story.level,
        early=played.cue.early is not None,
        planned_at=played.cue.at,
        sent_at=played.sent_at,
        shown_at=min(moment, rehearsal.ends_at),
        attempts=played.attempts,
        reason=played.reason,
        waits=played.waits,
        message=to_json(played.message) if played.message else None,
    )
