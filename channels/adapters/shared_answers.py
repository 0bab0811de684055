"""What answers over HTTP have in common, whoever gives them."""

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.utils import timezone

from channels.contract import HttpResponse

LONGEST = 200  # characters of what a receiver says


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
