"""Feeds for people's own calendar programs (RFC 5545): the frame, and the answer over HTTP."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from icalendar import Calendar

MAX_AGE = 900  # seconds


def begin(name: str, product: str, refresh: timedelta) -> Calendar:
    """Return a calendar without events; ``product`` says which part of the house made it."""
    made = Calendar()
    made.add("prodid", f"-//Nhịp Cầu//{product}//VI")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", settings.TIME_ZONE)
    made.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    return made


def host() -> str:
    """Return the host that makes identifiers of events unique."""
    return settings.WAGTAILADMIN_BASE_URL.partition("://")[2].strip("/").partition(":")[0]


def answer(request: HttpRequest, body: bytes) -> HttpResponse:
    """Return the calendar, or 304 to a program that has this very one."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        body, content_type="text/calendar; charset=utf-8"
    )
    response["ETag"] = etag
    patch_cache_control(response, private=True, max_age=MAX_AGE)
    return response
