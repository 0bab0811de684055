"""Every kind of channel the system can publish to.

To add one: write ``adapters/<kind>.py``, name it here, add ``docs/channels/<kind>.md`` and
``tests/channels/test_<kind>.py``. ``tests/channels/test_registry.py`` fails until all exist.
"""

from channels.adapters.apprise import Apprise
from channels.adapters.email import Email
from channels.adapters.facebook import Facebook
from channels.adapters.feed import Feed
from channels.adapters.file import FileDrop
from channels.adapters.hand import Hand
from channels.adapters.loudspeaker import Loudspeaker
from channels.adapters.mqtt import Mqtt
from channels.adapters.portal import Portal
from channels.adapters.telegram import Telegram
from channels.adapters.webhook import Webhook
from channels.adapters.zalo import Zalo
from channels.contract import Adapter

ADAPTERS: dict[str, type[Adapter]] = {
    adapter.kind: adapter
    for adapter in (
        Portal,
        Feed,
        Telegram,
        Zalo,
        Facebook,
        Hand,
        Webhook,
        Mqtt,
        FileDrop,
        Loudspeaker,
        Email,
        Apprise,
    )
}


def probing() -> list[str]:
    """Return the kinds whose receivers can be asked whether they are there."""
    return [kind for kind, adapter in ADAPTERS.items() if adapter.can_probe]


def ending() -> list[str]:
    """Return the kinds that end something of an item while the item stays."""
    return [kind for kind, adapter in ADAPTERS.items() if adapter.can_end]


def choices() -> list[tuple[str, str]]:
    """Field choices. Passed as a callable, so a new kind needs no migration."""
    return [(kind, str(adapter.label)) for kind, adapter in ADAPTERS.items()]
