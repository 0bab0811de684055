"""From a channel's row to a working adapter."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import Error as DatabaseFault
from django.utils.translation import gettext as _
from pydantic import ValidationError

from channels import registry
from channels.contract import (
    Adapter,
    DeliveryError,
    Message,
    NoAnswer,
    NotSent,
    PermanentError,
    Story,
)
from channels.http import OutboundClient, OutboundNetwork
from channels.models import Channel, Publication
from channels.payload import story_from_json
from channels.vault import ChannelVault
from core.crypto import Undecipherable, decrypt

logger = logging.getLogger(__name__)


class StoredFiles:
    """The default storage, as adapters may see it."""

    def read(self, name: str) -> bytes:
        with default_storage.open(name) as file:
            return file.read()


def adapter(channel: Channel) -> Adapter:
    """Return the channel's adapter. Raises ``PermanentError`` when its settings are unusable."""
    kind = registry.ADAPTERS.get(channel.kind)
    if kind is None:
        raise PermanentError(
            _("This version of the system has no channels of this kind."), stops_channel=True
        )
    with guarded(channel.kind, stops_channel=True):
        try:
            options = kind.Options.model_validate(channel.options)
            keeper = keeper_of(channel, options)
            secret = decrypt(keeper.secret)
        except ValidationError as error:
            names = ", ".join(".".join(map(str, item["loc"])) for item in error.errors())
            raise PermanentError(
                _("The channel's settings are not valid: %(names)s.") % {"names": names},
                stops_channel=True,
            ) from error
        except Undecipherable as error:
            raise PermanentError(
                _("The channel's secret cannot be read with the present keys. Enter it again."),
                stops_channel=True,
            ) from error
        http = OutboundClient(allow=settings.OUTBOUND_ALLOW)
        network = OutboundNetwork(allow=settings.OUTBOUND_ALLOW)
        vault = ChannelVault(keeper.pk)
        return kind(options, secret, http=http, files=StoredFiles(), network=network, vault=vault)


def keeper_of(channel: Channel, options: Any) -> Channel:
    """Return the channel whose secret is used: its own, or the one its option ``secret_of`` names.

    What is renewed in one place must not be kept in two. Raises ``PermanentError``.
    """
    slug = getattr(options, "secret_of", "")
    if not slug or slug == channel.slug:
        return channel
    keeper = Channel.objects.filter(slug=slug, kind=channel.kind).first()
    if keeper is None:
        raise PermanentError(
            _("There is no channel of this kind called “%(slug)s” to share the access with.")
            % {"slug": slug},
            stops_channel=True,
        )
    return keeper


def compose(channel: Channel, story: Story) -> Message:
    """Return what the channel will say of the story. Raises ``PermanentError``."""
    composer = adapter(channel)
    with guarded(channel.kind):
        return composer.compose(story)


def compose_frozen(channel: Channel, publication: Publication) -> Message:
    """Return what the channel says of a frozen version now. Raises ``PermanentError``."""
    with guarded(channel.kind):
        story = story_from_json(publication.content)
    return compose(channel, story)


@contextmanager
def guarded(kind: str, *, stops_channel: bool = False) -> Iterator[None]:
    """Turn what a faulty adapter raises into ``PermanentError``: no channel disturbs another.

    What the contract names, and the database's own errors, pass.
    """
    try:
        yield
    except (DeliveryError, NotSent, NoAnswer, DatabaseFault):
        raise
    except Exception as error:  # noqa: BLE001 - it is logged and becomes a visible failure
        raise PermanentError(internal_error(error, kind), stops_channel=stops_channel) from None


def internal_error(error: Exception, kind: str) -> str:
    """Log where it happened, not what it says, which may hold a secret; return words for people."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s in adapter %s\n%s", type(error).__name__, kind, where)
    return _("Internal error; the details are in the system log.")
