"""Feeds over HTTP."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from channels.adapters.feed import Feed
from channels.feeds import addresses, documents, links
from channels.feeds.entries import Listing
from channels.feeds.listing import listing, options_of
from channels.feeds.models import StationFetch, StationKey
from channels.models import Channel

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing a feed."""

    label: str
    content_type: str
    write: Callable[..., bytes]

    def answer(self, request: HttpRequest, listed: Listing, *, own: str) -> HttpResponse:
        """Return the document with its validators, or 304 where the client holds the same."""
        body = self.write(listed, site=addresses.site(), own=own)
        changed = int(listed.changed.timestamp())
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        response = HttpResponse(body, content_type=self.content_type)
        response["ETag"] = etag
        response["Last-Modified"] = http_date(changed)
        found = get_conditional_response(request, etag, changed, response)
        return response if found is None else found


FORMATS = {
    "xml": Format("RSS 2.0", "application/rss+xml; charset=utf-8", documents.rss),
    "atom": Format("Atom", "application/atom+xml; charset=utf-8", documents.atom),
    "json": Format("JSON Feed", "application/feed+json; charset=utf-8", documents.json_feed),
}


@require_safe
def document(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """Answer with the feed in one format, or 304 when the client holds the same already."""
    channel = get_object_or_404(Channel.objects.active().of_kind(Feed.kind), slug=slug)
    options = options_of(channel)
    if options is None:
        logger.error("Feed %s has settings that are not valid", channel.slug)
        raise Http404
    listed = listing(channel, options, timezone.now())
    own = addresses.public(slug, form)
    response = FORMATS[form].answer(request, listed, own=own)
    # Stored but asked for again each time: a withdrawn item must not linger in a cache.
    response["Cache-Control"] = "public, no-cache"
    response["Access-Control-Allow-Origin"] = "*"  # readers that run in a browser
    if listed.hubs:  # WebSub, section 4: in the head as well, which HEAD shows
        hubs = [f'<{hub}>; rel="hub"' for hub in listed.hubs]
        response["Link"] = ", ".join([*hubs, f'<{own}>; rel="self"'])
    return response


@require_safe
def of_station(request: HttpRequest, slug: str, token: str, form: str) -> HttpResponseBase:
    """Answer with one station's own feed, embargoed items included, and note what it was given.

    An unknown or revoked address is answered like any other that does not exist. Never cached on
    the way: what is withdrawn or corrected before the embargo ends must not linger.
    """
    key = StationKey.objects.for_token(slug, token)
    options = options_of(key.channel) if key else None
    if key is None or options is None:
        raise Http404
    listed = own_listing(key, listing(key.channel, options, timezone.now(), embargoed=True))
    own = addresses.of_station(slug, token, form)
    response = FORMATS[form].answer(request, listed, own=own)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    if request.method == "GET":
        given = [entry.delivery for entry in listed.entries]
        when_sent(response, partial(note_pick_up, key, given))
    return response


def own_listing(key: StationKey, listed: Listing) -> Listing:
    """Return the listing as the station gets it: with its links, and without public hubs."""
    entries = tuple(
        replace(entry, confirm=addresses.confirming(links.sign(key, entry.delivery)))
        for entry in listed.entries
    )
    return replace(listed, entries=entries, hubs=(), private=True)


def when_sent(response: HttpResponse, work: Callable[[], None]) -> None:
    """Do the work when the server closes the response, all of which the client has by then."""
    close = response.close

    def closed() -> None:
        try:
            work()
        finally:
            close()

    response.close = closed  # type: ignore[method-assign]


def note_pick_up(key: StationKey, given: list[int]) -> None:
    """Keep the receipt. What cannot be written now is noted when the station comes again."""
    try:
        StationFetch.objects.note(key, given, timezone.now())
    except Exception:  # the station has its feed, and nobody is left to tell
        logger.exception("A pick-up by station %s could not be noted", key.pk)
