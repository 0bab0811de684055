"""Asks all sources that are due, many at once, in a thread beside the worker's deliveries.

The clock only looks whether anything is due and starts a round (``wake``); a round has a thread, an
event loop, a database connection and a parsing process of its own and ends when nothing is due.
"""

import asyncio
import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.http import Client
from ingest import retrieving, storing
from ingest.feeds import pacing
from ingest.feeds.apart import PARSE_SECONDS, Parser
from ingest.feeds.parsed import ParsedFeed, Problem
from ingest.models import Source
from ingest.retrieving import Failure, Fetched, Question
from ingest.storing import Surroundings

logger = logging.getLogger(__name__)

CONCURRENCY = 100  # sources asked at once: more than are likely to hang at the same time
LEASE = timedelta(minutes=10)  # for one poll in all; a worker that died frees its sources then
ROUND_SECONDS = 30  # between the starts of two rounds

_round: threading.Thread | None = None
_next_round: datetime | None = None


def wake(now: datetime) -> int:
    """Start a round if sources are due and none runs in this process. A job of the clock: quick."""
    global _round, _next_round  # noqa: PLW0603 - one round in a process
    if (_round is not None and _round.is_alive()) or (_next_round and now < _next_round):
        return 0
    if not Source.objects.due(now).exists():
        return 0
    _next_round = now + timedelta(seconds=ROUND_SECONDS)
    _round = threading.Thread(target=_in_thread, name="feeds", daemon=True)
    _round.start()
    return 1


def _in_thread() -> None:
    try:
        poll_due()
    except Exception:
        logger.exception("A round of polls broke off; the next one goes on")
    finally:
        connection.close()


def poll_due(now: Callable[[], datetime] = timezone.now, http: Client | None = None) -> int:
    """Ask every source that is due and keep what they say. Returns how many were asked."""
    with Parser() as parser, translation.override(settings.LANGUAGE_CODE):
        round_ = Round(now, http or retrieving.client(), parser)
        asked = async_to_sync(round_.run)()
    storing.prune(now())
    return asked


@dataclass(frozen=True, slots=True)
class Claim:
    """A source under this worker's lease."""

    source: Source
    lease: datetime


class Round:
    """One pass over the sources that are due. A source that hangs holds up nobody else."""

    def __init__(self, now: Callable[[], datetime], http: Client, parser: Parser) -> None:
        self.now = now
        self.http = http
        self.parser = parser
        self.around: Surroundings | None = None

    async def run(self) -> int:
        """Ask until nothing is due; return how many sources were asked."""
        asked, open_polls = 0, set[asyncio.Task[None]]()
        while True:
            claims = await sync_to_async(claim_due)(CONCURRENCY - len(open_polls), self.now())
            asked += len(claims)
            open_polls |= {asyncio.create_task(self.poll(claim)) for claim in claims}
            if not open_polls:
                return asked
            finished, open_polls = await asyncio.wait(
                open_polls, return_when=asyncio.FIRST_COMPLETED
            )
            for task in finished:
                if task.exception():
                    logger.error("A source could not be settled", exc_info=task.exception())

    async def poll(self, claim: Claim) -> None:
        """Ask one source and keep what it says."""
        source = claim.source
        question = Question(source.address, source.etag, source.last_modified)
        answer = await retrieving.retrieve(question, self.http)
        feed: ParsedFeed | None = None
        if isinstance(answer, Fetched) and answer.body is not None:
            feed = await asyncio.to_thread(parse, self.parser, answer, source.address, self.now())
        await sync_to_async(self.settle)(claim, answer, feed)

    def settle(self, claim: Claim, answer: Fetched | Failure, feed: ParsedFeed | None) -> None:
        self.around = self.around or storing.surroundings(self.now())
        settle(claim, answer, feed, self.around)


def claim_due(limit: int, now: datetime) -> list[Claim]:
    """Claim at most so many due sources, those that worked last time first."""
    claims: list[Claim] = []
    if limit <= 0:
        return claims
    for source in Source.objects.due(now).order_by("failures", "next_poll_at", "pk")[:limit]:
        lease = Source.objects.claim(source.pk, now, LEASE)
        if lease is not None:
            claims.append(Claim(source, lease))
    return claims


