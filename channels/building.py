"""From a channel's row to a working adapter."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from pydantic import ValidationError

from channels import registry
from channels.contract import Adapter, Message, PermanentError, Story
from channels.http import OutboundClient
from channels.models import Channel
from core.crypto import Undecipherable, decrypt


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
    try:
        options = kind.Options.model_validate(channel.options)
        secret = decrypt(channel.secret)
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
    return kind(options, secret, http=http, files=StoredFiles())


def compose(channel: Channel, story: Story) -> Message:
    """Return what the channel will say of the story. Raises ``PermanentError``."""
    return adapter(channel).compose(story)
