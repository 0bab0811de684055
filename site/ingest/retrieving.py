"""Asks a source for its feed over the guarded client, and says what came of it. No database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.utils.translation import gettext as _

from core.guard import Guard
from core.http import Answer, Client, HttpFailure, Reason, SystemResolver
from ingest.feeds.parsed import MAX_BYTES

TIMEOUT = 20.0  # seconds, redirects and all
MAX_VALIDATOR = 500  # characters of an ETag we are ready to keep
# Names of dead servers are looked up here, where no delivery waits behind them.
NAME_THREADS = ThreadPoolExecutor(64, thread_name_prefix="feed-names")
ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, and what we have of it already."""

    address: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The bytes of a feed; None when they are the same as last time."""

    body: bytes | None
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    moved: str = ""  # the address to ask from now on, "" for the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no feed, in words for whoever keeps the sources."""

    reason: str
    retry_after: timedelta | None = None
    is_gone: bool = False  # and never comes back (410)


def client() -> Client:
    """Return the guarded client for feeds and their pictures."""
    return Client(Guard(settings.OUTBOUND_ALLOW), resolver=SystemResolver(NAME_THREADS))


def user_agent() -> str:
    """Return how we introduce ourselves: some servers turn away names they do not know."""
    return f"Mozilla/5.0 (compatible; NhipCau/1.0; +{settings.WAGTAILADMIN_BASE_URL})"


async def retrieve(
    question: Question, http: Client, *, timeout: float = TIMEOUT
) -> Fetched | Failure:
    """Ask for the feed, on condition that it changed. Raises nothing."""
    headers = {"User-Agent": user_agent(), "Accept": ACCEPT}
    if question.etag:
        headers["If-None-Match"] = question.etag
    if question.last_modified:
        headers["If-Modified-Since"] = question.last_modified
    try:
        answer = await http.request(
            "GET",
            question.address,
            headers=headers,
            timeout=timeout,
            max_bytes=MAX_BYTES,
            follow_redirects=True,
        )
    except HttpFailure as failure:
        return Failure(reason=in_words(failure.reason))
    return judged(answer)


def judged(answer: Answer) -> Fetched | Failure:
    """Return what an answer means (RFC 9110)."""
    if answer.status == 304:
        return Fetched(body=None, moved=answer.moved)
    if answer.status == 200:
        return Fetched(
            body=answer.body,
            charset=_charset(answer.headers.get("content-type", "")),
            etag=_bounded(answer.headers.get("etag", ""), MAX_VALIDATOR),
            last_modified=_bounded(answer.headers.get("last-modified", ""), 100),
            moved=answer.moved,
        )
    return Failure(
        reason=in_words_of_status(answer.status),
        retry_after=retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC)),
        is_gone=answer.status == 410,
    )


def _bounded(text: str, limit: int) -> str:
    return text if len(text) <= limit and text.isprintable() else ""


def _charset(content_type: str) -> str:
    return content_type.lower().partition("charset=")[2].partition(";")[0].strip("\"' ")[:40]


def retry_after(written: str, now: datetime) -> timedelta | None:
    """Return how long a server asks us to stay away: seconds or a date (RFC 9110, 10.2.3)."""
    if written.strip().isdecimal():
        return timedelta(seconds=min(int(written.strip()[:10]), 10**8))
    try:
        wait = parsedate_to_datetime(written) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(wait, timedelta())


def in_words(reason: Reason) -> str:
    """Return what went wrong on the way, and what to do about it."""
    return {
        Reason.ADDRESS: _("The address is not usable. Correct it; it begins with https://."),
        Reason.FORBIDDEN: _(
            "The address leads into a private network, which is not permitted. Ask the "
            "administrator if it is meant (OUTBOUND_ALLOW)."
        ),
        Reason.NAME: _("There is no server of this name. Check the address for slips."),
        Reason.CONNECT: _("The server cannot be reached at present. It will be asked again."),
        Reason.CERTIFICATE: _(
            "The server's certificate cannot be trusted. Tell those who run it; it will be asked "
            "again."
        ),
        Reason.TLS: _(
            "No encrypted connection to the server was possible. It will be asked again; if this "
            "goes on, tell those who run it."
        ),
        Reason.TIME: _("The server does not answer in time. It will be asked again."),
        Reason.BROKEN: _("The server broke off its answer. It will be asked again."),
        Reason.SIZE: _(
            "The answer is larger than %(limit)d MB, too large for a feed. Ask the source for the "
            "address of a shorter one."
        )
        % {"limit": MAX_BYTES // 1_000_000},
        Reason.CODING: _("The answer is packed in a way that cannot be unpacked."),
        Reason.REDIRECTS: _(
            "The server passes on from address to address without end. Look up the feed's address "
            "on the website of the source."
        ),
    }[reason]


def in_words_of_status(status: int) -> str:
    """Return what an answer other than "here it is" means, and what to do about it."""
    words = {
        401: _("The feed is behind a log-in. Ask the source for a public address."),
        403: _("The server turns us away (403). Ask the source to admit us."),
        404: _("There is no feed at this address (404). Look up its address on the website."),
        410: _(
            "The source has given up this feed (410). It was switched off; look for a new address "
            "on the website."
        ),
        429: _("We asked too often (429). It will be asked again later."),
    }
    if status in words:
        return words[status]
    if status >= 500:
        return _("The server has an error of its own (%(status)d). It will be asked again.") % {
            "status": status
        }
    return _("The server answers with code %(status)d instead of a feed. Check the address.") % {
        "status": status
    }
