"""Feeds over HTTP, and the page that tells people about them."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from channels import audience
from channels.adapters.feed import Feed, Options
from channels.feeds import documents
from channels.feeds.listing import head, listing, options_of
from channels.feeds.models import StationFetch, StationKey
from channels.models import Channel

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing a feed."""

    label: str
    url_name: str
    content_type: str
    write: Callable[..., bytes]


FORMATS = {
    "xml": Format("RSS 2.0", "feeds:rss", "application/rss+xml; charset=utf-8", documents.rss),
    "atom": Format("Atom", "feeds:atom", "application/atom+xml; charset=utf-8", documents.atom),
    "json": Format(
        "JSON Feed", "feeds:json", "application/feed+json; charset=utf-8", documents.json_feed
    ),
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
    chosen = FORMATS[form]
    body = chosen.write(
        listed,
        site=request.build_absolute_uri("/"),
        own=request.build_absolute_uri(reverse(chosen.url_name, args=[slug])),
    )
    return _conditional(request, body, chosen.content_type, int(listed.changed.timestamp()))


@require_safe
def of_station(request: HttpRequest, slug: str, token: str) -> HttpResponseBase:
    """Answer with one station's own feed, embargoed items included, and note what it was given.

    An unknown or revoked address is answered like any other that does not exist. Never cached on
    the way: what is withdrawn or corrected before the embargo ends must not linger.
    """
    key = StationKey.objects.for_token(slug, token)
    options = options_of(key.channel) if key else None
    if key is None or options is None:
        raise Http404
    now = timezone.now()
    listed = listing(key.channel, options, now, embargoed=True)
    body = documents.rss(
        listed, site=request.build_absolute_uri("/"), own=request.build_absolute_uri()
    )
    if request.method == "GET":
        StationFetch.objects.note(key, [entry.delivery for entry in listed.entries], now)
        StationKey.objects.filter(pk=key.pk).update(last_fetched_at=now)
    response = HttpResponse(body, content_type=FORMATS["xml"].content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _conditional(
    request: HttpRequest, body: bytes, content_type: str, changed: int
) -> HttpResponseBase:
    response = HttpResponse(body, content_type=content_type)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    # Stored but asked for again each time: a withdrawn item must not linger in a cache.
    response["Cache-Control"] = "public, no-cache"
    response["Access-Control-Allow-Origin"] = "*"  # readers that run in a browser
    found = get_conditional_response(request, etag=etag, last_modified=changed, response=response)
    return found if found is not None else response


@dataclass(frozen=True, slots=True)
class Offer:
    """One feed as the page for people shows it."""

    slug: str
    title: str
    description: str
    variant: str
    full_text: bool
    sections: list[str]
    levels: list[str]
    addresses: list[tuple[str, str]]  # name of the format, absolute address


def _offer(request: HttpRequest, channel: Channel, options: Options) -> Offer:
    title, description = head(channel, options)
    return Offer(
        slug=channel.slug,
        title=title,
        description=description if description != title else "",
        variant=options.variant,
        full_text=options.full_text,
        sections=audience.named(channel.takes_sections, dict(audience.sections())),
        levels=audience.named(channel.takes_levels, dict(audience.LEVELS)),
        addresses=[
            (form.label, request.build_absolute_uri(reverse(form.url_name, args=[channel.slug])))
            for form in FORMATS.values()
        ],
    )


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every active feed, what it carries, and how to subscribe."""
    offers = [
        _offer(request, channel, options)
        for channel in Channel.objects.active().of_kind(Feed.kind)
        if (options := options_of(channel)) is not None
    ]
    return render(request, "channels/feeds/index.html", {"offers": offers})
