"""Tells hubs that a feed changed, through the guarded client. No database work in between."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from channels.adapters.feed import Feed
from channels.building import internal_error
from channels.contract import (
    Barred,
    DeliveryError,
    HttpClient,
    HttpResponse,
    NoAnswer,
    NotSent,
    PermanentError,
    TemporaryError,
)
from channels.feeds import addresses, hubs
from channels.feeds.models import HubNotice
from channels.http import OutboundClient

FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 100_000  # nobody reads what a hub says
AGAIN = frozenset({408, 425, 429})


def due() -> list[HubNotice]:
    """Return the notices this worker is to send now, each under its lease."""
    now = timezone.now()
    hubs.gather(now)
    return hubs.claim_due(now)


async def announce(notice: HubNotice) -> None:
    """Tell one hub of every public address of the feed, and settle the notice."""
    client = OutboundClient(allow=settings.OUTBOUND_ALLOW)
    error: DeliveryError | None = None
    try:
        async with asyncio.timeout(settings.DELIVERY_TIMEOUT_SECONDS):
            for form in addresses.FORMS:
                await tell(client, notice.hub, addresses.public(notice.channel.slug, form))
    except DeliveryError as refused:
        error = refused
    except TimeoutError:
        error = TemporaryError(_("The hub did not answer in time."))
    except Exception as fault:  # noqa: BLE001 - logged, and it may be better the next time
        error = TemporaryError(internal_error(fault, Feed.kind))
    await sync_to_async(hubs.settle)(notice, error, random.random())  # noqa: S311


async def tell(client: HttpClient, hub: str, topic: str) -> None:
    """Tell the hub that what stands at ``topic`` changed. Raises ``DeliveryError``.

    The Recommendation leaves the words to publisher and hub; these are the ones hubs have
    understood since PubSubHubbub 0.3 (section 7.1).
    """
    body = urlencode({"hub.mode": "publish", "hub.url": topic}).encode()
    try:
        answer = await client.request(
            "POST", hub, headers={"Content-Type": FORM}, body=body, max_bytes=MOST_BYTES
        )
    except Barred as error:
        raise PermanentError(str(error)) from error
    except (NotSent, NoAnswer) as error:  # telling it twice does no harm
        raise TemporaryError(str(error)) from error
    check(answer)


def check(answer: HttpResponse) -> None:
    """Raise the ``DeliveryError`` that a hub's answer means, if it is not a yes."""
    if 200 <= answer.status < 300:
        return
    if 300 <= answer.status < 400:
        raise PermanentError(_("The hub has moved. Enter its new address."))
    words = _("The hub answered with status %(status)s.") % {"status": answer.status}
    if answer.status in AGAIN or answer.status >= 500:
        raise TemporaryError(words, retry_after=retry_after(answer))
    raise PermanentError(words)


def retry_after(answer: HttpResponse) -> timedelta | None:
    """Return how long the hub asks us to wait (RFC 9110, 10.2.3); ``None`` if it does not."""
    named = answer.headers.get("retry-after", "").strip()
    if named.isdecimal():
        return timedelta(seconds=min(int(named), 10**9))
    try:
        moment = parsedate_to_datetime(named)
    except ValueError:
        return None
    return max(moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC), timedelta(0))
