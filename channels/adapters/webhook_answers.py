"""What a receiver's answer means for a delivery, in words that say what to do."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from channels.adapters.shared_answers import retry_after, scrubbed
from channels.contract import (
    DeliveryError,
    HttpResponse,
    PermanentError,
    TemporaryError,
    UncertainError,
)

ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class Said:
    """What the receiver said beside yes."""

    accepted_only: bool = False  # taken over, to be worked on later (RFC 9110, 15.3.3)
    note: str = ""
    address: str = ""  # where it shows the item


def understood(answer: HttpResponse, secrets: Collection[str], *, repeatable: bool) -> Said:
    """Return what was said with a yes. Raises the ``DeliveryError`` of every other answer.

    ``repeatable``: the same again does no harm, so that a doubt only means "again".
    """
    if not 200 <= answer.status < 300:
        raise _refusal(answer, secrets, repeatable=repeatable)
    body = _body(answer.body)
    if body is _UNREADABLE:
        # Not repeated: a page comes from something that is no web hook, and comes again.
        raise UncertainError(
            _(
                "The receiver answered with something other than JSON, a web page perhaps: the "
                "address may lead to a website or a log-in page. Ask the receiver whether the item "
                "arrived."
            )
        )
    return Said(
        accepted_only=answer.status == ACCEPTED,
        note=_words(body, secrets),
        address=_address(body),
    )


_UNREADABLE = object()


def _body(content: bytes) -> Any:
    if not content.strip():
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return _UNREADABLE


def _refusal(answer: HttpResponse, secrets: Collection[str], *, repeatable: bool) -> DeliveryError:
    status = answer.status
    if status in _FOR_ALL:
        return PermanentError(str(_FOR_ALL[status]()), stops_channel=True)
    if 300 <= status < 400:
        return PermanentError(
            _(
                "The receiver passes requests on to another address. They are not followed: enter "
                "the final address in the channel's settings, then start the channel again."
            ),
            stops_channel=True,
        )
    if status in {408, 409, 425, 429} or (status >= 500 and status != 504):
        return TemporaryError(
            _("The receiver cannot take the item now (status %s).") % status,
            retry_after=retry_after(answer) if status in {429, 503} else None,
        )
    if 400 <= status < 500:
        return _refused_item(status, _words(_body(answer.body), secrets))
    return doubt(repeatable=repeatable)


def _refused_item(status: int, words: str) -> PermanentError:
    if status == 413 and not words:
        return PermanentError(
            _(
                "The item is too large for the receiver. Shorten it, or ask the receiver to take "
                "larger ones."
            )
        )
    said = words or _("status %s") % status
    return PermanentError(_("The receiver refused the item: %s") % said)


def doubt(reason: str = "", *, repeatable: bool) -> DeliveryError:
    """Return the error of a request that may have arrived; ``reason`` says what went wrong."""
    said = reason or _("The receiver gave no answer.")
    if repeatable:
        return TemporaryError(said)
    advice = _("Ask the receiver whether the item arrived before sending it again.")
    return UncertainError(f"{said} {advice}")


def _bad_signature() -> str:
    return _(
        "The receiver does not accept our signature. Compare the signing key and the clocks of "
        "both sides, then start the channel again."
    )


def _no_such_address() -> str:
    return _(
        "The receiver takes no items at this address. Check the address in the channel's settings, "
        "then start the channel again."
    )


_FOR_ALL = {
    401: _bad_signature,
    403: _bad_signature,
    404: _no_such_address,
    405: _no_such_address,
    410: _no_such_address,
}


def _words(body: Any, secrets: Collection[str]) -> str:
    """Return the receiver's note on one line, cut, without a secret it may have repeated."""
    note = body.get("note") if isinstance(body, dict) else None
    return scrubbed(note, secrets)


def _address(body: Any) -> str:
    """Return where the receiver shows the item, if it says so in a way that can be a link."""
    address = body.get("address") if isinstance(body, dict) else None
    if not isinstance(address, str) or not address.isprintable() or len(address) > 2000:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.netloc else ""