def parse(parser: Parser, answer: Fetched, base: str, now: datetime) -> ParsedFeed:
    """Return the feed in an answer, read in a process of its own."""
    return parser.parse(
        answer.body or b"", base=answer.moved or base, now=now, charset=answer.charset
    )


def settle(
    claim: Claim, answer: Fetched | Failure, feed: ParsedFeed | None, around: Surroundings
) -> int | None:
    """Keep what a poll brought; return how many items were new, None if the lease was lost."""
    failure = answer if isinstance(answer, Failure) else failure_of(feed)
    entries = () if failure or feed is None else feed.entries
    judged = storing.judge(claim.source, entries, around)
    with transaction.atomic():
        source = _held(claim)
        if source is None:
            return None
        if failure is not None:
            _failed(source, failure, around.now)
            return 0
        new = storing.take_in(source, judged, around.now)
        if isinstance(answer, Fetched):
            _succeeded(source, answer, around.now)
    return new


def _held(claim: Claim) -> Source | None:
    """Return the source if the lease still holds and it was asked at its present address."""
    mine = Source.objects.select_for_update().filter(pk=claim.source.pk, lease_until=claim.lease)
    source = mine.first()
    if source is not None and source.address != claim.source.address:
        mine.update(lease_until=None)  # what came belongs to the old address
        return None
    return source


def failure_of(feed: ParsedFeed | None) -> Failure | None:
    """Return why a feed that was fetched is of no use; None for a good one."""
    if feed is None or feed.problem is None:
        return None
    return Failure(
        reason={
            Problem.EMPTY: _("The server's answer is empty. It will be asked again."),
            Problem.NOT_A_FEED: _(
                "There is no RSS or Atom feed at this address, perhaps a web page. Look up the "
                "feed's address on the website."
            ),
            Problem.TOO_SLOW: _(
                "The feed could not be read within %(seconds)d seconds. Ask the source for a "
                "shorter one."
            )
            % {"seconds": PARSE_SECONDS},
        }[feed.problem]
    )


def _failed(source: Source, failure: Failure, now: datetime) -> None:
    interval = timedelta(minutes=source.interval)
    failures = source.failures + 1
    wait = pacing.pause(interval, failures, random.random(), failure.retry_after)  # noqa: S311
    Source.objects.filter(pk=source.pk).update(
        failures=failures,
        last_error=failure.reason,
        last_polled_at=now,
        next_poll_at=now + wait,
        lease_until=None,
        is_active=source.is_active and not failure.is_gone,
    )


def _succeeded(source: Source, answer: Fetched, now: datetime) -> None:
    interval = timedelta(minutes=source.interval)
    values: dict[str, Any] = {
        "failures": 0,
        "last_error": "",
        "last_polled_at": now,
        "last_ok_at": now,
        "next_poll_at": now + pacing.pause(interval, 0, random.random()),  # noqa: S311
        "lease_until": None,
    }
    if answer.body is not None:
        values |= {"etag": answer.etag, "last_modified": answer.last_modified}
    if answer.moved and _is_free(answer.moved):
        values["address"] = answer.moved
    Source.objects.filter(pk=source.pk).update(**values)


def _is_free(address: str) -> bool:
    limit = Source._meta.get_field("address").max_length or 0
    return len(address) <= limit and not Source.objects.filter(address=address).exists()


def poll_now(
    source: Source, http: Client | None = None
) -> tuple[Fetched | Failure, ParsedFeed | None]:
    """Ask one source at once, outside any transaction, and return what it says. Stores nothing."""
    with Parser() as parser:
        answer = async_to_sync(retrieving.retrieve)(
            Question(source.address), http or retrieving.client()
        )
        if isinstance(answer, Failure) or answer.body is None:
            return answer, None
        return answer, parse(parser, answer, source.address, timezone.now())


def keep(source: Source, answer: Fetched | Failure, feed: ParsedFeed | None) -> int | None:
    """Keep what ``poll_now`` brought. Returns how many items were new; None if a worker is
    asking the source at this moment."""
    now = timezone.now()
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(next_poll_at=now)
        lease = now + LEASE
        free = Source.objects.filter(pk=source.pk).exclude(lease_until__gt=now)
        if not free.update(lease_until=lease):
            return None
        source.refresh_from_db()
        return settle(Claim(source, lease), answer, feed, storing.surroundings(now))
