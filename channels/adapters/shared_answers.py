"""What answers over HTTP have in common, whoever gives them."""

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from channels.contract import HttpResponse, PermanentError

LONGEST = 200  # characters of what a receiver says
PAGES = ("text/html", "application/xhtml+xml")
PAGE_STARTS = (b"<!doctype html", b"<html")


def retry_after(answer: HttpResponse) -> timedelta | None:
    """Seconds or a date (RFC 9110, 10.2.3); ``None`` when there is none that makes sense."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 8:
        return timedelta(seconds=int(text))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else datetime.combine(moment.date(), moment.time(), UTC)
    return max(aware - timezone.now(), timedelta(0))


def json_object(content: bytes) -> dict[str, Any]:
    """Return the JSON object of a body; an empty one for anything else."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def is_page(answer: HttpResponse) -> bool:
    """Whether a web page answered, which an interface that speaks JSON never sends.

    So it comes from something before it: a proxy, a block page, a log-in page of the network.
    """
    kind = answer.headers.get("content-type", "").strip().lower()
    return kind.startswith(PAGES) or answer.body[:200].lstrip().lower().startswith(PAGE_STARTS)


def too_large(service: str) -> PermanentError:
    """Return the failure of a request that a service, or a proxy before it, finds too large."""
    words = _("The item is too large for %s. Choose smaller pictures and files and publish again.")
    return PermanentError(words % service)


def one_line(words: str) -> str:
    """Return somebody else's words without line breaks, controls and what no database holds."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def scrubbed(words: object, secrets: Collection[str]) -> str:
    """Return what a receiver said on one line, cut, without a secret it may have repeated."""
    line = one_line(words) if isinstance(words, str) else ""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        line = line.replace(secret, "•••")
    return line[:LONGEST]


def web_address(address: object) -> str:
    """Return an address that can be a link; "" for anything else."""
    usable = isinstance(address, str) and address.startswith(("https://", "http://"))
    return (
        str(address) if usable and str(address).isprintable() and len(str(address)) <= 2000 else ""
    )
