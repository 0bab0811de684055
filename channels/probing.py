"""Asks a channel's destination whether it is there, and publishes nothing.

The admin's *check the connection*, the round of probes and the circuit breaker all ask here, so
that the three never disagree about what a check is. Nothing here may run inside a transaction:
the database would be locked while the receiver thinks.
"""

import asyncio
import logging
import time
import traceback
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from channels import building
from channels.adapters.feed import Feed
from channels.contract import (
    Adapter,
    DeliveryError,
    NoAnswer,
    NotSent,
    PermanentError,
    TemporaryError,
)
from channels.feeds import checking
from channels.models import Channel

logger = logging.getLogger(__name__)

CHECK_SECONDS = 15.0  # a person may be waiting in front of the screen


@dataclass(frozen=True, slots=True)
class Probed:
    """What a destination answered."""

    ok: bool
    name: str = ""  # of the destination, as people know it; empty: the kind has nothing to ask
    reason: str = ""  # why not, in words for people
    permanent: bool = False  # it will not get better until a person changes something
    seconds: float = 0.0


async def ask(adapter: Adapter, seconds: float = CHECK_SECONDS) -> str:
    """Return the destination's name; empty when the kind has nothing to ask.

    Raises ``DeliveryError`` with words for people, whatever goes wrong.
    """
    try:
        async with asyncio.timeout(seconds):
            return await adapter.check()
    except TimeoutError as error:
        raise TemporaryError(_("The receiver did not answer in time.")) from error
    except (NotSent, NoAnswer) as error:
        raise TemporaryError(str(error)) from error
    except DeliveryError:
        raise
    except Exception as error:  # a faulty adapter must not take down who asks
        # The error's own text may quote the secret: the log gets its type and place.
        place = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Checking a %s: %s\n%s", adapter.kind, type(error).__name__, place)
        raise TemporaryError(_("Internal error; the details are in the system log.")) from error


async def ask_channel(channel: Channel, seconds: float = CHECK_SECONDS) -> str:
    """Return the name of the channel's destination; empty when there is nothing to ask.

    A feed's is ours: its documents are written and read again. Raises ``DeliveryError``.
    """
    if channel.kind == Feed.kind:
        return await sync_to_async(checking.check)(channel)
    return await ask(building.adapter(channel), seconds)


async def probe_channel(channel: Channel, seconds: float = CHECK_SECONDS) -> Probed:
    """Return what the channel's destination answered; unusable settings are an answer too.

    Never raises, except when cancelled.
    """
    began = time.monotonic()
    try:
        name = await ask_channel(channel, seconds)
    except DeliveryError as error:
        permanent = isinstance(error, PermanentError)
        return Probed(False, "", str(error), permanent, time.monotonic() - began)
    return Probed(True, name, seconds=time.monotonic() - began)
